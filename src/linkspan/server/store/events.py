"""What happened, in rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from linkspan.server.core.scope import Scope
from linkspan.server.store.driver import Tx, key, within
from linkspan.server.store.statements import load

_SQL: Final = load("events")

# In no list: only the operator's.
_UNLISTED: Final = 0
# After the place of any event.
_END: Final = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Which events a list shows: created from *first* to *last*, both included."""

    first: int
    last: int
    types: Sequence[str] | None = None
    but: Collection[str] = ()
    """Types that are left out."""
    is_delivered: bool | None = None
    """Whether every endpoint that was owed it has taken it."""
    about: str | None = None
    """The id of what they happened to."""


@dataclass(frozen=True, slots=True)
class Written:
    """What happened, as it was written down."""

    doc: bytes
    """As the newest version writes it."""
    api_version: str | None
    """The version that it is told in; none where that is the one of *doc*."""
    previewed: bytes | None
    """As the newest preview writes it, where one was to be told."""


@dataclass(frozen=True, slots=True)
class Listed(Written):
    """What happened, and how many endpoints still wait for it."""

    pending: int


async def insert(
    tx: Tx,
    scope: Scope,
    event_id: str,
    event_type: str,
    written: Written,
    *,
    about: str,
    created: int,
    is_listed: bool,
) -> None:
    """Keep what happened, in the transaction that made it happen."""
    values = {
        **key(scope, event_id),
        "type": event_type,
        "created": created,
        "number": None if is_listed else _UNLISTED,
        "about": about,
        "doc": written.doc,
        "api_version": written.api_version,
        "previewed": written.previewed,
    }
    await tx.run(_SQL["insert"], values)


async def get(tx: Tx, scope: Scope, event_id: str, *, but: Collection[str]) -> Listed | None:
    """Return what happened; nothing of what is only the operator's, or of the types *but*."""
    row = await tx.one(_SQL["get"], {**key(scope, event_id), "but": _barred(but)})
    return None if row is None else Listed(*row)


async def get_written(tx: Tx, scope: Scope, event_id: str) -> tuple[str, Written] | None:
    """Return the type of what happened, and what was written down, though no list shows it."""
    row = await tx.one(_SQL["get_written"], key(scope, event_id))
    return None if row is None else (row[0], Written(*row[1:]))


async def to_tell(
    tx: Tx, events: Sequence[tuple[Scope, str]]
) -> dict[tuple[Scope, str], tuple[str, Written]]:
    """Return the types of events and what was written down of them, by whose they are and their ids."""
    rows = await tx.all_each(_SQL["to_tell"], [key(scope, event_id) for scope, event_id in events])
    return {
        (Scope(tenant, bool(livemode)), event_id): (event_type, Written(*written))
        for tenant, livemode, event_id, event_type, *written in rows
    }


async def all_of_tenant(tx: Tx, scope: Scope, *, limit: int) -> list[bytes]:
    """Return what happened to a tenant, oldest first."""
    values = {**within(scope), "limit": limit}
    return [row[0] for row in await tx.all(_SQL["all_of_tenant"], values)]


async def number_of(tx: Tx, scope: Scope, event_id: str) -> int | None:
    """Return the place of an event in the order of lists."""
    row = await tx.one(_SQL["number_of"], key(scope, event_id))
    return None if row is None else row[0]


async def scopes_without_number(tx: Tx, *, limit: int) -> list[Scope]:
    """Return whose events have no place yet."""
    rows = await tx.all(_SQL["scopes_without_number"], {"limit": limit})
    return [Scope(tenant, bool(livemode)) for tenant, livemode in rows]


async def give_numbers(tx: Tx, scope: Scope, *, limit: int) -> int:
    """Give up to *limit* events their places, after those that have one; return how many got one."""
    rows = await tx.all(_SQL["without_number"], {**within(scope), "limit": limit})
    if rows:
        last = await tx.one(_SQL["last_number"], within(scope))
        first = 1 if last is None else last[0] + 1
        many = [{**key(scope, event_id), "number": number} for number, (event_id,) in enumerate(rows, first)]
        await tx.run_each(_SQL["set_number"], many)
    return len(rows)


async def page(
    tx: Tx, scope: Scope, only: Only, *, limit: int, after: int | None = None, before: int | None = None
) -> list[Listed]:
    """Return up to *limit* events, newest first, that follow the place *after* or precede *before*."""
    values = {
        **within(scope),
        "first": only.first,
        "last": only.last,
        "types": "" if only.types is None else _barred(only.types),
        "but": _barred(only.but),
        "about": only.about or "",
        "undelivered": -1 if only.is_delivered is None else not only.is_delivered,
        "limit": limit,
    }
    if before is not None:
        rows = await tx.all(_SQL["page_before"], {**values, "place": before})
        return [Listed(*row) for row in reversed(rows)]
    rows = await tx.all(_SQL["page_after"], {**values, "place": _END if after is None else after})
    return [Listed(*row) for row in rows]


def _barred(types: Collection[str]) -> str:
    """Return *types* as a statement looks for one of them."""
    return f"|{'|'.join(types)}|"


async def newest(tx: Tx) -> int | None:
    """Return when the last event of any tenant happened, by the clock of whoever wrote it down."""
    row = await tx.one(_SQL["newest"], {})
    return None if row is None else row[0]


async def prune(tx: Tx, *, before: int, limit: int) -> int:
    """Forget up to *limit* events of any tenant that were created before *before*."""
    return await tx.run(_SQL["prune"], {"before": before, "limit": limit})
