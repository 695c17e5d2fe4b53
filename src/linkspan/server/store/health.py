"""How institutions answered of late, in rows."""

from collections.abc import Mapping
from typing import Final

import msgspec

from linkspan.server.core.health import Record
from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, within
from linkspan.server.store.statements import load

_SQL: Final = load("health")
_READ: Final = msgspec.json.Decoder(Record).decode


async def get(tx: Tx, scope: Scope, institution: str) -> Record | None:
    """Return what is kept of how an institution answered."""
    row = await tx.one(_SQL["get"], {**within(scope), "institution": institution})
    return None if row is None else _READ(row[0])


async def all_of(tx: Tx, scope: Scope) -> Mapping[str, Record]:
    """Return what is kept of each institution that was asked, by its id."""
    return {institution: _READ(doc) for institution, doc in await tx.all(_SQL["all_of"], within(scope))}


async def save(tx: Tx, scope: Scope, institution: str, record: Record) -> None:
    """Keep how an institution answered."""
    doc = msgspec.json.encode(record)
    await tx.run(_SQL["save"], {**within(scope), "institution": institution, "doc": doc})
