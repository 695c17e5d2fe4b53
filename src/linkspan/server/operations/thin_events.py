"""Tells of events without the objects they happened to: another reading of the same rows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from linkspan.objects import (
    Account,
    ConnectedAccount,
    Customer,
    EventRequest,
    FrozenMap,
    PaymentIntent,
    PaymentMethod,
    RelatedObject,
    SetupIntent,
    ThinEvent,
    ThinEventReason,
    ThinEventRequest,
    decode_as,
    encode,
)
from linkspan.server.core import instants
from linkspan.server.core.event_types import PING, THIN_ONLY, WHOLE_OF_THIN, thin_name
from linkspan.server.core.refusals import NoSuchObject
from linkspan.server.core.scope import Scope
from linkspan.server.operations import event_log
from linkspan.server.operations.pages import Between, Page, Paging
from linkspan.server.store import events as event_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.events import Only, Written

# Where each kind of object that is told of so is retrieved.
_PATHS: Final[Mapping[str, str]] = {
    Account.object: "/v1/financial_connections/accounts",
    ConnectedAccount.object: "/v1/accounts",
    Customer.object: "/v1/customers",
    PaymentIntent.object: "/v1/payment_intents",
    PaymentMethod.object: "/v1/payment_methods",
    SetupIntent.object: "/v1/setup_intents",
}
_WHOLE_PREFIX: Final = "evt_"
_PREFIX: Final = "evt_thin_"


class _Subject(msgspec.Struct):
    id: str
    object: str


class _Data(msgspec.Struct):
    object: msgspec.Raw
    previous_attributes: dict[str, Any] | None = None


class _Told(msgspec.Struct):
    """What a thin event takes over from a whole one."""

    id: str
    type: str
    created: int
    livemode: bool
    data: _Data
    request: EventRequest | None
    account: str | None = None


_read: Final = msgspec.json.Decoder(_Told).decode
_read_subject: Final = msgspec.json.Decoder(_Subject).decode


async def retrieve(tx: Tx, scope: Scope, event_id: str) -> bytes:
    """Return a thin event of the last thirty days as the API writes it."""
    found = await event_rows.get_written(tx, scope, whole_id(event_id))
    if found is not None:
        event_type, written = found
        if event_type == PING if whole_id(event_id) == event_id else thin_name(event_type) is not None:
            return encode(as_told(event_type, written))
    raise NoSuchObject("event", event_id, param="id")


async def list_(
    tx: Tx, scope: Scope, paging: Paging, created: Between, *, types: Sequence[str] | None, about: str | None
) -> Page:
    """Return a page of the caller's thin events, newest first; needs a transaction that may write.

    *types* are names of thin events, and *about* is the id of the object they happened to.
    """
    wanted = WHOLE_OF_THIN if types is None else types
    whole = tuple(WHOLE_OF_THIN[name] for name in wanted if name in WHOLE_OF_THIN)
    only = Only(first=created.first, last=created.last, types=whole, about=about)
    cursors = {name: whole_id(cursor) for name, cursor in paging.cursors}
    listed = await event_log.page(
        tx,
        scope,
        only,
        Paging(
            limit=paging.limit,
            starting_after=cursors.get("starting_after"),
            ending_before=cursors.get("ending_before"),
        ),
    )
    return Page.cut([encode(thin(each.doc)) for each in listed], paging)


def as_told(event_type: str, written: Written) -> ThinEvent:
    """Return a thin event: one that was written down as such, or another reading of a whole one."""
    return decode_as(written.doc, ThinEvent) if event_type == PING else thin(written.doc)


def thin(doc: bytes) -> ThinEvent:
    """Return an event, as it was written down, without its object."""
    told = _read(doc)
    about = _read_subject(told.data.object)
    return ThinEvent(
        id=_PREFIX + told.id.removeprefix(_WHOLE_PREFIX),
        created=instants.written(told.created),
        livemode=told.livemode,
        type=thin_name(told.type) or told.type,
        context=told.account,
        reason=reason_of(told.request),
        related_object=RelatedObject(
            id=about.id, type=about.object, url=f"{_PATHS[about.object]}/{about.id}"
        ),
        changes=_changes(told.data),
        snapshot_event=None if told.type in THIN_ONLY else told.id,
    )


def _changes(data: _Data) -> FrozenMap[Any] | None:
    """Return the fields that differ, as they were and as they are; none where none is known to."""
    if data.previous_attributes is None:
        return None
    now = msgspec.json.decode(data.object)
    before = data.previous_attributes
    return FrozenMap({"before": before, "after": {name: now[name] for name in before}})


def reason_of(request: EventRequest | None) -> ThinEventReason | None:
    """Return why something happened; none where no request asked."""
    if request is None or request.id is None:
        return None
    caused = ThinEventRequest(id=request.id, idempotency_key=request.idempotency_key)
    return ThinEventReason(type="request", request=caused)


def notification(event: ThinEvent) -> bytes:
    """Return what an endpoint is sent of a thin event: the way to the rest."""
    return encode(replace(event, changes=UNSET, snapshot_event=UNSET))


def whole_id(event_id: str) -> str:
    """Return the id of the event that a thin one is a reading of; of any other, its own."""
    if event_id.startswith(_PREFIX):
        return _WHOLE_PREFIX + event_id.removeprefix(_PREFIX)
    return event_id
