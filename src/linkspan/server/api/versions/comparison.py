"""Compares two versions: what changed between them, seen on examples."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from itertools import chain
from typing import Any

import msgspec

from linkspan.server.api.versions import CHANGES, downgrade_answer
from linkspan.server.api.versions.change import Change
from linkspan.server.api.versions.examples import EXAMPLES


@dataclass(frozen=True, slots=True)
class Affected:
    """One object, as two versions write it."""

    name: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes for a program that moves from one version to a newer one."""

    old: str
    new: str
    changes: tuple[Change, ...]
    """Oldest first, the order in which a program meets them."""
    objects: tuple[Affected, ...]


def compare(old: str, new: str) -> Comparison:
    """Return what changed after *old*, up to and with *new*; both are versions that were published."""
    changes = tuple(change for change in reversed(CHANGES) if old < change.version <= new)
    return Comparison(old, new, changes, tuple(_affected(old, new)))


def difference(compared: Comparison, affected: Affected) -> Iterator[str]:
    """Yield one object's unified difference, line by line."""
    before, after = (_lines(each) for each in (affected.before, affected.after))
    return unified_diff(before, after, compared.old, compared.new, lineterm="")


def _affected(old: str, new: str) -> Iterator[Affected]:
    for name, example in EXAMPLES.items():
        before, after = (msgspec.json.decode(downgrade_answer(version, example)) for version in (old, new))
        if before != after:
            yield Affected(name, before, after)


def _lines(value: Any, key: str = "", indent: str = "") -> list[str]:
    """Return a JSON value on lines of its own.

    Each ends in a comma, so that a line differs only where its member does, and
    an array of scalars stays on one line.
    """
    inner: Iterator[list[str]]
    if isinstance(value, dict) and value:
        inner = (_lines(item, f"{json.dumps(name)}: ", indent + "  ") for name, item in _in_order(value))
        return [f"{indent}{key}{{", *chain.from_iterable(inner), f"{indent}}},"]
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        inner = (_lines(item, "", indent + "  ") for item in value)
        return [f"{indent}{key}[", *chain.from_iterable(inner), f"{indent}],"]
    return [f"{indent}{key}{json.dumps(value)},"]


def _in_order(members: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the members by name, after what says whose they are: versions order them differently."""
    return sorted(members.items(), key=lambda item: (item[0] not in {"id", "object"}, item[0]))
