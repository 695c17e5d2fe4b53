"""An account is linked from end to end: official packages on both sides, a browser in the middle."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe
from playwright.sync_api import Request, expect

import linkspan
from tests.acceptance.merchant.site import Merchant
from tests.acceptance.person import Person
from tests.acceptance.programs import Town

pytestmark = pytest.mark.browser

SAM_HAS = {"Campus Checking": "checking", "Guitar": "savings"}


@pytest.fixture
def addresses(person: Person) -> list[str]:
    """Every address the person's browser asked for, beside the address it came from."""
    seen: list[str] = []

    def note(request: Request) -> None:
        seen.extend([request.url, request.headers.get("referer", "")])

    person.context.on("request", note)
    return seen


def identities(accounts: list[Any]) -> set[tuple[str, str | None, str | None, str]]:
    """What every reader must agree on, whatever its types are."""
    return {(each.id, each.display_name, each.last4, each.status) for each in accounts}


def read_asynchronously(town: Town, key: str, session: str) -> list[linkspan.Account]:
    """List a Session's accounts through the asynchronous client; Playwright's loop has this thread."""

    async def read() -> list[linkspan.Account]:
        async with linkspan.AsyncClient(key, base_url=town.server) as client:
            return [account async for account in await client.accounts.list(session=session)]

    with ThreadPoolExecutor(max_workers=1) as elsewhere:
        return elsewhere.submit(asyncio.run, read()).result()


def link_everything(visitor: Person) -> dict[str, Any]:
    """Go all the way."""
    visitor.sign_in(visitor.go_to_bank())
    visitor.finish()
    return visitor.outcome()


def test_everyone_agrees_on_what_was_linked(
    town: Town, merchant: Merchant, visitor: Person, addresses: list[str]
) -> None:
    outcome = link_everything(visitor)

    session = merchant.sessions[0]
    promised = outcome["financialConnectionsSession"]
    assert promised["id"] == session.id
    assert {each["display_name"]: each["subcategory"] for each in promised["accounts"]} == SAM_HAS
    promised_identities = {
        (each["id"], each["display_name"], each["last4"], each["status"]) for each in promised["accounts"]
    }

    key = merchant.secret_key
    retrieved = stripe.financial_connections.Session.retrieve(session.id, api_key=key)
    listed = stripe.financial_connections.Account.list(session=session.id, api_key=key)
    with linkspan.Client(key, base_url=town.server) as client:
        ours = client.sessions.retrieve(session.id)
        ours_listed = list(client.accounts.list(session=session.id))
    agreeing = (
        list(retrieved.accounts.data),
        list(listed.auto_paging_iter()),
        list(ours.accounts.data),
        ours_listed,
        read_asynchronously(town, key, session.id),
    )
    assert [identities(each) for each in agreeing] == [promised_identities] * len(agreeing)
    assert {account.balance.type for account in listed.data if account.balance} == {"cash"}
    assert all(account.ownership for account in listed.data)

    secret = session.client_secret or "there is one"
    assert not [address for address in addresses if secret in address]
    kept = [town.log, *town.database.parent.glob("linkspan.db*")]
    assert not [path.name for path in kept if secret.encode() in path.read_bytes()]


def test_disconnecting_ends_access_for_everyone(town: Town, merchant: Merchant, visitor: Person) -> None:
    link_everything(visitor)
    session, key = merchant.sessions[0].id, merchant.secret_key
    first, second = stripe.financial_connections.Account.list(session=session, api_key=key).data

    ended = stripe.financial_connections.Account.disconnect(first.id, api_key=key)

    assert (ended.status, ended.balance, ended.ownership) == ("disconnected", None, None)
    with linkspan.Client(key, base_url=town.server) as client:
        assert client.accounts.retrieve(first.id).status == "disconnected"
        assert client.accounts.retrieve(second.id).status == "active"
        shown = {each.id: each.status for each in client.sessions.retrieve(session).accounts.data}
    assert shown == {first.id: "disconnected", second.id: "active"}


def test_leaving_early_resolves_with_no_accounts(merchant: Merchant, visitor: Person) -> None:
    visitor.press("ls-close")

    outcome = visitor.outcome()
    assert outcome["financialConnectionsSession"]["accounts"] == []
    session = merchant.sessions[0].id
    assert (
        stripe.financial_connections.Session.retrieve(session, api_key=merchant.secret_key).accounts.data
        == []
    )


def test_leaving_from_the_accounts_asks_first_and_links_nothing(merchant: Merchant, visitor: Person) -> None:
    visitor.sign_in(visitor.go_to_bank())
    visitor.expect_pane("accounts")

    visitor.press("ls-close")
    visitor.press("ls-exit-leave")

    assert visitor.outcome()["financialConnectionsSession"]["accounts"] == []
    listed = stripe.financial_connections.Account.list(
        session=merchant.sessions[0].id, api_key=merchant.secret_key
    )
    assert listed.data == []


def test_a_page_loaded_again_goes_on_where_it_was(merchant: Merchant, visitor: Person) -> None:
    tab = visitor.go_to_bank()
    visitor.page.reload()
    visitor.expect_pane("login")
    visitor.sign_in(tab)
    visitor.expect_pane("accounts")
    visitor.page.reload()
    visitor.expect_pane("accounts")

    visitor.finish()

    assert len(visitor.outcome()["financialConnectionsSession"]["accounts"]) == len(SAM_HAS)
    assert len(merchant.sessions) == 1


@pytest.fixture
def denied(visitor: Person) -> Person:
    """Somebody who said no at the bank."""
    visitor.sign_in(visitor.go_to_bank(), answer="bank-deny")
    visitor.expect_pane("error")
    return visitor


def test_who_said_no_at_the_bank_may_try_again(denied: Person) -> None:
    expect(denied.modal.get_by_test_id("ls-support-id")).to_contain_text("req_")

    denied.press("ls-error-retry")
    denied.sign_in(denied.open_bank("ls-login-link"))
    denied.finish()

    assert len(denied.outcome()["financialConnectionsSession"]["accounts"]) == len(SAM_HAS)


def test_who_said_no_at_the_bank_may_leave(denied: Person) -> None:
    denied.press("ls-error-close")

    assert denied.outcome()["financialConnectionsSession"]["accounts"] == []


def test_who_said_no_may_choose_another_bank(denied: Person) -> None:
    denied.press("ls-error-another_bank")

    denied.expect_pane("bank")
