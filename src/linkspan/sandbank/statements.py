"""What the bank's accounts are in FDX's words."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final, assert_never

from msgspec.structs import replace

from linkspan.sandbank import unsteady
from linkspan.sandbank.accounts import LOOKBACK_DAYS, HeldAccount, as_instant
from linkspan.sandbank.activity import Movement
from linkspan.sandbank.plans import Category
from linkspan.sandbank.register import Grant
from linkspan.sandbank.unsteady import Shown
from linkspan.standards.fdx import (
    ConsentGrant,
    ConsentGrantResource,
    Currency,
    DepositAccount,
    InvestmentAccount,
    LineOfCreditAccount,
    LoanAccount,
    PaymentNetwork,
    Transaction,
)

_Account = DepositAccount | LineOfCreditAccount | LoanAccount | InvestmentAccount
_KINDS: Final[Mapping[Category, type[_Account]]] = {
    "DEPOSIT_ACCOUNT": DepositAccount,
    "LOC_ACCOUNT": LineOfCreditAccount,
    "LOAN_ACCOUNT": LoanAccount,
    "INVESTMENT_ACCOUNT": InvestmentAccount,
}


def descriptor(held: HeldAccount) -> _Account:
    """Return the account as a list shows it, without any balance."""
    plan = held.plan
    return _KINDS[plan.category](
        account_id=held.id,
        account_type=plan.type,
        account_number_display=held.display,
        product_name=plan.product,
        nickname=plan.nickname,
        status=plan.status,
        currency=Currency(currency_code=plan.currency),
    )


def detail(held: HeldAccount, now: datetime) -> _Account:
    """Return the account with its balances; what is owed is positive, as FDX has it."""
    balance = held.balance(now)
    # Whole seconds: the instant is no more exact than the data.
    account = replace(descriptor(held), balance_as_of=now.replace(microsecond=0))
    match account:
        case DepositAccount():
            available = balance + held.pending(now)
            return replace(account, current_balance=balance, available_balance=available)
        case LineOfCreditAccount():
            line = held.plan.credit_line or Decimal("0.00")
            left = line + balance + held.pending(now)
            return replace(account, current_balance=-balance, available_credit=left, credit_line=line)
        case LoanAccount():
            # No currentBalance: of a loan, only the principal is required.
            return _loan(account, -balance)
        case InvestmentAccount():
            cash = held.dice.money(9_000, 90_000, "cash")
            return replace(account, current_value=balance, available_cash_balance=cash)
        case _:
            assert_never(account)


def payment_networks(held: HeldAccount, *, consent_age: int) -> list[PaymentNetwork]:
    """Return how money reaches the account so long after the consent; only deposit accounts have a way."""
    if held.plan.category != "DEPOSIT_ACCOUNT" or held.plan.payment == "by none":
        return []
    is_canadian = held.plan.currency == "CAD"
    lives = held.plan.number_seconds
    moves_money = lives is None or consent_age < lives
    return [
        PaymentNetwork(
            bank_id=held.brand.transit_number if is_canadian else held.brand.routing_number,
            identifier=held.payment_number,
            identifier_type="TOKENIZED_ACCOUNT_NUMBER" if held.has_stand_in else "ACCOUNT_NUMBER",
            type="CA_ACSS" if is_canadian else "US_ACH",
            transfer_in=moves_money,
            transfer_out=moves_money,
        )
    ]


def consent(grant: Grant) -> ConsentGrant:
    """Return what a person consented to, and until when."""
    begun, end = as_instant(grant.begins_at), as_instant(grant.ends_at)
    return ConsentGrant(
        id=grant.id,
        status="ACTIVE",
        created_time=begun.replace(microsecond=0),
        expiration_time=end.replace(microsecond=0),
        duration_type="TIME_BOUND",
        duration_period=grant.consent.days,
        lookback_period=LOOKBACK_DAYS,
        resources=tuple(
            ConsentGrantResource(
                resource_type="ACCOUNT",
                resource_id=account,
                data_clusters=("ACCOUNT_DETAILED", "PAYMENT_SUPPORT", "TRANSACTIONS"),
            )
            for account in sorted(grant.consent.accounts)
        ),
    )


def transactions(held: HeldAccount, now: datetime) -> list[Transaction]:
    """Return what the bank still shows, newest first, or as it likes."""
    if held.brand.is_unsteady:
        return [one.row for one in unsteady_rows(held, now)]
    return [_transaction(held, movement, now) for movement in held.movements(now)]


def unsteady_rows(held: HeldAccount, now: datetime) -> list[Shown]:
    """Return what an unsteady bank shows, each row beside what it truly is."""
    shown = [
        one
        for movement in held.movements(now)
        for one in unsteady.rows_of(held, movement, _transaction(held, movement, now), now)
    ]
    return unsteady.in_order(shown, held, now)


def _loan(account: LoanAccount, owed: Decimal) -> LoanAccount:
    return replace(
        account,
        principal_balance=owed,
        original_principal=Decimal("420000.00"),
        loan_term=360,
        interest_rate=Decimal("5.875"),
        interest_rate_type="FIXED",
        next_payment_amount=Decimal("1843.20"),
    )


def _transaction(held: HeldAccount, movement: Movement, now: datetime) -> Transaction:
    """Write one movement; a card posting has a new id that names what was pending."""
    is_posted = movement.posts_at <= now
    pending_id = f"auth-{movement.id}"
    amount = movement.amount if is_posted else movement.held
    return Transaction(
        account_category=held.plan.category,
        transaction_id=f"post-{movement.id}" if is_posted else pending_id,
        reference_transaction_id=pending_id if is_posted and movement.is_card else None,
        transaction_timestamp=movement.made_at,
        posted_timestamp=movement.posts_at if is_posted else None,
        description=movement.description,
        debit_credit_memo="CREDIT" if amount > 0 else "DEBIT",
        category=movement.category,
        status="POSTED" if is_posted else "PENDING",
        amount=abs(amount),
        payee=movement.payee,
    )
