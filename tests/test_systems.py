"""Other systems: plain pipelines over the assistant's own index, and any function, asked as the assistant is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant import Answer, Document, Settings, Turn, build_index
from assistant.answer.writing.write import left_out_note
from assistant.errors import StoreMismatch, StoreMissing
from assistant.search.checksums import checksums
from assistant.search.embed import Embedder
from assistant.search.store import Store
from assistant.search.terms import terms
from eval.systems import Streamed, System, SystemUnavailable, open_system, open_systems
from tests.models import scripted_model

ROOT = Path(__file__).parent.parent
QUESTIONS = ("When was the treaty signed?", "Who pays for U.S. troops in Korea?", "How do I bake bread?")
PLAIN = ("bm25", "llamaindex")


@pytest.fixture(scope="module")
def opened(store: Path) -> Iterator[Store]:
    """The store itself, to work out what a system should find in it."""
    index = Store(store)
    yield index
    index.close()


@pytest.fixture(scope="module", params=PLAIN)
def plain(request: pytest.FixtureRequest, store: Path) -> Iterator[System]:
    with open_system(request.param, store, Settings()) as system:
        yield system


def ask(system: System, question: str) -> Answer:
    answer = system(question, ())
    assert isinstance(answer, Answer)
    return answer


class TestPlainPipelines:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_the_best_of_ten_passages_is_quoted_whole(
        self, plain: System, documents: tuple[Document, ...], question: str
    ) -> None:
        answer = ask(plain, question)

        texts = {document.id: document.text for document in documents}
        assert len({(hit.passage.document_id, hit.passage.start) for hit in answer.hits}) == 10
        assert [hit.score for hit in answer.hits] == sorted((hit.score for hit in answer.hits), reverse=True)
        for hit in answer.hits:
            assert texts[hit.passage.document_id][hit.passage.start : hit.passage.end] == hit.passage.text
        (statement,) = answer.statements
        (citation,) = answer.citations
        best = answer.hits[0].passage
        assert (citation.document_id, citation.start, citation.end) == (best.document_id, best.start, best.end)
        assert citation.quote == best.text
        assert statement.citations == (citation,)
        assert statement.verdict == "quoted"
        assert (answer.question, answer.searched_for) == (question, question)
        assert answer.certainty is None
        assert answer.seconds > 0

    def test_it_never_refuses(self, plain: System) -> None:
        for question in (*QUESTIONS, "xyzzy", "?"):
            assert not ask(plain, question).refused

    def test_what_was_said_before_does_not_count(self, plain: System) -> None:
        with_history = plain("And when?", (Turn("What is the Special Measures Agreement?", "A pact on costs."),))

        assert isinstance(with_history, Answer)
        assert with_history.hits == ask(plain, "And when?").hits

    def test_a_mark_of_the_source_is_no_citation(self, tmp_path: Path) -> None:
        build_index([Document("d", "Notes", "The pact was signed in 1953 [7].")], tmp_path)

        for name in PLAIN:
            with open_system(name, tmp_path, Settings()) as system:
                answer = ask(system, "When was it signed?")

            assert answer.text == "The pact was signed in 1953 (7). [1]"
            assert answer.citations[0].quote == "The pact was signed in 1953 [7]."

    def test_the_page_of_the_quote_is_given(self, tmp_path: Path) -> None:
        document = Document("d", "Notes", "Bread is baked.\n\nThe pact was signed.", pages=(0, 17))
        build_index([document], tmp_path, Settings(passage_characters=100))

        for name in PLAIN:
            with open_system(name, tmp_path, Settings(passage_characters=100)) as system:
                answer = ask(system, "Was the pact signed?")

            assert answer.citations[0].page == document.page_at(answer.citations[0].start)

    def test_the_store_is_left_as_it_was(self, store: Path) -> None:
        before = checksums(store)

        for name in PLAIN:
            with open_system(name, store, Settings()) as system:
                ask(system, QUESTIONS[0])

        assert checksums(store) == before

    @pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which files are open")
    @pytest.mark.parametrize("name", PLAIN)
    def test_the_store_is_closed_with_it(self, store: Path, tmp_path: Path, name: str) -> None:
        shutil.copytree(store, tmp_path, dirs_exist_ok=True)

        def vectors_open() -> bool:
            links = [each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
            return any(path.is_relative_to(tmp_path) and path.suffix == ".bin" for path in links)

        with open_system(name, tmp_path, Settings()) as system:
            ask(system, QUESTIONS[0])
            assert vectors_open()
        assert not vectors_open()

    @pytest.mark.parametrize("name", ["assistant", *PLAIN])
    def test_without_a_store_it_cannot_be_opened(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(StoreMissing), open_system(name, tmp_path, Settings()):
            pass


class TestBM25:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_it_ranks_by_the_formula(self, store: Path, opened: Store, question: str) -> None:
        """Lucene's BM25: for each term of the question idf * f / (f + k1 (1 - b + b * length / mean length))."""
        texts = [f"{each.passage.title}\n{each.passage.heading}\n{each.passage.text}" for each in opened.splits]
        held = [terms(text) for text in texts]
        mean = sum(map(len, held)) / len(held)
        scores = np.zeros(len(held))
        for term in set(terms(question)):
            n = sum(term in each for each in held)
            idf = np.log(1 + (len(held) - n + 0.5) / (n + 0.5))
            for number, each in enumerate(held):
                f = each.count(term)
                scores[number] += idf * f / (f + 1.2 * (0.25 + 0.75 * len(each) / mean))

        with open_system("bm25", store, Settings()) as system:
            hits = ask(system, question).hits

        assert [hit.score for hit in hits] == pytest.approx(sorted(scores, reverse=True)[:10], abs=1e-4)


class TestLlamaIndex:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_it_ranks_by_the_cosine_of_our_vectors(
        self, store: Path, opened: Store, embedder: Embedder, question: str
    ) -> None:
        vector = embedder.embed([question])[0]
        cosines = opened.passage_cosines(vector, range(len(opened.splits)))
        best = sorted(cosines, key=lambda number: -cosines[number])[:10]

        with open_system("llamaindex", store, Settings()) as system:
            hits = ask(system, question).hits

        assert [hit.passage for hit in hits] == [opened.splits[number].passage for number in best]
        # LlamaIndex makes a similarity of Chroma's distance, 1 - cosine, by exp(-distance).
        expected = [np.exp(cosines[number] - 1) for number in best]
        assert [hit.score for hit in hits] == pytest.approx(expected, abs=1e-5)

    def test_a_store_of_other_vectors_is_refused(self, store: Path) -> None:
        settings = Settings(passage_characters=300)

        with (
            pytest.raises(StoreMismatch, match="passage_characters 800, not 300"),
            open_system("llamaindex", store, settings),
        ):
            pass

    def test_without_it_the_command_that_installs_it_is_told(self, store: Path, tmp_path: Path) -> None:
        (tmp_path / "llama_index.py").write_text("# A module of this name, and not the package.\n", "utf-8")
        code = (
            "import sys\nfrom pathlib import Path\nfrom assistant import Settings\n"
            "from eval.systems import open_system\nopen_system('llamaindex', Path(sys.argv[1]), Settings()).__enter__()"
        )

        done = subprocess.run(
            [sys.executable, "-c", code, store],
            env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))},
            capture_output=True,
            text=True,
        )

        assert 'Run: pip install -c constraints.txt -e ".[eval]"' in done.stderr.splitlines()[-1]


def test_the_assistant_is_a_system(store: Path) -> None:
    with open_system("assistant", store, Settings(passages=3)) as system:
        answer = ask(system, "When was the treaty signed?")

    assert "1953" in answer.text
    assert len(answer.hits) == 3


class TestWritten:
    REPLY = "It was signed on October 1, 1953. It was signed in Seoul."

    @pytest.fixture
    def spec(self) -> Iterator[str]:
        with scripted_model([self.REPLY, 0.3, " End."]) as model:
            yield model.spec

    def test_quotes_and_writes_over_one_store(self, store: Path, spec: str) -> None:
        question = "When was the Mutual Defense Treaty signed?"
        with open_systems(["assistant", "written"], store, Settings(llm=spec)) as opened:
            with opened["assistant"] as system:
                quoted = ask(system, question)
            with opened["written"] as system:
                written = system(question, ())

        assert isinstance(written, Streamed)
        assert {each.verdict for each in quoted.statements} == {"quoted"}
        assert [each.text for each in written.answer.statements] == ["It was signed on October 1, 1953."]
        assert written.answer.note == left_out_note(2)
        # First its words, then 0.3 s in which no more came, then the check.
        assert written.first_words is not None
        assert written.grounding is not None
        assert 0 < written.first_words < written.answer.seconds - written.grounding < written.answer.seconds - 0.001

    def test_what_is_not_written_has_no_times(self, store: Path, spec: str) -> None:
        with open_system("written", store, Settings(llm=spec)) as system:
            refused = system("Who painted the Mona Lisa?", ())

        assert isinstance(refused, Streamed)
        assert refused.answer.refused
        assert (refused.first_words, refused.grounding) == (None, None)

    def test_the_assistant_alone_asks_no_model(self, store: Path, tmp_path: Path) -> None:
        with open_system("assistant", store, Settings(llm=f"gguf:{tmp_path / 'none.gguf'}")) as system:
            assert ask(system, "When was the treaty signed?").statements[0].verdict == "quoted"

    def test_the_settings_switch_neither_off(self, store: Path, spec: str) -> None:
        with open_system("written", store, Settings(llm=spec, written=False)) as system:
            written = system("When was the Mutual Defense Treaty signed?", ())

        assert isinstance(written, Streamed)
        assert written.first_words is not None

    def test_without_a_model_it_is_said(self, store: Path) -> None:
        with (
            pytest.raises(SystemUnavailable, match=r"The system 'written' needs a language model\. Name one: --llm"),
            open_system("written", store, Settings()),
        ):
            pass


class TestFunctions:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        """The current folder, whose modules are forgotten afterwards."""
        monkeypatch.chdir(tmp_path)
        known = set(sys.modules)
        yield tmp_path
        for name in set(sys.modules) - known:
            if getattr(sys.modules[name], "__file__", None) and str(tmp_path) in str(sys.modules[name].__file__):
                del sys.modules[name]

    def module(self, folder: Path, text: str, name: str = "mine") -> None:
        (folder / f"{name}.py").write_text(text, "utf-8")

    def test_one_of_the_current_folder_is_asked(self, folder: Path, store: Path) -> None:
        self.module(folder, "def answer(question, history):\n    return f'{question} {len(history)}'\n")

        with open_system("mine:answer", store, Settings()) as system:
            assert system("Why?", (Turn("Who?", "He."),)) == "Why? 1"

    def test_it_may_import_from_there_while_it_answers(self, folder: Path, store: Path) -> None:
        self.module(folder, "REPLY = 'Because.'", "replies")
        self.module(
            folder, "class Bot:\n  def ask(self, *_):\n    import replies\n    return replies.REPLY\nbot = Bot()\n"
        )
        before = list(sys.path)

        with open_system("mine:bot.ask", store, Settings()) as system:
            assert system("Why?", ()) == "Because."

        assert sys.path == before

    def test_an_answer_is_passed_on(self, folder: Path, store: Path) -> None:
        text = "from assistant import Answer\ndef answer(question, history):\n    return Answer(question, '', 'No.')\n"
        self.module(folder, text)

        with open_system("mine:answer", store, Settings()) as system:
            assert system("Why?", ()) == Answer("Why?", "", "No.")

    def test_what_it_raises_is_left_to_who_asks(self, folder: Path, store: Path) -> None:
        self.module(folder, "def answer(question, history):\n    raise ZeroDivisionError(question)\n")

        with open_system("mine:answer", store, Settings()) as system, pytest.raises(ZeroDivisionError, match="Why"):
            system("Why?", ())

    def test_anything_but_an_answer_or_a_text_is_an_error(self, folder: Path, store: Path) -> None:
        self.module(folder, "def answer(question, history):\n    return {'text': 1}\n")

        with (
            open_system("mine:answer", store, Settings()) as system,
            pytest.raises(TypeError, match=r"mine:answer returned a dict\. It must return an Answer or a text\."),
        ):
            system("Why?", ())

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("nothing:answer", "There is no module 'nothing' for the system 'nothing:answer'. It is looked for in "),
            ("mine.inner:answer", "There is no module 'mine.inner' for the system 'mine.inner:answer'. "),
            (
                "broken:answer",
                "The module 'broken' of the system 'broken:answer' cannot be imported (ZeroDivisionError: ",
            ),
            (
                "lacking:answer",
                "The module 'lacking' of the system 'lacking:answer' cannot be imported (ModuleNotFound",
            ),
            ("mine:reply", "The module 'mine' has no 'reply'. Name a function that it has, as MODULE:FUNCTION."),
            ("mine:VALUE", "'mine:VALUE' is not a function: it is 42. Name one that takes a question and its history."),
            ("mine", "There is no system 'mine'. There are assistant, written, bm25, "),
            ("mine:", "There is no system 'mine:'. There are assistant, written, bm25, "),
            (":answer", "There is no system ':answer'. There are "),
            ("", "There is no system ''. There are "),
        ],
    )
    def test_what_cannot_be_had_is_told_in_a_sentence(self, folder: Path, store: Path, name: str, message: str) -> None:
        self.module(folder, "VALUE = 42\ndef answer(question, history): return ''\n")
        self.module(folder, "1 / 0", "broken")
        self.module(folder, "import a_package_that_is_not_there", "lacking")
        before = list(sys.path)

        with pytest.raises(SystemUnavailable) as raised, open_system(name, store, Settings()):
            pass

        assert str(raised.value).startswith(message)
        assert sys.path == before
