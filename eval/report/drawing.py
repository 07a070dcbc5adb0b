"""How charts look: a quiet frame, and a line for each system that is told apart by more than its colour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eval.report.svg import ACCENT, INK, MUTED, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.typing import RcKeyType

Points = Sequence[tuple[float, float]]

# In points; the page stretches a drawing to its column.
_WIDTH, _HEIGHT = 400.0, 244.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 34.0, 10.0, 8.0, 34.0
_STYLE: dict[RcKeyType, Any] = {
    "svg.hashsalt": "report",  # else ids are random
    "svg.fonttype": "none",
    "font.size": 11.0,
    "axes.linewidth": 1.0,
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": RULE,
    "grid.linewidth": 0.7,
    "text.color": MUTED,
    "text.parse_math": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.size": 0.0,
    "ytick.major.size": 0.0,
    "xtick.major.pad": 6.0,
    "ytick.major.pad": 6.0,
    "lines.scale_dashes": False,
}


@dataclass(frozen=True, slots=True)
class Stroke:
    """How the line of a system is drawn: a colour that stands for the page's, a width, and dashes."""

    colour: str
    width: float
    dashes: tuple[float, ...]


_STROKES = (
    Stroke(ACCENT, 2.2, ()),
    Stroke(INK, 1.6, (7, 3)),
    Stroke(MUTED, 1.6, (2, 2)),
    Stroke(INK, 1.6, (9, 3, 2, 3)),
    Stroke(MUTED, 1.6, (12, 4)),
)


def stroke_of(position: int) -> Stroke:
    """The stroke of the system at a position, the main one's first."""
    return _STROKES[position % len(_STROKES)]


@contextmanager
def drawing(foot: float = 0.0) -> Iterator[tuple[Figure, Axes, Axes]]:
    """A figure with its axes, and with axes below them of the height `foot`, a share of the drawing; else the same."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_STYLE):
        # 72 points to the inch: a point is a unit of the SVG.
        figure = Figure(figsize=(_WIDTH / 72, _HEIGHT / 72), dpi=72)
        figure.patch.set_visible(False)
        left, bottom = _LEFT / _WIDTH, _BOTTOM / _HEIGHT
        width, height = 1 - left - _RIGHT / _WIDTH, 1 - bottom - _TOP / _HEIGHT
        gap = 0.03 if foot else 0.0
        axes = figure.add_axes((left, bottom + foot + gap, width, height - foot - gap))
        below = figure.add_axes((left, bottom, width, foot), sharex=axes) if foot else axes
        for each in {axes, below}:
            each.patch.set_visible(False)
        yield figure, axes, below


def draw_lines(
    axes: Axes,
    systems: Sequence[str],
    curves: Mapping[str, Points],
    marker: str = "",
    joined: bool = True,
    clipped: bool = False,
) -> None:
    """A line for each system, or its points alone; the main one's comes last, over the others."""
    for position in reversed(range(len(systems))):
        points = curves.get(systems[position])
        if points:
            stroke = stroke_of(position)
            line = axes.plot(*zip(*points, strict=True), color=stroke.colour, linewidth=stroke.width)[0]
            line.set(marker=marker, markersize=4.5, clip_on=clipped)
            line.set_linestyle((0, stroke.dashes) if stroke.dashes else "-")
            if not joined:
                line.set_linestyle("")
