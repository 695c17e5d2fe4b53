"""How the refreshes of an Account stand, as the Account shows them."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from linkspan.objects import (
    Account,
    BalanceRefresh,
    InferredBalancesRefresh,
    OwnershipRefresh,
    TransactionRefresh,
)
from linkspan.server.core.refresh import RefreshStatus

_FIELD_OF: Final[Mapping[str, str]] = {
    "balance": "balance_refresh",
    "ownership": "ownership_refresh",
    "transactions": "transaction_refresh",
    "inferred_balances": "inferred_balances_refresh",
}


def state_of(account: Account, feature: str) -> tuple[RefreshStatus | None, int | None]:
    """Return how the last refresh of *feature* stands, and when the next one may start."""
    state = getattr(account, _FIELD_OF[feature])
    if not state:
        return None, None
    return RefreshStatus(state.status), state.next_refresh_available_at


def with_state(
    account: Account,
    feature: str,
    status: RefreshStatus,
    *,
    next_at: int | None,
    attempted_at: int | None = None,
    refresh_id: str | None = None,
) -> Account:
    """Return *account* with the state of one refresh; the attempt's start and id are kept unless given."""
    before = getattr(account, _FIELD_OF[feature])
    told: dict[str, Any] = {  # Any: each member has a type of its own
        "last_attempted_at": before.last_attempted_at if attempted_at is None else attempted_at,
        "next_refresh_available_at": next_at,
        "status": status.value,
    }
    match feature:
        case "balance":
            return replace(account, balance_refresh=BalanceRefresh(**told))
        case "ownership":
            return replace(account, ownership_refresh=OwnershipRefresh(**told))
        case "inferred_balances":
            return replace(account, inferred_balances_refresh=InferredBalancesRefresh(**told))
        case _:
            refresh = TransactionRefresh(id=refresh_id or before.id, **told)
            return replace(account, transaction_refresh=refresh)


def with_next(account: Account, next_at: int) -> Account:
    """Return *account* with every refresh that is not under way free to start again at *next_at*."""
    for field in _FIELD_OF.values():
        state = getattr(account, field)
        if state and state.status != RefreshStatus.PENDING:
            account = replace(account, **{field: replace(state, next_refresh_available_at=next_at)})
    return account


def without_next(account: Account) -> Account:
    """Return *account* with no refresh that may start again."""
    for field in _FIELD_OF.values():
        if state := getattr(account, field):
            account = replace(account, **{field: replace(state, next_refresh_available_at=None)})
    return account
