"""Which master key a database is held to, in its one row."""

from dataclasses import dataclass, field
from typing import Final

from linkspan.server.store.driver import Tx
from linkspan.server.store.statements import load

_SQL: Final = load("master_keys")


@dataclass(frozen=True, slots=True)
class Held:
    """What a database says of its keys."""

    digest: bytes
    """By which the pepper is known again."""
    master: bytes | None
    """The id of the master key that wraps; none in a database of a release before it was written down."""
    pepper: bytes | None = field(repr=False)
    """What digests are made with, wrapped."""
    generation: int
    """Of the data keys that seal now."""
    resealed: int
    """Up to which generation nothing is left of those before it."""


async def get(tx: Tx) -> Held | None:
    """Return what the database is held to; none in a new one."""
    row = await tx.one(_SQL["get"], {})
    return None if row is None else Held(*row)


async def keep(tx: Tx, *, digest: bytes, master: bytes, pepper: bytes) -> None:
    """Hold the database to a master key from now on; the first one stays."""
    await tx.run(_SQL["keep"], {"digest": digest, "master": master, "pepper": pepper})


async def wrap(tx: Tx, *, master: bytes, pepper: bytes) -> None:
    """Let a master key wrap from now on, beginning with the pepper."""
    await tx.run(_SQL["wrap"], {"master": master, "pepper": pepper})


async def next_generation(tx: Tx) -> None:
    """Let other data keys seal, unless those before them are still being replaced."""
    await tx.run(_SQL["next_generation"], {})


async def resealed(tx: Tx, generation: int) -> None:
    """Note that nothing is left that an earlier generation sealed."""
    await tx.run(_SQL["resealed"], {"generation": generation})
