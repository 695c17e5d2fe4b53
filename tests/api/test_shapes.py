"""Each route answers in the shape of Stripe's API."""

import re
from typing import Any

import msgspec
import pytest

from tests.api.conftest import (
    KEY,
    NOON,
    Server,
    link_account,
    make_session,
    show_account,
    wanted_session,
)

SESSIONS = "/v1/financial_connections/sessions"
ACCOUNTS = "/v1/financial_connections/accounts"
EMPTY_LIST = {"object": "list", "data": [], "has_more": False, "url": ACCOUNTS}


def test_a_customer_is_created_and_retrieved(server: Server) -> None:
    answer = server.post(
        "/v1/customers",
        {
            "name": "Jenny Rosen",
            "email": "jenny@example.com",
            "phone": "+15555550123",
            "description": "A rider & more",
            "metadata[ride]": "7",
            "metadata[ünïcode]": "☂",
        },
    )

    assert answer.status == 200
    assert re.fullmatch(r"cus_[0-9A-Za-z]{24}", answer.json["id"])
    assert answer.json | {"id": ""} == {
        "id": "",
        "object": "customer",
        "balance": 0,
        "created": int(NOON),
        "default_source": None,
        "description": "A rider & more",
        "email": "jenny@example.com",
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {"ride": "7", "ünïcode": "☂"},
        "name": "Jenny Rosen",
        "phone": "+15555550123",
        "shipping": None,
    }
    assert server.get(f"/v1/customers/{answer.json['id']}").body == answer.body


def test_a_customer_of_nothing_has_nulls(server: Server) -> None:
    created = server.post("/v1/customers").json

    assert {created[name] for name in ("description", "email", "name", "phone")} == {None}
    assert created["metadata"] == {}


def test_a_session_is_created_with_the_defaults_of_the_newest_version(server: Server, customer: str) -> None:
    answer = server.post(SESSIONS, wanted_session(customer))

    created: dict[str, Any] = answer.json
    assert answer.status == 200
    assert re.fullmatch(r"fcsess_[0-9A-Za-z]{24}", created["id"])
    assert re.fullmatch(r"fcsess_client_secret_[0-9A-Za-z]{24}", created["client_secret"])
    assert created | {"id": "", "client_secret": ""} == {
        "id": "",
        "object": "financial_connections.session",
        "account_holder": {"type": "customer", "customer": customer},
        "accounts": EMPTY_LIST,
        "client_secret": "",
        "filters": {
            "account_subcategories": ["checking", "credit_card", "line_of_credit", "mortgage", "savings"],
            "country": None,
            "require_payment_method_support": "none",
        },
        "livemode": False,
        "manual_entry": {"mode": "disabled"},
        "permissions": ["balances", "ownership"],
        "prefetch": [],
    }


def test_a_session_with_everything_shows_everything(server: Server, customer: str) -> None:
    created = make_session(
        server,
        customer,
        prefetch__0="ownership",
        filters__account_subcategories__0="savings",
        filters__account_subcategories__1="checking",
        filters__country="US",
        filters__require_payment_method_support="at_least_one",
        limits__accounts="3",
        manual_entry__mode="automatic",
        return_url="https://shop.example/back?a=1&b=2",
    )

    assert created["prefetch"] == ["ownership"]
    assert created["filters"] == {
        "account_subcategories": ["savings", "checking"],
        "country": "US",
        "require_payment_method_support": "at_least_one",
    }
    assert created["limits"] == {"accounts": 3}
    assert created["manual_entry"] == {"mode": "automatic"}
    assert created["return_url"] == "https://shop.example/back?a=1&b=2"


def test_an_empty_limit_of_accounts_means_no_limit(server: Server, customer: str) -> None:
    assert "limits" not in make_session(server, customer, limits__accounts="")


def test_a_session_for_the_tenants_own_account_is_created(server: Server) -> None:
    own = server.scope().tenant

    answer = server.post(
        SESSIONS,
        {
            "account_holder[type]": "account",
            "account_holder[account]": own,
            "permissions[]": "payment_method",
        },
    )

    assert answer.json["account_holder"] == {"type": "account", "account": own}


def test_a_session_is_retrieved_as_it_was_created(server: Server, customer: str) -> None:
    created = server.post(SESSIONS, wanted_session(customer))

    assert server.get(f"{SESSIONS}/{created.json['id']}").body == created.body


def test_a_banks_text_like_the_place_of_the_client_secret_does_not_receive_it(
    server: Server, customer: str
) -> None:
    created = make_session(server, customer)
    lure = '"client_secret":null'
    show_account(server, created["id"], link_account(server, display_name=lure))

    session = server.get(f"{SESSIONS}/{created['id']}").json

    assert session["client_secret"] == created["client_secret"]
    assert session["accounts"]["data"][0]["display_name"] == lure


@pytest.mark.parametrize(
    "array", ["permissions[]={}&permissions[]={}", "permissions[1]={1}&permissions[0]={0}"]
)
def test_arrays_are_read_in_either_spelling_and_in_order(server: Server, customer: str, array: str) -> None:
    holder = f"account_holder[type]=customer&account_holder[customer]={customer}&"
    raw = (holder + array.format("balances", "ownership")).encode()

    assert server.post(SESSIONS, raw).json["permissions"] == ["balances", "ownership"]


def test_an_account_is_retrieved_as_it_is_kept(server: Server) -> None:
    account = link_account(server)

    answer = server.get(f"{ACCOUNTS}/{account.id}")

    doc = server.query("SELECT doc FROM accounts")[0][0]
    assert (answer.status, answer.body) == (200, doc)
    assert answer.json == {
        "id": account.id,
        "object": "financial_connections.account",
        "account_holder": {"type": "customer", "customer": "cus_1"},
        "account_numbers": [],
        "balance": {
            "as_of": int(NOON),
            "cash": {"available": {"usd": 12000}},
            "current": {"usd": 12345},
            "type": "cash",
        },
        "balance_refresh": None,
        "category": "cash",
        "created": int(NOON),
        "display_name": "Everyday",
        "institution_name": "Harbor Bank",
        "last4": "6789",
        "livemode": False,
        "ownership": None,
        "ownership_refresh": None,
        "permissions": ["balances", "ownership"],
        "status": "active",
        "subcategory": "checking",
        "subscriptions": [],
        "supported_payment_method_types": ["us_bank_account"],
        "transaction_refresh": None,
    }


def test_accounts_are_listed_newest_first(server: Server) -> None:
    first = link_account(server)
    server.clock.pass_(1)
    second = link_account(server)

    answer = server.get(ACCOUNTS)

    assert answer.status == 200
    assert [account["id"] for account in answer.json["data"]] == [second.id, first.id]
    assert answer.json | {"data": []} == EMPTY_LIST


def test_accounts_are_listed_by_session_and_by_holder(server: Server, customer: str) -> None:
    session = make_session(server, customer)["id"]
    wanted = link_account(server, session=session, customer=customer)
    link_account(server, session="fcsess_other", customer="cus_other")

    by_session = server.get(ACCOUNTS, {"session": session}).json["data"]
    by_customer = server.get(ACCOUNTS, {"account_holder[customer]": customer}).json["data"]
    by_account = server.get(ACCOUNTS, {"account_holder[account]": server.scope().tenant}).json["data"]

    assert [[account["id"] for account in data] for data in (by_session, by_customer, by_account)] == [
        [wanted.id],
        [wanted.id],
        [],
    ]


def test_a_disconnected_account_shows_nothing_the_bank_told(server: Server) -> None:
    account = link_account(server, is_owned=True)

    answer = server.post(f"{ACCOUNTS}/{account.id}/disconnect")

    assert answer.status == 200
    assert answer.json["status"] == "disconnected"
    assert answer.json["balance"] is None
    assert answer.json["ownership"] is None
    assert answer.json["account_numbers"] == []
    assert server.get(f"{ACCOUNTS}/{account.id}").body == answer.body


def test_disconnecting_destroys_what_the_bank_told(server: Server) -> None:
    account = link_account(server, is_owned=True)

    server.post(f"{ACCOUNTS}/{account.id}/disconnect")

    assert server.rows()["ownerships"] == 0
    assert server.query("SELECT bank_details FROM accounts") == [(None,)]


def test_disconnecting_twice_changes_nothing_more(server: Server) -> None:
    account = link_account(server)
    first = server.post(f"{ACCOUNTS}/{account.id}/disconnect")
    events = server.rows()["events"]

    second = server.post(f"{ACCOUNTS}/{account.id}/disconnect")

    assert second.body == first.body
    assert server.rows()["events"] == events


def test_the_bank_is_told_when_the_last_account_of_a_grant_is_disconnected(server: Server) -> None:
    first = link_account(server, authorization=None)
    (grant,) = server.query("SELECT id FROM authorizations")[0]
    second = link_account(server, authorization=grant)

    def status() -> str:
        found: str = server.query("SELECT status FROM authorizations")[0][0]
        return found

    server.post(f"{ACCOUNTS}/{first.id}/disconnect")
    assert status() == "active"
    server.post(f"{ACCOUNTS}/{second.id}/disconnect")
    assert status() == "revoking"


@pytest.mark.parametrize("path", ["/v1/customers", SESSIONS])
def test_what_was_created_is_an_event_that_names_its_request(
    server: Server, customer: str, path: str
) -> None:
    params = {} if path == "/v1/customers" else wanted_session(customer)
    server.clock.pass_(1)

    answer = server.post(path, params, idempotency_key="once")

    (doc,) = server.query("SELECT doc FROM events ORDER BY id DESC LIMIT 1")[0]
    event = msgspec.json.decode(doc)
    assert event["request"] == {"id": answer.headers["request-id"], "idempotency_key": "once"}
    assert event["data"]["object"]["id"] == answer.json["id"]
    assert event["created"] == int(NOON) + 1


@pytest.mark.parametrize(
    "credentials",
    [
        f"Bearer {KEY}",
        f"bearer {KEY}",
        f"Bearer  {KEY} ",
        "Basic c2tfdGVzdF81MVRoZVRlbmFudE9mVGhlVGVzdHM6",
        "basic c2tfdGVzdF81MVRoZVRlbmFudE9mVGhlVGVzdHM=",
    ],
)
def test_a_key_is_taken_as_bearer_and_as_the_user_of_basic(
    server: Server, customer: str, credentials: str
) -> None:
    answer = server.get(f"/v1/customers/{customer}", key=None, authorization=credentials)

    assert answer.status == 200


def test_every_answer_says_what_it_is(server: Server) -> None:
    for answer in (server.post("/v1/customers"), server.get("/v1/nothing")):
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["content-length"] == str(len(answer.body))
        assert answer.headers["stripe-version"] == "2026-10-28.endive"
        assert re.fullmatch(r"req_[0-9A-Za-z]{24}", answer.headers["request-id"])
        assert answer.headers["cache-control"] == "no-cache, no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_no_two_answers_have_one_request_id(server: Server) -> None:
    ids = {server.post("/v1/customers").headers["request-id"] for _ in range(20)}

    assert len(ids) == 20
