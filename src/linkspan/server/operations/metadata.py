"""Merges the caller's own keys and values into those an object has."""

from collections.abc import Mapping
from typing import Final

from linkspan.objects import FrozenMap
from linkspan.server.core.refusals import BadParameter

_KEYS_MAX: Final = 50


def merged(kept: Mapping[str, str] | None, changes: Mapping[str, str | None] | None) -> FrozenMap[str]:
    """Return *kept* with *changes*, key by key; ``None`` takes away a key, or all of them."""
    changed = {} if changes is None else {**(kept or {}), **changes}
    left = {key: value for key, value in changed.items() if value is not None}
    if len(left) > _KEYS_MAX:
        raise BadParameter(f"Metadata can have at most {_KEYS_MAX} keys.", param="metadata")
    return FrozenMap(left)
