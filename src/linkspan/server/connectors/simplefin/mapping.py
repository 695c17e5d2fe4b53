"""SimpleFIN's records turned into what was found, in our words."""

from collections.abc import Iterable
from urllib.parse import quote

from linkspan.objects import Balance, CashBalance, FrozenMap
from linkspan.server.core.forms import plain
from linkspan.server.core.found import FoundAccount, FoundTransaction
from linkspan.server.core.money import MINOR_UNIT_EXPONENTS, UnreadableMoney, minor_units
from linkspan.standards.simplefin import Account, Transaction, Trouble, known_code


def source_id(account: Account) -> str:
    """Return an id that is the account's own on its server.

    The standard's is unique within a connection or an organization only.
    """
    org = account.org
    within = account.conn_id or (org and (org.id or org.domain or org.name)) or ""
    return f"{quote(within, safe='')}/{account.id}"


def id_within(source: str) -> str:
    """Return the id that the server itself is asked for."""
    return source.partition("/")[2]


def currency_from_simplefin(account: Account) -> str | None:
    """Return the currency; miles and points have none: theirs is an address, which is not called."""
    code = account.currency.lower()
    return code if code in MINOR_UNIT_EXPONENTS else None


def account_from_simplefin(account: Account, troubles: Iterable[Trouble]) -> FoundAccount:
    """Return an account of a kind that only its holder can tell.

    Its balance says what is posted; what the server calls available stands
    beside it until the kind is known, since on a card it is credit left.
    """
    problems = [f"errlist: {known_code(trouble.code)}" for trouble in troubles_of(account, troubles)]
    currency = currency_from_simplefin(account)
    balance, available = None, None
    try:
        if currency is not None:
            current = FrozenMap({currency: minor_units(account.balance, currency)})
            cash = CashBalance(available=None)
            balance = Balance(as_of=account.balance_date, current=current, type="cash", cash=cash)
            if account.available_balance is not None:
                available = FrozenMap({currency: minor_units(account.available_balance, currency)})
    except UnreadableMoney as unreadable:
        problems.append(f"balance: {unreadable}")
    return FoundAccount(
        source_id=source_id(account),
        is_id_unique=True,
        category="other",
        subcategory="other",
        is_kind_told=False,
        display_name=plain(account.name) or None,
        last4=None,
        is_open=True,
        balance=balance,
        available=available,
        currency=currency,
        numbers=(),
        are_numbers_told=False,
        owners=(),
        problems=tuple(problems),
    )


def transaction_from_simplefin(transaction: Transaction, *, currency: str) -> FoundTransaction:
    """Return one movement. Raises `UnreadableMoney` for an amount without an exact number of minor units.

    ``posted`` is 0 where a pending movement has not been; a row that is marked
    pending is not posted whatever its date.
    """
    is_posted = not transaction.pending and transaction.posted > 0
    return FoundTransaction(
        source_id=transaction.id,
        replaces_source_id=None,
        amount=minor_units(transaction.amount, currency),
        currency=currency.lower(),
        description=plain(transaction.description) or None,
        status="posted" if is_posted else "pending",
        transacted_at=transaction.transacted_at or transaction.posted or None,
        posted_at=transaction.posted if is_posted else None,
    )


def troubles_of(account: Account, troubles: Iterable[Trouble]) -> list[Trouble]:
    """Return what went wrong about *account*, its connection, or everything."""
    return [
        trouble
        for trouble in troubles
        if trouble.account_id in {None, account.id} and trouble.conn_id in {None, account.conn_id}
    ]
