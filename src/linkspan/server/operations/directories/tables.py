"""Reads files of comma-separated values (RFC 4180) with names of columns in their first line."""

import csv
from collections.abc import Collection, Iterator, Mapping
from typing import Final, TextIO

from linkspan.server.operations.directories.entries import Unreadable

# Longer than any field of these files but a logo.
_FIELD_MAX: Final = 64 * 1024


def read_rows(
    file: TextIO, *, needed: Collection[str], known: Collection[str] | None = None
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield where each row stands beside its fields by the names of their columns, which are lower-cased.

    Raises `Unreadable` where a column that is *needed* is missing, or one is not
    *known*, and where a line has more fields than there are columns.
    """
    csv.field_size_limit(_FIELD_MAX)
    lines = csv.reader(file, strict=True)
    try:
        columns = [name.strip().lower() for name in next(lines, [])]
        _check(columns, needed, known)
        for fields in lines:
            if not fields:
                continue
            if len(fields) != len(columns):
                raise Unreadable(
                    _at(lines.line_num), "", f"has {len(fields)} fields instead of {len(columns)}"
                )
            values = (field.strip() for field in fields)
            yield _at(lines.line_num), dict(zip(columns, values, strict=True))
    except csv.Error as broken:
        raise Unreadable(_at(lines.line_num), "", f"is not CSV: {broken}") from None


def _check(columns: list[str], needed: Collection[str], known: Collection[str] | None) -> None:
    for name in needed:
        if name not in columns:
            raise Unreadable(_at(1), name, "is not among the columns")
    strange = [name for name in columns if known is not None and name not in known]
    if strange:
        raise Unreadable(_at(1), strange[0], "is not a column there is")
    if len(set(columns)) < len(columns):
        raise Unreadable(_at(1), "", "names a column twice")


def _at(line: int) -> str:
    return f"line {line}"
