"""Finds the parts of a form or an answer that a version changed."""

from collections.abc import Iterable, Iterator
from typing import Any

from linkspan.server.api.forms import Form
from linkspan.server.api.versions.change import SESSION, Paths
from linkspan.server.core.refusals import UnknownParameter


def objects_in(answer: Any) -> Iterator[dict[str, Any]]:
    """Yield every object with a name in an answer, at any depth."""
    if isinstance(answer, list):
        for item in answer:
            yield from objects_in(item)
    elif isinstance(answer, dict):
        if isinstance(answer.get("object"), str):  # in an event's data, the object itself has that key
            yield answer
        for value in answer.values():
            yield from objects_in(value)


def sessions_in(answer: Any) -> Iterator[dict[str, Any]]:
    """Yield every Session in an answer."""
    return (found for found in objects_in(answer) if found["object"] == SESSION)


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


def leave_out(answer: dict[str, Any], fields: Paths) -> None:
    """Take out the fields that objects did not have yet."""
    for found in objects_in(answer):
        for path in fields.get(found["object"], ()):
            _pop(found, path.split("."))


def _pop(members: dict[str, Any], parts: list[str]) -> None:
    """Take a member out of an object, however deep; nothing when a part of the way is null or absent."""
    *parents, last = parts
    within: Any = members
    for parent in parents:
        within = within.get(parent) or {}
    within.pop(last, None)
