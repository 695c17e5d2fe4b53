"""``/v1/events``."""

from typing import Any, Final

from linkspan.objects import DeliveryAttempt, Event, List
from linkspan.server.api.lists import PAGING, envelope, instant_or_range, paging_of
from linkspan.server.api.params import Param, array_of, boolean, filled, id_of_one
from linkspan.server.api.routing import Asked, Route
from linkspan.server.api.versions import downgrade_answer
from linkspan.server.core.event_types import matching
from linkspan.server.core.refusals import ExclusiveParameters
from linkspan.server.operations import deliveries, event_log
from linkspan.server.operations.pages import Between
from linkspan.server.store.driver import Tx

_PATH: Final = "/v1/events"
# Stripe API reference, "List all events".
_TYPES_MAX: Final = 20

_LIST: Final = {
    **PAGING,
    "created": Param(instant_or_range, about="Only events created at this instant, or within these bounds."),
    "delivery_success": Param(
        boolean, about="Only events that every webhook endpoint has taken; with `false`, only the others."
    ),
    "type": Param(id_of_one, about="Only events of this type; `*` stands for any letters."),
    "types": Param(
        array_of(id_of_one, most=_TYPES_MAX),
        about="Only events of these types, by their names; not together with `type`.",
    ),
}


_RETRY: Final = {
    "webhook_endpoint": Param(
        filled, about="The endpoint to tell; where it is not given, all that were told or listen now."
    )
}


async def list_(tx: Tx, asked: Asked) -> bytes:
    """List the events of the last 30 days, newest first."""
    values = asked.values
    page = await event_log.list_(
        tx,
        asked.caller.scope,
        values.get("created", Between()),
        paging_of(values),
        types=_types(values),
        is_delivered=values.get("delivery_success"),
        in_version=downgrade_answer,
    )
    return envelope(_PATH, page.docs, has_more=page.has_more)


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve an event of the last 30 days."""
    return await event_log.retrieve(tx, asked.caller.scope, asked.path["event"], downgrade_answer)


async def retry(tx: Tx, asked: Asked) -> bytes:
    """Tell webhook endpoints of an event once more."""
    event, endpoint = asked.path["event"], asked.values.get("webhook_endpoint")
    await deliveries.resend(tx, asked.context, asked.caller, event, endpoint=endpoint)
    return await event_log.retrieve(tx, asked.caller.scope, event, downgrade_answer)


async def list_attempts(tx: Tx, asked: Asked) -> bytes:
    """List every attempt to tell webhook endpoints of an event, oldest first."""
    event = asked.path["event"]
    docs = await deliveries.attempts_of(tx, asked.caller.scope, event)
    return envelope(f"{_PATH}/{event}/attempts", docs, has_more=False)


def _types(values: dict[str, Any]) -> tuple[str, ...] | None:
    """Return the types a list is asked for; none when it is asked for all."""
    if "type" in values and "types" in values:
        raise ExclusiveParameters("type", "types")
    if "type" in values:
        return matching(values["type"])
    return values.get("types") or None


ROUTES: Final = (
    Route("events.list", "GET", _PATH, list_, _LIST, returns=List[Event], is_record=True, writes=True),
    Route("events.retrieve", "GET", f"{_PATH}/{{event}}", retrieve, returns=Event, is_record=True),
    Route(
        "events.attempts",
        "GET",
        f"{_PATH}/{{event}}/attempts",
        list_attempts,
        returns=List[DeliveryAttempt],
        is_record=True,
    ),
    Route("events.retry", "POST", f"{_PATH}/{{event}}/retry", retry, _RETRY, returns=Event, is_record=True),
)
