"""Turns the source pane into HTML: the list of documents, or one document with a quote marked in it.

What the pane shows is named by a reference (`assistant.web.conversation`), and is looked up among what this
conversation quoted and the documents that this person can open; nothing else is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import quote as in_url

from assistant.conversations.changes import changed, place_now
from assistant.ingest.blocks import Block
from assistant.types import Citation, Document
from assistant.web.conversation import (
    Exchange,
    Place,
    citation_reference,
    document_reference,
    find_place,
    passage_reference,
)
from assistant.web.copied import quote_with_reference
from assistant.web.layout import Span, render_text
from assistant.web.markup import about, plain, sign
from assistant.web.since import SINCE
from assistant.wording import CLOSEST

_BACK = '<button type="button" class="quiet" data-back>← Back to the answer</button>'
_ALL = '<button type="button" class="quiet" data-open="sources">All sources</button>'


def render_pane(
    reference: str,
    conversation: Sequence[Exchange],
    documents: Mapping[str, Document],
    blocks_of: Callable[[str], Sequence[Block]],
    pictured: Callable[[str], bool],
) -> str:
    """What the pane shows for `reference`.

    `blocks_of` gives the layout of a document's text; `pictured` says whether pictures of the pages of the document
    with an id can be had.
    """
    if reference == "sources":
        return render_sources(documents.values())
    place = find_place(conversation, reference)
    document = documents.get(place.document_id) if place else None
    if place is None or (document is None and not place.quote):
        return _missing()
    references = _neighbours(conversation, reference)
    steps = _steps(reference, references, place.quote)
    if document is None:
        return _gone(place, reference, steps)
    others = [find_place(conversation, each) for each in references]
    also = [span for each in others if each and (span := _stands_at(each, document))]
    return _document(document, place, reference, steps, also, blocks_of(document.text), pictured(document.id))


def render_sources(documents: Iterable[Document]) -> str:
    """The documents that can be asked about, each a button that opens it."""
    rows = "".join(
        f'<li><button type="button" data-open="{plain(document_reference(each.id))}" dir="auto">{plain(each.title)}'
        f"</button>{about(each)}</li>"
        for each in documents
    )
    return (
        '<section class="source" aria-label="Sources" data-shown="sources">'
        f'<header><h2>Sources</h2></header><ul class="documents">{rows}</ul></section>'
    )


def _document(
    document: Document,
    place: Place,
    reference: str,
    steps: str,
    also: Sequence[Span],
    blocks: Sequence[Block],
    pictured: bool,
) -> str:
    """The whole text of a document, the quote at `place` marked, other quotes of the same answer faintly."""
    change = changed(_cited(place), document) if place.quote else "same"
    marked = _stands_at(place, document)
    page = document.page_at(marked[0]) if marked else None
    was = _as_it_was(place.quote) if change == "changed" else ""
    note = f'<p class="since">{sign("△")} {SINCE[change].long}</p>{was}' if change in SINCE else ""
    picture = _page(document, page or 1, place.quote) if pictured and document.pages else ""
    return (
        f'<section class="source{" pictured" if picture else ""}" aria-label="Source" data-shown="{plain(reference)}">'
        f'<header>{_bar(steps)}<h2 dir="auto" tabindex="-1">{plain(document.title)}</h2>{about(document, page)}'
        f"{_tools(place, document, page, pictured=bool(picture))}{note}</header>"
        f'<div class="full-text" dir="auto">{render_text(document.text, blocks, marked, also)}</div>{picture}</section>'
    )


def _gone(place: Place, reference: str, steps: str) -> str:
    """What is left of a quote whose document is no longer there: the words as they were quoted."""
    return (
        f'<section class="source" aria-label="Source" data-shown="{plain(reference)}"><header>{_bar(steps)}'
        f'<h2 dir="auto" tabindex="-1">{plain(place.title)}</h2>{_tools(place, None, None, pictured=False)}'
        f'<p class="since">{sign("△")} {SINCE["gone"].long}</p>{_as_it_was(place.quote)}</header></section>'
    )


def _missing() -> str:
    """What the pane says when the place that was asked for is not known."""
    return (
        f'<section class="source" aria-label="Source" data-shown="missing"><header>{_bar("")}'
        '<h2 tabindex="-1">Not here</h2></header>'
        f'<p class="problem">{sign("!")} This source is no longer open here, perhaps because it was removed or the '
        "chat was restarted. Ask the question again.</p></section>"
    )


def _bar(steps: str) -> str:
    return f'<div class="bar">{_BACK}{steps}{_ALL}</div>'


def _steps(reference: str, references: Sequence[str], quote: str) -> str:
    """Ways to the quote before and after in the same answer, and which of them this is."""
    if len(references) < 2 or reference not in references:
        return ""
    at = references.index(reference)
    noun = "Citation" if reference.startswith("citation:") else "Passage"
    before = references[at - 1] if at else None
    after = references[at + 1] if at + 1 < len(references) else None
    return (
        f'<div class="steps" role="group" aria-label="{noun}s of this answer">'
        f"{_step(-1, before, f'Previous {noun.lower()}', 'k')}"
        f'<span class="position" role="status"><span class="unseen">{noun} </span>{at + 1} of {len(references)}'
        f'<span class="unseen" dir="auto">: {plain(quote)}</span></span>'
        f"{_step(1, after, f'Next {noun.lower()}', 'j')}</div>"
    )


def _step(direction: int, reference: str | None, name: str, key: str) -> str:
    # Not `disabled`: the last step would take the focus away from the button that made it.
    goes = f'data-open="{plain(reference)}"' if reference else 'aria-disabled="true"'
    return (
        f'<button type="button" class="step" data-step="{direction}" {goes} aria-label="{name}" title="{name} ({key})">'
        f"{'‹' if direction < 0 else '›'}</button>"
    )


def _tools(place: Place, document: Document | None, page: int | None, *, pictured: bool) -> str:
    copied = plain(quote_with_reference(place.quote, place.title, document, page))
    copy = f'<button type="button" class="action" data-copy="{copied}">Copy quote with reference</button>'
    switch = (
        '<div class="switch" role="group" aria-label="Show the source as">'
        '<button type="button" data-view="text" aria-pressed="true">Text</button>'
        '<button type="button" data-view="page" aria-pressed="false">Page</button></div>'
    )
    tools = (copy if place.quote else "") + (switch if pictured else "")
    return f'<div class="tools">{tools}</div>' if tools else ""


def _as_it_was(quote: str) -> str:
    return f'<blockquote class="as-it-was" dir="auto">{plain(quote)}</blockquote>'


def _page(document: Document, page: int, quote: str) -> str:
    """The picture of a page, which is fetched when it is looked at, and a link to it alone to see it larger."""
    pages = len(document.pages or ())
    address = f"/page/{in_url(document.id, safe='')}/{page}.png{f'?quote={in_url(quote)}' if quote else ''}"
    name = f"Page {page} of {document.title}{', with the quote marked' if quote else ''}"
    return (
        f'<figure class="page" data-pages="{pages}"><div class="leaf">'
        '<button type="button" class="step" data-leaf="-1" aria-label="Previous page">‹</button>'
        f'<span role="status">Page <span class="number">{page}</span> of {pages}</span>'
        '<button type="button" class="step" data-leaf="1" aria-label="Next page">›</button></div>'
        f'<a href="{plain(address)}" target="_blank" title="Open the page alone">'
        f'<img loading="lazy" alt="{plain(name)}" src="{plain(address)}"></a>'
        '<p class="failed">The picture of this page cannot be shown here. Its text can.</p></figure>'
    )


def _neighbours(conversation: Sequence[Exchange], reference: str) -> list[str]:
    """The references of all quotes that were shown with the one at `reference`, a place that was found, in order."""
    kind, _, rest = reference.partition(":")
    if kind == "document":
        return []
    turn = int(rest.partition(":")[0])
    answer = conversation[turn].answer
    if answer is None:
        return []
    if kind == "passage":
        return [passage_reference(turn, rank) for rank in range(min(CLOSEST, len(answer.hits)))]
    return [citation_reference(turn, each.number) for each in answer.citations]


def _stands_at(place: Place, document: Document) -> Span | None:
    """Where a quote stands in `document` as it is now."""
    return place_now(_cited(place), document) if place.quote and place.document_id == document.id else None


def _cited(place: Place) -> Citation:
    return Citation(1, place.document_id, place.title, place.start, place.end, place.quote)
