"""2026-06-24.dahlia: an Account tells when and why its link is expected to end."""

from typing import Final

from linkspan.server.api.versions.change import ACCOUNT, Change

CHANGE: Final = Change(
    version="2026-06-24.dahlia",
    previewed="2026-01-28.preview",
    summary="Accounts have `status_details`, which tell when and why access is expected to end.",
    fields={ACCOUNT: ("status_details",)},
)
