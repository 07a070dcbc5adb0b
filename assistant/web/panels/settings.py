"""The panel of settings that a reader may change, each with its effect. A change is kept at once.

The form sends `apply` with the values of its fields, and `clear` for the values that the server starts with.
"""

# Annotations stay objects here: Gradio reads those of a handler to know that it wants the request or the event's data.

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.settings import LOCAL_USER
from assistant.web.desk import Desk, user_of
from assistant.web.look import read_static
from assistant.web.markup import plain
from assistant.web.preferences import Preferences

if TYPE_CHECKING:
    import gradio


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    label: str
    effect: str
    lowest: float
    highest: float
    step: float
    shown: Callable[[float], str] = "{:.0f}".format


@dataclass(frozen=True, slots=True)
class _Choice:
    """One of two. `options` are the values, as the form sends them, with their words."""

    name: str
    label: str
    effect: str
    options: tuple[tuple[str, str], tuple[str, str]]


_FIELDS = (
    _Field(
        "certainty",
        "How sure it must be",
        "It answers only if it is at least this probable that the sources do. "
        "Higher: fewer wrong answers, and more questions left unanswered.",
        0,
        1,
        0.01,
        "{:.0%}".format,
    ),
    _Field(
        "statements",
        "Sentences in an answer",
        "The most sentences that an answer quotes, but for lists. Fewer: shorter answers, with something left out.",
        1,
        10,
        1,
    ),
    _Field(
        "passages",
        "Passages to look at",
        "How many passages are read for each question. More: finds what is hard to find, and takes longer.",
        1,
        50,
        1,
    ),
)


_POLICY = _Choice(
    "llm_policy",
    "Sentences that the sources do not support",
    "In written answers. Left out: you read only what the sources say. Shown: you read all that was written, and "
    "each such sentence is marked.",
    (("strict", "Left out"), ("mark", "Shown, and marked")),
)
_UNWRITTEN = (
    "Answers are quoted from the sources. This server has no language model that could write them; whoever starts it "
    "can name one with --llm."
)


@dataclass(frozen=True, slots=True)
class SettingsPanel:
    """What `build_settings_panel(desk)` gives to the page: the form, and what fills it when the page is loaded."""

    form: "gradio.HTML"
    fill: Callable[["gradio.Request"], str]


def build_settings_panel(desk: Desk) -> SettingsPanel:
    """Builds the panel where it is called, inside the page's blocks."""
    import gradio as gr

    def shown(user: str, said: str = "") -> str:
        preferences, defaults = desk.preferences_of(user), Preferences.of(desk.settings)
        return render_settings(preferences, defaults, desk.model, said) + render_way_out(user)

    def fill(request: gr.Request) -> str:
        return shown(user_of(request))

    def change(event: gr.EventData, request: gr.Request) -> str:
        user = user_of(request)
        try:
            before = desk.preferences_of(user)
            chosen = Preferences(
                int(event.passages),
                int(event.statements),
                float(event.certainty),
                # What the form does not ask where there is no model stays as it was.
                before.written if (written := getattr(event, "written", None)) is None else written == "true",
                getattr(event, "llm_policy", before.llm_policy),
            )
            chosen.save(desk.preferences, user)
        except (ValueError, OSError) as error:
            return shown(user, f"This could not be kept: {error}")
        return shown(user, "Kept. It counts from the next question on.")

    def clear(request: gr.Request) -> str:
        user = user_of(request)
        try:
            Preferences.forget(desk.preferences, user)
        except OSError as error:
            return shown(user, f"This could not be kept: {error}")
        return shown(user, "These are the defaults.")

    form = gr.HTML("", elem_id="settings", apply_default_css=False, js_on_load=read_static("panels.js"))
    listener: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    # "always_last" lets go of a change that is made while the one before is on its way.
    form.apply(change, outputs=form, trigger_mode="multiple", **listener)
    form.clear(clear, outputs=form, **listener)
    return SettingsPanel(form, fill)


def render_settings(preferences: Preferences, defaults: Preferences, model: str = "", said: str = "") -> str:
    """The form with the values of `preferences`.

    `model` is the name of the language model that can write, "" if there is none; `said` is what became of the last
    change.
    """
    choices = "".join(_choice(each, preferences, defaults) for each in (_writer(model), _POLICY))
    writing = choices if model else f'<p class="hint">{_UNWRITTEN}</p>'
    fields = "".join(_field(each, preferences, defaults) for each in _FIELDS)
    return (
        f'<form aria-label="Settings">{writing}{fields}'
        f'<p class="said" role="status">{plain(said)}</p>'
        '<button type="button" class="plain" data-defaults'
        f"{' disabled' if preferences == defaults else ''}>Use the defaults</button></form>"
    )


def render_way_out(user: str) -> str:
    """Who is logged in, and the button that ends it; "" where nobody logs in."""
    if user == LOCAL_USER:
        return ""
    return (
        f'<form class="way-out" method="post" action="/logout"><p>Logged in as {plain(user)}.</p>'
        '<button class="plain">Log out</button></form>'
    )


def _field(field: _Field, preferences: Preferences, defaults: Preferences) -> str:
    value, default = getattr(preferences, field.name), getattr(defaults, field.name)
    shown = plain(field.shown(value))
    return (
        f'<div class="field"><label for="set-{field.name}">{field.label}</label>'
        f'<output for="set-{field.name}">{shown}</output>'
        f'<input type="range" id="set-{field.name}" name="{field.name}" min="{field.lowest}" max="{field.highest}" '
        f'step="{field.step}" value="{value}" aria-valuetext="{shown}" aria-describedby="effect-{field.name}">'
        f'<p class="hint" id="effect-{field.name}">{field.effect} Default: {plain(field.shown(default))}.</p></div>'
    )


def _writer(model: str) -> _Choice:
    return _Choice(
        "written",
        "Answers are",
        "Written: in the language model's words, each sentence checked against the sources; takes longer. "
        "Quoted: in the sources' own words, at once. Sources that disagree are always quoted.",
        (("true", f"Written by {model}"), ("false", "Quoted from the sources")),
    )


def _choice(choice: _Choice, preferences: Preferences, defaults: Preferences) -> str:
    value, default = (str(getattr(each, choice.name)) for each in (preferences, defaults))
    options = "".join(
        f'<label dir="auto"><input type="radio" name="{choice.name}" value="{option}"'
        f"{' checked' if option == value.lower() else ''}> {plain(words)}</label>"
        for option, words in choice.options
    )
    words = dict(choice.options)[default.lower()]
    words = words[:1].lower() + words[1:]
    return (
        f'<fieldset class="field" aria-describedby="effect-{choice.name}"><legend>{choice.label}</legend>{options}'
        f'<p class="hint" id="effect-{choice.name}">{choice.effect} Default: {plain(words)}.</p></fieldset>'
    )
