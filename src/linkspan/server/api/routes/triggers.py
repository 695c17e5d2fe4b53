"""``/v1/test_helpers/events``: events of what did not happen, in test mode."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from linkspan.objects import Event
from linkspan.server.api.params import Param, one_of, reads
from linkspan.server.api.routing import Asked, Route
from linkspan.server.api.versions import downgrade_answer
from linkspan.server.api.versions.examples import EXAMPLES
from linkspan.server.core.event_types import TYPES
from linkspan.server.core.refusals import BadParameter
from linkspan.server.operations import event_log, triggers
from linkspan.server.store.driver import Tx

# Of what the versions have no example of.
_MORE_EXAMPLES: Final[Mapping[str, bytes]] = {
    "Authorization": msgspec.json.encode(
        {
            "id": "fcauth_1",
            "object": "financial_connections.authorization",
            "institution_name": "Quillstone",
            "livemode": False,
            "status": "active",
            "status_details": {"active": {"action": "relink_required"}},
        }
    ),
    "ConnectedAccount": msgspec.json.encode({"id": "acct_1", "object": "account"}),
}


@reads({"type": "object", "additionalProperties": True})
def members(raw: Any, path: str) -> dict[str, Any]:
    """Read members of an object, whatever their names."""
    if not isinstance(raw, dict):
        raise BadParameter("Invalid object", param=path)
    return raw


_TRIGGER: Final = {
    "override": Param(members, about="Members of the object that the event shows otherwise."),
    "type": Param(one_of(*TYPES), required=True, about="What the event says happened."),
}


async def trigger(tx: Tx, asked: Asked) -> bytes:
    """Tell of something that did not happen, about the newest object of its kind or an invented one."""
    event_type = asked.values["type"]
    kind = triggers.about(event_type).__name__
    example = EXAMPLES.get(kind) or _MORE_EXAMPLES[kind]
    overrides = asked.values.get("override", {})
    event = await triggers.trigger(tx, asked.context, asked.caller, event_type, example, overrides)
    return await event_log.retrieve(tx, asked.caller.scope, event, downgrade_answer)


ROUTES: Final = (
    Route(
        "events.trigger",
        "POST",
        "/v1/test_helpers/events",
        trigger,
        _TRIGGER,
        returns=Event,
        is_record=True,
    ),
)
