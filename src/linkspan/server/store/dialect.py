"""Says in the words of each driver what the ``.sql`` files say.

They are SQLite's, from which PostgreSQL's differ in six. A twin of each file would
differ in many places and nobody would see which of them matter.
"""

import re
from functools import cache
from typing import Final

_COMMENT: Final = re.compile(r"--.*")
_VALUE: Final = re.compile(r"(?<!:):(?P<name>[a-z_]+)")
# Texts compare byte by byte, as in SQLite, or ids would not follow time.
_TYPES: Final = {"TEXT": 'text COLLATE "C"', "BLOB": "bytea", "INTEGER": "bigint"}
_TYPE: Final = re.compile(r"\b(?:TEXT|BLOB|INTEGER)\b")
_OPTIONS: Final = re.compile(r"(?: WITHOUT ROWID,)? STRICT(?=;)")
# What is being chosen by another transaction is passed over; SQLite's one writer meets nobody.
_PASSING_OVER: Final = re.compile(r"/\* (FOR UPDATE SKIP LOCKED) \*/")
# A column may not have the name of a word that PostgreSQL keeps for itself.
_RESERVED: Final = re.compile(r"(?<![:\w])authorization(?!\w)")


@cache
def statement_in_sqlite(statement: str) -> tuple[str, tuple[str, ...]]:
    """Return *statement* with ``?1, ?2`` for its ``:names``, and the names in that order.

    SQLite takes names as well, but Python's driver asks it for each of them at each call:
    a twentieth of the price of a look-up a name.
    """
    return _numbered(statement, "?")


@cache
def statement_in_postgres(statement: str) -> tuple[str, tuple[str, ...]]:
    """Return *statement* with ``$1, $2`` for its ``:names``, and the names in that order."""
    numbered, names = _numbered(statement, "$")
    numbered = _PASSING_OVER.sub(r"\1", numbered)
    return _RESERVED.sub('"authorization"', numbered), names


def _numbered(statement: str, mark: str) -> tuple[str, tuple[str, ...]]:
    names = tuple(dict.fromkeys(_VALUE.findall(statement)))
    return _VALUE.sub(lambda value: f"{mark}{names.index(value['name']) + 1}", statement), names


def script_in_postgres(script: str) -> str:
    """Return a step of the schema as PostgreSQL says it."""
    bare = _OPTIONS.sub("", _COMMENT.sub("", script))
    typed = _TYPE.sub(lambda word: _TYPES[word[0]], bare)
    return _RESERVED.sub('"authorization"', typed)
