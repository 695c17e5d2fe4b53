"""The events of the last thirty days, in an order that no late commit disturbs."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeAlias

import msgspec

from linkspan.server.core.event_types import THIN_ONLY
from linkspan.server.core.refusals import NoSuchObject, NoSuchReference
from linkspan.server.core.scope import Scope
from linkspan.server.core.version import is_preview
from linkspan.server.operations import pruning
from linkspan.server.operations.context import Context
from linkspan.server.operations.pages import Between, Page, Paging
from linkspan.server.store import events as event_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.events import Listed, Only, Written

InVersion: TypeAlias = Callable[[str, bytes], bytes]
"""Returns an object, written in the newest API version, as an older one wrote it."""

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
    in_version: InVersion,
) -> Page:
    """Return a page of the caller's events, newest first, of *types* if given.

    Whatever is committed gets its place before the page is read, so what commits
    later comes later in the list: who goes on from the last event they saw, with
    ``ending_before``, misses none. Needs a transaction that may write.
    """
    only = Only(first=created.first, last=created.last, types=types, but=THIN_ONLY, is_delivered=is_delivered)
    listed = await page(tx, scope, only, paging)
    return Page.cut([_shown(one, in_version) for one in listed], paging)


async def page(tx: Tx, scope: Scope, only: Only, paging: Paging) -> list[Listed]:
    """Return one event more than a page has, after giving what is committed its place."""
    while await event_rows.give_numbers(tx, scope, limit=_NUMBERED_AT_ONCE) == _NUMBERED_AT_ONCE:
        pass
    return await event_rows.page(
        tx,
        scope,
        only,
        limit=paging.one_more,
        after=await _place(tx, scope, paging.starting_after, param="starting_after"),
        before=await _place(tx, scope, paging.ending_before, param="ending_before"),
    )


async def retrieve(tx: Tx, scope: Scope, event_id: str, in_version: InVersion) -> bytes:
    """Return an event as the API writes it, in the version it was told in."""
    return _shown(await find(tx, scope, event_id), in_version)


async def find(tx: Tx, scope: Scope, event_id: str) -> Listed:
    """Return an event as it was written down, or refuse its id."""
    listed = await event_rows.get(tx, scope, event_id, but=THIN_ONLY)
    if listed is None:
        raise NoSuchObject("event", event_id, param="id")
    return listed


def turned(written: Written, version: str, in_version: InVersion) -> bytes:
    """Return an event with its object as *version* writes it."""
    doc = (written.previewed if is_preview(version) else None) or written.doc
    told = msgspec.json.decode(doc)
    if told["api_version"] == version:
        return doc
    about = in_version(version, msgspec.json.encode(told["data"]["object"]))
    told["data"]["object"] = msgspec.Raw(about)
    return msgspec.json.encode({**told, "api_version": version})


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


def _shown(listed: Listed, in_version: InVersion) -> bytes:
    """Return an event as it was when it happened, but for who still waits for it."""
    doc = listed.doc if listed.api_version is None else turned(listed, listed.api_version, in_version)
    if _read_pending(doc).pending_webhooks == listed.pending:
        return doc
    event = msgspec.json.decode(doc)
    return msgspec.json.encode({**event, "pending_webhooks": listed.pending})


async def _place(tx: Tx, scope: Scope, cursor: str | None, *, param: str) -> int | None:
    """Return the place of a cursor."""
    if cursor is None:
        return None
    place = await event_rows.number_of(tx, scope, cursor)
    if place is None:
        raise NoSuchReference("event", cursor, param=param)
    return place
