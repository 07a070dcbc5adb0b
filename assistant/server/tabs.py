"""What the server remembers of the tabs that show the page: their values, for as long as somebody may come back.

Gradio remembers much more of each: every component as the tab last saw it, for links that restore a page, which are
closed here (`assistant.server.rooms`); one more component with each value that an event leaves as it is; and what the
queue noted of its events. A tab that shows a hundred conversations then takes a megabyte more with a few questions.
There is no setting for any of it, so this is the one place that reaches into Gradio; tests/test_tabs.py notices when
what it reaches for has changed.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio
    from gradio.blocks import Block
    from gradio.routes import App
    from gradio.state_holder import StateHolder

_TABS = 2000
"""That are remembered. Whose tab was used longest ago is forgotten first."""
_CLOSED = timedelta(days=1)
"""A tab whose connection ended is remembered: a laptop that slept over night does not connect again, and goes on."""
_EMPTY = timedelta(minutes=5)
"""A session without values is remembered: a program that asked, and may still fetch the answer."""


def remember_little(app: App) -> StateHolder:
    """Makes `app`, which is not yet in use, remember little of each tab; what comes back are the tabs it remembers."""
    from gradio.blocks import Block
    from gradio.components import State
    from gradio.state_holder import SessionState, StateHolder

    class Tab(SessionState):
        def __init__(self, blocks: gradio.Blocks) -> None:
            super().__init__(blocks)
            self.config_values = {}

        def __setitem__(self, key: int, value: Any) -> None:
            ours = self.blocks_config.blocks.get(key)
            if isinstance(value, Block) and ours is not None and not isinstance(ours, State):
                # An event left the component as it is, and a new one like it would no longer be the one that the
                # page compares with: it would not know any more what was clicked.
                if _settings(value) == _settings(ours):
                    return
                # Under an id of its own it would be kept beside the one that it replaces.
                value._id = key
            super().__setitem__(key, value)
            self.config_values.clear()

        def _update_config(self, key: int) -> None:
            pass

        def _update_value_in_config(self, key: int, value: Any) -> None:
            pass

    class Tabs(StateHolder):
        def __getitem__(self, session_id: str) -> SessionState:
            if session_id not in self.session_data:
                self.session_data[session_id] = Tab(self.blocks)
            return super().__getitem__(session_id)

        def delete_all_expired_state(self) -> None:
            """Forgets whole tabs, never single values of them. Gradio calls it every second."""
            now = datetime.now()
            for name, tab in list(self.session_data.items()):
                unused = now - self.time_last_used[name]
                if unused > (_CLOSED if tab.state_data else _EMPTY) and (tab.is_closed or not tab.state_data):
                    del self.session_data[name], self.time_last_used[name]
            self._forget_events()

        def _forget_events(self) -> None:
            """What the queue still has of tabs that are forgotten, unless an answer is being written for them."""
            queue = self.blocks._queue
            running = queue.event_ids_to_events
            noted = queue.pending_event_ids_session
            for name in {*noted, *queue.pending_messages_per_session}.difference(self.session_data):
                if running.keys().isdisjoint(noted.get(name, ())):
                    noted.pop(name, None)
                    queue.pending_messages_per_session.pop(name, None)
            app.iterators_to_reset.intersection_update(running)

    class Iterators(dict[str, Any]):
        """Gradio's generators that run. One that ends while it is stopped is taken out twice, which is no error."""

        def __delitem__(self, name: str) -> None:
            self.pop(name, None)

    app.iterators = Iterators()
    page = app.get_blocks()
    page.state_session_capacity = _TABS
    app.state_holder = Tabs()  # type: ignore[no-untyped-call]
    app.state_holder.set_blocks(page)
    # For statistics that nobody can see here, each event would lay out those of the last ten thousand in a table.
    page._queue.ANALYTICS_MAX_EVENTS = 1
    page._queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize
    return app.state_holder


def _settings(block: Block) -> dict[str, Any]:
    """What a component was made with, besides its value."""
    return {name: each for name, each in block.constructor_args.items() if name not in ("value", "render")}
