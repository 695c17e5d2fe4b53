"""Links bank accounts through any server that speaks the Financial Connections API.

A program creates a Session with `Client` or `AsyncClient`; the Session's
`client_secret` opens the modal; afterwards the Session lists the accounts its
user chose to share. Importing this package imports no server.
"""

from typing import TYPE_CHECKING

from linkspan import client as _client
from linkspan.client import (
    APIConnectionError,
    APIError,
    AuthenticationError,
    CardError,
    IdempotencyError,
    InvalidRequestError,
    LinkspanError,
    PermissionDeniedError,
    RateLimitError,
)
from linkspan.client._version import __version__
from linkspan.objects import (
    Account,
    AccountHolder,
    AccountNumber,
    AccountOwner,
    AccountOwnership,
    ApiError,
    Authorization,
    Balance,
    BalanceRefresh,
    CashBalance,
    CreditBalance,
    Customer,
    DecodeError,
    Event,
    EventData,
    EventRequest,
    Filters,
    Limits,
    List,
    ManualEntry,
    OwnershipRefresh,
    Session,
    StatusDetails,
    StatusDetailsActive,
    StatusTransitions,
    Token,
    Transaction,
    TransactionRefresh,
    decode,
    encode,
)

if TYPE_CHECKING:
    from linkspan.client import AsyncClient, AsyncPage, Client, Page

__all__ = [
    "APIConnectionError",
    "APIError",
    "Account",
    "AccountHolder",
    "AccountNumber",
    "AccountOwner",
    "AccountOwnership",
    "ApiError",
    "AsyncClient",
    "AsyncPage",
    "AuthenticationError",
    "Authorization",
    "Balance",
    "BalanceRefresh",
    "CardError",
    "CashBalance",
    "Client",
    "CreditBalance",
    "Customer",
    "DecodeError",
    "Event",
    "EventData",
    "EventRequest",
    "Filters",
    "IdempotencyError",
    "InvalidRequestError",
    "Limits",
    "LinkspanError",
    "List",
    "ManualEntry",
    "OwnershipRefresh",
    "Page",
    "PermissionDeniedError",
    "RateLimitError",
    "Session",
    "StatusDetails",
    "StatusDetailsActive",
    "StatusTransitions",
    "Token",
    "Transaction",
    "TransactionRefresh",
    "__version__",
    "decode",
    "encode",
]


def __getattr__(name: str) -> object:
    """Import a client when it is first wanted, as its room does."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(_client, name)
    globals()[name] = found
    return found
