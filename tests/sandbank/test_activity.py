"""What happens on the accounts: believable, coherent, the same every time."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from linkspan.sandbank.accounts import HeldAccount, accounts_of, as_instant
from linkspan.sandbank.activity import movements_of_month
from linkspan.sandbank.brand import Brand
from linkspan.sandbank.brands import BRANDS, BY_SLUG
from linkspan.sandbank.dice import Dice
from linkspan.sandbank.habits import HABITS
from linkspan.sandbank.people import PEOPLE
from linkspan.sandbank.statements import detail, transactions
from linkspan.standards.fdx import DepositAccount, LineOfCreditAccount, Transaction
from linkspan.standards.fdx.writer import write_transactions
from tests.sandbank.visitor import NOON

NOW = as_instant(NOON)


def account(account_id: str, slug: str = "bank-oauth", seed: str = "seed") -> HeldAccount:
    person = PEOPLE[account_id.partition("-")[0]]
    (held,) = [a for a in accounts_of(person, BY_SLUG[slug], seed) if a.id == account_id]
    return held


def signed(row: Transaction) -> Decimal:
    return row.amount if row.debit_credit_memo == "CREDIT" else -row.amount


def test_the_same_seed_gives_the_same_bytes() -> None:
    first = write_transactions(transactions(account("avery-checking"), NOW), version="6")
    second = write_transactions(transactions(account("avery-checking"), NOW), version="6")
    other = write_transactions(transactions(account("avery-checking", seed="other"), NOW), version="6")

    assert first == second
    assert first != other


def test_no_two_accounts_share_a_number_but_the_documented_ones() -> None:
    numbers = [
        held.number
        for brand in BRANDS
        for person in PEOPLE.values()
        for held in accounts_of(person, brand, "seed")
        if held.plan.number is None
    ]

    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("habit", sorted(set(HABITS) - {"mortgage"}))
@pytest.mark.parametrize("month", [date(2026, 1, 1), date(2026, 2, 1), date(2028, 2, 1)])
def test_a_whole_month_ends_where_it_began(habit: str, month: date) -> None:
    moved = movements_of_month(habit, Dice("seed"), month)

    assert sum(m.amount for m in moved) == 0
    assert all((m.posts_at.year, m.posts_at.month) == (month.year, month.month) for m in moved)


@pytest.mark.parametrize("account_id", ["avery-checking", "avery-card", "noor-savings", "harborfinch-cad"])
def test_a_balance_moves_by_what_was_posted_in_between(account_id: str) -> None:
    held = account(account_id)
    before = datetime(2026, 6, 20, 12, tzinfo=UTC)

    posted = [
        signed(row)
        for row in transactions(held, NOW)
        if row.posted_timestamp is not None and before < row.posted_timestamp
    ]

    assert len(posted) > 10
    assert held.balance(before) + sum(posted) == held.balance(NOW)


def test_what_is_available_is_less_what_is_pending() -> None:
    held = account("avery-card")
    pending = [row for row in transactions(held, NOW) if row.status == "PENDING"]

    card = detail(held, NOW)

    assert pending
    assert isinstance(card, LineOfCreditAccount)
    assert card.available_credit is not None
    assert card.current_balance is not None
    assert card.available_credit + card.current_balance == Decimal(12000) + sum(map(signed, pending))


def test_a_pending_payment_is_posted_under_a_new_id_that_names_the_old() -> None:
    held = account("avery-card")
    pending = {row.transaction_id: row for row in transactions(held, NOW) if row.status == "PENDING"}

    later = transactions(held, NOW + timedelta(days=3))

    posted = {row.reference_transaction_id: row for row in later if row.reference_transaction_id in pending}
    assert pending
    assert posted.keys() == pending.keys()
    assert not pending.keys() & {row.transaction_id for row in later}
    assert all(row.posted_timestamp is None for row in pending.values())


def test_a_posting_may_differ_from_what_was_held() -> None:
    moved = movements_of_month("card", Dice("seed"), date(2026, 5, 1))

    assert any(m.amount != m.held for m in moved)


def test_amounts_carry_no_sign_and_refunds_are_credits() -> None:
    rows = transactions(account("avery-card"), NOW)

    assert all(row.amount > 0 for row in rows)
    refunds = [row for row in rows if row.description is not None and row.description.endswith("REFUND")]
    assert refunds
    assert {row.debit_credit_memo for row in refunds} == {"CREDIT"}


def test_ids_are_unique_in_an_account() -> None:
    ids = [row.transaction_id for row in transactions(account("harborfinch-checking"), NOW)]

    assert len(ids) > 200
    assert len(ids) == len(set(ids))


def test_half_a_year_is_shown() -> None:
    rows = transactions(account("avery-checking"), NOW)

    oldest = min(row.posted_timestamp for row in rows if row.posted_timestamp is not None)

    assert timedelta(days=175) < NOW - oldest <= timedelta(days=180)
    assert {"MERIDIAN PAPER PAYROLL", "LITTLE OAKS DAYCARE"} <= {row.description for row in rows}


def test_a_mortgage_is_paid_down_by_the_month() -> None:
    held = account("avery-mortgage")
    before, after = datetime(2026, 8, 3, 5, tzinfo=UTC), datetime(2026, 8, 3, 7, tzinfo=UTC)

    assert held.balance(after) - held.balance(before) == Decimal("612.40")
    assert held.balance(datetime(2026, 8, 31, tzinfo=UTC)) == held.balance(after)
    assert held.balance(datetime(2090, 1, 1, tzinfo=UTC)) == 0


def test_what_is_displayed_need_not_be_the_end_of_the_number() -> None:
    savings = account("noor-savings")

    assert detail(savings, NOW).account_number_display == "x82B"
    assert savings.number.isdigit()


def test_a_card_paid_in_advance_has_a_negative_balance() -> None:
    card = detail(account("noor-card"), NOW)

    assert isinstance(card, LineOfCreditAccount)
    assert card.current_balance == Decimal("-412.60")


def test_one_business_keeps_two_currencies() -> None:
    kinds = [detail(account(f"harborfinch-{key}"), NOW) for key in ("checking", "cad")]

    assert [kind.currency.currency_code for kind in kinds if kind.currency] == ["USD", "CAD"]
    assert all(isinstance(kind, DepositAccount) and kind.current_balance for kind in kinds)


@pytest.mark.parametrize("brand", [one for one in BRANDS if one.holds is None], ids=lambda brand: brand.slug)
def test_a_household_never_runs_out_of_credit(brand: Brand) -> None:
    held = account("avery-card", brand.slug)

    assert all(held.balance(NOW - timedelta(days=n)) > -12_000 for n in range(0, 180, 6))
