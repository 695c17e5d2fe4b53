"""What FDX calls the things a bank tells, field by field.

Names follow the standard, in snake case. A field that banks leave out is None:
nothing is filled in here. Amounts are exact decimals, taken from the text of
the JSON number. Enumerations are open text where an unknown word does no harm.
"""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Final, Literal

import msgspec

# The largest sum kept by a bank has fewer than 18 digits, and no currency or
# rate needs more than 12 places. Beyond that, one short number such as 1e99999
# would cost a reader that turns it into an integer all of its memory.
_WHOLE_DIGITS_MAX: Final = 18
_PLACES_MAX: Final = 12


def _is_plausible(number: Decimal) -> bool:
    """Tell whether *number* is finite and short enough to compute with."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_PLACES_MAX and number.adjusted() < _WHOLE_DIGITS_MAX


class Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Any object of FDX. Fields that this project does not read are ignored."""

    def __post_init__(self) -> None:
        for field, name in zip(self.__struct_fields__, self.__struct_encode_fields__, strict=True):
            value = getattr(self, field)
            if isinstance(value, Decimal) and not _is_plausible(value):
                raise ValueError(f"`{name}` is no plausible number")


class Currency(Record, frozen=True, kw_only=True):
    """The currency of an account, by its ISO 4217 code."""

    currency_code: str


class AccountDescriptor(Record, frozen=True, kw_only=True):
    """What every account tells; a list of accounts promises no more than this.

    ``status`` is one of CLOSED, DELINQUENT, NEGATIVECURRENTBALANCE, OPEN, PAID,
    PENDINGCLOSE, PENDINGOPEN, RESTRICTED, or a word of a later version.
    """

    account_id: str
    account_type: str | None = None
    account_number_display: str | None = None
    product_name: str | None = None
    nickname: str | None = None
    status: str | None = None
    currency: Currency | None = None
    balance_as_of: datetime | None = None


class DepositAccount(AccountDescriptor, frozen=True, kw_only=True):
    """Money kept at the bank: CHECKING, SAVINGS, CD, MONEYMARKET and others."""

    account_category: ClassVar[str] = "DEPOSIT_ACCOUNT"

    current_balance: Decimal | None = None
    available_balance: Decimal | None = None


class LineOfCreditAccount(AccountDescriptor, frozen=True, kw_only=True):
    """Revolving debt: CREDITCARD, CHARGE, LINEOFCREDIT, HOMELINEOFCREDIT.

    ``current_balance`` is what is owed, so a positive number is a debt.
    """

    account_category: ClassVar[str] = "LOC_ACCOUNT"

    current_balance: Decimal | None = None
    principal_balance: Decimal | None = None
    available_credit: Decimal | None = None
    credit_line: Decimal | None = None
    minimum_payment_amount: Decimal | None = None
    last_stmt_balance: Decimal | None = None
    purchases_apr: Decimal | None = None


class LoanAccount(AccountDescriptor, frozen=True, kw_only=True):
    """Debt paid back by plan: MORTGAGE, AUTOLOAN, STUDENTLOAN and others.

    ``principal_balance`` is the one that banks must send; it is owed, so a
    positive number is a debt.
    """

    account_category: ClassVar[str] = "LOAN_ACCOUNT"

    current_balance: Decimal | None = None
    principal_balance: Decimal | None = None
    escrow_balance: Decimal | None = None
    original_principal: Decimal | None = None
    loan_term: int | None = None
    next_payment_amount: Decimal | None = None
    interest_rate: Decimal | None = None
    interest_rate_type: str | None = None


class InvestmentAccount(AccountDescriptor, frozen=True, kw_only=True):
    """Securities and the cash beside them: BROKERAGEPRODUCT, IRA, 401K and others."""

    account_category: ClassVar[str] = "INVESTMENT_ACCOUNT"

    current_value: Decimal | None = None
    available_cash_balance: Decimal | None = None


class OtherAccount(AccountDescriptor, frozen=True, kw_only=True):
    """An annuity, a commercial or insurance account, a wallet, or what comes later.

    ``account_category`` is FDX's word for it; for an FDX 5 wrapper that is not
    known, the name of the wrapper.
    """

    account_category: str


Account = DepositAccount | LineOfCreditAccount | LoanAccount | InvestmentAccount | OtherAccount


class Transaction(Record, frozen=True, kw_only=True):
    """One movement on an account.

    ``amount`` carries no sign; ``debit_credit_memo`` tells the direction. A
    posting has an id of its own and, if the bank links it, the id of what was
    pending in ``reference_transaction_id``.
    """

    account_category: str | None = None
    transaction_id: str
    reference_transaction_id: str | None = None
    transaction_timestamp: datetime | None = None
    posted_timestamp: datetime | None = None
    description: str | None = None
    memo: str | None = None
    debit_credit_memo: Literal["CREDIT", "DEBIT", "MEMO"]
    category: str | None = None
    status: Literal["AUTHORIZATION", "MEMO", "PENDING", "POSTED"]
    amount: Decimal
    foreign_amount: Decimal | None = None
    foreign_currency: str | None = None
    payee: str | None = None


class CustomerName(Record, frozen=True, kw_only=True):
    """A person's name in parts."""

    first: str | None = None
    middle: str | None = None
    last: str | None = None
    suffix: str | None = None
    prefix: str | None = None


class BusinessCustomer(Record, frozen=True, kw_only=True):
    """A business that holds an account."""

    name: str | None = None


class AccountHolder(Record, frozen=True, kw_only=True):
    """One who holds an account; a business has ``business_customer``, a person ``name``."""

    relationship: str | None = None
    type: str | None = None
    name: CustomerName | None = None
    business_customer: BusinessCustomer | None = None


class DeliveryAddress(Record, frozen=True, kw_only=True):
    """A postal address."""

    line1: str | None = None
    line2: str | None = None
    line3: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    type: str | None = None
    primary: bool | None = None


class TelephoneNumber(Record, frozen=True, kw_only=True):
    """A telephone number: calling code in ``country``, the rest in ``number``."""

    type: str | None = None
    country: str | None = None
    number: str | None = None


class AccountContact(Record, frozen=True, kw_only=True):
    """Who holds an account and how the bank reaches them.

    The lists stand side by side. Nothing says which telephone, mail box or
    address belongs to which holder, and their order means nothing.
    """

    holders: tuple[AccountHolder, ...] = ()
    emails: tuple[str, ...] = ()
    addresses: tuple[DeliveryAddress, ...] = ()
    telephones: tuple[TelephoneNumber, ...] = ()


class PaymentNetwork(Record, frozen=True, kw_only=True):
    """How money reaches an account; its text shows none of the digits."""

    bank_id: str
    identifier: str
    identifier_type: str | None = None
    type: str | None = None
    transfer_in: bool | None = None
    transfer_out: bool | None = None

    def __repr__(self) -> str:
        return f"PaymentNetwork(type={self.type!r}, …)"


class Customer(Record, frozen=True, kw_only=True):
    """The customer that an access token speaks for."""

    customer_id: str


class ConsentGrantResource(Record, frozen=True, kw_only=True):
    """One resource that a consent is for, such as an ACCOUNT, and the clusters of its data."""

    resource_type: str
    resource_id: str
    data_clusters: tuple[str, ...] = ()


class ConsentGrant(Record, frozen=True, kw_only=True):
    """The record of a person's consent (FDX Consent API 5.2 and 6.3).

    ``status`` is ACTIVE, EXPIRED or REVOKED. ``lookback_period`` counts days from
    each request, and not from the grant.
    """

    id: str
    status: str | None = None
    created_time: datetime | None = None
    expiration_time: datetime | None = None
    updated_time: datetime | None = None
    duration_type: str | None = None
    duration_period: int | None = None
    lookback_period: int | None = None
    resources: tuple[ConsentGrantResource, ...] = ()


class Page(Record, frozen=True, kw_only=True):
    """Where a list goes on: ``next_page_key`` in FDX 6, ``next_offset`` before."""

    next_page_key: str | None = None
    next_offset: str | None = None
    total_elements: int | None = None

    @property
    def next_query(self) -> tuple[str, str] | None:
        """The query parameter that asks for the next page; None on the last."""
        if self.next_page_key:
            return "pageKey", self.next_page_key
        if self.next_offset:
            return "offset", self.next_offset
        return None


class Accounts(Record, frozen=True, kw_only=True):
    """One page of accounts."""

    page: Page = Page()
    accounts: tuple[Account, ...] = ()


class Transactions(Record, frozen=True, kw_only=True):
    """One page of transactions."""

    page: Page = Page()
    transactions: tuple[Transaction, ...] = ()


class PaymentNetworks(Record, frozen=True, kw_only=True):
    """One page of payment networks."""

    page: Page = Page()
    payment_networks: tuple[PaymentNetwork, ...] = ()


class Error(Record, frozen=True, kw_only=True):
    """Why a request was refused; ``code`` is FDX's own, not the HTTP status."""

    code: int
    message: str
    debug_message: str | None = None
