"""API versions as data: the server thinks in the newest, each change is one module.

A request of an older version passes up through the changes made since it; its
answer passes down through the same changes, newest first. The newest version
passes through nothing, so its answers are the bytes as they are kept.
"""

from typing import Any, Final, Protocol

import msgspec

from linkspan.server.api.forms import Form
from linkspan.server.api.versions import (
    v2022_08_01,
    v2024_04_10,
    v2024_09_30_acacia,
    v2025_11_17_clover,
    v2026_07_29_dahlia,
    v2026_09_30_endive,
)
from linkspan.server.api.versions.published import PUBLISHED
from linkspan.server.core.refusals import UnknownVersion


class Change(Protocol):
    """What one version changed."""

    VERSION: str
    SUMMARY: str

    def upgrade_request(self, route: str, form: Form) -> Form:
        """Return *form*, sent in the version before, as this version spells it.

        Refuses a parameter that only this version brought, by its name.
        """
        ...

    def downgrade_answer(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Return *answer*, written in this version, as the version before wrote it."""
        ...


# Newest first.
CHANGES: Final[tuple[Change, ...]] = (
    v2026_09_30_endive,
    v2026_07_29_dahlia,
    v2025_11_17_clover,
    v2024_09_30_acacia,
    v2024_04_10,
    v2022_08_01,
)


def check(version: str) -> str:
    """Return *version* if Stripe published it and it is served."""
    if version not in PUBLISHED:
        served = f"This server serves the versions from {PUBLISHED[0]} to {PUBLISHED[-1]}."
        raise UnknownVersion(f"Invalid Stripe API version: {version[:50]}. {served}")
    return version


def upgrade_request(version: str, route: str, form: Form) -> Form:
    """Return *form*, sent in *version*, as the newest version spells it."""
    for change in reversed(CHANGES):
        if version < change.VERSION:
            form = change.upgrade_request(route, form)
    return form


def downgrade_answer(version: str, body: bytes) -> bytes:
    """Return *body*, written in the newest version, as *version* wrote it."""
    since = [change for change in CHANGES if version < change.VERSION]
    if not since:
        return body
    answer = msgspec.json.decode(body)
    for change in since:
        answer = change.downgrade_answer(answer)
    return msgspec.json.encode(answer)
