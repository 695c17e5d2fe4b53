"""An account is known again by what cannot be somebody else's."""

from typing import Any

import pytest

from linkspan.server.core.found import FoundAccount, FoundNumber
from linkspan.server.core.recognition import is_same

NUMBER = FoundNumber(routing_number="110000000", account_number="000123456789", tokenized=False)
STAND_IN = FoundNumber(routing_number="110000000", account_number="999123456789", tokenized=True)
BEFORE: dict[str, Any] = {"source_id": "acc-1", "last4": "6789", "numbers": (NUMBER,)}


def found(**changes: Any) -> FoundAccount:
    fields: dict[str, Any] = {
        "source_id": "acc-1",
        "category": "cash",
        "subcategory": "checking",
        "display_name": "Everyday",
        "last4": "6789",
        "is_open": True,
        "balance": None,
        "numbers": (),
        "owners": (),
    }
    return FoundAccount(**(fields | changes))


@pytest.mark.parametrize(
    "changes", [{}, {"display_name": "Renamed"}, {"source_id": "acc-9", "numbers": (NUMBER,)}]
)
def test_an_account_is_known_again(changes: dict[str, Any]) -> None:
    assert is_same(found(**changes), **BEFORE)


@pytest.mark.parametrize(
    "changes",
    [
        {"last4": "1111"},
        {"source_id": "acc-9"},
        {"source_id": "acc-9", "numbers": (STAND_IN,)},
    ],
)
def test_an_account_that_only_looks_alike_is_another(changes: dict[str, Any]) -> None:
    assert not is_same(found(**changes), **BEFORE)


def test_an_id_without_digits_proves_nothing() -> None:
    assert not is_same(found(last4=None), **BEFORE | {"last4": None})


def test_a_stand_in_for_a_number_proves_nothing() -> None:
    before = BEFORE | {"numbers": (STAND_IN,)}

    assert not is_same(found(source_id="acc-9", numbers=(STAND_IN,)), **before)
