"""What the bank's accounts are in OFX's words."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from linkspan.sandbank.accounts import LOOKBACK_DAYS, HeldAccount
from linkspan.sandbank.activity import Movement
from linkspan.standards.ofx import (
    AnyAccount,
    Balance,
    BankAccount,
    CardAccount,
    InvestmentAccount,
    ListedAccount,
    Statement,
    StatementRequest,
    StatementTransaction,
)

_BROKER: Final = "ferrydesk.example"
_CARDS: Final = frozenset({"CREDITCARD", "CHARGE"})


def account_of(held: HeldAccount) -> AnyAccount | None:
    """Return the account as OFX names it; loans are none of its statements."""
    match held.plan.category:
        case "DEPOSIT_ACCOUNT":
            return BankAccount(
                bank_id=held.brand.routing_number, account_id=held.number, account_type=held.plan.type
            )
        case "LOC_ACCOUNT" if held.plan.type in _CARDS:
            return CardAccount(account_id=held.number)
        case "LOC_ACCOUNT":
            return BankAccount(
                bank_id=held.brand.routing_number, account_id=held.number, account_type="CREDITLINE"
            )
        case "INVESTMENT_ACCOUNT":
            return InvestmentAccount(broker_id=_BROKER, account_id=held.number)
        case _:
            return None


def listed(held: HeldAccount) -> ListedAccount | None:
    """Return the account as the list shows it; closed ones are not in it."""
    account = account_of(held)
    if account is None or held.plan.status == "CLOSED":
        return None
    return ListedAccount(account=account, description=held.plan.product, service_status="ACTIVE")


def statement(held: HeldAccount, asked: StatementRequest, now: datetime) -> Statement:
    """Return what was asked for of an account: posted movements, both ends included."""
    end = min(_aware(asked.end) or now, now)
    start = _aware(asked.start) or now - timedelta(days=LOOKBACK_DAYS)
    rows = [
        _transaction(movement)
        for movement in reversed(held.movements(now))
        if movement.posts_at <= now and start <= movement.posts_at <= end
    ]
    balance = held.balance(now)
    return Statement(
        currency=held.plan.currency,
        account=asked.account,
        ledger=Balance(amount=balance, as_of=now),
        available=Balance(amount=_available(held, balance, now), as_of=now),
        transactions=tuple(rows) if asked.has_transactions else (),
        start=start,
        end=end,
    )


def _aware(told: datetime | None) -> datetime | None:
    """Return an instant; one without a zone is GMT, says the standard."""
    return told.replace(tzinfo=UTC) if told is not None and told.tzinfo is None else told


def _available(held: HeldAccount, balance: Decimal, now: datetime) -> Decimal:
    """Return what banks call available: on a card it is what is left to borrow."""
    match held.plan.category:
        case "DEPOSIT_ACCOUNT":
            return balance + held.pending(now)
        case "INVESTMENT_ACCOUNT":
            return held.dice.money(9_000, 90_000, "cash")
        case _:
            return (held.plan.credit_line or Decimal(0)) + balance + held.pending(now)


def _transaction(movement: Movement) -> StatementTransaction:
    return StatementTransaction(
        transaction_type="CREDIT" if movement.amount > 0 else "DEBIT",
        posted_at=movement.posts_at,
        user_at=movement.made_at,
        amount=movement.amount,
        fit_id=f"post-{movement.id}",
        name=movement.description[:32],
    )
