"""``/v1/financial_connections/sessions``."""

from typing import Any, Final

from linkspan.objects import Session
from linkspan.server.api.params import Param, array_of, hash_of, id_of_one, integer, one_of, text
from linkspan.server.api.routing import Asked, Route
from linkspan.server.core.refusals import BadParameter
from linkspan.server.core.session import (
    ACCOUNT_SUBCATEGORIES,
    DELIVERY_METHODS,
    PAYMENT_METHOD_SUPPORT,
    PERMISSIONS,
    PREFETCHABLE,
    PREFETCHABLE_IN_PREVIEWS,
    UI_MODES,
    WantedFilters,
    WantedHolder,
    WantedPage,
    WantedRelink,
    WantedSession,
)
from linkspan.server.core.session_defaults import SINCE_ENDIVE as _UNSAID
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
        "customer_account": Param(text),
    }
)
_FILTERS: Final = {
    "account_subcategories": Param(array_of(one_of(*ACCOUNT_SUBCATEGORIES))),
    "country": Param(text),
    "require_payment_method_support": Param(one_of(*PAYMENT_METHOD_SUPPORT)),
}
_CREATE: Final = {
    "account_holder": Param(_HOLDER, required=True),
    "filters": Param(hash_of(_FILTERS)),
    "limits": Param(hash_of({"accounts": Param(integer(at_least=1, at_most=1_000))})),
    "manual_entry": Param(hash_of({"mode": Param(one_of("automatic", "disabled"))})),
    "permissions": Param(array_of(one_of(*PERMISSIONS)), required=True),
    "prefetch": Param(array_of(one_of(*PREFETCHABLE))),
    "return_url": Param(text),
}
_CREATE_IN_PREVIEWS: Final = {
    "account_holder": Param(_HOLDER),
    "filters": Param(hash_of({**_FILTERS, "institution": Param(text)})),
    "hosted": Param(
        hash_of({"delivery_method": Param(one_of(*DELIVERY_METHODS)), "return_url": Param(text)})
    ),
    "manual_entry": Param(hash_of({"mode": Param(one_of("automatic", "custom", "disabled"))})),
    "prefetch": Param(array_of(one_of(*PREFETCHABLE_IN_PREVIEWS))),
    "relink_options": Param(
        hash_of({"authorization": Param(id_of_one, required=True), "account": Param(text)})
    ),
    "ui_mode": Param(one_of(*UI_MODES)),
}


async def create(tx: Tx, asked: Asked) -> bytes:
    """Create a Session."""
    return await sessions.create(tx, asked.context, asked.caller, _wanted(asked.values))


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve a Session."""
    return await sessions.retrieve(tx, asked.context, asked.caller.scope, asked.path["session"])


def _wanted(values: dict[str, Any]) -> WantedSession:
    filters = values.get("filters", {})
    return WantedSession(
        holder=WantedHolder(**values["account_holder"]) if "account_holder" in values else None,
        permissions=values["permissions"],
        prefetch=values.get("prefetch", ()),
        filters=WantedFilters(
            account_subcategories=filters.get("account_subcategories") or _UNSAID.account_subcategories,
            country=filters.get("country") or _UNSAID.country,
            institution=filters.get("institution"),
            require_payment_method_support=(
                filters.get("require_payment_method_support") or _UNSAID.require_payment_method_support
            ),
        ),
        accounts_max=values.get("limits", {}).get("accounts") or _UNSAID.accounts_max,
        manual_entry_mode=values.get("manual_entry", {}).get("mode") or _UNSAID.manual_entry_mode,
        return_url=values.get("return_url"),
        page=_page(values),
        relink=WantedRelink(**values["relink_options"]) if "relink_options" in values else None,
    )


def _page(values: dict[str, Any]) -> WantedPage | None:
    """Return what is asked of a page of the server's own, if the Session is to have one."""
    if values.get("ui_mode") == "hosted":
        return WantedPage(**values.get("hosted", {}))
    if "hosted" in values:
        raise BadParameter("You may only specify `hosted` when `ui_mode` is `hosted`.", param="hosted")
    return None


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
        preview_params=_CREATE_IN_PREVIEWS,
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
