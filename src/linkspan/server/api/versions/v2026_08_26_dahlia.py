"""2026-08-26.dahlia: a Session shows its one country beside the list that is to go."""

from typing import Final

from linkspan.server.api.versions.change import SESSION, Change

CHANGE: Final = Change(
    version="2026-08-26.dahlia",
    summary="Sessions show `filters.country` beside `filters.countries`.",
    fields={SESSION: ("filters.country",)},
)
