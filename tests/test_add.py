"""A conversation becomes cases: what a person keeps of an answer, and what is said when it cannot be kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Answer, Citation, Document, Statement, Turn
from assistant.conversations import DATABASE, Conversations
from assistant.conversations.files import read_conversations
from eval.add import add_case, case_from_answer, find_quote, pick_turn
from eval.cases import Case, CaseError, Span, case_to_json, load_cases
from eval.feedback import pick_feedback, read_feedback

COMMAND = Path(sys.executable).with_name("assistant")
SIGNED = "When was the Mutual Defense Treaty signed?"
FOLLOW_UP = "Who signed it?"
OFF_TOPIC = "Who painted the Mona Lisa?"

TREATY = "It was signed in 1953. It took effect\nin 1954. Both sides are bound."
#         0..22                  23..46                   47..68
PORT = "Busan is a port. It opened in 1876. Both sides are bound."
DOCUMENTS = {"treaty": Document("treaty", "Treaty", TREATY), "port": Document("port", "Port", PORT)}


def cite(number: int, start: int, end: int) -> Citation:
    return Citation(number, "treaty", "Treaty", start, end, TREATY[start:end])


def answered(*citations: Citation, short: str = "") -> Answer:
    statements = tuple(Statement("It is so.", (citation,), "quoted") for citation in citations)
    return Answer("When was it signed?", "When?", "It is so. [1]", statements, citations, short=short)


BOTH = answered(cite(1, 0, 22), cite(2, 23, 46), short="1953")
REFUSED = Answer("When was it signed?", "When?", "The sources do not say.")


@pytest.fixture(scope="module")
def saved(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `assistant chat --save` wrote of a question, a follow-up, and one asked afresh."""
    path = tmp_path_factory.mktemp("saved") / "chat.jsonl"
    subprocess.run(
        [COMMAND, "chat", "--save", path, "--store", store],
        input=f"{SIGNED}\n{FOLLOW_UP}\n/clear\n{OFF_TOPIC}\n",
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return path


class TestConversation:
    @pytest.fixture
    def by_id(self, documents: tuple[Document, ...]) -> Mapping[str, Document]:
        return {document.id: document for document in documents}

    def test_its_turns_become_cases(self, saved: Path, by_id: Mapping[str, Document], tmp_path: Path) -> None:
        conversations = read_conversations(saved)
        first, follow_up, off_topic = (pick_turn(conversations, number) for number in (1, 2, 3))
        quote = "It was signed on October 1, 1953"
        path = tmp_path / "cases.jsonl"

        add_case(path, case_from_answer("signed", *first, by_id, tags=["when"]), by_id)
        add_case(path, case_from_answer("signers", *follow_up, by_id, quotes=[quote], answers=["Both"]), by_id)
        add_case(path, case_from_answer("painter", *off_topic, by_id, unanswerable=True), by_id)

        signed, signers, painter = load_cases(path, by_id)
        answer = first[0]
        assert (signed.question, signed.history, signed.tags) == (SIGNED, (), ("when",))
        assert [by_id[span.document_id].text[span.start : span.end] for span in signed.evidence] == [
            citation.quote for citation in answer.citations
        ]
        assert signed.answers == ((answer.short,) if answer.short else ())
        assert (signers.question, signers.history) == (FOLLOW_UP, (Turn(SIGNED, answer.text),))
        assert signers.answers == ("Both",)
        (span,) = signers.evidence
        assert " ".join(by_id[span.document_id].text[span.start : span.end].split()) == quote
        assert painter == Case("painter", OFF_TOPIC, (), answerable=False, evidence=())

    def test_there_are_only_so_many_turns(self, saved: Path) -> None:
        for number in (0, 4):
            with pytest.raises(CaseError, match=f"There is no turn {number}: the file has 3 answers"):
                pick_turn(read_conversations(saved), number)


class TestCase:
    def test_every_citation_is_evidence_unless_some_are_named(self) -> None:
        assert case_from_answer("one", BOTH, (), DOCUMENTS).evidence == (Span("treaty", 0, 22), Span("treaty", 23, 46))
        assert case_from_answer("one", BOTH, (), DOCUMENTS, citations=[2]).evidence == (Span("treaty", 23, 46),)

    def test_quotes_replace_the_citations_that_are_not_named(self) -> None:
        alone = case_from_answer("one", BOTH, (), DOCUMENTS, quotes=["opened in 1876"])
        beside = case_from_answer("one", BOTH, (), DOCUMENTS, citations=[1], quotes=["opened in 1876"])

        # "Busan is a port. It " has 20 characters.
        assert alone.evidence == (Span("port", 20, 34),)
        assert beside.evidence == (Span("treaty", 0, 22), Span("port", 20, 34))

    def test_the_same_characters_are_evidence_once(self) -> None:
        case = case_from_answer("one", BOTH, (), DOCUMENTS, citations=[1, 1], quotes=["It was signed in 1953."])

        assert case.evidence == (Span("treaty", 0, 22),)

    def test_the_few_words_are_a_reference_if_the_evidence_has_them(self) -> None:
        assert case_from_answer("one", BOTH, (), DOCUMENTS).answers == ("1953",)
        assert case_from_answer("one", BOTH, (), DOCUMENTS, quotes=["signed in 1953"]).answers == ("1953",)
        assert case_from_answer("one", BOTH, (), DOCUMENTS, citations=[2]).answers == ()
        assert case_from_answer("one", BOTH, (), DOCUMENTS, answers=["In 1953"]).answers == ("In 1953",)
        assert case_from_answer("one", replace(BOTH, short=""), (), DOCUMENTS).answers == ()

    def test_an_answer_that_should_have_been_refused(self) -> None:
        case = case_from_answer("one", BOTH, (), DOCUMENTS, unanswerable=True)

        assert (case.answerable, case.evidence, case.answers) == (False, (), ())

    def test_of_a_refusal_a_person_must_say_whether_it_is_right(self) -> None:
        with pytest.raises(CaseError, match=r"was refused. Add --unanswerable .* or --quote"):
            case_from_answer("one", REFUSED, (), DOCUMENTS)
        assert not case_from_answer("one", REFUSED, (), DOCUMENTS, unanswerable=True).answerable
        assert case_from_answer("one", REFUSED, (), DOCUMENTS, quotes=["signed in 1953"]).answerable

    def test_what_answers_it_contradicts_unanswerable(self) -> None:
        for kept in ({"citations": [1]}, {"answers": ["1953"]}, {"quotes": ["1953"]}):
            with pytest.raises(CaseError, match="An unanswerable case has no citations, quotes or answers"):
                case_from_answer("one", BOTH, (), DOCUMENTS, unanswerable=True, **kept)

    def test_a_citation_that_is_not_there(self) -> None:
        with pytest.raises(CaseError, match=r"The answer has no citation 3. It has 1, 2."):
            case_from_answer("one", BOTH, (), DOCUMENTS, citations=[3])
        with pytest.raises(CaseError, match=r"The answer has no citation 1. It has none."):
            case_from_answer("one", REFUSED, (), DOCUMENTS, citations=[1], quotes=["1953"])

    def test_a_text_that_is_not_the_one_indexed(self) -> None:
        changed = {"treaty": Document("treaty", "Treaty", f"Article I. {TREATY}")}

        with pytest.raises(CaseError) as raised:
            case_from_answer("one", BOTH, (), changed)

        assert str(raised.value) == (
            "Citation 1 quotes 'It was signed in 1953.' at 0 of 'treaty', where the documents to be evaluated have "
            "'Article I. It was sign': the index was built from another text. Give the words with --quote, or build "
            "the index again and ask again."
        )

    def test_a_document_that_is_not_evaluated(self) -> None:
        with pytest.raises(CaseError, match=r"Citation 1 is of the unknown document 'treaty'. Is 'treaties' meant?"):
            case_from_answer("one", BOTH, (), {"treaties": Document("treaties", "Treaties", TREATY)})


class TestFeedback:
    """What was rated in the web chat, taken by the command."""

    @pytest.fixture
    def database(self, tmp_path: Path) -> Path:
        """A follow-up rated up, a refusal rated down, and what someone else thinks."""
        path = tmp_path / DATABASE
        mine, other = Conversations(path, "local"), Conversations(path, "bob")
        identity = mine.start()
        for question in ("What is the treaty?", "When was it signed?"):
            mine.add(identity, replace(BOTH, question=question))
        mine.add(identity, REFUSED)
        mine.rate(identity, 1, "up")
        mine.rate(identity, 2, "down", "It says 1953.\x1b[31m")
        of_other = other.start()
        other.add(of_other, replace(BOTH, question="Whose?"))
        other.rate(of_other, 0, "up")
        return path

    @pytest.fixture
    def corpus(self, tmp_path: Path) -> Path:
        path = tmp_path / "corpus.jsonl"
        lines = ({"id": each.id, "title": each.title, "text": each.text} for each in DOCUMENTS.values())
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return path

    def add(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "eval", "add", "--feedback", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    def test_is_listed_and_becomes_a_case(self, database: Path, corpus: Path, tmp_path: Path) -> None:
        up, down = read_feedback(database, "local")
        cases = tmp_path / "cases.jsonl"
        where = (database, "--corpus", corpus, "--cases", cases)

        listed = self.add(database)
        added = self.add(*where, "--turn", up.number, "--id", "liked")
        refused = self.add(*where, "--turn", down.number, "--id", "missed")
        mended = self.add(*where, "--turn", down.number, "--id", "missed", "--quote", "signed in 1953")

        assert (listed.returncode, added.returncode, refused.returncode, mended.returncode) == (0, 0, 1, 0)
        assert "It says 1953." in listed.stdout
        assert "\x1b" not in listed.stdout
        assert "Whose?" not in listed.stdout
        assert f"Turn {down.number} was rated down ('It says 1953." in refused.stderr
        liked, missed = load_cases(cases, DOCUMENTS)
        assert liked.history == (Turn("What is the treaty?", BOTH.text),)
        assert (liked.question, liked.evidence) == (
            "When was it signed?",
            (Span("treaty", 0, 22), Span("treaty", 23, 46)),
        )
        # "It was " has 7 characters.
        assert (len(missed.history), missed.evidence) == (2, (Span("treaty", 7, 21),))

    def test_of_another_user_is_named(self, database: Path) -> None:
        (feedback,) = read_feedback(database, "bob")

        assert feedback.turn.answer.question == "Whose?"

    def test_that_is_not_there_is_told(self, database: Path, tmp_path: Path) -> None:
        feedback = read_feedback(database, "local")

        with pytest.raises(CaseError, match=r"There is no rated turn 99. Rated are: 2, 3\."):
            pick_feedback(feedback, 99, corrected=False)
        with pytest.raises(CaseError, match=r"There is no rated turn 1. Rated are: none\."):
            pick_feedback((), 1, corrected=False)
        with pytest.raises(CaseError, match="There are no conversations in"):
            read_feedback(tmp_path / "none.sqlite", "local")
        assert not (tmp_path / "none.sqlite").exists()


class TestQuote:
    def test_is_found_whatever_white_space_parts_its_words(self) -> None:
        assert find_quote(" took effect   in 1954. ", DOCUMENTS) == Span("treaty", 26, 46)

    def test_that_stands_twice_needs_its_document(self) -> None:
        with pytest.raises(CaseError) as raised:
            find_quote("Both sides are bound.", DOCUMENTS)

        assert str(raised.value) == (
            "'Both sides are bound.' stands in 2 places ('treaty' at 47, 'port' at 36). "
            "Quote more words, or name the document."
        )
        assert find_quote("Both sides are bound.", DOCUMENTS, "port") == Span("port", 36, 57)

    @pytest.mark.parametrize(
        ("words", "document_id", "problem"),
        [
            ("signed in 1954", None, "'signed in 1954' does not stand in any document"),
            ("opened in 1876", "treaty", "'opened in 1876' does not stand in 'treaty'"),
            ("signed in 195.", None, "does not stand in any document"),  # no pattern, but words
            ("1", None, r"stands in 3 places \('treaty' at 17, 'treaty' at 41, 'port' at 30\)"),
            ("e", None, r"stands in \d+ places \('treaty' at 11, [^)]*, …\)"),
            (" \n", None, "The quote is empty"),
            ("1953", "traety", "of the unknown document 'traety'. Is 'treaty' meant?"),
        ],
    )
    def test_that_does_not_stand_exactly_once(self, words: str, document_id: str | None, problem: str) -> None:
        with pytest.raises(CaseError, match=problem):
            find_quote(words, DOCUMENTS, document_id)


ONE = Case("one", "When was it signed?", (), True, (Span("treaty", 0, 22),), ("1953",))


class TestFile:
    def test_other_lines_stay_as_they_are(self, tmp_path: Path) -> None:
        path = tmp_path / "cases.jsonl"
        before = json.dumps({**case_to_json(ONE), "note": "kept"}, indent=None, separators=(" , ", ":")) + "\n\n"
        path.write_text(before, "utf-8")
        other = replace(ONE, id="zwölf", question="When\u2028did it take effect?", history=(Turn("Why?", "So."),))

        add_case(path, other, DOCUMENTS)

        assert path.read_text("utf-8").startswith(before)
        assert load_cases(path, DOCUMENTS) == (ONE, other)

    def test_a_last_line_without_its_end_is_not_joined(self, tmp_path: Path) -> None:
        path = tmp_path / "cases.jsonl"
        path.write_text(json.dumps(case_to_json(ONE)), "utf-8")
        two = replace(ONE, id="two", question="When did it take effect?")

        add_case(path, two, DOCUMENTS)

        assert path.read_bytes().count(b"\n") == 2
        assert load_cases(path, DOCUMENTS) == (ONE, two)

    @pytest.mark.parametrize(
        ("case", "problem"),
        [
            (replace(ONE, question="Why?"), "has a case 'one' already. Choose another id."),
            (replace(ONE, id="two"), "The case 'one' of .* asks the same already"),
            (replace(ONE, id="two", question=" when was IT  signed?"), "The case 'one' of .* asks the same already"),
            (replace(ONE, id="two", question=" "), "The case 'two' asks an empty question"),
            (replace(ONE, id="", question="Why?"), "The case '' has an empty id"),
            (replace(ONE, id="two", evidence=(Span("treaty", 5, 5),)), "The case 'two' cites 5..5 of 'treaty'"),
            (replace(ONE, id="two", answers=("\udcff",)), "has half a character, .*, in answers"),
        ],
    )
    def test_a_case_that_does_not_belong_there_is_not_added(self, tmp_path: Path, case: Case, problem: str) -> None:
        path = tmp_path / "cases.jsonl"
        add_case(path, ONE, DOCUMENTS)
        before = path.read_bytes()

        with pytest.raises(CaseError, match=problem):
            add_case(path, case, DOCUMENTS)

        assert path.read_bytes() == before

    def test_the_same_question_after_another_is_another_case(self, tmp_path: Path) -> None:
        path = tmp_path / "cases.jsonl"
        after = replace(ONE, id="two", history=(Turn("What is the treaty?", "A pact."),))

        add_case(path, ONE, DOCUMENTS)
        add_case(path, after, DOCUMENTS)

        assert load_cases(path, DOCUMENTS) == (ONE, after)

    def test_nothing_is_added_to_a_file_with_faults(self, tmp_path: Path) -> None:
        path = tmp_path / "cases.jsonl"
        path.write_text("{\n", "utf-8")

        with pytest.raises(CaseError, match=r"Line 1 of .* is not JSON"):
            add_case(path, ONE, DOCUMENTS)

        assert path.read_text("utf-8") == "{\n"

    def test_a_folder_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(CaseError, match="cannot be written"):
            add_case(tmp_path / "none" / "cases.jsonl", ONE, DOCUMENTS)
