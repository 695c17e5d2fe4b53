"""What is told of numbers depends on what was permitted, and is never a digit."""

from typing import Any

import pytest

from linkspan.objects import encode
from linkspan.server.core.found import FoundAccount, FoundNumber
from linkspan.server.core.payments import methods_of, numbers_shown

NUMBER = FoundNumber(routing_number="110000000", account_number="000123456789", tokenized=False)
TOKEN = FoundNumber(routing_number="110000000", account_number="000987654321", tokenized=True)


def account(**changes: Any) -> FoundAccount:
    given: dict[str, Any] = {
        "source_id": "1",
        "category": "cash",
        "subcategory": "checking",
        "display_name": None,
        "last4": None,
        "is_open": True,
        "balance": None,
        "numbers": (NUMBER,),
        "owners": (),
    }
    return FoundAccount(**(given | changes))


def test_numbers_are_told_by_kind_and_state() -> None:
    shown = numbers_shown((NUMBER, TOKEN), ("payment_method",), is_open=True)

    assert [(each.identifier_type, each.status) for each in shown] == [
        ("account_number", "transactable"),
        ("tokenized_account_number", "transactable"),
    ]


def test_no_digit_is_told() -> None:
    (shown,) = numbers_shown((NUMBER,), ("payment_method",), is_open=True)

    assert not any(digit in encode(shown) for digit in b"0123456789")


def test_numbers_of_a_closed_account_move_no_money() -> None:
    (shown,) = numbers_shown((NUMBER,), ("payment_method",), is_open=False)

    assert shown.status == "deactivated"


@pytest.mark.parametrize("permissions", [(), ("balances", "ownership", "transactions")])
def test_numbers_are_for_those_who_may_pay(permissions: tuple[str, ...]) -> None:
    assert numbers_shown((NUMBER,), permissions, is_open=True) == ()


@pytest.mark.parametrize("changes", [{"numbers": ()}, {"is_open": False}, {"subcategory": "other"}])
def test_without_a_way_to_pay_there_is_no_method(changes: dict[str, Any]) -> None:
    assert methods_of(account()) == ("us_bank_account", "link")
    assert methods_of(account(**changes)) == ()
