"""API versions as data: the server thinks in the newest, each change is one module.

A request of an older version passes up through the changes made since it; its
answer passes down through the same changes, newest first. The newest version
passes through nothing, so its answers are the bytes as they are kept.
"""

from typing import Any, Final

import msgspec

from linkspan.objects import Dialect, decode
from linkspan.server.api.forms import Form
from linkspan.server.api.versions import (
    v2022_08_01,
    v2024_04_10,
    v2024_09_30_acacia,
    v2025_09_30_clover,
    v2025_11_17_clover,
    v2025_12_15_clover,
    v2026_06_24_dahlia,
    v2026_07_29_dahlia,
    v2026_09_30_endive,
)
from linkspan.server.api.versions.change import Change
from linkspan.server.api.versions.parts import leave_out, refuse
from linkspan.server.api.versions.published import PUBLISHED
from linkspan.server.core.refusals import UnknownVersion

# Newest first.
CHANGES: Final = (
    v2026_09_30_endive.CHANGE,
    v2026_07_29_dahlia.CHANGE,
    v2026_06_24_dahlia.CHANGE,
    v2025_12_15_clover.CHANGE,
    v2025_11_17_clover.CHANGE,
    v2025_09_30_clover.CHANGE,
    v2024_09_30_acacia.CHANGE,
    v2024_04_10.CHANGE,
    v2022_08_01.CHANGE,
)


def check(version: str) -> str:
    """Return *version* if Stripe published it and it is served."""
    if version not in PUBLISHED:
        served = f"This server serves the versions from {PUBLISHED[0]} to {PUBLISHED[-1]}."
        raise UnknownVersion(f"Invalid Stripe API version: {version[:50]}. {served}")
    return version


def since(version: str) -> tuple[Change, ...]:
    """Return what changed after *version*, newest first."""
    return tuple(change for change in CHANGES if version < change.version)


def upgrade_request(version: str, route: str, form: Form) -> Form:
    """Return *form*, sent in *version*, as the newest version spells it; refuse what came later."""
    for change in reversed(since(version)):
        refuse(form, change.parameters.get(route, ()))
        form = change.up(route, form)
    return form


def downgrade_answer(version: str, body: bytes) -> bytes:
    """Return *body*, written in the newest version, as *version* wrote it."""
    changes = since(version)
    if not changes:
        return body
    answer: dict[str, Any] = msgspec.json.decode(body)
    for change in changes:
        answer = change.down(answer)
        leave_out(answer, change.fields)
        if change.dialect is not None:
            answer = _spelled(answer, change.dialect)
    return msgspec.json.encode(answer)


def _spelled(answer: dict[str, Any], dialect: Dialect) -> dict[str, Any]:
    """Return *answer* as the documents of that time show it."""
    if answer.get("deleted"):
        return answer  # its id and the word that it is gone have always been written like this
    return decode(answer).to_dict(dialect=dialect)
