"""What PaymentIntents and SetupIntents have in common."""

from typing import Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.account import Permission
from linkspan.objects.error import ErrorType
from linkspan.objects.payment_method import PaymentMethod
from linkspan.objects.session import Prefetch

MicrodepositType: TypeAlias = Literal["amounts", "descriptor_code"]
MICRODEPOSIT_TYPES: Final[tuple[MicrodepositType, ...]] = get_args(MicrodepositType)
VerificationMethod: TypeAlias = Literal["automatic", "instant", "microdeposits"]
VERIFICATION_METHODS: Final[tuple[VerificationMethod, ...]] = get_args(VerificationMethod)


class IntentError(ApiObject, frozen=True, kw_only=True):
    """Why the last try of an intent came to nothing; what is null is left out."""

    type: Open[ErrorType]
    """Kind of the error. Since 2022-05."""

    code: str | UnsetType | None = UNSET
    """Stable word for programs, such as ``account_closed``; null or absent when there is none. Since
    2022-05."""

    message: str | UnsetType | None = UNSET
    """What went wrong, for the developer; null or absent when nothing is said. Since 2022-05."""

    payment_method: PaymentMethod | UnsetType | None = UNSET
    """The PaymentMethod that was tried, as it was then; null or absent when none was. Since 2022-05."""


class VerifyWithMicrodeposits(ApiObject, frozen=True, kw_only=True):
    """How the holder of a bank account shows that it is theirs: by small deposits."""

    arrival_date: int
    """When the deposits are expected to arrive, in Unix seconds. Since 2022-05."""

    hosted_verification_url: str
    """Page on which the holder can enter what arrived. Since 2022-05."""

    microdeposit_type: Open[MicrodepositType] | None
    """What is to be told of them: two amounts, or the code in the statement; null when unknown. Since
    2022-05."""


class NextAction(ApiObject, frozen=True, kw_only=True):
    """What the payer must do before an intent goes on."""

    type: str
    """Its kind, such as ``verify_with_microdeposits``; the field of that name says more. Since 2022-05."""

    verify_with_microdeposits: VerifyWithMicrodeposits | UnsetType = UNSET
    """The deposits to be told of; absent unless that is its ``type``. Since 2022-05."""


class IntentFilters(ApiObject, frozen=True, kw_only=True):
    """Which accounts can be chosen for an intent."""

    account_subcategories: tuple[str, ...] | UnsetType | None = UNSET
    """The subcategories that are accepted, text; null or absent where all that can be paid from are.
    Since 2024-09-30.acacia."""


class IntentFinancialConnections(ApiObject, frozen=True, kw_only=True):
    """The Session that collects the bank account of an intent."""

    filters: IntentFilters | UnsetType = UNSET
    """Which accounts can be chosen; absent when none was asked for. Since 2024-09-30.acacia."""

    permissions: tuple[Open[Permission], ...] | UnsetType = UNSET
    """What may be read of the account; absent when nothing was asked for. Since 2022-05."""

    prefetch: tuple[Open[Prefetch], ...] | UnsetType | None = UNSET
    """What is read as soon as it is linked; null or absent when nothing is. Since 2022-05."""

    return_url: str | UnsetType = UNSET
    """Where a web view returns to; absent when nowhere was named. Since 2022-05."""


class IntentBankAccountOptions(ApiObject, frozen=True, kw_only=True):
    """How an intent takes bank accounts in the US."""

    financial_connections: IntentFinancialConnections | UnsetType = UNSET
    """The Session that collects one; absent when nothing was asked for. Since 2022-05."""

    verification_method: Open[VerificationMethod] | UnsetType = UNSET
    """How the account is verified: at the bank, by small deposits, or whichever the payer chooses; absent
    from some servers. Since 2022-05."""


class IntentOptions(ApiObject, frozen=True, kw_only=True):
    """How an intent takes each kind of PaymentMethod; other kinds are in ``extra``."""

    us_bank_account: IntentBankAccountOptions | UnsetType = UNSET
    """Bank accounts in the US; absent where they are not taken. Since 2022-05."""
