"""Reads a directory document: JSON of our own, as docs/reference/directories.md describes it."""

from typing import Final, TextIO

from linkspan.server.operations.directories.entries import Entry, Reading, Unreadable
from linkspan.server.operations.directories.json_lists import read_list
from linkspan.server.operations.directories.own_tables import entry_of

OBJECT: Final = "linkspan.directory"
_LIST: Final = "institutions"


def read(file: TextIO) -> Reading:
    """Yield every institution."""
    number, is_one = 0, False
    for name, value in read_list(file, _LIST):
        if name == _LIST:
            number += 1
            try:
                yield Entry(f"entry {number}", entry_of(f"entry {number}", value))
            except Unreadable as unreadable:
                yield unreadable
        elif name == "object" and value == OBJECT:
            is_one = True
        elif name != "about":
            raise Unreadable("the file", name, "is not what a directory document has there")
    if not is_one:
        raise Unreadable("the file", "object", f"must be {OBJECT}")
