"""Decodes JSON documents of a standard, naming the field that breaks it."""

import re
from typing import Final, TypeVar

import msgspec

from linkspan.standards.malformed import MalformedField

_T = TypeVar("_T")

# Two kinds of message begin with the field's name and end with its parent's place.
_NAMED: Final = re.compile(r"(?:Object missing required field )?`(?P<name>[\w-]+)`")
_STEP: Final = re.compile(r"\.(?P<key>[\w-]+)|\[(?P<index>\d+)\]")


def read_json(standard: str, data: bytes, kind: type[_T], *, place: str = "", strict: bool = True) -> _T:
    """Decode *data* as *kind*, or raise `MalformedField` for any other bytes.

    ``place`` is where *data* stands in the whole document. Without ``strict``
    numbers may be written as text.
    """
    try:
        return msgspec.json.decode(data, type=kind, strict=strict)
    except msgspec.MsgspecError as broken:
        problem, path = _problem(str(broken))
        field = (place + path).lstrip(".")
        raise MalformedField(standard, field or "document", _content(data, path), problem) from None
    except UnicodeDecodeError:
        raise MalformedField(standard, place or "document", text_of(data), "not UTF-8") from None
    except RecursionError:
        raise MalformedField(standard, place or "document", text_of(data), "nested too deep") from None


def text_of(data: bytes) -> str:
    """Return *data* as text, whatever it is, to show the shape of."""
    return data.decode("utf-8", "replace")


def _problem(message: str) -> tuple[str, str]:
    """Split a message of msgspec into what is wrong and the path of the field."""
    # msgspec ends its messages with the place, as in "… - at `$.accounts[0]`".
    problem, _, path = message.partition(" - at `")
    named = _NAMED.match(problem)
    return problem, path.removeprefix("$").removesuffix("`") + (f".{named['name']}" if named else "")


def _content(data: bytes, path: str) -> str:
    """Return what stands in *data* at *path*; all of it where the path ends early."""
    node: msgspec.Raw = msgspec.Raw(data)
    try:
        for step in _STEP.finditer(path):
            if step["key"] is not None:
                node = msgspec.json.decode(node, type=dict[str, msgspec.Raw])[step["key"]]
            else:
                node = msgspec.json.decode(node, type=list[msgspec.Raw])[int(step["index"])]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, LookupError):
        return text_of(data)
    return text_of(bytes(node))
