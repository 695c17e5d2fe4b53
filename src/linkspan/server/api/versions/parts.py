"""Finds the parts of a form or an answer that a version changed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from linkspan.objects.dialects import Spelling
from linkspan.server.api.forms import Form
from linkspan.server.api.versions.change import Members, Turn
from linkspan.server.core.refusals import UnknownParameter

_NESTED: Final = frozenset({dict, list})


def turned(value: Any, turns: Mapping[str, Sequence[Turn]]) -> Any:  # Any: JSON in, JSON out
    """Return *value* with the turns of each object's name applied to it, inner objects first."""
    if type(value) is list:
        return [turned(item, turns) for item in value]
    if type(value) is not dict:
        return value
    for key, inner in value.items():
        if type(inner) in _NESTED and key != "metadata":  # the caller's own words are no objects
            value[key] = turned(inner, turns)
    name = value.get("object")
    if isinstance(name, str):  # in an event's data, the object itself has that key
        for turn in turns.get(name, ()):
            value = turn(value)
    return value


def without(paths: Iterable[str]) -> Turn:
    """Return the turn that takes out fields an object did not have yet."""
    split = [path.split(".") for path in paths]

    def turn(members: Members) -> Members:
        for parts in split:
            _pop(members, parts)
        return members

    return turn


def respelled(spelling: Spelling) -> Turn:
    """Return the turn that writes objects as *spelling* says that they were."""

    def turn(members: Members) -> Members:
        if spelling.name is not None:
            members["object"] = spelling.name
        return spelling.down(members)

    return turn


def part(form: Form, name: str) -> Form:
    """Return the hash *name* of a form; an empty one when it is not a hash."""
    value = form.get(name)
    return value if isinstance(value, dict) else {}


def refuse(form: Form, paths: Iterable[str]) -> None:
    """Refuse parameters that a version does not have yet."""
    for path in paths:
        *parents, last = path.replace("]", "").split("[")
        within = form
        for parent in parents:
            within = part(within, parent)
        if last in within:
            raise UnknownParameter(path)


def _pop(members: Members, parts: list[str]) -> None:
    """Take a member out of an object, however deep; nothing when a part of the way is null or absent."""
    *parents, last = parts
    within: Any = members
    for parent in parents:
        within = within.get(parent) or {}
    within.pop(last, None)
