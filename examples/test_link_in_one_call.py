"""Links an account in one call, without a browser: `pytest examples/test_link_in_one_call.py`."""


def test_a_link_lists_its_accounts(linkspan_client, linkspan_complete, linkspan_webhooks):
    customer = linkspan_client.customers.create(name="Jenny Rosen")
    holder = {"type": "customer", "customer": customer}
    session = linkspan_client.sessions.create(account_holder=holder, permissions=["balances"])

    linked = linkspan_complete(session, accounts=["Success"])

    assert [account.last4 for account in linked.accounts] == ["6789"]
    assert linkspan_webhooks.next("financial_connections.account.created")
