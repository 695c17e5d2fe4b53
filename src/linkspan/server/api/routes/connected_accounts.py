"""``/v1/account`` and ``/v1/accounts``: the caller's own business, and those connected to it."""

import re
from typing import Any, Final

from linkspan.objects import BUSINESS_TYPES, ConnectedAccount, List
from linkspan.server.api.lists import PAGING, envelope, paging_of
from linkspan.server.api.params import (
    Param,
    boolean,
    country,
    currency,
    hash_of,
    metadata,
    one_of,
    reads,
    text,
)
from linkspan.server.api.routing import Asked, Route
from linkspan.server.core.refusals import BadParameter, UnknownParameter
from linkspan.server.operations import connected_accounts
from linkspan.server.store.driver import Tx

_PATH: Final = "/v1/accounts"
_ONE: Final = f"{_PATH}/{{account}}"

_CAPABILITY: Final = re.compile(r"[a-z][a-z0-9_]{1,60}")
_requested: Final = hash_of({"requested": Param(boolean, required=True)})


@reads(
    {
        "type": "object",
        "propertyNames": {"pattern": f"^{_CAPABILITY.pattern}$"},
        "additionalProperties": _requested.schema,
    }
)
def _capabilities(raw: Any, path: str) -> dict[str, bool]:
    """Read which capabilities are asked for; their names are the caller's, since none does anything here."""
    if not isinstance(raw, dict):
        raise BadParameter("Invalid object", param=path)
    for name in raw:
        if not _CAPABILITY.fullmatch(name):
            raise UnknownParameter(f"{path}[{name}]")
    return {name: _requested(value, f"{path}[{name}]")["requested"] for name, value in raw.items()}


_CONTROLLER: Final = {
    "fees": Param(
        hash_of({"payer": Param(one_of("account", "application"), required=True, about="Who pays them.")}),
        about="Fees of the account.",
    ),
    "losses": Param(
        hash_of({"payments": Param(one_of("application", "stripe"), required=True, about="Who bears them.")}),
        about="Negative balances of the account.",
    ),
    "requirement_collection": Param(
        one_of("application", "stripe"), about="Who asks the account for what is required of it."
    ),
    "stripe_dashboard": Param(
        hash_of({"type": Param(one_of("express", "full", "none"), required=True, about="How much of it.")}),
        about="The dashboard that the account has.",
    ),
}
_PROFILE: Final = {
    name: Param(text)
    for name in ("mcc", "name", "product_description", "support_email", "support_phone", "support_url", "url")
}
_FIELDS: Final = {
    "business_profile": Param(hash_of(_PROFILE)),
    "business_type": Param(one_of(*BUSINESS_TYPES)),
    "capabilities": Param(_capabilities),
    "default_currency": Param(currency),
    "email": Param(text),
    "metadata": Param(metadata),
}
_CREATE: Final = {
    **_FIELDS,
    "controller": Param(hash_of(_CONTROLLER)),
    "country": Param(country),
    "type": Param(one_of("custom", "express", "standard")),
}


async def create(tx: Tx, asked: Asked) -> bytes:
    """Create a connected account."""
    return await connected_accounts.create(tx, asked.context, asked.caller, asked.values)


async def retrieve_own(tx: Tx, asked: Asked) -> bytes:
    """Retrieve the account the request acts for."""
    scope = asked.caller.scope
    return await connected_accounts.retrieve(tx, asked.context, scope, scope.tenant)


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve an account."""
    return await connected_accounts.retrieve(tx, asked.context, asked.caller.scope, asked.path["account"])


async def update(tx: Tx, asked: Asked) -> bytes:
    """Update a connected account."""
    account = asked.path["account"]
    return await connected_accounts.update(tx, asked.context, asked.caller, account, asked.values)


async def list_(tx: Tx, asked: Asked) -> bytes:
    """List the connected accounts of a platform."""
    page = await connected_accounts.list_(tx, asked.caller.scope, paging_of(asked.values))
    return envelope(_PATH, page.docs, has_more=page.has_more)


ROUTES: Final = (
    Route("connected_accounts.retrieve_own", "GET", "/v1/account", retrieve_own, returns=ConnectedAccount),
    Route("connected_accounts.create", "POST", _PATH, create, _CREATE, returns=ConnectedAccount),
    Route("connected_accounts.list", "GET", _PATH, list_, {**PAGING}, returns=List[ConnectedAccount]),
    Route("connected_accounts.retrieve", "GET", _ONE, retrieve, returns=ConnectedAccount),
    Route("connected_accounts.update", "POST", _ONE, update, _FIELDS, returns=ConnectedAccount),
)
