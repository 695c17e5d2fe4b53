"""``/v1/webhook_endpoints``."""

import re
from typing import Any, Final

from linkspan.objects import EVENT_TYPES, PREVIEW_EVENT_TYPES, DeletedWebhookEndpoint, List, WebhookEndpoint
from linkspan.server.api import versions
from linkspan.server.api.lists import PAGING, envelope, paging_of
from linkspan.server.api.params import Param, array_of, boolean, filled, integer, metadata, reads, text
from linkspan.server.api.routing import Asked, Route
from linkspan.server.core.refusals import BadParameter, UnknownVersion
from linkspan.server.operations import webhook_endpoints
from linkspan.server.store.driver import Tx

_PATH: Final = "/v1/webhook_endpoints"
_ONE: Final = f"{_PATH}/{{webhook_endpoint}}"

_FAMILY: Final = "financial_connections."
# Names that begin with a generation of the API are told to event destinations alone.
_NAME: Final = re.compile(r"(?!v[0-9]+\.)[a-z0-9_]+(?:\.[a-z0-9_]+)+")


@reads({"type": "string", "pattern": rf"^(?:\*|{_NAME.pattern})$"})
def event_type(raw: Any, path: str) -> str:
    """Read a type of events, or ``*``.

    Of account linking only what there is can be asked for; any other name that
    could be one of Stripe's is taken, so that a program can register the
    endpoint it registers there.
    """
    is_known = raw in EVENT_TYPES or raw in PREVIEW_EVENT_TYPES
    is_foreign = isinstance(raw, str) and not raw.startswith(_FAMILY) and _NAME.fullmatch(raw)
    if raw == "*" or is_known or is_foreign:
        return str(raw)
    known = ", ".join(("*", *EVENT_TYPES))
    raise BadParameter(f"Invalid {path}: must be one of {known}", param=path)


@reads({"type": "string", "minLength": 1})
def version(raw: Any, path: str) -> str:
    """Read an API version that is served."""
    try:
        return versions.check(filled(raw, path))
    except UnknownVersion as refusal:
        raise BadParameter(refusal.message, param=path) from None


_CHANGEABLE: Final = {
    "description": Param(text),
    "enabled_events": Param(array_of(event_type)),
    "metadata": Param(metadata),
    "url": Param(filled),
}
_CREATE: Final = {
    **_CHANGEABLE,
    "api_version": Param(version),
    "connect": Param(
        boolean, about="Whether it is told of connected accounts' events instead of the account's own."
    ),
    "enabled_events": Param(array_of(event_type), required=True),
    "url": Param(filled, required=True),
}
_UPDATE: Final = {
    **_CHANGEABLE,
    "disabled": Param(boolean, about="Whether it is told of nothing until it is enabled again."),
}
_ROLL: Final = {
    "overlap": Param(
        integer(at_least=0, at_most=webhook_endpoints.OVERLAP_SECONDS_MAX),
        about="For how many seconds the secret of until now signs as well; a day where it is not given.",
    )
}


async def create(tx: Tx, asked: Asked) -> bytes:
    """Create a webhook endpoint; only this answer shows its secret."""
    wanted = {name: value for name, value in asked.values.items() if name != "connect"}
    _check_types(wanted)
    return await webhook_endpoints.create(
        tx, asked.context, asked.caller, wanted, is_connect=bool(asked.values.get("connect"))
    )


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve a webhook endpoint."""
    return await webhook_endpoints.retrieve(tx, asked.caller.scope, asked.path["webhook_endpoint"])


async def update(tx: Tx, asked: Asked) -> bytes:
    """Update a webhook endpoint, or disable and enable it."""
    wanted = {name: value for name, value in asked.values.items() if name != "disabled"}
    _check_types(wanted)
    if asked.values.get("disabled") is not None:
        wanted["status"] = "disabled" if asked.values["disabled"] else "enabled"
    endpoint = asked.path["webhook_endpoint"]
    return await webhook_endpoints.update(tx, asked.context, asked.caller, endpoint, wanted)


async def roll(tx: Tx, asked: Asked) -> bytes:
    """Give a webhook endpoint another secret; only this answer shows it."""
    overlap = asked.values.get("overlap")
    return await webhook_endpoints.roll(
        tx,
        asked.context,
        asked.caller,
        asked.path["webhook_endpoint"],
        overlap_seconds=webhook_endpoints.OVERLAP_SECONDS_MAX if overlap is None else overlap,
    )


async def delete(tx: Tx, asked: Asked) -> bytes:
    """Delete a webhook endpoint."""
    return await webhook_endpoints.delete(tx, asked.caller.scope, asked.path["webhook_endpoint"])


async def list_(tx: Tx, asked: Asked) -> bytes:
    """List webhook endpoints."""
    page = await webhook_endpoints.list_(tx, asked.caller.scope, paging_of(asked.values))
    return envelope(_PATH, page.docs, has_more=page.has_more)


def _check_types(wanted: dict[str, Any]) -> None:
    """Refuse an endpoint that would be told of nothing."""
    if wanted.get("enabled_events") == ():
        raise BadParameter("An endpoint must listen to one type of events at least.", param="enabled_events")


ROUTES: Final = (
    Route("webhook_endpoints.create", "POST", _PATH, create, _CREATE, returns=WebhookEndpoint),
    Route("webhook_endpoints.list", "GET", _PATH, list_, PAGING, returns=List[WebhookEndpoint]),
    Route("webhook_endpoints.retrieve", "GET", _ONE, retrieve, returns=WebhookEndpoint),
    Route("webhook_endpoints.update", "POST", _ONE, update, _UPDATE, returns=WebhookEndpoint),
    Route(
        "webhook_endpoints.roll_secret", "POST", f"{_ONE}/roll_secret", roll, _ROLL, returns=WebhookEndpoint
    ),
    Route("webhook_endpoints.delete", "DELETE", _ONE, delete, returns=DeletedWebhookEndpoint),
)
