"""What a person is asked to enter in the modal itself, where a bank has no page for it."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from linkspan.server.core.refusals import BadParameter, MissingParameter, UnknownParameter

About = Literal["credentials", "challenge", "token"]
FieldKind = Literal["text", "password", "code", "choice", "token"]
FormProblem = Literal["credentials_wrong", "challenge_wrong", "token_unreadable", "token_of_another"]

WRONG_ANSWERS_MAX: Final = 3
"""Answers a bank did not take, after which a Session asks it no more: banks lock people out."""

# A setup token is an address; everything else fits on a line.
_LENGTH_MAX: Final[Mapping[FieldKind, int]] = {
    "text": 256,
    "password": 256,
    "code": 64,
    "choice": 256,
    "token": 4_096,
}
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SAID_LENGTH_MAX: Final = 300
# Controls, invisible marks, and those that turn the direction of the text around them.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One of the answers to choose from, in the bank's own words."""

    value: str
    label: str


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to enter."""

    name: str
    kind: FieldKind
    label: str | None = None
    """The bank's own words for it; None where ours do."""
    options: tuple[Option, ...] = ()


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is asked at once."""

    about: About
    fields: tuple[Field, ...]
    said: str | None = None
    """The bank's own words about it."""
    help_url: str | None = None
    """A page of the bank's where the answer is found."""
    ends_at: int | None = None
    """Unix seconds from which the bank takes no answer any more."""
    problem: FormProblem | None = None
    """Why the last answer was not taken."""


def plain(text: str) -> str:
    """Return *text* that a bank sent as one short line that can do nothing but be read."""
    seen = "".join(" " if unicodedata.category(each) in _UNSEEN else each for each in text)
    line = " ".join(seen.split())
    return line if len(line) <= _SAID_LENGTH_MAX else f"{line[: _SAID_LENGTH_MAX - 1]}…"


def checked(form: Form, given: Mapping[str, object]) -> dict[str, str]:
    """Return what a person entered, or refuse it naming the field; its content is in no message."""
    names = [field.name for field in form.fields]
    for name in given:
        if name not in names:
            raise UnknownParameter(f"answer[{name}]")
    return {field.name: _checked(field, given.get(field.name)) for field in form.fields}


def _checked(field: Field, value: object) -> str:
    param = f"answer[{field.name}]"
    if value is None or value == "":
        raise MissingParameter(param)
    if not isinstance(value, str) or len(value) > _LENGTH_MAX[field.kind]:
        raise BadParameter("This is not what was asked for.", param=param)
    if field.kind != "token" and _CONTROL.search(value):  # the line breaks of a token are passed over
        raise BadParameter("This is not what was asked for.", param=param)
    if field.kind == "choice" and value not in {option.value for option in field.options}:
        raise BadParameter("This is none of the choices.", param=param)
    return value
