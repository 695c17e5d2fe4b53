"""``/v1/events``."""

from typing import Any, Final

from linkspan.objects import Event, List
from linkspan.server.api.lists import PAGING, envelope, instant_or_range, paging_of
from linkspan.server.api.params import Param, array_of, id_of_one
from linkspan.server.api.routing import Asked, Route
from linkspan.server.core.event_types import matching
from linkspan.server.core.refusals import ExclusiveParameters
from linkspan.server.operations import event_log
from linkspan.server.operations.pages import Between
from linkspan.server.store.driver import Tx

_PATH: Final = "/v1/events"
# Stripe API reference, "List all events".
_TYPES_MAX: Final = 20

_LIST: Final = {
    **PAGING,
    "created": Param(instant_or_range, about="Only events created at this instant, or within these bounds."),
    "type": Param(id_of_one, about="Only events of this type; `*` stands for any letters."),
    "types": Param(
        array_of(id_of_one, most=_TYPES_MAX),
        about="Only events of these types, by their names; not together with `type`.",
    ),
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
    )
    return envelope(_PATH, page.docs, has_more=page.has_more)


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve an event of the last 30 days."""
    return await event_log.retrieve(tx, asked.caller.scope, asked.path["event"])


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
)
