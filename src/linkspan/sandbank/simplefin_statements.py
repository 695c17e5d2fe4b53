"""What the bank's accounts are in SimpleFIN's words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from linkspan.sandbank.accounts import HeldAccount
from linkspan.sandbank.activity import Movement
from linkspan.sandbank.brand import Brand
from linkspan.standards.simplefin import (
    Account,
    AccountSet,
    Connection,
    Organization,
    Transaction,
    Trouble,
)

DAYS_MAX: Final = 90
"""The longest stretch of time that is answered at once."""
# What the bridge cannot reach just now: its balance is yesterday's, its movements are not there.
_STALE: Final = "noor-line"
_ORGANIZATION: Final = Organization(
    domain="quillstone.example",
    name="Quillstone Bank",
    sfin_url="https://quillstone.example",
    id="quillstone",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What one request for accounts asks."""

    root: str
    brand: Brand
    username: str
    now: datetime
    is_second: bool
    """Whether protocol 2 was asked for."""
    wanted: tuple[str, ...]
    """Ids of accounts; none means all."""
    has_rows: bool
    has_pending: bool
    start: datetime
    end: datetime

    @property
    def is_too_long(self) -> bool:
        """Whether more time is asked for than is answered at once."""
        return self.end - self.start > timedelta(days=DAYS_MAX)


def account_set(question: Question, held: tuple[HeldAccount, ...]) -> AccountSet:
    """Return the answer: what is asked for of *held*, and what is wrong with it."""
    shown = [each for each in held if each.plan.status != "CLOSED"]
    accounts = [*(_account(each, question) for each in shown), _miles(question)]
    wanted = [each for each in accounts if not question.wanted or each.id in question.wanted]
    connection = Connection(conn_id=_connection_id(question), name="Quillstone Bank", org_id="quillstone")
    return AccountSet(
        version="2" if question.is_second else "1",
        accounts=tuple(wanted),
        connections=(connection,),
        troubles=tuple(_troubles(question, {each.id for each in wanted})),
    )


def _connection_id(question: Question) -> str:
    return f"CON-{question.username}"


def _troubles(question: Question, shown: set[str]) -> list[Trouble]:
    found = []
    if question.has_rows and question.is_too_long:
        found.append(Trouble(code="gen.api", msg=f"At most {DAYS_MAX} days are answered at once."))
    if _STALE in shown:
        found.append(
            Trouble(
                code="act.failed",
                msg="Quillstone Bank did not answer for this account.",
                conn_id=_connection_id(question),
                account_id=_STALE,
            )
        )
    return found


def _account(held: HeldAccount, question: Question) -> Account:
    balance, is_stale = held.balance(question.now), held.id == _STALE
    as_of = question.now - timedelta(days=1) if is_stale else question.now
    return Account(
        id=held.id,
        name=" · ".join(filter(None, [held.plan.product, held.plan.nickname])),
        currency=held.plan.currency,
        balance=f"{balance:.2f}",
        available_balance=_available(held, balance, question.now),
        balance_date=int(as_of.timestamp()),
        transactions=_rows(held, question) if question.has_rows and not is_stale else (),
        org=None if question.is_second else _ORGANIZATION,
        conn_id=_connection_id(question) if question.is_second else None,
    )


def _miles(question: Question) -> Account:
    """Return an account in a currency that is an address, as the standard allows."""
    return Account(
        id=f"{question.username}-miles",
        name="Causeway Miles",
        currency=f"{question.root}/currencies/miles",
        balance="18250.00",
        balance_date=int(question.now.timestamp()),
        org=None if question.is_second else _ORGANIZATION,
        conn_id=_connection_id(question) if question.is_second else None,
    )


def _available(held: HeldAccount, balance: Decimal, now: datetime) -> str | None:
    """Return what bridges call available: money in an account, and what is left to borrow on a card."""
    match held.plan.category:
        case "DEPOSIT_ACCOUNT":
            return f"{balance + held.pending(now):.2f}"
        case "LOC_ACCOUNT":
            return f"{(held.plan.credit_line or Decimal(0)) + balance + held.pending(now):.2f}"
        case _:
            return None


def _rows(held: HeldAccount, question: Question) -> tuple[Transaction, ...]:
    """Return the movements of the time asked for, the end excluded, oldest first."""
    start = max(question.start, question.end - timedelta(days=DAYS_MAX))
    rows = [(movement, movement.posts_at <= question.now) for movement in held.movements(question.now)]
    return tuple(
        _transaction(movement, is_posted=is_posted)
        for movement, is_posted in reversed(rows)
        if (is_posted or question.has_pending)
        and start <= (movement.posts_at if is_posted else movement.made_at) < question.end
    )


def _transaction(movement: Movement, *, is_posted: bool) -> Transaction:
    """Write one movement; what is pending has another id than its posting, and nothing links the two."""
    return Transaction(
        id=f"post-{movement.id}" if is_posted else f"auth-{movement.id}",
        posted=int(movement.posts_at.timestamp()) if is_posted else 0,
        amount=f"{movement.amount if is_posted else movement.held:.2f}",
        description=movement.description,
        transacted_at=int(movement.made_at.timestamp()),
        pending=not is_posted,
    )
