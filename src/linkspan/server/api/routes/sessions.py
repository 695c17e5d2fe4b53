"""``/v1/financial_connections/sessions``."""

from typing import Any, Final

from linkspan.objects import Session
from linkspan.server.api.params import Param, array_of, hash_of, integer, one_of, text
from linkspan.server.api.routing import Asked, Route
from linkspan.server.core.refusals import MissingParameter
from linkspan.server.core.session import (
    ACCOUNT_SUBCATEGORIES,
    PAYMENT_METHOD_SUPPORT,
    PERMISSIONS,
    PREFETCHABLE,
    WantedFilters,
    WantedSession,
)
from linkspan.server.operations import sessions
from linkspan.server.store.driver import Tx

_PATH: Final = "/v1/financial_connections/sessions"
_LEGACY: Final = "/v1/link_account_sessions"
_EXPANDABLE: Final = frozenset(
    {"account_holder.account", "account_holder.customer", "accounts.data.ownership"}
)
_IN_PREVIEWS: Final = frozenset({"accounts.data.institution"})

_HOLDER: Final = hash_of(
    {
        "type": Param(one_of("account", "customer"), required=True),
        "account": Param(text),
        "customer": Param(text),
    }
)
_FILTERS: Final = hash_of(
    {
        "account_subcategories": Param(array_of(one_of(*ACCOUNT_SUBCATEGORIES))),
        "country": Param(text),
        "require_payment_method_support": Param(one_of(*PAYMENT_METHOD_SUPPORT)),
    }
)
_CREATE: Final = {
    "account_holder": Param(_HOLDER, required=True),
    "filters": Param(_FILTERS),
    "limits": Param(hash_of({"accounts": Param(integer(at_least=1, at_most=1_000))})),
    "manual_entry": Param(hash_of({"mode": Param(one_of("automatic", "disabled"))})),
    "permissions": Param(array_of(one_of(*PERMISSIONS)), required=True),
    "prefetch": Param(array_of(one_of(*PREFETCHABLE))),
    "return_url": Param(text),
}


async def create(tx: Tx, asked: Asked) -> bytes:
    """Create a Session."""
    return await sessions.create(tx, asked.context, asked.caller, _wanted(asked.values))


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve a Session."""
    return await sessions.retrieve(tx, asked.context, asked.caller.scope, asked.path["session"])


def _wanted(values: dict[str, Any]) -> WantedSession:
    holder, filters = values["account_holder"], values.get("filters", {})
    named = holder.get(holder["type"])
    if named is None:
        raise MissingParameter(f"account_holder[{holder['type']}]")
    return WantedSession(
        holder_type=holder["type"],
        customer=holder.get("customer"),
        account=holder.get("account"),
        permissions=values["permissions"],
        prefetch=values.get("prefetch", ()),
        filters=WantedFilters(
            account_subcategories=filters.get("account_subcategories") or ACCOUNT_SUBCATEGORIES,
            country=filters.get("country"),
            require_payment_method_support=filters.get("require_payment_method_support") or "none",
        ),
        accounts_max=values.get("limits", {}).get("accounts"),
        manual_entry_mode=values.get("manual_entry", {}).get("mode") or "disabled",
        return_url=values.get("return_url"),
    )


ROUTES: Final = (
    Route(
        "sessions.create",
        "POST",
        _PATH,
        create,
        _CREATE,
        _EXPANDABLE,
        _LEGACY,
        returns=Session,
        preview_expandable=_IN_PREVIEWS,
    ),
    Route(
        "sessions.retrieve",
        "GET",
        f"{_PATH}/{{session}}",
        retrieve,
        expandable=_EXPANDABLE,
        legacy=f"{_LEGACY}/{{session}}",
        returns=Session,
        preview_expandable=_IN_PREVIEWS,
    ),
)
