"""Reads a list inside a JSON object piece by piece, without ever holding all of it."""

import json
from collections.abc import Iterator
from typing import Any, Final, TextIO

from linkspan.server.operations.directories.entries import Unreadable

_PIECE: Final = 64 * 1024
# One institution with its logo is smaller by far; what is larger is no list of institutions.
_VALUE_MAX: Final = 1024 * 1024
_DECODER: Final = json.JSONDecoder()
_BLANK: Final = " \t\r\n"


# Any: what a JSON document holds.
def read_list(file: TextIO, wanted: str) -> Iterator[tuple[str, Any]]:
    """Yield each other field of the object beside its name, and each element of the list called *wanted*.

    Fields after the list come after it. Raises `Unreadable` where the text is
    not JSON, is no object, or has no such list.
    """
    text = _Text(file)
    text.expect("{")
    has_list = False
    while text.next_is_not("}"):
        name = text.value()
        text.expect(":")
        if name == wanted:
            has_list = True
            text.expect("[")
            while text.next_is_not("]"):
                yield wanted, text.value()
                text.comma("]")
        else:
            yield str(name), text.value()
        text.comma("}")
    if not has_list or not text.is_at_end():
        raise Unreadable("the file", "", f"is not one JSON object with a list called {wanted}")


class _Text:
    """What of a file has been read and not yet used."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0

    def expect(self, letter: str) -> None:
        if self._next() != letter:
            raise Unreadable("the file", "", f"is not the JSON that was expected: {letter} is missing")
        self._at += 1

    def next_is_not(self, end: str) -> bool:
        """Go past *end* where it is next; else leave it to whoever reads a value."""
        if self._next() != end:
            return True
        self._at += 1
        return False

    def comma(self, end: str) -> None:
        """Go past the comma between two values, unless there is no other."""
        if self._next() != end:
            self.expect(",")

    def value(self) -> Any:  # Any: as above
        self._next()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except ValueError as broken:
                end = len(self._text)
                if len(self._text) - self._at > _VALUE_MAX or not self._more():
                    raise Unreadable("the file", "", f"is not JSON: {broken}") from None
                continue
            # A number that ends with the piece may go on in the next one.
            if end < len(self._text) or not self._more():
                self._at = end
                return value

    def is_at_end(self) -> bool:
        return self._next() == ""

    def _next(self) -> str:
        """Return the next letter that is not blank; none at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _BLANK:
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                return ""

    def _more(self) -> bool:
        piece = self._file.read(_PIECE)
        self._text, self._at = self._text[self._at :] + piece, 0
        return bool(piece)
