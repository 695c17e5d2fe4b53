"""The official package of 2022 and that of 2026 run one program against one server, and see the same."""

from typing import Final

import pytest

from tests.clients.official import Official

# Release 5.0.0 is of November 2022, and pins no version: programs of that time spoke that of their account.
THEN: Final = Official("python-5", "2022-11-15")
TODAY: Final = Official("python-16")

GAVE: Final = [
    "customer Robin Park",
    "customer Robin Park",
    "IdempotencyError 400 None -",
    "customer Robin Park",
    "customer Robin Park {'order': '6735'}",
    "customer Avery Lindqvist",
    "1 customer, more",
    "1 customer, the last",
    "AuthenticationError 401 None -",
    "InvalidRequestError 400 None permissions[1]",
    "InvalidRequestError 400 parameter_unknown color",
    "InvalidRequestError 400 resource_missing account_holder[customer]",
    "InvalidRequestError 400 parameter_missing account_holder",
    "financial_connections.session accounts=0",
    "financial_connections.session accounts=0",
    "financial_connections.session accounts=2",
    "financial_connections.session accounts=2",
    "InvalidRequestError 404 resource_missing session",
    "2 financial_connections.account, the last",
    "1 financial_connections.account, more",
    "1 financial_connections.account, the last",
    "1 financial_connections.account, the last",
    "InvalidRequestError 400 resource_missing starting_after",
    "InvalidRequestError 400 parameter_invalid_integer limit",
    "financial_connections.account active savings",
    "InvalidRequestError 404 resource_missing account",
    "InvalidRequestError 400 None expand[0]",
    "InvalidRequestError 400 financial_connections_no_successful_transaction_refresh account",
    "financial_connections.account active savings balance=pending ownership=pending",
    "financial_connections.account active savings balance=succeeded ownership=succeeded owners=1",
    "2 financial_connections.account, the last",
    "1 financial_connections.account_owner, the last",
    "3 financial_connections.transaction, more",
    "3 financial_connections.transaction, more",
    "0 nothing, the last",
    "financial_connections.transaction",
    "financial_connections.account disconnected savings",
    "InvalidRequestError 400 financial_connections_account_inactive account",
    "customer deleted",
    "customer deleted",
]


@pytest.mark.parametrize(
    "official",
    [
        pytest.param(THEN, id="2022", marks=pytest.mark.official_client(THEN.name)),
        pytest.param(TODAY, id="2026", marks=pytest.mark.official_client(TODAY.name)),
    ],
)
def test_forty_calls_give_what_they_gave(official: Official, server: str) -> None:
    told = official.told_by("forty", server, f"sk_test_forty_{official.name.replace('-', '_')}")

    assert len(told) == 40
    assert told == GAVE
