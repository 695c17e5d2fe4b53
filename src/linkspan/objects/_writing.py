"""Objects to JSON, in the newest API version or an earlier dialect."""

from functools import cache
from typing import Any

import msgspec

from linkspan.objects._json import is_array
from linkspan.objects.dialects import DIALECTS, Dialect
from linkspan.objects.frozen_map import Extra, FrozenMap, thaw


class _ExtraFound(Exception):
    """An object carries fields of its own, which the fast encoder cannot place."""


def _encode_custom(value: object) -> object:
    """Show the encoder what it does not know by itself."""
    if isinstance(value, Extra):
        raise _ExtraFound
    if isinstance(value, FrozenMap):
        return thaw(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


_ENCODER = msgspec.json.Encoder(enc_hook=_encode_custom)


def encode(value: object) -> bytes:
    """Return the newest wire JSON of an API object, unknown fields included."""
    try:
        return _ENCODER.encode(value)
    except _ExtraFound:
        return _ENCODER.encode(plain(value))


def plain(value: Any, dialect: Dialect | None = None) -> Any:  # Any: JSON in, JSON out
    """Return *value* as dicts, lists and scalars; *dialect* None is the newest version."""
    if dialect is not None and dialect not in DIALECTS:
        raise ValueError(f"dialect: {dialect!r} is not one of {', '.join(DIALECTS)}")
    if isinstance(value, msgspec.Struct):
        return _members(value, dialect)
    if is_array(value):
        return [plain(item, dialect) for item in value]
    return thaw(value)


@cache
def _defaults(kind: type[msgspec.Struct]) -> dict[str, object]:
    """Return the default of each field: a field that is its default is not written."""
    return {field.name: field.default for field in msgspec.structs.fields(kind)}


def _members(value: Any, dialect: Dialect | None) -> dict[str, Any]:  # Any: some ApiObject
    """Return the members of one object; a known field wins over an extra one of its name."""
    config = value.__struct_config__
    kind: type[msgspec.Struct] = value.__class__
    members: dict[str, Any] = {} if config.tag is None else {config.tag_field: config.tag}
    for name, default in _defaults(kind).items():
        item = getattr(value, name)
        if name != "extra" and item is not default:
            members[name] = plain(item, dialect)
    members = {**members, **{key: thaw(item) for key, item in value.extra.items() if key not in members}}
    if dialect is None:
        return members
    if value.in_2022_05.name is not None:
        members[config.tag_field] = value.in_2022_05.name
    spelled: dict[str, Any] = value.in_2022_05.down(members)
    return spelled
