"""A movement of money on a bank account."""

from typing import ClassVar, Final, Literal, TypeAlias, get_args

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open

TransactionStatus: TypeAlias = Literal["pending", "posted", "void"]
TRANSACTION_STATUSES: Final[tuple[TransactionStatus, ...]] = get_args(TransactionStatus)


class StatusTransitions(ApiObject, frozen=True, kw_only=True):
    """When a Transaction reached its states."""

    posted_at: int | None
    """When it posted, in Unix seconds; null when it has not. Since 2023-12-22."""

    void_at: int | None
    """When it was voided, in Unix seconds; null when it was not. Since 2023-12-22."""


class Transaction(
    ApiObject, frozen=True, kw_only=True, tag_field="object", tag="financial_connections.transaction"
):
    """One movement of money that affects an Account's balance; it keeps its id as its state changes."""

    object: ClassVar[Literal["financial_connections.transaction"]] = "financial_connections.transaction"
    """Type of the object. Since 2023-12-22."""

    id: str
    """Identifier, ``fctxn_…``. Since 2023-12-22."""

    account: str
    """Id (``fca_…``) of the Account; cannot be expanded. Since 2023-12-22."""

    amount: int
    """Amount in minor units of ``currency``; negative when money leaves the account. Since 2023-12-22."""

    currency: str
    """Lower-case ISO 4217 code. Since 2023-12-22."""

    description: str
    """The institution's words about it. Since 2023-12-22."""

    livemode: bool
    """True in live mode, false in test mode. Since 2023-12-22."""

    status: Open[TransactionStatus]
    """``pending``, ``posted`` or ``void``. Since 2023-12-22."""

    status_transitions: StatusTransitions
    """When it reached its states. Since 2023-12-22."""

    transacted_at: int
    """When the money moved, in Unix seconds. Since 2023-12-22."""

    transaction_refresh: str
    """Id (``fctxnref_…``) of the refresh that last wrote it. Since 2023-12-22."""

    updated: int
    """When it last changed, in Unix seconds. Since 2023-12-22."""
