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
from linkspan.server.core.features import FEATURES
from linkspan.server.core.refresh import RefreshStatus

_FIELD_OF: Final[Mapping[str, str]] = {
    "balance": "balance_refresh",
    "ownership": "ownership_refresh",
    "transactions": "transaction_refresh",
    "inferred_balances": "inferred_balances_refresh",
}
# The feature that each event of a refresh's end is about.
_TOLD_OF: Final[Mapping[str, str]] = {rule.refreshed: feature for feature, rule in FEATURES.items()}


def state_of(account: Account, feature: str) -> tuple[RefreshStatus | None, int | None]:
    """Return how the last refresh of *feature* stands, and when the next one may start."""
    state = getattr(account, _FIELD_OF[feature])
    if not state:
        return None, None
    return RefreshStatus(state.status), state.next_refresh_available_at


def outcome_told(event_type: str, account: Account) -> str | None:
    """Return the type that says how a refresh ended, where *event_type* tells that it did."""
    feature = _TOLD_OF.get(event_type)
    status = None if feature is None else state_of(account, feature)[0]
    if status not in {RefreshStatus.SUCCEEDED, RefreshStatus.FAILED}:
        return None
    return f"{account.object}.{feature}_refresh_{status}"


def last_attempt(account: Account, feature: str) -> int | None:
    """Return when the last refresh of *feature* began."""
    state = getattr(account, _FIELD_OF[feature])
    return state.last_attempted_at if state else None


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


def refreshed_features(account: Account) -> list[str]:
    """Return what of *account* has been refreshed before, and is not being refreshed now."""
    states = {feature: state_of(account, feature)[0] for feature in _FIELD_OF}
    return [feature for feature, status in states.items() if status not in {None, RefreshStatus.PENDING}]


def with_next(account: Account, feature: str, next_at: int) -> Account:
    """Return *account* with a refresh of *feature*, refreshed before, free to start again at *next_at*."""
    field = _FIELD_OF[feature]
    state = replace(getattr(account, field), next_refresh_available_at=next_at)
    return replace(account, **{field: state})


def without_next(account: Account) -> Account:
    """Return *account* with no refresh that may start again."""
    for field in _FIELD_OF.values():
        if state := getattr(account, field):
            account = replace(account, **{field: replace(state, next_refresh_available_at=None)})
    return account
