"""What an account is where only its holder can tell."""

from typing import Any

import pytest

from linkspan.objects import Balance, CashBalance, FrozenMap
from linkspan.server.core.found import FoundAccount
from linkspan.server.core.kinds import CATEGORIES, called


def untold(current: int, available: int | None, **more: Any) -> FoundAccount:
    """An account of a kind its bank does not tell."""
    return FoundAccount(
        **{
            "source_id": "1",
            "category": "other",
            "subcategory": "other",
            "is_kind_told": False,
            "display_name": None,
            "last4": None,
            "is_open": True,
            "balance": Balance(
                as_of=1, current=FrozenMap({"usd": current}), type="cash", cash=CashBalance(available=None)
            ),
            "available": None if available is None else FrozenMap({"usd": available}),
            "numbers": (),
            "owners": (),
            **more,
        }
    )


def balance_of(found: FoundAccount) -> Balance:
    assert found.balance is not None
    return found.balance


@pytest.mark.parametrize("kind", ["checking", "savings"])
def test_what_is_available_of_an_account_that_holds_money_is_cash(kind: str) -> None:
    balance = balance_of(called(untold(10_000, 9_000), kind))

    assert balance.type == "cash"
    assert balance.cash == CashBalance(available=FrozenMap({"usd": 9_000}))


def test_what_is_available_and_left_unsaid_is_what_is_posted() -> None:
    balance = balance_of(called(untold(10_000, None), "checking"))

    assert balance.cash == CashBalance(available=FrozenMap({"usd": 10_000}))


@pytest.mark.parametrize("kind", ["credit_card", "line_of_credit", "mortgage"])
@pytest.mark.parametrize(("current", "used"), [(-64_218, -64_218), (41_260, 0)], ids=["owed", "overpaid"])
def test_what_is_left_of_credit_is_never_cash(kind: str, current: int, used: int) -> None:
    balance = balance_of(called(untold(current, 1_200_000), kind))

    assert (balance.type, balance.current) == ("credit", FrozenMap({"usd": current}))
    assert balance.credit is not None
    assert balance.credit
    assert balance.credit.used == FrozenMap({"usd": used})
    assert not balance.cash


@pytest.mark.parametrize("kind", ["other", "yacht", ""])
def test_a_kind_nobody_knows_is_other(kind: str) -> None:
    found = called(untold(10_000, 9_000), kind)

    assert (found.category, found.subcategory, found.is_kind_told) == ("other", "other", True)
    assert balance_of(found).cash == CashBalance(available=None)


def test_what_the_bank_tells_stays() -> None:
    told = untold(1, 1, is_kind_told=True, category="cash", subcategory="savings")

    assert called(told, "credit_card") is told


def test_every_kind_has_its_category() -> None:
    for kind, category in CATEGORIES.items():
        found = called(untold(1, None), kind)
        assert (found.category, found.subcategory) == (category, kind)
