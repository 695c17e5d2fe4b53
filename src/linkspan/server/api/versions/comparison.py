"""Compares two versions: what changed between them, seen on examples."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from itertools import chain
from typing import Any

import msgspec

from linkspan.server.api.versions import CHANGES, PREVIEW_CHANGES, downgrade_answer, is_preview, since
from linkspan.server.api.versions.change import Change
from linkspan.server.api.versions.examples import EXAMPLES, PREVIEWED


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
    lost: tuple[Change, ...]
    """What only the older version has: a release is without what previews have brought."""
    objects: tuple[Affected, ...]


def compare(old: str, new: str) -> Comparison:
    """Return what a program meets that leaves *old* for *new*; both are versions that are served."""
    had, has = _made(old), _made(new)
    changes = tuple(change for change in has if change not in had)
    lost = tuple(change for change in had if change not in has)
    return Comparison(old, new, changes, lost, tuple(_affected(old, new)))


def _made(version: str) -> list[Change]:
    """Return the changes that made a version what it is, oldest first."""
    brought = (*PREVIEW_CHANGES, *CHANGES) if is_preview(version) else CHANGES
    return sorted((each for each in brought if each not in since(version)), key=lambda each: each.version)


def difference(compared: Comparison, affected: Affected) -> Iterator[str]:
    """Yield one object's unified difference, line by line."""
    before, after = (_lines(each) for each in (affected.before, affected.after))
    return unified_diff(before, after, compared.old, compared.new, lineterm="")


def _affected(old: str, new: str) -> Iterator[Affected]:
    for name in EXAMPLES:
        before, after = (_example(name, version) for version in (old, new))
        if before != after:
            yield Affected(name, before, after)


def _example(name: str, version: str) -> dict[str, Any]:
    """Return an example as a version writes it."""
    newest = PREVIEWED if is_preview(version) else EXAMPLES
    written: dict[str, Any] = msgspec.json.decode(downgrade_answer(version, newest[name]))
    return written


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
