"""The directory of institutions, in rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import msgspec

from linkspan.server.core.listed import Listed
from linkspan.server.store.driver import Row, Tx, Value
from linkspan.server.store.statements import load

_SQL: Final = load("institutions")
_READ: Final = msgspec.json.Decoder(Listed).decode


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry, the source whose files it is in, and since when the newest of them lacks it."""

    listed: Listed
    source: str
    gone_at: int | None


async def all_(tx: Tx) -> list[Entry]:
    """Return the whole directory, those that are gone included, in the order of their ids."""
    return list(map(_entry, await tx.all(_SQL["all"], {})))


async def get(tx: Tx, institution: str) -> Entry | None:
    """Return one of them."""
    row = await tx.one(_SQL["get"], {"id": institution})
    return None if row is None else _entry(row)


async def listed(tx: Tx, institution: str) -> Listed | None:
    """Return what is known of one of them, unless it is gone."""
    entry = await get(tx, institution)
    return None if entry is None or entry.gone_at is not None else entry.listed


async def save(tx: Tx, source: str, listed: Iterable[Listed]) -> None:
    """Keep what a file of a source says of institutions."""
    rows: list[dict[str, Value]] = [
        {"id": one.id, "source": source, "doc": msgspec.json.encode(one)} for one in listed
    ]
    await tx.run_each(_SQL["save"], rows)


async def mark_gone(tx: Tx, institutions: Iterable[str], *, at: int) -> None:
    """Note that the newest file of their source has these no more."""
    await tx.run_each(_SQL["mark_gone"], [{"id": one, "gone_at": at} for one in institutions])


async def forget(tx: Tx, institutions: Iterable[str]) -> None:
    """Leave nothing of these in the directory."""
    await tx.run_each(_SQL["forget"], [{"id": one} for one in institutions])


def _entry(row: Row) -> Entry:
    _, source, gone_at, doc = row
    return Entry(_READ(doc), source, gone_at)
