"""``/v1/financial_connections/accounts``."""

from typing import Any, Final

from linkspan.objects import Account, AccountInferredBalance, AccountOwner, List
from linkspan.server.api.lists import PAGING, envelope, paging_of
from linkspan.server.api.params import Param, Params, array_of, hash_of, id_of_one, one_of
from linkspan.server.api.routing import Asked, Route
from linkspan.server.core.features import (
    REFRESHABLE,
    REFRESHABLE_IN_PREVIEWS,
    SUBSCRIBABLE,
    SUBSCRIBABLE_IN_PREVIEWS,
)
from linkspan.server.core.refusals import ExclusiveParameters
from linkspan.server.operations import accounts, inferred_balances, refresh_starts, subscriptions
from linkspan.server.store.driver import Tx

_PATH: Final = "/v1/financial_connections/accounts"
_ONE: Final = f"{_PATH}/{{account}}"
_LEGACY: Final = "/v1/linked_accounts"
_EXPANDABLE: Final = frozenset({"account_holder.account", "account_holder.customer", "ownership"})
_IN_PREVIEWS: Final = frozenset({"institution"})

_HOLDERS: Final = ("account", "customer", "customer_account")
_LIST: Final = {
    **PAGING,
    "account_holder": Param(hash_of({name: Param(id_of_one) for name in _HOLDERS})),
    "session": Param(id_of_one, about="Only the Accounts that this Session collected."),
}


async def list_(tx: Tx, asked: Asked) -> bytes:
    """List the Accounts of a Session, of an account holder, or all."""
    page = await accounts.list_(tx, asked.caller.scope, _only(asked.values), paging_of(asked.values))
    return envelope(_PATH, page.docs, has_more=page.has_more)


async def retrieve(tx: Tx, asked: Asked) -> bytes:
    """Retrieve an Account."""
    return await accounts.retrieve(tx, asked.caller.scope, asked.path["account"])


async def disconnect(tx: Tx, asked: Asked) -> bytes:
    """Disconnect an Account."""
    return await accounts.disconnect(tx, asked.context, asked.caller, asked.path["account"])


async def refresh(tx: Tx, asked: Asked) -> bytes:
    """Start refreshing features of an Account."""
    account, features = asked.path["account"], asked.values["features"]
    return await refresh_starts.start(tx, asked.context, asked.caller, account, features)


async def subscribe(tx: Tx, asked: Asked) -> bytes:
    """Have features of an Account refreshed every day."""
    account, features = asked.path["account"], asked.values["features"]
    return await subscriptions.subscribe(tx, asked.context, asked.caller, account, features)


async def unsubscribe(tx: Tx, asked: Asked) -> bytes:
    """Have features of an Account refreshed every day no more."""
    account, features = asked.path["account"], asked.values["features"]
    return await subscriptions.unsubscribe(tx, asked.caller, account, features)


async def list_owners(tx: Tx, asked: Asked) -> bytes:
    """List the owners in one snapshot of an Account's ownership."""
    account, ownership = asked.path["account"], asked.values["ownership"]
    page = await accounts.list_owners(tx, asked.caller.scope, account, ownership, paging_of(asked.values))
    url = f"{_PATH}/{account}/owners?ownership={ownership}"
    return envelope(url, page.docs, has_more=page.has_more)


async def list_inferred_balances(tx: Tx, asked: Asked) -> bytes:
    """List what an Account held at the end of each day, newest first."""
    account = asked.path["account"]
    page = await inferred_balances.list_(tx, asked.caller.scope, account, paging_of(asked.values))
    return envelope(f"{_PATH}/{account}/inferred_balances", page.docs, has_more=page.has_more)


def _features(allowed: tuple[str, ...]) -> Params:
    return {"features": Param(array_of(one_of(*allowed)), required=True, about="Which data of it.")}


def _only(values: dict[str, Any]) -> accounts.Only:
    holder = values.get("account_holder", {})
    named = [(f"account_holder[{name}]", holder[name]) for name in _HOLDERS if holder.get(name)]
    if values.get("session"):
        named.append(("session", values["session"]))
    if len(named) > 1:
        raise ExclusiveParameters(named[0][0], named[1][0])
    return accounts.Only(
        session=values.get("session"),
        customer=holder.get("customer"),
        account=holder.get("account"),
        customer_account=holder.get("customer_account"),
    )


ROUTES: Final = (
    Route(
        "accounts.list",
        "GET",
        _PATH,
        list_,
        _LIST,
        _EXPANDABLE,
        _LEGACY,
        returns=List[Account],
        preview_expandable=_IN_PREVIEWS,
    ),
    Route(
        "accounts.retrieve",
        "GET",
        _ONE,
        retrieve,
        {},
        _EXPANDABLE,
        f"{_LEGACY}/{{account}}",
        returns=Account,
        preview_expandable=_IN_PREVIEWS,
    ),
    Route(
        "accounts.disconnect",
        "POST",
        f"{_ONE}/disconnect",
        disconnect,
        {},
        _EXPANDABLE,
        f"{_LEGACY}/{{account}}/disconnect",
        returns=Account,
        preview_expandable=_IN_PREVIEWS,
    ),
    Route(
        "accounts.refresh",
        "POST",
        f"{_ONE}/refresh",
        refresh,
        _features(REFRESHABLE),
        _EXPANDABLE,
        f"{_LEGACY}/{{account}}/refresh",
        returns=Account,
        preview_params=_features(REFRESHABLE_IN_PREVIEWS),
        preview_expandable=_IN_PREVIEWS,
    ),
    Route(
        "accounts.subscribe",
        "POST",
        f"{_ONE}/subscribe",
        subscribe,
        _features(SUBSCRIBABLE),
        _EXPANDABLE,
        returns=Account,
        preview_params=_features(SUBSCRIBABLE_IN_PREVIEWS),
        preview_expandable=_IN_PREVIEWS,
    ),
    Route(
        "accounts.unsubscribe",
        "POST",
        f"{_ONE}/unsubscribe",
        unsubscribe,
        _features(SUBSCRIBABLE),
        _EXPANDABLE,
        returns=Account,
        preview_params=_features(SUBSCRIBABLE_IN_PREVIEWS),
        preview_expandable=_IN_PREVIEWS,
    ),
    Route(
        "accounts.owners.list",
        "GET",
        f"{_ONE}/owners",
        list_owners,
        {**PAGING, "ownership": Param(id_of_one, required=True)},
        legacy=f"{_LEGACY}/{{account}}/owners",
        returns=List[AccountOwner],
    ),
    Route(
        "accounts.inferred_balances.list",
        "GET",
        f"{_ONE}/inferred_balances",
        list_inferred_balances,
        PAGING,
        returns=List[AccountInferredBalance],
        is_preview=True,
    ),
)
