"""The life of an Account as tables: which states follow which, and what may be asked in each."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from linkspan.server.core.moves import follow


class AccountStatus(StrEnum):
    """How the link to a bank account stands."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DISCONNECTED = "disconnected"


class AccountFact(StrEnum):
    """What happened."""

    LINKED = "linked"
    ACCESS_LOST = "access_lost"
    ACCESS_RESTORED = "access_restored"
    DISCONNECTED = "disconnected"


class AccountCall(StrEnum):
    """What a program asks to be done to an Account, as a refusal says it."""

    REFRESH = "refreshed"
    SUBSCRIBE = "subscribed to"
    UNSUBSCRIBE = "unsubscribed from"
    DISCONNECT = "disconnected"


# None is a bank account that was not linked. Disconnected has no way out on
# purpose: linking the same bank account again makes a new Account.
MOVES: Final[Mapping[tuple[AccountStatus | None, AccountFact], AccountStatus]] = {
    (None, AccountFact.LINKED): AccountStatus.ACTIVE,
    (AccountStatus.ACTIVE, AccountFact.ACCESS_LOST): AccountStatus.INACTIVE,
    (AccountStatus.INACTIVE, AccountFact.ACCESS_RESTORED): AccountStatus.ACTIVE,
    (AccountStatus.ACTIVE, AccountFact.DISCONNECTED): AccountStatus.DISCONNECTED,
    (AccountStatus.INACTIVE, AccountFact.DISCONNECTED): AccountStatus.DISCONNECTED,
}

# Nothing new is read of an Account that is not active. What only ends something
# can always be asked, and changes nothing where there is nothing left to end.
ALLOWED: Final[Mapping[AccountStatus, frozenset[AccountCall]]] = {
    AccountStatus.ACTIVE: frozenset(AccountCall),
    AccountStatus.INACTIVE: frozenset({AccountCall.UNSUBSCRIBE, AccountCall.DISCONNECT}),
    AccountStatus.DISCONNECTED: frozenset({AccountCall.UNSUBSCRIBE, AccountCall.DISCONNECT}),
}


def next_status(status: AccountStatus | None, fact: AccountFact) -> AccountStatus:
    """Return the status that follows *fact*."""
    return follow(MOVES, status, fact)
