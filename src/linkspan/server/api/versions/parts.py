"""Finds the parts of a form or an answer that a version changed."""

from collections.abc import Iterator
from typing import Any

from linkspan.server.api.forms import Form
from linkspan.server.core.refusals import UnknownParameter


def objects_in(answer: Any, name: str) -> Iterator[dict[str, Any]]:
    """Yield every object called *name* in an answer, at any depth."""
    if isinstance(answer, list):
        for item in answer:
            yield from objects_in(item, name)
    elif isinstance(answer, dict):
        if answer.get("object") == name:
            yield answer
        for value in answer.values():
            yield from objects_in(value, name)


def sessions_in(answer: Any) -> Iterator[dict[str, Any]]:
    """Yield every Session in an answer."""
    return objects_in(answer, "financial_connections.session")


def accounts_in(answer: Any) -> Iterator[dict[str, Any]]:
    """Yield every Account in an answer."""
    return objects_in(answer, "financial_connections.account")


def part(form: Form, name: str) -> Form:
    """Return the hash *name* of a form; an empty one when it is not a hash."""
    value = form.get(name)
    return value if isinstance(value, dict) else {}


def refuse(form: Form, *names: str, within: str = "") -> None:
    """Refuse parameters that a version does not have yet."""
    for name in names:
        if name in form:
            raise UnknownParameter(f"{within}[{name}]" if within else name)


def without(members: dict[str, Any], *names: str) -> None:
    """Take members out of an object that did not have them yet."""
    for name in names:
        members.pop(name, None)
