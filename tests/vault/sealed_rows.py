"""Rows with a secret in every sealed column, made from the schema, so that no new column is left out."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Final

from linkspan.cli.opening import bare_context, open_store
from linkspan.server.config import MasterKeys, read_database
from linkspan.server.core.scope import Scope
from linkspan.server.operations import sealing
from linkspan.server.operations.context import Context
from linkspan.server.store.driver import Tx, Value
from linkspan.server.store.sealed import COLUMNS, Column
from linkspan.server.store.sqlite import open_store as open_sqlite
from linkspan.server.vault.data_keys import id_in
from linkspan.server.vault.sealed import Place
from tests.first_format import sealed_at_first

OLD: Final = sha256(b"the master key that is rotated out").digest()
NEW: Final = sha256(b"the master key that takes its place").digest()
SCOPES: Final = tuple(
    Scope(f"acct_{number}", livemode=bool(mode)) for number in range(3) for mode in range(2)
)
TABLES: Final = tuple(table for table, _ in groupby(COLUMNS, key=lambda column: column.table))


@dataclass(frozen=True)
class Kept:
    """One secret that was sealed, and where."""

    column: Column
    scope: Scope
    row: str

    @property
    def place(self) -> Place:
        return Place(self.column.table, self.column.name, self.row, self.scope)

    @property
    def first_place(self) -> Place:
        """Where a value of the first format says it is."""
        return Place(self.column.table, self.column.first_name or self.column.name, self.row, self.scope)

    @property
    def secret(self) -> bytes:
        return f"secret of {self.column.table}.{self.column.name} {self.row}".encode()


def context_at(address: str, newest: bytes, *former: bytes) -> Context:
    """What a process works with that was given these keys; called where no loop runs yet."""
    return bare_context(open_store(read_database(address)), MasterKeys(newest, former))


def _needed(table: str) -> Mapping[str, str]:
    """The columns of a table that must have a value and have none by themselves, with their types."""
    with closing(open_sqlite(None)) as store:
        rows = store.writer.execute(f"PRAGMA table_info({table})").fetchall()
    return {name: kind for _, name, kind, is_needed, default, _ in rows if is_needed and default is None}


_NEEDED: Final = {table: _needed(table) for table in TABLES}


def kept_in(table: str, scope: Scope, row: str) -> list[Kept]:
    """The secrets of one row."""
    return [Kept(column, scope, row) for column in COLUMNS if column.table == table]


async def keep(
    tx: Tx, context: Context, table: str, scope: Scope, row: str, *, at_first: bytes | None = None
) -> list[Kept]:
    """Insert a row with a secret in every sealed column; in the first format if a master key is given."""
    secrets = kept_in(table, scope, row)
    values: dict[str, Value] = {name: _filler(kind, row) for name, kind in _NEEDED[table].items()}
    for one in secrets:
        values[one.column.name] = (
            await sealing.seal(tx, context, one.place, one.secret)
            if at_first is None
            else sealed_at_first(at_first, one.secret, one.first_place, os.urandom)
        )
    values |= {"tenant": scope.tenant, "livemode": int(scope.livemode), secrets[0].column.row: row}
    names = ", ".join(values)
    await tx.run(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in values)})", values)
    return secrets


def _filler(kind: str, row: str) -> Value:
    """A value that no other row has, where that matters."""
    match kind:
        case "TEXT":
            return row
        case "BLOB":
            return row.encode()
        case _:
            return int(time.time())


async def value_of(tx: Tx, kept: Kept) -> bytes:
    """What the database holds of a secret."""
    values: dict[str, Value] = {
        "tenant": kept.scope.tenant,
        "livemode": int(kept.scope.livemode),
        "row": kept.row,
    }
    found = await tx.one(
        f"SELECT {kept.column.name} FROM {kept.column.table} "
        f"WHERE tenant = :tenant AND livemode = :livemode AND {kept.column.row} = :row",
        values,
    )
    assert found is not None
    return bytes(found[0])


async def opens(tx: Tx, context: Context, secrets: Sequence[Kept]) -> None:
    """Open secrets where they are, and compare them with what was sealed."""
    for one in secrets:
        value = await value_of(tx, one)
        place = one.first_place if id_in(value) is None else one.place
        opened = await sealing.opened(tx, context, place, value)
        assert opened == one.secret


def rows(count: int) -> Iterator[tuple[str, Scope, str]]:
    """As many rows as wanted, spread over tables, tenants and modes."""
    for number in range(count):
        yield TABLES[number % len(TABLES)], SCOPES[number // len(TABLES) % len(SCOPES)], f"row_{number:06}"
