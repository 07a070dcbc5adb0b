"""The page's styles and scripts, as the server and Gradio want them."""

from __future__ import annotations

from importlib.resources import files

_STYLES = ("page.css", "answer.css", "source.css", "panels.css", "documents.css")
_SCRIPTS = ("page.js", "reading.js")


def page_head() -> str:
    """What goes into the page's head: all styles, and the scripts that the others share."""
    styles, scripts = ("\n".join(map(read_static, names)) for names in (_STYLES, _SCRIPTS))
    return f"<style>{styles}</style><script>{scripts}</script>"


def read_static(name: str) -> str:
    """The text of a file in `static/`."""
    return files("assistant.web.static").joinpath(name).read_text("utf-8")
