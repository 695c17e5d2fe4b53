"""What each call sends, what it returns."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from linkspan import Account, Customer, DeletedCustomer, Session, Transaction
from linkspan.client.params import FiltersParams
from tests.client.conftest import Calls
from tests.client.wire import BASE, KEY, account, answered, form, page, session

Calling = Callable[..., Calls]

CUSTOMER = {"id": "cus_1", "object": "customer", "created": 1790000000, "livemode": False, "name": "Ada"}


def test_creating_a_session_sends_every_parameter_in_stripes_form(calling: Calling) -> None:
    calls = calling(answered(session()))

    made = calls.done(
        calls.client.sessions.create(
            account_holder={"type": "customer", "customer": "cus_1"},
            permissions=["balances", "ownership"],
            filters={"countries": ["US"], "account_subcategories": ["checking"]},
            limits={"accounts": 1},
            manual_entry={"mode": "disabled"},
            prefetch=["balances"],
            return_url="https://a.example/back",
        )
    )

    assert isinstance(made, Session)
    assert (calls.last.method, calls.last.url) == ("POST", f"{BASE}/v1/financial_connections/sessions")
    assert form(calls.last) == {
        "account_holder[type]": "customer",
        "account_holder[customer]": "cus_1",
        "permissions[0]": "balances",
        "permissions[1]": "ownership",
        "filters[country]": "US",
        "filters[account_subcategories][0]": "checking",
        "limits[accounts]": "1",
        "manual_entry[mode]": "disabled",
        "prefetch[0]": "balances",
        "return_url": "https://a.example/back",
    }


@pytest.mark.parametrize("filters", [{"countries": ["US"]}, {"country": "US"}])
def test_filters_are_sent_in_the_words_of_the_pinned_version(
    calling: Calling, filters: FiltersParams
) -> None:
    calls = calling(answered(session()), version="2026-07-29.dahlia")

    calls.done(
        calls.client.sessions.create(account_holder={"type": "customer"}, permissions=[], filters=filters)
    )

    assert form(calls.last)["filters[countries][0]"] == "US"
    assert "filters[country]" not in form(calls.last)


def test_nothing_is_sent_when_the_filters_cannot_be_said(calling: Calling) -> None:
    calls = calling(answered(session()))

    with pytest.raises(ValueError, match=r"filters\[countries\]"):
        calls.done(
            calls.client.sessions.create(
                account_holder={"type": "customer"}, permissions=[], filters={"countries": ["US", "CA"]}
            )
        )

    assert calls.sent == []


def test_a_session_is_retrieved_with_its_accounts(calling: Calling) -> None:
    calls = calling(answered(session(accounts=page(account("fca_1")))))

    retrieved = calls.done(calls.client.sessions.retrieve("fcsess_1"))

    assert (calls.last.method, calls.last.url) == (
        "GET",
        f"{BASE}/v1/financial_connections/sessions/fcsess_1",
    )
    assert [each.id for each in retrieved.accounts.data] == ["fca_1"]


def test_an_account_is_retrieved_with_what_is_expanded(calling: Calling) -> None:
    calls = calling(answered(account("fca_1")))

    retrieved = calls.done(calls.client.accounts.retrieve("fca_1", expand=["ownership"]))

    assert isinstance(retrieved, Account)
    assert form(calls.last) == {"expand[0]": "ownership"}


def test_an_account_is_disconnected(calling: Calling) -> None:
    calls = calling(answered(account("fca_1", status="disconnected")))

    ended = calls.done(calls.client.accounts.disconnect("fca_1"))

    assert ended.status == "disconnected"
    assert calls.last.url == f"{BASE}/v1/financial_connections/accounts/fca_1/disconnect"
    assert calls.last.method == "POST"


def test_a_refresh_is_asked_for_by_its_features(calling: Calling) -> None:
    calls = calling(answered(account("fca_1")))

    calls.done(calls.client.accounts.refresh("fca_1", features=["balance", "ownership"], idempotency_key="k"))

    assert (calls.last.method, calls.last.url) == (
        "POST",
        f"{BASE}/v1/financial_connections/accounts/fca_1/refresh",
    )
    assert form(calls.last) == {"features[0]": "balance", "features[1]": "ownership"}
    assert calls.last.headers["Idempotency-Key"] == "k"


@pytest.mark.parametrize("verb", ["subscribe", "unsubscribe"])
def test_a_daily_refresh_is_begun_and_ended_by_its_features(calling: Calling, verb: str) -> None:
    calls = calling(answered(account("fca_1", subscriptions=["transactions"])))
    call = getattr(calls.client.accounts, verb)

    answer = calls.done(call("fca_1", features=["transactions"], idempotency_key="k"))

    assert answer.subscriptions == ("transactions",)
    assert (calls.last.method, calls.last.url) == (
        "POST",
        f"{BASE}/v1/financial_connections/accounts/fca_1/{verb}",
    )
    assert form(calls.last) == {"features[0]": "transactions"}
    assert calls.last.headers["Idempotency-Key"] == "k"


TRANSACTION = {
    "id": "fctxn_1",
    "object": "financial_connections.transaction",
    "account": "fca_1",
    "amount": -1250,
    "currency": "usd",
    "description": "COFFEE BAR",
    "livemode": False,
    "status": "pending",
    "status_transitions": {"posted_at": None, "void_at": None},
    "transacted_at": 1790000000,
    "transaction_refresh": "fctxnref_2",
    "updated": 1790000000,
}


def test_transactions_are_listed_by_account_time_and_refresh(calling: Calling) -> None:
    calls = calling(answered(page(TRANSACTION)))

    listed = calls.done(
        calls.client.transactions.list(
            account="fca_1",
            transacted_at={"gte": 1780000000, "lt": datetime(2026, 9, 22, tzinfo=UTC)},
            transaction_refresh={"after": "fctxnref_1"},
            limit=100,
        )
    )

    assert [(each.id, each.amount) for each in listed.data] == [("fctxn_1", -1250)]
    assert calls.last.url.startswith(f"{BASE}/v1/financial_connections/transactions?")
    assert form(calls.last) == {
        "account": "fca_1",
        "transacted_at[gte]": "1780000000",
        "transacted_at[lt]": "1790035200",
        "transaction_refresh[after]": "fctxnref_1",
        "limit": "100",
    }


def test_transactions_of_one_instant_are_listed_by_it(calling: Calling) -> None:
    calls = calling(answered(page()))

    calls.done(calls.client.transactions.list(account="fca_1", transacted_at=1780000000))

    assert form(calls.last)["transacted_at"] == "1780000000"


def test_a_transaction_is_retrieved(calling: Calling) -> None:
    calls = calling(answered(TRANSACTION))

    retrieved = calls.done(calls.client.transactions.retrieve("fctxn_1"))

    assert isinstance(retrieved, Transaction)
    assert calls.last.url == f"{BASE}/v1/financial_connections/transactions/fctxn_1"


def test_inferred_balances_are_listed_by_day(calling: Calling) -> None:
    day = {
        "object": "financial_connections.account_inferred_balance",
        "id": "fcinfbal_1",
        "as_of": 1_790_035_199,
        "current": {"usd": 1250},
    }
    calls = calling(answered(page(day)))

    listed = calls.done(calls.client.accounts.list_inferred_balances("fca_1", limit=1))

    assert [(each.as_of, dict(each.current)) for each in listed.data] == [(1_790_035_199, {"usd": 1250})]
    assert calls.last.url.startswith(f"{BASE}/v1/financial_connections/accounts/fca_1/inferred_balances")
    assert form(calls.last) == {"limit": "1"}


def test_owners_are_listed_by_their_snapshot(calling: Calling) -> None:
    owner = {
        "object": "financial_connections.account_owner",
        "id": "fcaown_1",
        "email": None,
        "name": "Ada",
        "ownership": "fcaowns_1",
        "phone": None,
        "raw_address": None,
        "refreshed_at": None,
    }
    calls = calling(answered(page(owner)))

    listed = calls.done(calls.client.accounts.list_owners("fca_1", ownership="fcaowns_1"))

    assert [each.name for each in listed.data] == ["Ada"]
    assert calls.last.url.startswith(f"{BASE}/v1/financial_connections/accounts/fca_1/owners")
    assert form(calls.last) == {"ownership": "fcaowns_1"}


def test_a_customer_is_created_and_retrieved(calling: Calling) -> None:
    calls = calling(answered(CUSTOMER))

    made = calls.done(calls.client.customers.create(name="Ada", metadata={"plan": "a b"}))
    again = calls.done(calls.client.customers.retrieve(made.id))

    assert isinstance(made, Customer)
    assert made == again
    assert form(calls.sent[0]) == {"name": "Ada", "metadata[plan]": "a b"}
    assert calls.last.url == f"{BASE}/v1/customers/cus_1"


def test_a_customer_is_changed_listed_and_deleted(calling: Calling) -> None:
    gone = {"id": "cus_1", "object": "customer", "deleted": True}
    calls = calling(answered(CUSTOMER), answered(page(CUSTOMER)), answered(gone))

    changed = calls.done(calls.client.customers.update("cus_1", phone="", metadata=""))
    listed = calls.done(calls.client.customers.list(email="ada@example.com"))
    deleted = calls.done(calls.client.customers.delete("cus_1"))

    assert changed == listed.data[0]
    assert isinstance(deleted, DeletedCustomer)
    assert form(calls.sent[0]) == {"phone": "", "metadata": ""}
    assert form(calls.sent[1]) == {"email": "ada@example.com"}
    assert (calls.last.method, calls.last.url) == ("DELETE", f"{BASE}/v1/customers/cus_1")
    assert "Idempotency-Key" not in calls.last.headers


def test_an_object_stands_for_its_id(calling: Calling) -> None:
    calls = calling(answered(session()), answered(page()))

    made = calls.done(calls.client.sessions.retrieve("fcsess_1"))
    calls.done(calls.client.accounts.list(session=made))

    assert form(calls.last) == {"session": "fcsess_1"}


def test_every_request_says_who_asks_in_which_version(calling: Calling) -> None:
    calls = calling(answered(CUSTOMER), account="acct_1")

    calls.done(calls.client.customers.retrieve("cus_1"))

    assert calls.last.headers["Authorization"] == f"Bearer {KEY}"
    assert calls.last.headers["Stripe-Version"] == "2026-10-28.endive"
    assert calls.last.headers["Stripe-Account"] == "acct_1"
    assert calls.last.headers["User-Agent"].startswith("linkspan-python/")


def test_an_empty_id_is_refused_before_it_names_the_whole_list(calling: Calling) -> None:
    calls = calling(answered(CUSTOMER))

    with pytest.raises(ValueError, match="id must not be empty"):
        calls.done(calls.client.customers.retrieve(""))

    assert calls.sent == []


def test_an_id_cannot_leave_its_place_in_the_path(calling: Calling) -> None:
    calls = calling(answered(CUSTOMER))

    calls.done(calls.client.customers.retrieve("../accounts?x=1"))

    assert calls.last.url == f"{BASE}/v1/customers/..%2Faccounts%3Fx%3D1"


def test_a_field_of_a_later_version_is_kept(calling: Calling) -> None:
    calls = calling(answered(account("fca_1", novelty=[1])))

    assert calls.done(calls.client.accounts.retrieve("fca_1")).extra == {"novelty": (1,)}
