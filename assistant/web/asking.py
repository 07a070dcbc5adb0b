"""What a reader does with a conversation: asks, asks again, changes a question, stops, rates, opens a saved one.

Each takes what a tab shows, a `Chat`, and gives what it shows then. Nothing here knows Gradio.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial

from assistant.conversations import Conversations, Rating, SavedTurn
from assistant.errors import AnswerRated, AssistantError, ConversationError, ConversationMissing
from assistant.library import Library
from assistant.types import Answer
from assistant.web.conversation import Chat, Exchange, Growth, ask
from assistant.web.preferences import Preferences

FORKED = "An earlier question was changed, so this is a new conversation. The one before is in the list, as it was."
KEPT = "Stopped. The answer stays as it was before."
RATED = "There is feedback on the earlier answer, so it stays in its conversation. This is a new conversation."
DELETED = "The conversation is deleted."
GONE = "The conversation was deleted meanwhile. This question begins a new one."
UNRATED = "The conversation was deleted meanwhile, so feedback on its answers cannot be kept."
_UNSAVED = "This answer is not saved, so feedback on it cannot be kept. Ask the question again first."


@dataclass(frozen=True, slots=True)
class Asking:
    """One person with their documents, conversations and preferences.

    `documents` restricts questions to some; `admit` raises an AssistantError if one is too many.
    """

    library: Library
    conversations: Conversations
    preferences: Preferences
    documents: Collection[str] | None = None
    admit: Callable[[], None] = lambda: None

    def ask(self, chat: Chat, question: str) -> Iterator[Chat]:
        """One more question, as its answer grows. Finished or stopped, it is saved."""
        if not question.strip():
            return iter(())
        return self._grow(replace(chat.now, notice=""), question)

    def ask_again(self, chat: Chat, turn: int, question: str | None = None) -> Iterator[Chat]:
        """The question of `turn`, or `question` in its place, asked once more.

        The last answer gives way to the new one once that is whole, and stays where there is none. From an earlier
        turn on, and where the last was rated, it is a new conversation; the one before stays as it was.
        """
        chat = chat.now
        if not 0 <= turn < len(chat.exchanges) or chat.growth:
            return iter(())
        before, given = chat.exchanges[:turn], chat.exchanges[turn]
        asked = given.question if question is None else question
        if turn == len(chat.exchanges) - 1:
            replacing = given if given.saved_as is not None else None
            return self._grow(replace(chat, exchanges=before, notice=""), asked, replacing)
        return self._grow(_branch(chat, before, FORKED), asked)

    def stop(self, chat: Chat) -> Chat:
        """The answer that was growing is finished as far as it came, unless it was to replace one: that one stays."""
        return chat.growth.end(partial(self._stopped, chat, chat.growth)) if chat.growth else chat

    def rate(self, chat: Chat, turn: int, rating: Rating | None, note: str) -> Chat:
        """Keeps feedback on the answer of `turn`, also while a later one grows."""
        chat = chat.now
        exchanges = list(chat.growth.before if chat.growth else chat.exchanges)
        if not 0 <= turn < len(exchanges):
            return chat
        rated = exchanges[turn]
        if rated.saved_as is None or not chat.id:
            return replace(chat, notice=_UNSAVED)
        try:
            self.conversations.rate(chat.id, rated.saved_as, rating, note)
        except ConversationMissing:
            return replace(chat, notice=UNRATED)
        except ConversationError as error:
            return replace(chat, notice=str(error))
        exchanges[turn] = replace(rated, rating=rating, note=note.strip())
        if chat.growth:
            chat.growth.before = tuple(exchanges)
            exchanges.append(chat.exchanges[-1])
        return replace(chat, exchanges=tuple(exchanges), notice="")

    def delete(self, chat: Chat) -> Chat:
        """Deletes the conversation for good, with the answer that grows in it; an empty one takes its place."""
        growth = chat.growth
        shown = growth.end(lambda: replace(chat, exchanges=growth.before, growth=None)) if growth else chat
        try:
            self.conversations.delete(shown.id)
        except ConversationMissing:  # It is deleted already, in another tab.
            pass
        except ConversationError as error:
            return replace(shown, notice=str(error))
        return Chat(notice=DELETED)

    def open(self, identity: str) -> Chat:
        """A saved conversation; an empty one that says why, if it cannot be had."""
        try:
            saved = self.conversations.read(identity)
        except ConversationError as error:
            return Chat(notice=str(error))
        return self._with_follow_ups(Chat(identity, tuple(_exchange(turn) for turn in saved.turns)))

    def _grow(self, chat: Chat, question: str, replacing: Exchange | None = None) -> Iterator[Chat]:
        if chat.growth:
            return  # One answer at a time. What was typed stays in the box.
        growth = Growth(chat.exchanges, replacing)
        grown = replace(chat, exchanges=(*chat.exchanges, Exchange(question)), follow_ups=(), growth=growth)
        try:
            for exchange in self._exchanges(question, chat):
                # Whoever stopped it has said what is shown now.
                if growth.ended:
                    return
                grown = replace(grown, exchanges=(*growth.before, exchange))
                yield growth.end(partial(self._finished, grown, growth)) if exchange.finished else grown
        finally:
            # Nobody may be looking any more, as when the page is closed.
            self.stop(grown)

    def _finished(self, chat: Chat, growth: Growth) -> Chat:
        *before, last = chat.exchanges
        if last.problem and growth.replacing:
            kept = replace(chat, exchanges=(*before, growth.replacing), growth=None, notice=last.problem)
            return self._with_follow_ups(kept)
        return self._with_follow_ups(self._saved(replace(chat, growth=None), growth.replacing))

    def _stopped(self, chat: Chat, growth: Growth) -> Chat:
        if growth.replacing:
            return replace(chat, exchanges=(*growth.before, growth.replacing), growth=None, notice=KEPT)
        last = chat.exchanges[-1]
        answer = last.answer or Answer(last.question, last.question, "")
        last = replace(last, answer=answer, finished=True, stopped=True)
        return self._saved(replace(chat, exchanges=(*growth.before, last), growth=None))

    def _exchanges(self, question: str, chat: Chat) -> Iterator[Exchange]:
        try:
            with self.library.assistant() as assistant:
                adjusted = assistant.adjusted(**asdict(self.preferences))
                yield from ask(adjusted, question, chat.exchanges, self.documents, self.admit)
        except AssistantError as error:  # The library cannot be opened.
            yield Exchange(question, problem=str(error), finished=True)

    def _saved(self, chat: Chat, replacing: Exchange | None = None) -> Chat:
        """`chat` with its last exchange saved, unless that is a problem, which is shown once and not kept."""
        *before, last = chat.exchanges
        if last.answer is None:
            return chat
        try:
            identity = chat.id or self._begin(chat.origin, before)
            if replacing and replacing.saved_as is not None:
                turn = self.conversations.replace(identity, replacing.saved_as, last.answer)
            else:
                turn = self.conversations.add(identity, last.answer, stopped=last.stopped)
        except AnswerRated:
            branch = _branch(chat, before, RATED)
            return self._saved(replace(branch, exchanges=(*branch.exchanges, last)))
        except ConversationMissing:
            # Somebody deleted it while this tab showed it: what was said before is not to come back.
            return self._saved(Chat(exchanges=(last,), notice=GONE))
        except ConversationError as error:
            return replace(chat, notice=str(error))
        return replace(chat, id=identity, origin="", exchanges=(*before, replace(last, saved_as=turn.number)))

    def _begin(self, origin: str, before: Collection[Exchange]) -> str:
        if not origin:
            return self.conversations.start()
        return self.conversations.fork(origin, sum(each.saved_as is not None for each in before))

    def _with_follow_ups(self, chat: Chat) -> Chat:
        answer = chat.exchanges[-1].said if chat.exchanges else None
        if answer is None:
            return chat
        asked = [each.question for each in chat.exchanges]
        try:
            return replace(chat, follow_ups=self.library.suggestions.after(answer, asked))
        except AssistantError as error:
            return replace(chat, notice=str(error))


def _branch(chat: Chat, exchanges: Collection[Exchange], notice: str) -> Chat:
    """A conversation of its own that goes on from the first exchanges of `chat`, whose ratings stay where they are."""
    copied = tuple(replace(each, rating=None, note="") for each in exchanges)
    return Chat(exchanges=copied, notice=notice, origin=chat.id or chat.origin)


def _exchange(turn: SavedTurn) -> Exchange:
    return Exchange(
        turn.answer.question,
        turn.answer,
        finished=True,
        rating=turn.rating,
        note=turn.note,
        stopped=turn.stopped,
        saved_as=turn.number,
    )
