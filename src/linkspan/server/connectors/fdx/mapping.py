"""FDX's records turned into what was found, in our words."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final, TypeVar

from linkspan.objects import Balance, CashBalance, CreditBalance, FrozenMap
from linkspan.server.core.days import instant_told
from linkspan.server.core.found import Category, FoundNumber, FoundOwner, FoundTransaction, Subcategory
from linkspan.server.core.money import MalformedAmount, UnreadableMoney, minor_units
from linkspan.standards.fdx import (
    Account,
    AccountContact,
    AccountDescriptor,
    AccountHolder,
    ConsentGrant,
    DeliveryAddress,
    DepositAccount,
    InvestmentAccount,
    LineOfCreditAccount,
    LoanAccount,
    PaymentNetwork,
    TelephoneNumber,
    Transaction,
)

Kind = tuple[Category, Subcategory]

_Item = TypeVar("_Item")

# By accountCategory: what each accountType is, and what every other type is.
_KINDS: Final[Mapping[str, tuple[Mapping[str, Kind], Kind]]] = {
    "DEPOSIT_ACCOUNT": (
        {
            "CHECKING": ("cash", "checking"),
            "SAVINGS": ("cash", "savings"),
            "MONEYMARKET": ("cash", "savings"),
            "CD": ("cash", "savings"),
            "HIGHINTERESTSAVINGSACCOUNT": ("cash", "savings"),
            "FIRSTHOMESAVINGSACCOUNT": ("cash", "savings"),
        },
        ("cash", "other"),
    ),
    "LOC_ACCOUNT": (
        {
            "CREDITCARD": ("credit", "credit_card"),
            "CHARGE": ("credit", "credit_card"),
            "LINEOFCREDIT": ("credit", "line_of_credit"),
            "HOMELINEOFCREDIT": ("credit", "line_of_credit"),
        },
        ("credit", "other"),
    ),
    "LOAN_ACCOUNT": ({"MORTGAGE": ("credit", "mortgage")}, ("credit", "other")),
    "INVESTMENT_ACCOUNT": ({}, ("investment", "other")),
    "ANNUITY_ACCOUNT": ({}, ("investment", "other")),
    "DIGITAL_WALLET": ({}, ("cash", "other")),
}
_UNKNOWN_KIND: Final[tuple[Mapping[str, Kind], Kind]] = ({}, ("other", "other"))

_ENDED: Final = frozenset({"CLOSED", "PAID"})

# Four digits behind nothing but the marks banks hide digits with.
_MASKED: Final = re.compile(r"[xX*#•●·.…\-\s]*([0-9]{4})", re.ASCII)
_ROUTING_NUMBER: Final = re.compile(r"[0-9]{9}", re.ASCII)
# NACHA's entry detail record leaves 17 characters for the account number.
_ACCOUNT_NUMBER: Final = re.compile(r"[0-9]{1,17}", re.ASCII)
# The check digit of an ABA routing number weighs the nine digits 3, 7, 1, 3, 7, 1, …
_ROUTING_WEIGHTS: Final = (3, 7, 1, 3, 7, 1, 3, 7, 1)


def kind_from_fdx(account: Account) -> Kind:
    """Return category and subcategory; a type nobody knows is ``other``, never guessed from a name."""
    types, otherwise = _KINDS.get(account.account_category, _UNKNOWN_KIND)
    return types.get((account.account_type or "").upper(), otherwise)


def display_name_from_fdx(account: AccountDescriptor) -> str | None:
    """Return what the person calls the account, else what the bank does."""
    return _text(account.nickname) or _text(account.product_name)


def last4_from_fdx(account: AccountDescriptor) -> str | None:
    """Return the four digits the bank shows; more, fewer or letters are not a last4."""
    shown = _MASKED.fullmatch((account.account_number_display or "").strip())
    return shown[1] if shown else None


def is_open_from_fdx(account: AccountDescriptor) -> bool:
    """Tell whether the account still exists: restricted, delinquent and closing ones do."""
    return (account.status or "").upper() not in _ENDED


def balance_from_fdx(account: Account, *, now: float) -> Balance | None:
    """Return the balance, or nothing where the bank gives none.

    Raises `UnreadableMoney` for an amount without an exact number of minor units.
    An account of a kind that FDX gives no common balance for has none.
    """
    match account:
        case DepositAccount():
            return _cash(account, account.current_balance, account.available_balance, now=now)
        case InvestmentAccount():
            return _cash(account, account.current_value, account.available_cash_balance, now=now)
        case LineOfCreditAccount():
            return _credit(account, account.current_balance, now=now)
        case LoanAccount():
            # The principal is the one that FDX requires; currentBalance may be absent.
            owed = account.principal_balance
            return _credit(account, account.current_balance if owed is None else owed, now=now)
        case _:
            return None


def _cash(
    account: AccountDescriptor, current: Decimal | None, available: Decimal | None, *, now: float
) -> Balance | None:
    if current is None:
        return None
    money = _money_of(account)
    return Balance(
        # Without an instant of the bank's, the balance is of the moment it was told.
        as_of=_instant(account.balance_as_of) or int(now),
        current=money(current),
        type="cash",
        cash=CashBalance(available=None if available is None else money(available)),
    )


def _credit(account: AccountDescriptor, owed: Decimal | None, *, now: float) -> Balance | None:
    """FDX counts what is owed as positive, the API as negative.

    ``used`` is what is owed, too. It is not the line minus availableCredit, from
    which pending purchases are gone, and it is zero on an overpaid card, where
    the bank owes the person.
    """
    if owed is None:
        return None
    money = _money_of(account)
    return Balance(
        as_of=_instant(account.balance_as_of) or int(now),
        current=money(-owed),
        type="credit",
        credit=CreditBalance(used=money(-max(owed, Decimal(0)))),
    )


def _money_of(account: AccountDescriptor) -> Callable[[Decimal], FrozenMap[int]]:
    """Return how amounts of this account are written: by its currency, which is never assumed."""
    if account.currency is None:
        raise UnreadableMoney("The account has no currency")
    currency = account.currency.currency_code
    return lambda amount: FrozenMap({currency.lower(): minor_units(amount, currency)})


def numbers_from_fdx(networks: Iterable[PaymentNetwork]) -> tuple[FoundNumber, ...]:
    """Return the numbers that reach the account by ACH, each once.

    A number with a wrong check digit, or one that moves no money either way, is
    left out: a debit to it could only fail. A stand-in that moves none is one
    that did, until it was revoked or expired.
    """
    found = (
        FoundNumber(
            routing_number=network.bank_id,
            account_number=network.identifier,
            tokenized=_is_stand_in(network),
            is_dead=_moves_none(network),
        )
        for network in networks
        if _reaches_by_ach(network) and (_is_stand_in(network) or not _moves_none(network))
    )
    return tuple(dict.fromkeys(found))


def _is_stand_in(network: PaymentNetwork) -> bool:
    return network.identifier_type == "TOKENIZED_ACCOUNT_NUMBER"


def _moves_none(network: PaymentNetwork) -> bool:
    return network.transfer_in is False and network.transfer_out is False


def _reaches_by_ach(network: PaymentNetwork) -> bool:
    return (
        network.type == "US_ACH"
        and _ACCOUNT_NUMBER.fullmatch(network.identifier) is not None
        and _is_routing_number(network.bank_id)
    )


def _is_routing_number(text: str) -> bool:
    if _ROUTING_NUMBER.fullmatch(text) is None:
        return False
    return sum(int(digit) * weight for digit, weight in zip(text, _ROUTING_WEIGHTS, strict=True)) % 10 == 0


def consent_end_from_fdx(consent: ConsentGrant) -> int | None:
    """Return when a consent ends; nothing for one that has no end, or has ended already."""
    return _instant(consent.expiration_time) if (consent.status or "ACTIVE").upper() == "ACTIVE" else None


def owners_from_fdx(contact: AccountContact) -> tuple[FoundOwner, ...]:
    """Return the holders that have a name.

    Mail boxes, telephones and addresses stand in lists of their own that nothing
    ties to a holder, so they are somebody's for sure only when there is one holder.
    """
    is_certain = len(contact.holders) == 1
    return tuple(
        FoundOwner(
            name=name,
            email=_first(contact.emails, _text) if is_certain else None,
            phone=_first(contact.telephones, _phone) if is_certain else None,
            raw_address=_first(_primary_first(contact.addresses), _address) if is_certain else None,
        )
        for holder in contact.holders
        if (name := _holder_name(holder)) is not None
    )


def transaction_from_fdx(transaction: Transaction, *, currency: str) -> FoundTransaction | None:
    """Return the movement with its sign, or nothing for a row that only informs.

    FDX amounts carry no sign: debitCreditMemo tells the direction, also on a
    card, where a CREDIT is a payment or a refund. An amount that has a sign all
    the same can mean two things and is refused with `MalformedAmount`.
    """
    if transaction.debit_credit_memo == "MEMO":
        return None
    if transaction.amount < 0:
        raise MalformedAmount("The amount has a sign, which FDX does not allow")
    amount = minor_units(transaction.amount, currency)
    return FoundTransaction(
        source_id=transaction.transaction_id,
        replaces_source_id=_text(transaction.reference_transaction_id),
        amount=amount if transaction.debit_credit_memo == "CREDIT" else -amount,
        currency=currency.lower(),
        description=_text(transaction.description) or _text(transaction.payee) or _text(transaction.memo),
        status="posted" if transaction.status == "POSTED" else "pending",
        transacted_at=_told(transaction.transaction_timestamp) or _told(transaction.posted_timestamp),
        posted_at=_told(transaction.posted_timestamp) if transaction.status == "POSTED" else None,
    )


def _told(told: datetime | None) -> int | None:
    return None if told is None else instant_told(told)


def _instant(told: datetime | None) -> int | None:
    """Return an instant in Unix seconds; one without a zone could be half a day off and is none."""
    return None if told is None or told.tzinfo is None else int(told.timestamp())


def _holder_name(holder: AccountHolder) -> str | None:
    """Return a person's name in its usual order, or a business's from the field businesses have."""
    if holder.name is not None:
        parts = (holder.name.prefix, holder.name.first, holder.name.middle, holder.name.last)
        name = _joined((*parts, holder.name.suffix), " ")
        if name is not None:
            return name
    return _text(holder.business_customer.name) if holder.business_customer else None


def _phone(telephone: TelephoneNumber) -> str | None:
    """Return the number, with its calling code where that is what the country field holds.

    FDX asks for a calling code (E.164); some banks write the country's letters there.
    """
    number, code = _text(telephone.number), (telephone.country or "").strip().removeprefix("+")
    if number is None or number.startswith("+") or not (code.isascii() and code.isdigit()):
        return number
    return f"+{code} {number}"


def _primary_first(addresses: Iterable[DeliveryAddress]) -> list[DeliveryAddress]:
    return sorted(addresses, key=lambda address: not address.primary)


def _address(address: DeliveryAddress) -> str | None:
    region = _joined((address.region, address.postal_code), " ")
    lines = (address.line1, address.line2, address.line3)
    return _joined((*lines, address.city, region, address.country), ", ")


def _joined(parts: Iterable[str | None], separator: str) -> str | None:
    return separator.join(part for part in map(_text, parts) if part) or None


def _text(text: str | None) -> str | None:
    """Return *text* with its white space tidied; nothing for a field that is only that."""
    return " ".join(text.split()) or None if text else None


def _first(items: Iterable[_Item], read: Callable[[_Item], str | None]) -> str | None:
    return next((found for item in items if (found := read(item)) is not None), None)
