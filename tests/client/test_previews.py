"""What calls of preview versions send, and what they return."""

from collections.abc import Callable
from typing import Any

from linkspan import Authorization, Institution
from tests.client.conftest import Calls
from tests.client.wire import BASE, answered, form, page, session

Calling = Callable[..., Calls]

VERSION = "2026-10-28.preview"
YES = {"supported": True}
AUTHORIZATION: dict[str, Any] = {
    "id": "fcauth_1",
    "object": "financial_connections.authorization",
    "account_holder": {"type": "customer", "customer": "cus_1"},
    "institution": "fcinst_1",
    "institution_name": "Harbor Bank",
    "livemode": False,
    "status": "inactive",
    "status_details": {"inactive": {"action": "relink_required"}},
}
INSTITUTION: dict[str, Any] = {
    "id": "fcinst_1",
    "object": "financial_connections.institution",
    "countries": ["US"],
    "features": dict.fromkeys(("balances", "ownership", "payment_method", "transactions"), YES),
    "livemode": False,
    "name": "Harbor Bank",
    "routing_numbers": ["110000000"],
    "status": "active",
    "url": None,
}


def test_what_an_authorization_gave_is_repaired_in_a_page(calling: Calling) -> None:
    calls = calling(answered(AUTHORIZATION), answered(session()), version=VERSION)
    broken = calls.done(calls.client.authorizations.retrieve("fcauth_1"))
    assert calls.last.url == f"{BASE}/v1/financial_connections/authorizations/fcauth_1"

    calls.done(
        calls.client.sessions.create(
            account_holder={"type": "customer", "customer": "cus_1"},
            permissions=["balances"],
            ui_mode="hosted",
            hosted={"return_url": "https://shop.example/"},
            relink_options={"authorization": broken},
        )
    )

    assert isinstance(broken, Authorization)
    assert form(calls.last) == {
        "account_holder[type]": "customer",
        "account_holder[customer]": "cus_1",
        "permissions[0]": "balances",
        "ui_mode": "hosted",
        "hosted[return_url]": "https://shop.example/",
        "relink_options[authorization]": "fcauth_1",
    }


def test_an_institution_is_chosen_for_the_end_user(calling: Calling) -> None:
    calls = calling(answered(page(INSTITUTION)), answered(session()), version=VERSION)
    (offered,) = calls.done(calls.client.institutions.list(limit=1)).data
    assert calls.last.url == f"{BASE}/v1/financial_connections/institutions?limit=1"

    calls.done(
        calls.client.sessions.create(
            account_holder={"type": "customer", "customer": "cus_1"},
            permissions=["balances"],
            filters={"institution": offered.id},
        )
    )

    assert isinstance(offered, Institution)
    assert form(calls.last)["filters[institution]"] == "fcinst_1"


def test_an_institution_is_retrieved_by_its_id(calling: Calling) -> None:
    calls = calling(answered(INSTITUTION), version=VERSION)

    found = calls.done(calls.client.institutions.retrieve("fcinst_1"))

    assert found.features.transactions.supported
    assert calls.last.url == f"{BASE}/v1/financial_connections/institutions/fcinst_1"
    assert calls.last.headers["Stripe-Version"] == VERSION
