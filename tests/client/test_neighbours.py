"""What calls about payment methods, tokens and connected accounts send, and what they return."""

from collections.abc import Callable
from typing import Any

import pytest

from linkspan import BankAccount, ConnectedAccount, PaymentMethod
from tests.client.conftest import Calls
from tests.client.wire import BASE, account, answered, form, page

Calling = Callable[..., Calls]

NOBODY = {"address": None, "email": None, "name": "Ada", "phone": None}
PAYMENT_METHOD = {
    "id": "pm_1",
    "object": "payment_method",
    "billing_details": NOBODY,
    "created": 1790000000,
    "customer": None,
    "livemode": False,
    "type": "us_bank_account",
}
TOKEN = {
    "id": "btok_1",
    "object": "token",
    "bank_account": {
        "id": "ba_1",
        "object": "bank_account",
        "account_holder_name": None,
        "account_holder_type": None,
        "bank_name": None,
        "country": "US",
        "currency": "usd",
        "last4": "6789",
        "routing_number": "110000000",
        "status": "new",
    },
    "client_ip": None,
    "created": 1790000000,
    "livemode": False,
    "type": "bank_account",
    "used": False,
}


def test_a_payment_method_is_made_of_a_linked_account(calling: Calling) -> None:
    calls = calling(answered(account("fca_1")), answered(PAYMENT_METHOD))
    linked = calls.done(calls.client.accounts.retrieve("fca_1"))

    made = calls.done(
        calls.client.payment_methods.create(
            us_bank_account={"financial_connections_account": linked}, billing_details={"name": "Ada"}
        )
    )

    assert isinstance(made, PaymentMethod)
    assert calls.last.url == f"{BASE}/v1/payment_methods"
    assert form(calls.last) == {
        "type": "us_bank_account",
        "us_bank_account[financial_connections_account]": "fca_1",
        "billing_details[name]": "Ada",
    }


@pytest.mark.parametrize(
    ("call", "params", "path", "sent"),
    [
        ("retrieve", {}, "/pm_1", {}),
        ("update", {"metadata": {"order": "1"}}, "/pm_1", {"metadata[order]": "1"}),
        ("attach", {"customer": "cus_1"}, "/pm_1/attach", {"customer": "cus_1"}),
        ("detach", {}, "/pm_1/detach", {}),
    ],
)
def test_a_payment_method_is_called_by_its_id(
    calling: Calling, call: str, params: dict[str, Any], path: str, sent: dict[str, str]
) -> None:
    calls = calling(answered(PAYMENT_METHOD))

    returned = calls.done(getattr(calls.client.payment_methods, call)("pm_1", **params))

    assert isinstance(returned, PaymentMethod)
    assert calls.last.url == f"{BASE}/v1/payment_methods{path}"
    assert form(calls.last) == sent


def test_the_payment_methods_of_a_customer_are_listed(calling: Calling) -> None:
    calls = calling(answered(page(PAYMENT_METHOD)))

    listed = calls.done(calls.client.payment_methods.list(customer="cus_1", type="us_bank_account"))

    assert [each.id for each in listed.data] == ["pm_1"]
    assert form(calls.last) == {"customer": "cus_1", "type": "us_bank_account"}


def test_a_token_is_made_of_numbers_or_of_a_payment_method(calling: Calling) -> None:
    calls = calling(answered(TOKEN))

    made = calls.done(
        calls.client.tokens.create(
            bank_account={"country": "US", "routing_number": "110000000", "account_number": "000123456789"}
        )
    )
    calls.done(calls.client.tokens.create(bank_account={"payment_method": "pm_1"}, customer="cus_1"))
    again = calls.done(calls.client.tokens.retrieve(made.id))

    assert made == again
    assert isinstance(made.bank_account, BankAccount)
    assert form(calls.sent[0])["bank_account[routing_number]"] == "110000000"
    assert form(calls.sent[1]) == {"bank_account[payment_method]": "pm_1", "customer": "cus_1"}
    assert calls.last.url == f"{BASE}/v1/tokens/btok_1"


def test_connected_accounts_are_made_changed_and_listed(calling: Calling) -> None:
    connected = {"object": "account", "id": "acct_1", "type": "express"}
    calls = calling(*[answered(connected)] * 4, answered(page(connected)))
    client = calls.client.connected_accounts

    made = calls.done(client.create(type="express", capabilities={"transfers": {"requested": True}}))
    calls.done(client.update("acct_1", business_profile={"name": "Ada's Engines"}))
    calls.done(client.retrieve("acct_1"))
    own = calls.done(client.retrieve_current())
    listed = calls.done(client.list(limit=1))

    assert made == own == listed.data[0]
    assert isinstance(made, ConnectedAccount)
    assert [request.url.removeprefix(BASE) for request in calls.sent] == [
        "/v1/accounts",
        "/v1/accounts/acct_1",
        "/v1/accounts/acct_1",
        "/v1/account",
        "/v1/accounts?limit=1",
    ]
    assert form(calls.sent[0]) == {"type": "express", "capabilities[transfers][requested]": "true"}
    assert form(calls.sent[1]) == {"business_profile[name]": "Ada's Engines"}
