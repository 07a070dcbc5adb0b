"""The adapters, as a LlamaIndex program uses them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from llama_index.core.base.response.schema import Response
from llama_index.core.chat_engine.types import StreamingAgentChatResponse
from llama_index.core.llms import ChatMessage, MessageRole, MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import MetadataMode, NodeWithScore, ObjectType, QueryBundle, TextNode
from llama_index.core.tools import QueryEngineTool

from assistant import Answer, Assistant, Document, Settings, build_index
from assistant.answer.reading.reader import Reader
from assistant.errors import QuestionError
from assistant.llamaindex import AssistantChatEngine, AssistantQueryEngine, AssistantRetriever
from assistant.search.embed import Embedder
from assistant.search.store import Store

TREATY = "What is the Mutual Defense Treaty?"
SIGNED = "When was the Mutual Defense Treaty signed?"
FOLLOW_UP = "When was it signed?"
UNKNOWN = "Who painted the Mona Lisa?"
BUILT = "When was the lighthouse of Marn built?"
QUESTIONS = (SIGNED, TREATY, "Why does the United States keep troops in South Korea?", UNKNOWN)

REPORTS = (
    Document(
        "first",
        "Report 1",
        "The lighthouse of Marn was built in 1853. Ships pass it every day.",
        date="2001-05-01",
        publisher="Marn Press",
        url="https://example.org/1",
        pages=(0, 42),
    ),
    Document("second", "", "The lighthouse of Marn was built in 1871.", date="2002-05-01"),
    Document("bread", "Baking bread", "Bread is baked from flour, water and yeast. The dough rests for an hour."),
)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, reader: Reader) -> Iterator[Assistant]:
    """An assistant over documents that disagree, of which one has everything that may be known of a document."""
    path: Path = tmp_path_factory.mktemp("reports") / "store"
    build_index(REPORTS, path, embedder=embedder)
    opened = Assistant(Store(path), embedder, reader, Settings())
    yield opened
    opened.close()


def node_of(found: NodeWithScore) -> TextNode:
    assert isinstance(found.node, TextNode)
    return found.node


def check_places(found: Sequence[NodeWithScore], documents: Sequence[Document]) -> None:
    """Every node is verbatim, and says which document it is of and where it stands there."""
    sources = {document.id: document for document in documents}
    for node in map(node_of, found):
        document = sources[node.metadata["document_id"]]
        start, end = node.start_char_idx, node.end_char_idx
        assert start is not None
        assert document.text[start:end] == node.text != ""
        assert node.metadata["title"] == document.title
        known = {"page": document.page_at(start), "date": document.date}
        known |= {"publisher": document.publisher, "url": document.url}
        for name, value in known.items():
            assert node.metadata.get(name, None) == value
            assert (name in node.metadata) == (value is not None)
        assert node.source_node is not None
        assert (node.source_node.node_id, node.source_node.node_type) == (document.id, ObjectType.DOCUMENT)
        assert node.get_content(MetadataMode.EMBED) == node.text


def answer_of(response: Response) -> Answer:
    """The answer that a response carries."""
    assert response.metadata is not None
    return Answer.from_dict(response.metadata["answer"])


def timeless(answer: Answer) -> Answer:
    return replace(answer, seconds=0.0)


def check_response(response: object, expected: Answer, documents: Sequence[Document]) -> None:
    """The response says what the answer does, and cites the same."""
    assert isinstance(response, Response)
    assert str(response) == response.response == expected.text
    assert timeless(answer_of(response)) == timeless(expected)
    assert response.metadata is not None
    assert response.metadata["refused"] == expected.refused
    for name in ("short", "certainty", "searched_for"):
        assert response.metadata[name] == getattr(expected, name)
    assert len(response.metadata["conflicts"]) == len(expected.conflicts)
    cited = [(node.text, node.metadata["number"]) for node in map(node_of, response.source_nodes)]
    assert cited == [(citation.quote, citation.number) for citation in expected.citations]
    check_places(response.source_nodes, documents)


class TestRetriever:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_it_finds_what_the_assistant_does(self, assistant: Assistant, question: str) -> None:
        found = AssistantRetriever(assistant).retrieve(question)

        _, hits = assistant.search(question)
        assert [(node.text, node.metadata["heading"]) for node in map(node_of, found)] == [
            (hit.passage.text, hit.passage.heading) for hit in hits
        ]
        assert [each.score for each in found] == [hit.score for hit in hits]
        check_places(found, assistant.documents)

    def test_ids_are_stable_and_tell_passages_apart(self, assistant: Assistant) -> None:
        first, again = (AssistantRetriever(assistant).retrieve(SIGNED) for _ in range(2))

        assert [each.node_id for each in again] == [each.node_id for each in first]
        assert len({each.node_id for each in first}) == len(first) == assistant.settings.passages

    def test_all_that_is_known_of_a_document_is_told(self, reports: Assistant) -> None:
        found = AssistantRetriever(reports).retrieve(BUILT)

        check_places(found, REPORTS)
        (node,) = (node for node in map(node_of, found) if node.metadata["document_id"] == "first")
        assert node.metadata["page"] == 1

    def test_a_language_model_reads_where_a_passage_is_from(self, reports: Assistant) -> None:
        (found,) = AssistantRetriever(reports, documents=["first"]).retrieve(BUILT)

        read = found.node.get_content(MetadataMode.LLM)
        assert read.endswith(f"\n\n{node_of(found).text}")
        assert {"title: Report 1", "page: 1", "date: 2001-05-01", "publisher: Marn Press"} <= set(read.splitlines())
        assert "example.org" not in read

    def test_it_serves_a_stock_query_engine(self, assistant: Assistant) -> None:
        retriever = AssistantRetriever(assistant)
        engine = RetrieverQueryEngine.from_args(retriever, llm=MockLLM())

        response = engine.query(SIGNED)

        assert response.source_nodes == retriever.retrieve(SIGNED)
        # The mock answers with its prompt.
        assert node_of(response.source_nodes[0]).text in str(response)

    def test_settings_and_documents_restrict_it(self, assistant: Assistant) -> None:
        retriever = AssistantRetriever(assistant.adjusted(passages=3), documents=["mutual-defense-treaty"])

        found = retriever.retrieve(QueryBundle("Where is the largest base?"))

        assert {each.metadata["document_id"] for each in found} == {"mutual-defense-treaty"}
        assert len(found) == 3

    def test_it_can_be_awaited(self, assistant: Assistant) -> None:
        retriever = AssistantRetriever(assistant)

        assert asyncio.run(retriever.aretrieve(SIGNED)) == retriever.retrieve(SIGNED)


class TestQueryEngine:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_it_answers_as_the_assistant_does(self, assistant: Assistant, question: str) -> None:
        response = AssistantQueryEngine(assistant=assistant).query(question)

        check_response(response, assistant.ask(question), assistant.documents)

    def test_citations_have_a_verdict_and_the_score_of_their_passage(self, assistant: Assistant) -> None:
        response = AssistantQueryEngine(assistant=assistant).query(SIGNED)

        scores = {each.node_id: each.score for each in AssistantRetriever(assistant).retrieve(SIGNED)}
        for source in response.source_nodes:
            assert source.metadata["verdict"] == "quoted"
            assert source.score in scores.values()

    def test_a_refusal_cites_nothing(self, assistant: Assistant) -> None:
        response = AssistantQueryEngine(assistant=assistant).query(UNKNOWN)

        assert str(response) == "The sources do not say."
        assert response.source_nodes == []
        assert response.metadata is not None
        assert response.metadata["refused"]

    def test_both_sides_of_a_conflict_are_cited(self, reports: Assistant) -> None:
        response = AssistantQueryEngine(assistant=reports).query(BUILT)

        check_response(response, reports.ask(BUILT), REPORTS)
        assert response.metadata is not None
        (conflict,) = response.metadata["conflicts"]
        assert len(conflict["statements"]) == 2
        assert {each.metadata["document_id"] for each in response.source_nodes} == {"first", "second"}

    def test_documents_restrict_it(self, reports: Assistant) -> None:
        engine = AssistantQueryEngine(assistant=reports, documents=["second"])

        check_response(engine.query(BUILT), reports.ask(BUILT, documents=["second"]), REPORTS)

    def test_it_is_a_tool(self, assistant: Assistant) -> None:
        tool = QueryEngineTool.from_defaults(AssistantQueryEngine(assistant=assistant))

        output = tool.call(SIGNED)

        assert output.content == assistant.ask(SIGNED).text

    def test_it_can_be_awaited(self, assistant: Assistant) -> None:
        response = asyncio.run(AssistantQueryEngine(assistant=assistant).aquery(SIGNED))

        check_response(response, assistant.ask(SIGNED), assistant.documents)

    def test_a_question_that_cannot_be_searched_is_told(self, assistant: Assistant) -> None:
        with pytest.raises(QuestionError, match="The question has no words"):
            AssistantQueryEngine(assistant=assistant).query("?")


def read(response: StreamingAgentChatResponse) -> str:
    return "".join(response.response_gen)


async def read_async(response: StreamingAgentChatResponse) -> str:
    return "".join([delta async for delta in response.async_response_gen()])


class TestChatEngine:
    def test_a_follow_up_finds_what_the_whole_question_does(self, assistant: Assistant) -> None:
        chat = AssistantChatEngine(assistant)
        chat.chat(TREATY)

        response = chat.chat(FOLLOW_UP)

        alone = assistant.ask(SIGNED)
        assert response.metadata is not None
        assert response.metadata["searched_for"] == SIGNED
        assert response.response == alone.text
        assert [each.node.get_content() for each in response.source_nodes] == [each.quote for each in alone.citations]

    def test_it_keeps_the_conversation_until_it_is_reset(self, assistant: Assistant) -> None:
        chat = AssistantChatEngine(assistant)
        first, second = chat.chat(TREATY), chat.chat(FOLLOW_UP)

        assert [(each.role, each.content) for each in chat.chat_history] == [
            (MessageRole.USER, TREATY),
            (MessageRole.ASSISTANT, first.response),
            (MessageRole.USER, FOLLOW_UP),
            (MessageRole.ASSISTANT, second.response),
        ]

        chat.reset()

        assert chat.chat_history == []
        afresh = chat.chat(FOLLOW_UP)
        assert afresh.metadata is not None
        assert afresh.metadata["searched_for"] == FOLLOW_UP

    def test_a_history_that_is_given_takes_the_place_of_its_own(self, assistant: Assistant) -> None:
        earlier = AssistantChatEngine(assistant)
        earlier.chat(TREATY)
        chat = AssistantChatEngine(assistant)
        chat.chat("Where is Camp Humphreys?")
        given = [ChatMessage("Be brief.", role=MessageRole.SYSTEM), *earlier.chat_history]

        response = chat.chat(FOLLOW_UP, given)

        assert response.metadata is not None
        assert response.metadata["searched_for"] == SIGNED
        assert chat.chat_history[:2] == earlier.chat_history
        assert len(chat.chat_history) == 4

    def test_a_conversation_can_be_gone_on_with(self, assistant: Assistant) -> None:
        earlier = AssistantChatEngine(assistant)
        earlier.chat(TREATY)

        chat = AssistantChatEngine(assistant, chat_history=earlier.chat_history)

        assert chat.chat_history == earlier.chat_history
        assert chat.chat(FOLLOW_UP).response == assistant.ask(SIGNED).text

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_a_stream_adds_up_to_the_answer(self, assistant: Assistant, question: str) -> None:
        whole, chat = AssistantChatEngine(assistant), AssistantChatEngine(assistant)
        expected = whole.chat(question)

        response = chat.stream_chat(question)

        assert read(response) == response.response == str(response) == expected.response
        assert response.source_nodes == expected.source_nodes
        (source,) = response.sources
        check_response(source.raw_output, assistant.ask(question), assistant.documents)
        assert chat.chat_history == whole.chat_history

    def test_a_stream_about_a_conflict_takes_nothing_back(self, reports: Assistant) -> None:
        deltas = list(AssistantChatEngine(reports).stream_chat(BUILT).response_gen)

        assert len(deltas) == 2
        assert "".join(deltas) == reports.ask(BUILT).text

    def test_what_was_not_read_to_its_end_is_not_remembered(self, assistant: Assistant) -> None:
        chat = AssistantChatEngine(assistant)

        assert next(chat.stream_chat(TREATY).response_gen)

        assert chat.chat_history == []

    def test_it_can_be_awaited(self, assistant: Assistant) -> None:
        async def converse(chat: AssistantChatEngine) -> tuple[str, str]:
            first = await chat.achat(TREATY)
            response = await chat.astream_chat(FOLLOW_UP)
            second = await read_async(response)
            assert response.response == second
            assert response.source_nodes
            return first.response, second

        chat = AssistantChatEngine(assistant)
        said = asyncio.run(converse(chat))

        assert said == (assistant.ask(TREATY).text, assistant.ask(SIGNED).text)
        assert [each.content for each in chat.chat_history] == [TREATY, said[0], FOLLOW_UP, said[1]]

    def test_documents_restrict_it(self, reports: Assistant) -> None:
        response = AssistantChatEngine(reports, documents=["second"]).chat(BUILT)

        assert [each.metadata["document_id"] for each in response.source_nodes] == ["second"]

    def test_a_question_that_cannot_be_searched_is_told(self, assistant: Assistant) -> None:
        chat = AssistantChatEngine(assistant)

        with pytest.raises(QuestionError, match="The question has no words"):
            chat.chat("?")
        with pytest.raises(QuestionError, match="The question has no words"):
            read(chat.stream_chat("?"))
        assert chat.chat_history == []
