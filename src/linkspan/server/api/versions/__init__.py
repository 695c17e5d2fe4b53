"""API versions as data: the server thinks in the newest, each change is one module.

A request of an older version passes up through the changes made since it; its
answer passes down through the same changes, newest first. The newest version
passes through nothing, so its answers are the bytes as they are kept.
"""

from typing import Any, Final, Protocol

import msgspec

from linkspan.server.api.forms import Form
from linkspan.server.api.versions import v2026_09_30_endive
from linkspan.server.core.refusals import UnknownVersion
from linkspan.server.core.version import NEWEST


class Change(Protocol):
    """What one version changed."""

    VERSION: str
    SUMMARY: str

    def upgrade_request(self, route: str, form: Form) -> Form:
        """Return the form as this version spells it."""
        ...

    def downgrade(self, resource: dict[str, Any]) -> None:
        """Turn one object, in place, into what it was before this version."""
        ...


# Newest first.
CHANGES: Final[tuple[Change, ...]] = (v2026_09_30_endive,)

# Oldest first; a version is served once every change since it is a module here.
SERVED: Final = ("2026-07-29.dahlia", "2026-09-30.endive", NEWEST)


def check(version: str) -> str:
    """Return *version* if it is served."""
    if version not in SERVED:
        served = ", ".join(SERVED)
        raise UnknownVersion(f"Invalid Stripe API version: {version[:50]}. This server serves {served}.")
    return version


def upgrade_request(version: str, route: str, form: Form) -> Form:
    """Return *form*, sent in *version*, as the newest version spells it."""
    for change in reversed(CHANGES):
        if version < change.VERSION:
            form = change.upgrade_request(route, form)
    return form


def downgrade_answer(version: str, body: bytes) -> bytes:
    """Return *body*, written in the newest version, as *version* had it."""
    since = [change for change in CHANGES if version < change.VERSION]
    if not since:
        return body
    answer = msgspec.json.decode(body)
    _walk(answer, since)
    return msgspec.json.encode(answer)


def _walk(value: Any, since: list[Change]) -> None:
    """Turn down every object in *value*, inner ones first."""
    if isinstance(value, list):
        for item in value:
            _walk(item, since)
    elif isinstance(value, dict):
        for item in value.values():
            _walk(item, since)
        if "object" in value:
            for change in since:
                change.downgrade(value)
