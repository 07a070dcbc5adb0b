"""Styles and scripts of the page, each of one part of it. `assistant.web.look` reads them."""
