"""Why an account cannot be linked is known by name, for the modal to say."""

from dataclasses import replace
from itertools import product
from typing import get_args

import pytest

from linkspan.objects import Filters
from linkspan.server.core.eligibility import WhyNot, can_be_paid_from, why_none, why_not
from linkspan.server.core.found import FoundAccount, FoundNumber, Subcategory

CHECKING = FoundAccount(
    source_id="1",
    category="cash",
    subcategory="checking",
    display_name="Everyday",
    last4="6789",
    is_open=True,
    balance=None,
    numbers=(FoundNumber(routing_number="110000000", account_number="000123456789", tokenized=False),),
    owners=(),
)
SAVINGS = replace(CHECKING, subcategory="savings")
CARD = replace(CHECKING, category="credit", subcategory="credit_card", numbers=())
UNTOLD = replace(CHECKING, numbers=(), are_numbers_told=False)
PAYABLE = Filters(require_payment_method_support="all")


def only(*subcategories: str) -> Filters:
    return Filters(account_subcategories=subcategories)


@pytest.mark.parametrize("filters", [None, Filters(), Filters(account_subcategories=None), only()])
def test_without_a_filter_every_open_account_may_be_linked(filters: Filters | None) -> None:
    assert why_not(CARD, filters) is None


def test_a_closed_account_is_never_linked() -> None:
    assert why_not(replace(CHECKING, is_open=False), None) == WhyNot("closed")


@pytest.mark.parametrize(
    ("account", "filters", "accepted"),
    [
        (CARD, only("checking"), ("checking",)),
        (CARD, only("savings", "checking"), ("checking", "savings")),
        (
            SAVINGS,
            only("mortgage", "checking", "line_of_credit", "credit_card"),
            ("checking", "credit_card", "line_of_credit", "mortgage"),
        ),
        (CARD, only("pension"), ("pension",)),
    ],
)
def test_the_reason_lists_what_can_be_linked(
    account: FoundAccount, filters: Filters, accepted: tuple[str, ...]
) -> None:
    assert why_not(account, filters) == WhyNot("other_kind", accepted)


def test_an_account_of_a_wanted_kind_may_be_linked() -> None:
    assert why_not(SAVINGS, only("checking", "savings")) is None


def test_where_every_account_must_pay_one_that_cannot_is_not_linked() -> None:
    assert why_not(CARD, PAYABLE) == WhyNot("not_payable")
    assert why_not(CHECKING, PAYABLE) is None


@pytest.mark.parametrize("support", ["none", "at_least_one"])
def test_where_not_every_account_must_pay_any_may_be_linked(support: str) -> None:
    assert why_not(CARD, Filters(require_payment_method_support=support)) is None


@pytest.mark.parametrize(
    ("subcategory", "is_open", "has_numbers"),
    list(product(get_args(Subcategory), [True, False], [True, False])),
)
def test_payments_need_an_open_deposit_account_with_numbers(
    *, subcategory: Subcategory, is_open: bool, has_numbers: bool
) -> None:
    account = replace(
        CHECKING,
        subcategory=subcategory,
        is_open=is_open,
        numbers=CHECKING.numbers if has_numbers else (),
    )

    assert can_be_paid_from(account) is (subcategory in {"checking", "savings"} and is_open and has_numbers)


def test_the_digits_of_an_account_are_not_in_its_repr() -> None:
    assert "000123456789" not in repr(CHECKING)
    assert "110000000" not in repr(CHECKING)


@pytest.mark.parametrize(
    ("accounts", "support", "why"),
    [
        ([CHECKING, CARD], "all", None),
        ([CARD], "all", "none_payable"),
        ([CARD, UNTOLD], "all", "numbers_unavailable"),
        ([replace(CHECKING, numbers=())], "all", "none_payable"),
        ([replace(CHECKING, is_open=False)], "all", "none_eligible"),
        ([CHECKING, CARD], "at_least_one", None),
        ([CARD], "at_least_one", "none_payable"),
        (
            [CARD, UNTOLD],
            "at_least_one",
            "numbers_unavailable",
        ),
        ([CARD], "none", None),
    ],
)
def test_why_nothing_can_come_of_what_was_found(
    accounts: list[FoundAccount], support: str, why: str | None
) -> None:
    filters = Filters(require_payment_method_support=support)

    assert why_none(accounts, [why_not(each, filters) for each in accounts], filters) == why


def test_an_account_whose_only_number_is_dead_cannot_be_paid_from() -> None:
    (number,) = CHECKING.numbers

    assert can_be_paid_from(CHECKING)
    assert not can_be_paid_from(replace(CHECKING, numbers=(replace(number, is_dead=True),)))
