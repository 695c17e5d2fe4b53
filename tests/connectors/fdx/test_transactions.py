"""Movements get the sign that FDX leaves out of their amounts."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.server.connectors.fdx.mapping import transaction_from_fdx
from linkspan.server.core.found import FoundTransaction
from linkspan.server.core.money import MalformedAmount
from linkspan.standards.fdx import Transaction, read_transactions

AS_OF = "2026-11-20T16:00:00.250-05:00"
AS_OF_SECONDS = 1_795_208_400


def transaction(**fields: Any) -> Transaction:
    told = {
        "transactionId": "t-1",
        "debitCreditMemo": "DEBIT",
        "status": "POSTED",
        "amount": 12.5,
        "accountCategory": "DEPOSIT_ACCOUNT",
        **fields,
    }
    return read_transactions(json.dumps({"transactions": [told]}).encode()).transactions[0]


def movement(**fields: Any) -> FoundTransaction | None:
    return transaction_from_fdx(transaction(**fields), currency="USD")


@pytest.mark.parametrize("category", ["DEPOSIT_ACCOUNT", "LOC_ACCOUNT", "LOAN_ACCOUNT"])
@pytest.mark.parametrize(("direction", "expected"), [("DEBIT", -1250), ("CREDIT", 1250)])
def test_an_unsigned_amount_gets_its_sign_from_its_direction(
    category: str, direction: str, expected: int
) -> None:
    found = movement(accountCategory=category, debitCreditMemo=direction)

    assert found is not None
    assert (found.amount, found.currency) == (expected, "usd")


def test_a_row_that_only_informs_moves_nothing() -> None:
    assert movement(debitCreditMemo="MEMO") is None


def test_a_signed_amount_is_refused_since_it_can_mean_two_things() -> None:
    with pytest.raises(MalformedAmount):
        movement(amount=-12.5)


@pytest.mark.parametrize(
    ("status", "expected"),
    [("POSTED", "posted"), ("PENDING", "pending"), ("AUTHORIZATION", "pending"), ("MEMO", "pending")],
)
def test_only_what_is_posted_is_posted(status: str, expected: str) -> None:
    found = movement(status=status, postedTimestamp=AS_OF)

    assert found is not None
    assert found.status == expected
    assert (found.posted_at is not None) == (expected == "posted")


def test_a_posting_names_the_pending_row_it_replaces() -> None:
    found = movement(referenceTransactionId="t-0", transactionTimestamp=AS_OF, description=" COFFEE\tBAR ")

    assert found == FoundTransaction(
        source_id="t-1",
        replaces_source_id="t-0",
        amount=-1250,
        currency="usd",
        description="COFFEE BAR",
        status="posted",
        transacted_at=AS_OF_SECONDS,
        posted_at=None,
    )


@pytest.mark.parametrize(
    "told",
    ["2026-11-20T00:00:00Z", "2026-11-20T00:00:00.000-05:00", "2026-11-20T00:00:00", "2026-11-20T23:30:00"],
)
def test_a_day_alone_stays_that_day_wherever_it_is_read(told: str) -> None:
    found = movement(transactionTimestamp=told, postedTimestamp=told)

    assert found is not None
    assert found.transacted_at == found.posted_at == 1_795_172_340  # 10:59 UTC of the 20th


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_a_debit_and_a_credit_of_one_amount_cancel_out(amount: Decimal) -> None:
    rows = [transaction(debitCreditMemo=direction, amount=float(amount)) for direction in ("DEBIT", "CREDIT")]

    found = [transaction_from_fdx(row, currency="USD") for row in rows]

    assert sum(row.amount for row in found if row) == 0
