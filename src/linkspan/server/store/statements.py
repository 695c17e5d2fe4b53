"""Reads named statements out of ``.sql`` files."""

import re
from collections.abc import Mapping
from importlib import resources
from typing import Final

_NAME: Final = re.compile(r"^-- (?P<name>[a-z_]+) --$", re.MULTILINE)


def load(noun: str) -> Mapping[str, str]:
    """Return the statements of ``sql/<noun>.sql`` by name.

    A statement begins with ``-- name --`` on a line of its own and a comment
    that says what it does; both are left out of what the database sees.
    """
    text = resources.files(__package__).joinpath("sql", f"{noun}.sql").read_text(encoding="utf-8")
    parts = _NAME.split(text)[1:]
    return {name: _bare(body) for name, body in zip(parts[::2], parts[1::2], strict=True)}


def _bare(body: str) -> str:
    """Return a statement without its comment lines and its semicolon."""
    lines = (line for line in body.splitlines() if not line.startswith("--"))
    return "\n".join(lines).strip().removesuffix(";")
