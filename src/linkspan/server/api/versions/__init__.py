"""API versions as data: the server thinks in the newest, each change is one module.

A request of an older version passes up through the changes made since it; its
answer passes down through the same changes, newest first. The newest version
passes through nothing, so its answers are the bytes as they are kept.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import msgspec

from linkspan.server.api.forms import Form
from linkspan.server.api.versions import (
    v2022_08_01,
    v2023_08_16,
    v2023_10_16,
    v2024_04_10,
    v2024_06_20,
    v2024_09_30_acacia,
    v2025_04_30_basil,
    v2025_09_30_clover,
    v2025_11_17_clover,
    v2025_12_15_clover,
    v2026_01_28_preview,
    v2026_03_25_preview,
    v2026_06_24_dahlia,
    v2026_07_29_dahlia,
    v2026_08_26_dahlia,
    v2026_09_30_endive,
)
from linkspan.server.api.versions.change import Change, Turn, form_as_it_is
from linkspan.server.api.versions.parts import refuse, respelled, turned, without
from linkspan.server.api.versions.published import PREVIEWS, PUBLISHED
from linkspan.server.core.refusals import UnknownVersion
from linkspan.server.core.version import is_preview as is_preview

# Newest first.
CHANGES: Final = (
    v2026_09_30_endive.CHANGE,
    v2026_08_26_dahlia.CHANGE,
    v2026_07_29_dahlia.CHANGE,
    v2026_06_24_dahlia.CHANGE,
    v2025_12_15_clover.CHANGE,
    v2025_11_17_clover.CHANGE,
    v2025_09_30_clover.CHANGE,
    v2025_04_30_basil.CHANGE,
    v2024_09_30_acacia.CHANGE,
    v2024_06_20.CHANGE,
    v2024_04_10.CHANGE,
    v2023_10_16.CHANGE,
    v2023_08_16.CHANGE,
    v2022_08_01.CHANGE,
)

# What only previews have, newest first: other versions neither show nor take any of it.
PREVIEW_CHANGES: Final = (v2026_03_25_preview.CHANGE, v2026_01_28_preview.CHANGE)


def check(version: str) -> str:
    """Return *version* if Stripe published it and it is served."""
    if version not in PUBLISHED and version not in PREVIEWS:
        served = (
            f"This server serves the versions from {PUBLISHED[0]} to {PUBLISHED[-1]}, and the previews "
            f"from {PREVIEWS[0]} to {PREVIEWS[-1]}."
        )
        raise UnknownVersion(f"Invalid Stripe API version: {version[:50]}. {served}")
    return version


@cache
def since(version: str) -> tuple[Change, ...]:
    """Return what changed after *version*, newest first; previews have brought things of their own."""
    if is_preview(version):
        changes = (*PREVIEW_CHANGES, *CHANGES)
        return tuple(change for change in changes if version < (change.previewed or change.version))
    return tuple(change for change in CHANGES if version < change.version)


def upgrade_request(version: str, route: str, form: Form) -> Form:
    """Return *form*, sent in *version*, as the newest version spells it; refuse what came later."""
    for change in _concerning(version, route):
        refuse(form, change.parameters.get(route, ()))
        form = change.up(route, form)
    return form


@cache
def _concerning(version: str, route: str) -> Sequence[Change]:
    """Return what changed for the requests of a route after *version*, oldest first."""
    changes = reversed(since(version))
    return [change for change in changes if route in change.parameters or change.up is not form_as_it_is]


def downgrade_answer(version: str, body: bytes) -> bytes:
    """Return *body*, written in the newest version, as *version* wrote it."""
    turns = _turns(version)
    return msgspec.json.encode(turned(msgspec.json.decode(body), turns)) if turns else body


@cache
def _turns(version: str) -> Mapping[str, Sequence[Turn]]:
    """Return what each object goes through on its way down to *version*, by its name of today."""
    turns: dict[str, list[Turn]] = {}
    for change in since(version):
        for name, turn in change.down.items():
            turns.setdefault(name, []).append(turn)
        for name, paths in change.fields.items():
            turns.setdefault(name, []).append(without(paths))
        for name, spelling in change.spellings.items():
            turns.setdefault(name, []).append(respelled(spelling))
    return turns
