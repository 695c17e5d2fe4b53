"""Every column that holds sealed values, and its values, whichever table they are in."""

from dataclasses import dataclass
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, Value


@dataclass(frozen=True, slots=True)
class Column:
    """One column of sealed values; its names are the schema's own."""

    table: str
    name: str
    row: str = "id"
    """The column that tells a tenant's rows apart."""
    first_name: str | None = None
    """Where values of the first format say they are, if not here."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """One sealed value, and where it is."""

    scope: Scope
    row: str
    value: bytes


# A BLOB that is in neither this list nor the one of what is kept in clear on purpose
# (tests/store/test_sealed.py) fails the build.
COLUMNS: Final = (
    Column("accounts", "bank_details"),
    Column("attempts", "kept"),
    Column("attempts", "found"),
    Column("attempts", "granted"),
    Column("authorizations", "granted"),
    Column("idempotency", "answer", row="key"),
    Column("payment_methods", "numbers"),
    Column("tokens", "numbers"),
    Column("webhook_endpoints", "secret"),
    Column("webhook_endpoints", "former_secret", first_name="secret"),
)
FIRST: Final = Sealed(Scope("", livemode=False), "", b"")


async def page(tx: Tx, column: Column, *, after: Sealed, limit: int) -> list[Sealed]:
    """Return up to *limit* values of everybody that follow one, in the order of the table's key."""
    table, name, row = column.table, column.name, column.row
    rows = await tx.all(
        f"SELECT tenant, livemode, {row}, {name} FROM {table} "  # noqa: S608 - the schema's own names
        f"WHERE (tenant, livemode, {row}) > (:tenant, :livemode, :row) "
        f"ORDER BY tenant, livemode, {row} LIMIT :limit",
        {
            "tenant": after.scope.tenant,
            "livemode": after.scope.livemode,
            "row": after.row,
            "limit": limit,
        },
    )
    return [Sealed(Scope(tenant, bool(livemode)), key, value or b"") for tenant, livemode, key, value in rows]


async def replace(tx: Tx, column: Column, before: Sealed, value: bytes) -> bool:
    """Put *value* in the place of one that was read; false when it is another one by now."""
    values: dict[str, Value] = {
        "tenant": before.scope.tenant,
        "livemode": before.scope.livemode,
        "row": before.row,
        "before": before.value,
        "value": value,
    }
    return (
        await tx.run(
            f"UPDATE {column.table} SET {column.name} = :value "  # noqa: S608 - the schema's own names
            f"WHERE tenant = :tenant AND livemode = :livemode AND {column.row} = :row "
            f"AND {column.name} = :before",
            values,
        )
        == 1
    )
