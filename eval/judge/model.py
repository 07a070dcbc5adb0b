"""Asks a language model what it makes of an answer, through LlamaIndex's evaluators."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from assistant import AssistantError, Turn
from assistant.errors import LanguageModelError
from assistant.llm.address import parse_address
from assistant.wording import clip
from eval.judge.judged import GIVEN_UP, NO_CONNECTION, NOT_ASKED, PATIENCE, TIMEOUT, Kind, Score
from eval.rows import Row

if TYPE_CHECKING:
    from llama_index.core.evaluation import BaseEvaluator, EvaluationResult

KEY = "OPENAI_API_KEY"
_LONGEST_REASON = 600

# The first line of a reply: "4", "4.5", "Score: 4/5" and the like, from 1 to 5.
_GRADE = re.compile(r"[*#\s]*(?:score[*:\s]*)?([1-4](?:\.\d+)?|5(?:\.0+)?)(?:\s*/\s*5(?:\.0+)?)?[*.\s]*", re.IGNORECASE)
# How a reply begins: "YES", "**No**, because ...", "Answer: yes".
_YES_OR_NO = re.compile(r"[*#\s]*(?:answer[*:\s]*)?(yes|no)\b", re.IGNORECASE)


class JudgeError(AssistantError):
    """The judge cannot be asked."""


class Judge:
    """A model behind an OpenAI-compatible server. The key goes to that server, and into nothing that is returned.

    A server that does not reply `PATIENCE` times in a row is not asked again.
    """

    def __init__(self, server: str, model: str, key: str | None = None, seconds: float = 60) -> None:
        """`seconds` is how long one score may take, a second try included.

        Raises JudgeError where LlamaIndex is not installed, and for a model that its client does not talk to.
        """
        self.server = server
        self.model = model
        self._key = key
        self._seconds = seconds
        self._without_reply = 0
        try:
            from llama_index.core.evaluation import CorrectnessEvaluator, FaithfulnessEvaluator
            from llama_index.core.evaluation.faithfulness import DEFAULT_EVAL_TEMPLATE
            from llama_index.llms.openai_like import OpenAILike
        except ImportError as error:
            raise JudgeError(
                f"The judge needs packages that are not installed ({error}). "
                'Run: pip install -c constraints.txt -e ".[eval]"'
            ) from error
        try:
            llm = OpenAILike(
                model=model,
                api_base=server,
                api_key=key or "none",  # Without one the client takes that of the environment, or refuses.
                is_chat_model=True,
                temperature=0,
                timeout=seconds,
                max_retries=1,
                reuse_client=False,  # Each score has an event loop of its own, which a client cannot outlive.
            )
        except ValueError as error:
            raise JudgeError(f"The model {model!r} cannot be a judge ({error}). Choose another.") from error
        self._correctness = CorrectnessEvaluator(llm=llm, parser_function=_grade)
        # For some names of models LlamaIndex has a template of its own, in which it leaves the blanks unfilled.
        self._faithfulness = FaithfulnessEvaluator(llm=llm, eval_template=DEFAULT_EVAL_TEMPLATE)

    def scores(self, row: Row) -> dict[Kind, Score]:
        """What there is to judge of a row: nothing unless it is an answer."""
        if not row.answered:
            return {}
        scores: dict[Kind, Score] = {}
        if row.case.answerable and row.case.answers:
            scores["correctness"] = self._ask(
                self._correctness,
                lambda result: result.score,
                query=_asked(row),
                response=row.whole_answer,
                reference="\n".join(row.case.answers),
            )
        if row.citations:
            quotes = list(dict.fromkeys(cited.quote for cited in row.citations))
            scores["faithfulness"] = self._ask(
                self._faithfulness, _supported, response=row.whole_answer, contexts=quotes
            )
        return scores

    def _ask(
        self, evaluator: BaseEvaluator, value_of: Callable[[EvaluationResult], float | None], **asked: Any
    ) -> Score:
        if self._without_reply == PATIENCE:
            return self._failure(NOT_ASKED, GIVEN_UP)
        score = self._evaluate(evaluator, value_of, asked)
        self._without_reply = self._without_reply + 1 if score.failure in (TIMEOUT, NO_CONNECTION) else 0
        return score

    def _evaluate(
        self,
        evaluator: BaseEvaluator,
        value_of: Callable[[EvaluationResult], float | None],
        asked: Mapping[str, Any],
    ) -> Score:
        import openai

        try:
            result = asyncio.run(asyncio.wait_for(evaluator.aevaluate(**asked), self._seconds))
        except (TimeoutError, openai.APITimeoutError):
            return self._failure(TIMEOUT, f"There was no reply within {self._seconds:g} s.")
        except openai.APIStatusError as error:
            return self._failure(f"HTTP {error.status_code}", error.message)
        except openai.APIConnectionError as error:
            return self._failure(NO_CONNECTION, str(error.__cause__ or error))
        except Exception as error:  # What a server sends in place of a reply fails in the client in any way.
            return self._failure("unparsable", f"{type(error).__name__}: {error}")
        value = value_of(result)
        if value is None:
            return self._failure("unparsable", result.feedback or "")
        return Score(value, self._told(result.feedback or ""))

    def _failure(self, kind: str, reason: str) -> Score:
        return Score(None, self._told(reason), kind)

    def _told(self, text: str) -> str:
        """What is kept of a text from the server, which may repeat the key it was sent."""
        return clip(text.replace(self._key, "[key]") if self._key else text, _LONGEST_REASON)


def open_judge(setting: str) -> Judge:
    """The judge at `http://host:port/v1#model`, with the key that the environment variable OPENAI_API_KEY holds.

    Raises JudgeError when it is not such an address.
    """
    try:
        address = parse_address(setting, "judge", "Give one as http://host:port/v1#model.", KEY)
    except LanguageModelError as error:
        raise JudgeError(str(error)) from error
    return Judge(address.server, address.model, os.environ.get(KEY))


def _asked(row: Row) -> str:
    """The question with what was said before it, without which a follow-up says little."""
    return "\n".join([*(_said(turn) for turn in row.case.history), row.case.question])


def _said(turn: Turn) -> str:
    return f"{turn.question}\n({turn.answer if isinstance(turn.answer, str) else turn.answer.text})"


def _grade(reply: str) -> tuple[float | None, str]:
    """The score on the first line of a reply, None if there is none from 1 to 5, and the reason below it."""
    first, _, rest = reply.strip().partition("\n")
    grade = _GRADE.fullmatch(first)
    return (float(grade[1]), rest.strip()) if grade else (None, reply)


def _supported(result: EvaluationResult) -> float | None:
    """1 for a reply that begins with yes, 0 for no. LlamaIndex takes whatever does not hold "yes" for a no."""
    begun = _YES_OR_NO.match(result.feedback or "")
    return float(begun[1].lower() == "yes") if begun else None
