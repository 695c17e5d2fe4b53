"""Links bank accounts through any server that speaks the Financial Connections API.

A program creates a Session with `Client` or `AsyncClient`; the Session's
`client_secret` opens the modal; afterwards the Session lists the accounts its
user chose to share. Importing this package imports no server, and of the rest
only what a program names.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from linkspan.client import (
        APIConnectionError,
        APIError,
        AsyncClient,
        AsyncPage,
        AuthenticationError,
        BreakingChangeWarning,
        CardError,
        Client,
        IdempotencyError,
        InvalidRequestError,
        LinkspanError,
        Page,
        PermissionDeniedError,
        RateLimitError,
        __version__,
    )
    from linkspan.objects import (
        Account,
        AccountHolder,
        AccountInferredBalance,
        AccountNumber,
        AccountOwner,
        AccountOwnership,
        ApiError,
        Authorization,
        Balance,
        BalanceRefresh,
        BankAccount,
        BillingAddress,
        BillingDetails,
        BusinessProfile,
        CashBalance,
        ConnectedAccount,
        CreditBalance,
        Customer,
        DecodeError,
        DeletedCustomer,
        Event,
        EventData,
        EventDestination,
        EventRequest,
        Filters,
        Hosted,
        InferredBalancesRefresh,
        Institution,
        Limits,
        List,
        ManualEntry,
        OwnershipRefresh,
        PaymentIntent,
        PaymentMethod,
        RelinkOptions,
        RelinkResult,
        Session,
        SetupIntent,
        StatusDetails,
        StatusDetailsActive,
        StatusTransitions,
        ThinEvent,
        Token,
        Transaction,
        TransactionRefresh,
        UsBankAccount,
        decode,
        encode,
    )
    from linkspan.webhooks import SignatureVerificationError, Webhook

__all__ = [
    "APIConnectionError",
    "APIError",
    "Account",
    "AccountHolder",
    "AccountInferredBalance",
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
    "BankAccount",
    "BillingAddress",
    "BillingDetails",
    "BreakingChangeWarning",
    "BusinessProfile",
    "CardError",
    "CashBalance",
    "Client",
    "ConnectedAccount",
    "CreditBalance",
    "Customer",
    "DecodeError",
    "DeletedCustomer",
    "Event",
    "EventData",
    "EventDestination",
    "EventRequest",
    "Filters",
    "Hosted",
    "IdempotencyError",
    "InferredBalancesRefresh",
    "Institution",
    "InvalidRequestError",
    "Limits",
    "LinkspanError",
    "List",
    "ManualEntry",
    "OwnershipRefresh",
    "Page",
    "PaymentIntent",
    "PaymentMethod",
    "PermissionDeniedError",
    "RateLimitError",
    "RelinkOptions",
    "RelinkResult",
    "Session",
    "SetupIntent",
    "SignatureVerificationError",
    "StatusDetails",
    "StatusDetailsActive",
    "StatusTransitions",
    "ThinEvent",
    "Token",
    "Transaction",
    "TransactionRefresh",
    "UsBankAccount",
    "Webhook",
    "__version__",
    "decode",
    "encode",
]

_OF_THE_CLIENT: Final = (
    "APIConnectionError",
    "APIError",
    "AsyncClient",
    "AsyncPage",
    "AuthenticationError",
    "BreakingChangeWarning",
    "CardError",
    "Client",
    "IdempotencyError",
    "InvalidRequestError",
    "LinkspanError",
    "Page",
    "PermissionDeniedError",
    "RateLimitError",
    "__version__",
)
_ROOM_OF: Final = {
    **dict.fromkeys(_OF_THE_CLIENT, "linkspan.client"),
    **dict.fromkeys(("SignatureVerificationError", "Webhook"), "linkspan.webhooks"),
}


if not TYPE_CHECKING:  # a type checker would take any name for one of ours

    def __getattr__(name: str) -> object:
        """Import a name's room when the name is first wanted (PEP 562)."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found: object = getattr(import_module(_ROOM_OF.get(name, "linkspan.objects")), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return __all__
