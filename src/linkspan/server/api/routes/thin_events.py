"""``/v2/core/events``."""

from typing import Any, Final

from linkspan.objects import LinkedPage, ThinEvent
from linkspan.server.api.linked_lists import LINKED, Bounds, asked_for, envelope
from linkspan.server.api.params import Param, array_of, filled, hash_of, id_of_one, reads
from linkspan.server.api.routing import Asked, Route
from linkspan.server.core import instants
from linkspan.server.core.refusals import BadParameter
from linkspan.server.operations import thin_events
from linkspan.server.operations.pages import Between
from linkspan.server.store.driver import Tx

_PATH: Final = "/v2/core/events"
# Stripe API reference, "List all Event objects".
_TYPES_MAX: Final = 20


def _instant(*, is_rounded_up: bool, about: str) -> Param:
    """Return a bound, read as whole seconds, which events have: its fraction leaves out no event."""

    @reads({"type": "string", "format": "date-time"})
    def read(raw: Any, path: str) -> int:
        try:
            seconds, has_fraction = instants.read(filled(raw, path))
        except (ValueError, OverflowError):
            message = f"Invalid {path}: must be an instant in RFC 3339, such as 2026-10-28T12:00:00Z."
            raise BadParameter(message, param=path) from None
        return seconds + (is_rounded_up and has_fraction)

    return Param(read, about=about)


_bounds: Final = hash_of(
    {
        "gt": _instant(is_rounded_up=False, about="Only what happened after this instant."),
        "gte": _instant(is_rounded_up=True, about="Only what happened at this instant or after it."),
        "lt": _instant(is_rounded_up=True, about="Only what happened before this instant."),
        "lte": _instant(is_rounded_up=False, about="Only what happened at this instant or before it."),
    }
)


@reads(_bounds.schema)
def _created(raw: Any, path: str) -> Bounds:
    """Read a stretch of time."""
    return Bounds(**_bounds(raw, path))


_LIST: Final = {
    **LINKED,
    "created": Param(_created, about="Only events created within these bounds."),
    "object_id": Param(id_of_one, about="Only events about the object with this id."),
    "types": Param(array_of(id_of_one, most=_TYPES_MAX), about="Only events of these types, by their names."),
}


async def list_(tx: Tx, asked: Asked) -> bytes:
    """List the thin events of the last 30 days, newest first."""
    token = asked_for(asked.values)
    created = Between() if token.created is None else token.created.between
    page = await thin_events.list_(
        tx, asked.caller.scope, token.paging, created, types=token.types or None, about=token.object_id
    )
    return envelope(_PATH, page, token)


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve a thin event of the last 30 days."""
    return await thin_events.retrieve(tx, asked.caller.scope, asked.path["thin_event"])


ROUTES: Final = (
    Route(
        "thin_events.list",
        "GET",
        _PATH,
        list_,
        _LIST,
        returns=LinkedPage[ThinEvent],
        is_record=True,
        writes=True,
    ),
    Route(
        "thin_events.retrieve",
        "GET",
        f"{_PATH}/{{thin_event}}",
        retrieve,
        returns=ThinEvent,
        is_record=True,
    ),
)
