"""``/v1/financial_connections/accounts``."""

from typing import Any, Final

from linkspan.server.api.lists import PAGING, envelope, paging_of
from linkspan.server.api.params import Param, hash_of, text
from linkspan.server.api.routing import Asked, Route
from linkspan.server.core.refusals import ExclusiveParameters
from linkspan.server.operations import accounts
from linkspan.server.store.driver import Tx

_PATH: Final = "/v1/financial_connections/accounts"
_EXPANDABLE: Final = frozenset({"account_holder.customer", "ownership"})

_LIST: Final = {
    **PAGING,
    "account_holder": Param(hash_of({"account": Param(text), "customer": Param(text)})),
    "session": Param(text),
}


async def list_(tx: Tx, asked: Asked) -> bytes:
    """List the Accounts of a Session, of an account holder, or all."""
    page = await accounts.list_(tx, asked.caller.scope, _wanted(asked.values))
    return envelope(_PATH, page.docs, has_more=page.has_more)


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve an Account."""
    return await accounts.retrieve(tx, asked.caller.scope, asked.path["account"])


async def disconnect(tx: Tx, asked: Asked) -> bytes:
    """Disconnect an Account."""
    return await accounts.disconnect(tx, asked.context, asked.caller, asked.path["account"])


def _wanted(values: dict[str, Any]) -> accounts.WantedPage:
    holder = values.get("account_holder", {})
    named = [
        (f"account_holder[{name}]", holder[name]) for name in ("account", "customer") if holder.get(name)
    ]
    if values.get("session"):
        named.append(("session", values["session"]))
    if len(named) > 1:
        raise ExclusiveParameters(named[0][0], named[1][0])
    return accounts.WantedPage(
        **paging_of(values),
        session=values.get("session"),
        customer=holder.get("customer"),
        account=holder.get("account"),
    )


ROUTES: Final = (
    Route("accounts.list", "GET", _PATH, list_, _LIST, _EXPANDABLE),
    Route("accounts.retrieve", "GET", f"{_PATH}/{{account}}", retrieve, expandable=_EXPANDABLE),
    Route("accounts.disconnect", "POST", f"{_PATH}/{{account}}/disconnect", disconnect, {}, _EXPANDABLE),
)
