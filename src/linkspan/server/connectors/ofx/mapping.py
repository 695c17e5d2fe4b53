"""OFX's records turned into what was found, in our words."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote

from linkspan.objects import Balance as Shown
from linkspan.objects import CashBalance, CreditBalance, FrozenMap
from linkspan.server.core.days import instant_told
from linkspan.server.core.forms import plain
from linkspan.server.core.found import Category, FoundAccount, FoundTransaction, Subcategory
from linkspan.server.core.money import MINOR_UNIT_EXPONENTS, UnreadableMoney, minor_units
from linkspan.standards.ofx import (
    AnyAccount,
    BankAccount,
    CardAccount,
    InvestmentAccount,
    ListedAccount,
    Statement,
    StatementTransaction,
)

Kind = tuple[Category, Subcategory]

_KINDS: Final[Mapping[str, Kind]] = {
    "CHECKING": ("cash", "checking"),
    "SAVINGS": ("cash", "savings"),
    "MONEYMRKT": ("cash", "savings"),
    "CD": ("cash", "savings"),
    "CREDITLINE": ("credit", "line_of_credit"),
}
_LAST4: Final = re.compile(r"[0-9]{4}\Z", re.ASCII)


def kind_from_ofx(account: AnyAccount) -> Kind:
    """Return category and subcategory; a type nobody knows is ``other``."""
    match account:
        case BankAccount(account_type=kind):
            return _KINDS.get(kind, ("cash", "other"))
        case CardAccount():
            return "credit", "credit_card"
        case InvestmentAccount():
            return "investment", "other"


def source_id_of(account: AnyAccount) -> str:
    """Return an id that names the account whole, so that its statement can be asked for."""
    match account:
        case BankAccount():
            return _joined("bank", account.bank_id, account.account_id, account.account_type)
        case CardAccount():
            return _joined("card", account.account_id)
        case InvestmentAccount():
            return _joined("broker", account.broker_id, account.account_id)


def _joined(*parts: str) -> str:
    return "/".join(quote(part, safe="") for part in parts)


def account_of(source_id: str) -> AnyAccount:
    """Return the account that `source_id_of` named."""
    kind, *parts = map(unquote, source_id.split("/"))
    if kind == "bank":
        bank_id, account_id, account_type = parts
        return BankAccount(bank_id=bank_id, account_id=account_id, account_type=account_type)
    if kind == "card":
        return CardAccount(account_id=parts[0])
    broker_id, account_id = parts
    return InvestmentAccount(broker_id=broker_id, account_id=account_id)


def account_from_ofx(listed: ListedAccount, statement: Statement | None, problem: str | None) -> FoundAccount:
    """Return an account as the list and its statement tell of it; *problem* says why there is none."""
    account = listed.account
    category, subcategory = kind_from_ofx(account)
    problems = [] if problem is None else [problem]
    balance, currency = None, None
    if statement is not None:
        code = statement.currency.lower()
        currency = code if code in MINOR_UNIT_EXPONENTS else None
        try:
            balance = balance_from_ofx(statement, category)
        except UnreadableMoney as unreadable:
            problems.append(f"balance: {unreadable}")
    last4 = _LAST4.search(account.account_id)
    return FoundAccount(
        source_id=source_id_of(account),
        is_id_unique=True,
        category=category,
        subcategory=subcategory,
        display_name=plain(listed.description or "") or None,
        last4=last4[0] if last4 else None,
        is_open=True,
        balance=balance,
        currency=currency,
        numbers=(),
        are_numbers_told=False,
        owners=(),
        problems=tuple(problems),
    )


def balance_from_ofx(statement: Statement, category: Category) -> Shown | None:
    """Return the balance. Raises `UnreadableMoney` for an amount without an exact number of minor units.

    A card's available balance usually is the credit that is left, so nothing
    is made of it: used is what the ledger says is owed.
    """
    if statement.ledger is None:
        return None
    currency = statement.currency.lower()
    amount = minor_units(statement.ledger.amount, currency)
    current, as_of = FrozenMap({currency: amount}), instant_told(statement.ledger.as_of)
    if category == "credit":
        used = CreditBalance(used=FrozenMap({currency: min(amount, 0)}))
        return Shown(as_of=as_of, current=current, type="credit", credit=used)
    available = None
    if statement.available is not None:
        available = FrozenMap({currency: minor_units(statement.available.amount, currency)})
    return Shown(as_of=as_of, current=current, type="cash", cash=CashBalance(available=available))


def transaction_from_ofx(row: StatementTransaction, *, currency: str) -> FoundTransaction:
    """Return one movement; OFX shows what is posted and nothing else."""
    return FoundTransaction(
        source_id=row.fit_id,
        replaces_source_id=None,
        amount=minor_units(row.amount, currency),
        currency=currency.lower(),
        description=plain(row.name or row.memo or "") or None,
        status="posted",
        transacted_at=instant_told(row.user_at or row.posted_at),
        posted_at=instant_told(row.posted_at),
    )
