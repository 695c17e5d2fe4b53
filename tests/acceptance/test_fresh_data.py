"""The official package keeps an account's transactions fresh, and is told only what is new."""

import time
from collections.abc import Callable
from contextlib import closing
from itertools import count
from typing import Any

import pytest
import stripe

import linkspan
from linkspan.server.core.version import NEWEST_PREVIEW as PREVIEW
from tests.acceptance.programs import Town
from tests.acceptance.unseen import Unseen

Account = stripe.financial_connections.Account
Transaction = stripe.financial_connections.Transaction

pytestmark = pytest.mark.usefixtures("official")
_programs = count(1)
# Far more than a refresh takes on a machine that is busy with something else.
SECONDS_MAX = 30


@pytest.fixture
def key() -> str:
    """The key of a program nobody else is."""
    return f"sk_test_fresh_data_{next(_programs)}"


@pytest.fixture
def account(town: Town, key: str) -> stripe.financial_connections.Account:
    """A checking account that somebody linked with permission to read what moves on it."""
    customer = stripe.Customer.create(name="Robin Park", api_key=key)
    session = stripe.financial_connections.Session.create(
        account_holder={"type": "customer", "customer": customer.id},
        permissions=["balances", "transactions"],
        api_key=key,
    )
    assert session.client_secret
    Unseen(town.server).link(session.client_secret)
    listed = Account.list(session=session.id, api_key=key)
    return next(each for each in listed.auto_paging_iter() if each.subcategory == "checking")


def wait_for(
    account: str, key: str, is_there: Callable[[stripe.financial_connections.Account], bool]
) -> stripe.financial_connections.Account:
    """Return the account once it is as wanted, as a program does that is told of no events."""
    until = time.monotonic() + SECONDS_MAX
    while not is_there(found := Account.retrieve(account, api_key=key)):
        assert time.monotonic() < until, found
        time.sleep(0.02)
    return found


def is_refreshed_after(former: str | None) -> Callable[[stripe.financial_connections.Account], bool]:
    """Whether a refresh other than *former* has succeeded."""

    def is_there(account: stripe.financial_connections.Account) -> bool:
        refresh = account.transaction_refresh
        return refresh is not None and refresh.id != former and refresh.status == "succeeded"

    return is_there


def test_a_subscription_reads_at_once_and_tells_what_is_new_until_it_ends(
    account: stripe.financial_connections.Account, key: str
) -> None:
    subscribed = Account.subscribe(account.id, features=["transactions"], api_key=key)
    first = wait_for(account.id, key, is_refreshed_after(None)).transaction_refresh
    assert first is not None
    rows = list(Transaction.list(account=account.id, limit=100, api_key=key).auto_paging_iter())

    def again() -> stripe.financial_connections.Account:
        return Account.refresh_account(account.id, features=["transactions"], api_key=key)

    wait_for(account.id, key, lambda _: is_refreshed_after(first.id)(again()))
    news = Transaction.list(account=account.id, transaction_refresh={"after": first.id}, api_key=key)
    ended = Account.unsubscribe(account.id, features=["transactions"], api_key=key)

    assert subscribed.subscriptions == ["transactions"]
    assert len(rows) > 100
    assert {row.transaction_refresh for row in rows} == {first.id}
    assert first.id not in {row.transaction_refresh for row in news.auto_paging_iter()}
    assert len(news.data) < len(rows)
    assert ended.subscriptions == []


def test_each_refresh_is_told_by_one_event(account: stripe.financial_connections.Account, key: str) -> None:
    Account.subscribe(account.id, features=["transactions"], api_key=key)
    wait_for(account.id, key, is_refreshed_after(None))

    listed = stripe.Event.list(type="financial_connections.account.refreshed_transactions", api_key=key)

    (event,) = listed.data
    assert event.data.object["id"] == account.id
    assert event.data.object["transaction_refresh"]["status"] == "succeeded"


def test_a_preview_tells_what_an_account_held_each_day(
    town: Town, account: stripe.financial_connections.Account, key: str
) -> None:
    path = f"/v1/financial_connections/accounts/{account.id}"
    preview: stripe.RequestOptions = {"stripe_version": PREVIEW}

    with closing(stripe.RequestsClient()) as http:
        api = stripe.StripeClient(key, base_addresses={"api": town.server}, http_client=http)
        api.raw_request("post", f"{path}/refresh", features=["inferred_balances"], **preview)
        with linkspan.Client(key, base_url=town.server, version=PREVIEW) as ours:
            until = time.monotonic() + SECONDS_MAX
            while not (listed := ours.accounts.list_inferred_balances(account.id, limit=100)).data:
                assert time.monotonic() < until
                time.sleep(0.02)
            days = list(listed)
        told: Any = api.raw_request("get", f"{path}/inferred_balances?limit=3", **preview).data

    assert [day["id"] for day in told["data"]] == [day.id for day in days[:3]]
    assert len(days) > 170
    assert {set(day.current) == {"usd"} for day in days} == {True}


def test_what_the_end_user_did_not_permit_is_refused_by_name(
    account: stripe.financial_connections.Account, key: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        Account.refresh_account(account.id, features=["ownership"], api_key=key)

    assert (refused.value.http_status, refused.value.param) == (400, "features[0]")


def test_an_account_that_is_disconnected_cannot_be_subscribed_to(
    account: stripe.financial_connections.Account, key: str
) -> None:
    Account.disconnect(account.id, api_key=key)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        Account.subscribe(account.id, features=["transactions"], api_key=key)

    assert refused.value.code == "financial_connections_account_inactive"
