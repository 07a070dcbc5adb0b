"""Matplotlib's drawings as SVG that may stand in a page: no style that a strict policy forbids, colours of the page."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Matplotlib wants colours; these stand for the page's own, which change between light and dark.
INK, MUTED, RULE, ACCENT, WASH = "#010101", "#020202", "#030303", "#040404", "#050505"
_VARIABLES = {INK: "ink", MUTED: "muted", RULE: "rule", ACCENT: "accent", WASH: "wash"}

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
# The page sets the face of all its text.
_LEFT_OUT = ("font-family",)


def inline_svg(figure: Figure, name: str) -> str:
    """The figure, hidden from screen readers: what it shows is said beside it. `name` keeps its ids apart."""
    drawn = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(drawn, format="svg", metadata=nothing)
    root = ElementTree.fromstring(drawn.getvalue())
    for parent in root.iter():
        for child in list(parent):
            if child.tag in (f"{_SVG}style", f"{_SVG}metadata"):
                parent.remove(child)
    used = {reference for element in root.iter() for reference in _references(element)}
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        _style_to_attributes(element)
        _rename(element, name, used)
    del root.attrib["width"], root.attrib["height"]
    root.attrib |= {"xmlns": "http://www.w3.org/2000/svg", "aria-hidden": "true", "focusable": "false"}
    return ElementTree.tostring(root, encoding="unicode")


def _style_to_attributes(element: ElementTree.Element) -> None:
    # A policy that allows styles by their hash forbids style attributes; what they say may be said by attributes.
    for declaration in element.attrib.pop("style", "").split(";"):
        key, colon, value = declaration.partition(":")
        key, value = key.strip(), value.strip()
        if colon and key not in _LEFT_OUT:
            element.set(key, variable(value) if value in _VARIABLES else value)


def _references(element: ElementTree.Element) -> list[str]:
    found = [match for value in element.attrib.values() for match in _REFERENCE.findall(value)]
    return [*found, element.attrib[_LINK][1:]] if _LINK in element.attrib else found


def _rename(element: ElementTree.Element, name: str, used: set[str]) -> None:
    identity = element.attrib.pop("id", None)
    if identity in used:
        element.set("id", f"{name}-{identity}")
    for key, value in list(element.attrib.items()):
        if key == _LINK:
            del element.attrib[key]
            element.set("href", f"#{name}-{value[1:]}")
        elif "url(#" in value:
            element.set(key, _REFERENCE.sub(rf"url(#{name}-\1)", value))


def variable(colour: str) -> str:
    """The page's colour that one of these stands for."""
    return f"var(--{_VARIABLES[colour]})"
