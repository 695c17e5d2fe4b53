"""``/v2/core/event_destinations``."""

import re
from typing import Any, Final

from linkspan.objects import (
    EVENT_PAYLOADS,
    EVENT_SOURCES,
    DeletedEventDestination,
    EventDestination,
    LinkedPage,
    ThinEvent,
)
from linkspan.server.api.linked_lists import LINKED, asked_for, envelope
from linkspan.server.api.params import Param, array_of, filled, hash_of, metadata, one_of, text
from linkspan.server.api.routes.webhook_endpoints import event_type, version
from linkspan.server.api.routing import Asked, Route, Run
from linkspan.server.core.event_types import PING, WHOLE_OF_THIN
from linkspan.server.core.refusals import BadParameter
from linkspan.server.operations import event_destinations
from linkspan.server.operations.event_destinations import SECRET, URL
from linkspan.server.store.driver import Tx

_PATH: Final = "/v2/core/event_destinations"
_ONE: Final = f"{_PATH}/{{event_destination}}"
_TYPES_MAX: Final = 100
_FOREIGN: Final = re.compile(r"v[12](?:\.[a-z0-9_]+)+")
_FAMILY: Final = "v1.financial_connections."

_INCLUDED: Final = "Fields that are null unless they are named."
_INCLUDE: Final = {"include": Param(array_of(one_of(URL)), about=_INCLUDED)}
_CHANGEABLE: Final = {
    "description": Param(text),
    "enabled_events": Param(array_of(filled, most=_TYPES_MAX)),
    "metadata": Param(metadata),
    "name": Param(filled),
    "webhook_endpoint": Param(hash_of({"url": Param(filled, required=True)})),
}
_CREATE: Final = {
    **_CHANGEABLE,
    "enabled_events": Param(array_of(filled, most=_TYPES_MAX), required=True),
    "event_payload": Param(one_of(*EVENT_PAYLOADS), required=True),
    "events_from": Param(array_of(one_of(*EVENT_SOURCES))),
    "include": Param(array_of(one_of(SECRET, URL)), about=_INCLUDED),
    "name": Param(filled, required=True),
    "snapshot_api_version": Param(version),
    "type": Param(one_of("webhook_endpoint"), required=True),
    "webhook_endpoint": Param(hash_of({"url": Param(filled, required=True)}), required=True),
}


async def create(tx: Tx, asked: Asked) -> bytes:
    """Create an event destination; only this answer can show its secret."""
    wanted = dict(asked.values)
    include = wanted.pop("include", ())
    if wanted["event_payload"] == "thin" and wanted.get("snapshot_api_version") is not None:
        raise BadParameter("Thin events have no version.", param="snapshot_api_version")
    if len(wanted.get("events_from") or ("@self",)) > 1:
        raise BadParameter("A destination is told of events from one source.", param="events_from")
    _check_types(wanted["enabled_events"], payload=wanted["event_payload"])
    return await event_destinations.create(tx, asked.context, asked.caller, wanted, include)


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve an event destination."""
    return await event_destinations.retrieve(tx, asked.caller.scope, _named(asked), _include(asked))


async def update(tx: Tx, asked: Asked) -> bytes:
    """Update an event destination."""
    wanted = {name: value for name, value in asked.values.items() if name != "include"}
    if "enabled_events" in wanted:
        kept = await event_destinations.find(tx, asked.caller.scope, _named(asked))
        _check_types(wanted["enabled_events"], payload=kept.payload)
    return await event_destinations.update(
        tx, asked.context, asked.caller, _named(asked), wanted, _include(asked)
    )


async def disable(tx: Tx, asked: Asked) -> bytes:
    """Disable an event destination: it is told of nothing until it is enabled again."""
    return await _turn(tx, asked, "disabled")


async def enable(tx: Tx, asked: Asked) -> bytes:
    """Enable an event destination."""
    return await _turn(tx, asked, "enabled")


async def _turn(tx: Tx, asked: Asked, status: str) -> bytes:
    wanted = {"status": status}
    return await event_destinations.update(
        tx, asked.context, asked.caller, _named(asked), wanted, _include(asked)
    )


async def delete(tx: Tx, asked: Asked) -> bytes:
    """Delete an event destination."""
    return await event_destinations.delete(tx, asked.caller.scope, _named(asked))


async def list_(tx: Tx, asked: Asked) -> bytes:
    """List event destinations, webhook endpoints among them, newest first."""
    token = asked_for(asked.values)
    page = await event_destinations.list_(tx, asked.caller.scope, token.paging, token.include)
    return envelope(_PATH, page, token)


async def ping(tx: Tx, asked: Asked) -> bytes:
    """Send an event destination a thin event that tells of nothing but the destination."""
    return await event_destinations.ping(tx, asked.context, asked.caller, _named(asked))


def _named(asked: Asked) -> str:
    return asked.path["event_destination"]


def _include(asked: Asked) -> tuple[str, ...]:
    included: tuple[str, ...] = asked.values.get("include", ())
    return included


def _check_types(types: tuple[str, ...], *, payload: str) -> None:
    """Refuse types that are not told in that way, and a destination that would be told of nothing."""
    if not types:
        raise BadParameter(
            "A destination must listen to one type of events at least.", param="enabled_events"
        )
    for index, name in enumerate(types):
        path = f"enabled_events[{index}]"
        if payload == "snapshot":
            event_type(name, path)
        elif not (name in WHOLE_OF_THIN or name in {"*", PING} or _is_foreign(name)):
            known = ", ".join(("*", *WHOLE_OF_THIN))
            raise BadParameter(f"Invalid {path}: must be one of {known}", param=path)


def _is_foreign(name: Any) -> bool:
    """Tell whether *name* could be a thin event of Stripe's that no linking brings about."""
    return not name.startswith(_FAMILY) and _FOREIGN.fullmatch(name) is not None


def _on_one(name: str, run: Run, address: str = "", **more: Any) -> Route:
    """Return a method that changes one destination and answers with it."""
    returns = more.pop("returns", EventDestination)
    template = f"{_ONE}{address}"
    return Route(f"event_destinations.{name}", "POST", template, run, returns=returns, is_record=True, **more)


ROUTES: Final = (
    Route(
        "event_destinations.create",
        "POST",
        _PATH,
        create,
        _CREATE,
        returns=EventDestination,
        is_record=True,
    ),
    Route(
        "event_destinations.list",
        "GET",
        _PATH,
        list_,
        {**LINKED, **_INCLUDE},
        returns=LinkedPage[EventDestination],
        is_record=True,
    ),
    Route(
        "event_destinations.retrieve",
        "GET",
        _ONE,
        retrieve,
        _INCLUDE,
        returns=EventDestination,
        is_record=True,
    ),
    _on_one("update", update, params={**_CHANGEABLE, **_INCLUDE}),
    _on_one("disable", disable, "/disable", params=_INCLUDE),
    _on_one("enable", enable, "/enable", params=_INCLUDE),
    _on_one("ping", ping, "/ping", returns=ThinEvent),
    Route(
        "event_destinations.delete",
        "DELETE",
        _ONE,
        delete,
        returns=DeletedEventDestination,
        is_record=True,
    ),
)
