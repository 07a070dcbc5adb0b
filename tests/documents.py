"""Random documents: what people write, and what no one would."""

from __future__ import annotations

from hypothesis import strategies as st

from assistant import Document

_WORDS = st.sampled_from(
    "the Treaty was signed in 1953 by both sides; U.S. forces, e.g. the Army, stayed. Seoul (Korea) 3.14 Dr. Kim said: "
    "“never” is ‘it’ — 37,000 troops? Yes! No. 5 et al. Fig. 2 … https://example.org/a?b=c#d can't naïve Ångström 条約 "
    "署名。 مرحبا بالعالم שלום 👩‍👩‍👧 🇰🇷 ﬁ e\u0301 \u200b \u00a0 \x07 \x1b[0m \u2028 \u202e \ufeff".split(" ")
)
_LINES = st.lists(_WORDS, min_size=1, max_size=40).map(" ".join)
_BLOCKS = st.one_of(
    _LINES,
    _LINES.map(lambda line: f"{line}."),
    st.lists(_LINES, min_size=1, max_size=5).map(". ".join),
    st.sampled_from(["# ", "## ", "###### ", "#", "1. ", "23) ", "- ", "• ", "–", "a) ", "| a | b |", "\t"]).flatmap(
        lambda mark: _LINES.map(lambda line: mark + line)
    ),
    st.sampled_from(
        ["Foundations", "Part One", "Report Date:", "Note:", "Espresso 2.50", "-", "* * *", "Scope. A b. C d."]
    ),
    st.integers(1, 3000).map(lambda length: "x" * length),
    st.integers(1, 1500).map(lambda length: "約" * length),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=200),
)
texts = st.lists(_BLOCKS, min_size=1, max_size=12).flatmap(
    lambda blocks: st.sampled_from(["\n", "\n\n", "\n\n\n"]).map(lambda gap: gap.join(blocks))
)
titles = st.one_of(st.just(""), _LINES, st.integers(1, 400).map(lambda count: "word " * count), st.just("約" * 600))
documents = st.builds(Document, id=st.just("d"), title=titles, text=texts.filter(lambda text: text.strip()))
