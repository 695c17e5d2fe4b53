"""2026-03-25.preview: a Session can be a page of the server's own."""

from typing import Final

from linkspan.server.api.versions.change import SESSION, Change

CHANGE: Final = Change(
    version="2026-03-25.preview",
    summary="Sessions have `ui_mode`, `hosted` and `url`: the panes are a page of the server's own.",
    parameters={"sessions.create": ("hosted", "ui_mode")},
    fields={SESSION: ("hosted", "ui_mode", "url")},
)
