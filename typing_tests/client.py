"""What a type checker knows of the client. Checked by mypy and pyright, never run."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import assert_type

import linkspan


def sync_calls(client: linkspan.Client) -> None:
    """Each call of Client returns its object."""
    session = client.sessions.create(
        account_holder={"type": "customer", "customer": "cus_1"},
        permissions=["balances", "ownership"],
        filters={"countries": ["US"]},
        limits={"accounts": 2},
    )
    assert_type(session, linkspan.Session)
    assert_type(client.sessions.retrieve("fcsess_1"), linkspan.Session)
    assert_type(session.client_secret, str | None)

    page = client.accounts.list(session=session, account_holder={"customer": "cus_1"}, limit=10)
    assert_type(page, linkspan.Page[linkspan.Account])
    assert_type(page.data, Sequence[linkspan.Account])
    assert_type(page.has_more, bool)
    assert_type(page.next_page(), linkspan.Page[linkspan.Account] | None)
    for account in page:
        assert_type(account, linkspan.Account)

    assert_type(client.accounts.retrieve("fca_1"), linkspan.Account)
    assert_type(client.accounts.disconnect("fca_1"), linkspan.Account)
    assert_type(client.accounts.refresh("fca_1", features=["balance"]), linkspan.Account)
    owners = client.accounts.list_owners("fca_1", ownership="fcaowns_1")
    assert_type(owners, linkspan.Page[linkspan.AccountOwner])
    happened = client.events.list(type="financial_connections.*", created={"gte": 1790000000}, limit=100)
    assert_type(happened, linkspan.Page[linkspan.Event])
    assert_type(client.events.retrieve("evt_1"), linkspan.Event)
    assert_type(list(client.thin_events.list(limit=1)), list[linkspan.ThinEvent])
    assert_type(client.event_destinations.retrieve("ed_1"), linkspan.EventDestination)
    movements = client.transactions.list(
        account=session.accounts.data[0],
        transacted_at={"gte": 1790000000, "lt": datetime.now(UTC)},
        transaction_refresh={"after": "fctxnref_1"},
        limit=100,
    )
    assert_type(movements, linkspan.Page[linkspan.Transaction])
    assert_type(client.transactions.retrieve("fctxn_1"), linkspan.Transaction)
    assert_type(client.customers.create(name="Ada"), linkspan.Customer)
    assert_type(client.customers.delete("cus_1"), linkspan.DeletedCustomer)
    with client as entered:
        assert_type(entered, linkspan.Client)


def calls_about_neighbours(client: linkspan.Client, account: linkspan.Account) -> None:
    """Each call about what surrounds linking returns its object."""
    method = client.payment_methods.create(
        us_bank_account={"financial_connections_account": account},
        billing_details={"name": "Ada"},
    )
    assert_type(method, linkspan.PaymentMethod)
    assert_type(client.payment_methods.list(customer="cus_1"), linkspan.Page[linkspan.PaymentMethod])
    assert_type(client.tokens.create(bank_account={"payment_method": method}), linkspan.Token)
    intent = client.payment_intents.create(
        amount=5000,
        currency="usd",
        payment_method=method,
        payment_method_options={"us_bank_account": {"verification_method": "automatic"}},
    )
    assert_type(intent, linkspan.PaymentIntent)
    assert_type(client.payment_intents.verify_microdeposits("pi_1", amounts=[32, 45]), linkspan.PaymentIntent)
    assert_type(client.setup_intents.confirm("seti_1"), linkspan.SetupIntent)
    assert_type(client.setup_intents.list(), linkspan.Page[linkspan.SetupIntent])
    connected = client.connected_accounts.create(type="express")
    assert_type(connected, linkspan.ConnectedAccount)
    client.sessions.create(account_holder={"type": "account", "account": connected}, permissions=["balances"])


async def async_calls(client: linkspan.AsyncClient) -> None:
    """Each call of AsyncClient returns its object when awaited."""
    assert_type(await client.sessions.retrieve("fcsess_1"), linkspan.Session)
    page = await client.accounts.list()
    assert_type(page, linkspan.AsyncPage[linkspan.Account])
    async for account in page:
        assert_type(account, linkspan.Account)
    assert_type(await page.next_page(), linkspan.AsyncPage[linkspan.Account] | None)
    async for movement in await client.transactions.list(account="fca_1", transacted_at=1790000000):
        assert_type(movement, linkspan.Transaction)
    async with client as entered:
        assert_type(entered, linkspan.AsyncClient)


def errors(error: linkspan.LinkspanError) -> None:
    """Every error may carry what the server told."""
    assert_type(error.http_status, int | None)
    assert_type(error.request_id, str | None)
    assert_type(error.code, str | None)
    assert_type(error.param, str | None)


def balances(account: linkspan.Account) -> None:
    """Amounts are whole minor units by currency."""
    if account.balance is not None:
        current: Mapping[str, int] = account.balance.current
        del current


def mistakes(client: linkspan.Client) -> None:
    """Each of these is an error; mypy reports an ignore that is not needed."""
    client.sessions.create(account_holder={"type": "person"}, permissions=[])  # type: ignore[typeddict-item]
    client.sessions.create(account_holder={"type": "customer"}, permissions=["balance"])  # type: ignore[list-item]
    client.transactions.list()  # type: ignore[call-arg]
    client.sessions.create(permissions=["balances"])  # type: ignore[call-arg]
    client.sessions.create(account_holder={"type": "customer"}, permissions=[], filters={"contry": "US"})  # type: ignore[arg-type]
