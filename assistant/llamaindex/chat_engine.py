"""A conversation with the assistant as LlamaIndex's chat engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Generator, Iterable, Iterator, Sequence
from dataclasses import replace

from llama_index.core.chat_engine.types import AgentChatResponse, BaseChatEngine, StreamingAgentChatResponse
from llama_index.core.llms import ChatMessage, ChatResponse, MessageRole
from llama_index.core.tools import ToolOutput

from assistant.assistant import Assistant
from assistant.llamaindex.query_engine import response_of
from assistant.types import Answer, Turn


class AssistantChatEngine(BaseChatEngine):
    """Answers questions of a conversation: a follow-up is completed from the turns before it.

    What comes back has the text and the citations; the `raw_output` of its one source is the `Response` that the
    query engine would give. A `chat_history` that is given takes the place of the engine's; of its messages
    those of the user and the assistant count.
    """

    def __init__(
        self,
        assistant: Assistant,
        *,
        documents: Collection[str] | None = None,
        chat_history: Sequence[ChatMessage] = (),
    ) -> None:
        """Answers from the documents with the ids `documents` alone if these are given."""
        self._assistant = assistant
        self._documents = documents
        self._turns = _turns(chat_history)

    @property
    def chat_history(self) -> list[ChatMessage]:
        """The conversation so far."""
        return [message for turn in self._turns for message in _messages(turn)]

    def reset(self) -> None:
        """Forgets the conversation."""
        self._turns = []

    def chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """As `Assistant.ask`."""
        answer = self._assistant.ask(message, self._history(chat_history), documents=self._documents)
        source = self._remember(message, answer)
        return AgentChatResponse(answer.text, [source], metadata=source.raw_output.metadata)

    def stream_chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> StreamingAgentChatResponse:
        """As `Assistant.stream`: it works while it is read, and takes back nothing of what was read.

        Once it was read to its end, it has its sources and the turn is remembered.
        """
        response = StreamingAgentChatResponse(is_writing_to_memory=False)
        response.chat_stream = self._deltas(message, self._history(chat_history), response)
        return response

    async def achat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """As `chat`, in a thread."""
        return await asyncio.to_thread(self.chat, message, chat_history)

    async def astream_chat(
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> StreamingAgentChatResponse:
        """As `stream_chat`, in threads; to be read with `async_response_gen`."""
        response = StreamingAgentChatResponse(is_writing_to_memory=False)
        response.achat_stream = _in_threads(self._deltas(message, self._history(chat_history), response))
        return response

    def _history(self, given: Iterable[ChatMessage] | None) -> tuple[Turn, ...]:
        if given is not None:
            self._turns = _turns(given)
        return tuple(self._turns)

    def _deltas(
        self, message: str, history: Sequence[Turn], response: StreamingAgentChatResponse
    ) -> Generator[ChatResponse]:
        told = ""
        for answer in self._assistant.stream(message, history, documents=self._documents):
            # What a language model writes is read once it is checked: until then any of it may go.
            if not answer.provisional and (delta := answer.text.removeprefix(told)):
                told = answer.text
                yield ChatResponse(message=ChatMessage(told, role=MessageRole.ASSISTANT), delta=delta)
        response.sources = [self._remember(message, answer)]
        response.set_source_nodes()

    def _remember(self, message: str, answer: Answer) -> ToolOutput:
        self._turns.append(Turn(message, answer))
        return ToolOutput(
            "assistant",
            answer.text,
            raw_input={"input": answer.searched_for},
            raw_output=response_of(answer, self._assistant),
        )


async def _in_threads(stream: Iterator[ChatResponse]) -> AsyncGenerator[ChatResponse]:
    while (each := await asyncio.to_thread(next, stream, None)) is not None:
        yield each


def _turns(messages: Iterable[ChatMessage]) -> list[Turn]:
    turns: list[Turn] = []
    for message in messages:
        if message.role == MessageRole.USER:
            turns.append(Turn(message.content or "", ""))
        elif message.role == MessageRole.ASSISTANT and turns:
            turns[-1] = replace(turns[-1], answer=message.content or "")
    return turns


def _messages(turn: Turn) -> tuple[ChatMessage, ChatMessage]:
    answer = turn.answer.text if isinstance(turn.answer, Answer) else turn.answer
    return ChatMessage(turn.question, role=MessageRole.USER), ChatMessage(answer, role=MessageRole.ASSISTANT)
