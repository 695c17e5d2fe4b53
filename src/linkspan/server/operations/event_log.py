"""The events of the last thirty days, in an order that no late commit disturbs."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import msgspec

from linkspan.server.core.refusals import NoSuchObject, NoSuchReference
from linkspan.server.core.scope import Scope
from linkspan.server.operations import pruning
from linkspan.server.operations.context import Context
from linkspan.server.operations.pages import Between, Page, Paging
from linkspan.server.store import events as event_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.events import Listed, Only

KEPT_SECONDS: Final = 30 * 24 * 60 * 60
# Few enough that no request notices the transaction that does it.
_NUMBERED_AT_ONCE: Final = 200
_SCOPES_AT_ONCE: Final = 50


async def list_(
    tx: Tx,
    scope: Scope,
    created: Between,
    paging: Paging,
    *,
    types: Sequence[str] | None = None,
    is_delivered: bool | None = None,
) -> Page:
    """Return a page of the caller's events, newest first, of *types* if given.

    Whatever is committed gets its place before the page is read, so what commits
    later comes later in the list: who goes on from the last event they saw, with
    ``ending_before``, misses none. Needs a transaction that may write.
    """
    while await event_rows.give_numbers(tx, scope, limit=_NUMBERED_AT_ONCE) == _NUMBERED_AT_ONCE:
        pass
    listed = await event_rows.page(
        tx,
        scope,
        Only(first=created.first, last=created.last, types=types, is_delivered=is_delivered),
        limit=paging.one_more,
        after=await _place(tx, scope, paging.starting_after, param="starting_after"),
        before=await _place(tx, scope, paging.ending_before, param="ending_before"),
    )
    return Page.cut([_shown(one) for one in listed], paging)


async def retrieve(tx: Tx, scope: Scope, event_id: str) -> bytes:
    """Return an event as the API writes it."""
    listed = await event_rows.get(tx, scope, event_id)
    if listed is None:
        raise NoSuchObject("event", event_id, param="id")
    return _shown(listed)


async def is_any_without_place(tx: Tx, _context: Context) -> bool:
    """Tell whether anybody's events have no place yet."""
    return bool(await event_rows.scopes_without_number(tx, limit=1))


async def give_places(context: Context) -> int:
    """Give new events their places, so that lists need not; return how many tenants' they were."""
    scopes = await context.store.read(lambda tx: event_rows.scopes_without_number(tx, limit=_SCOPES_AT_ONCE))
    for scope in scopes:
        await _number(context, scope)
    return len(scopes)


async def prune(context: Context) -> int:
    """Forget events that are too old; return how many there were."""
    before = context.world.seconds() - KEPT_SECONDS
    return await pruning.little_by_little(context, partial(event_rows.prune, before=before))


async def _number(context: Context, scope: Scope) -> None:
    """Give the events of one tenant their places, so that its lists need not."""
    while (
        await context.store.write(lambda tx: event_rows.give_numbers(tx, scope, limit=_NUMBERED_AT_ONCE))
        == _NUMBERED_AT_ONCE
    ):
        pass


class _Pending(msgspec.Struct):
    """The one member of an event that changes."""

    pending_webhooks: int


_read_pending: Final = msgspec.json.Decoder(_Pending).decode


def _shown(listed: Listed) -> bytes:
    """Return an event as the API writes it: as it was written down, but for who still waits for it."""
    if _read_pending(listed.doc).pending_webhooks == listed.pending:
        return listed.doc
    event = msgspec.json.decode(listed.doc)
    return msgspec.json.encode({**event, "pending_webhooks": listed.pending})


async def _place(tx: Tx, scope: Scope, cursor: str | None, *, param: str) -> int | None:
    """Return the place of a cursor."""
    if cursor is None:
        return None
    place = await event_rows.number_of(tx, scope, cursor)
    if place is None:
        raise NoSuchReference("event", cursor, param=param)
    return place
