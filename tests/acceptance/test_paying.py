"""The official package turns what people link into what they pay with, for itself and for others."""

from itertools import count

import pytest
import stripe

from linkspan import Client
from tests.acceptance.programs import Town
from tests.acceptance.unseen import Unseen

Account = stripe.financial_connections.Account
Session = stripe.financial_connections.Session
ROUTING = "110000000"
DIGITS = "000123456789"

pytestmark = pytest.mark.usefixtures("official")
_programs = count(1)


@pytest.fixture
def key() -> str:
    """The key of a program nobody else is."""
    return f"sk_test_paying_{next(_programs)}"


def linked(town: Town, customer: str, key: str) -> stripe.financial_connections.Account:
    """A checking account that a customer linked to pay from."""
    session = Session.create(
        account_holder={"type": "customer", "customer": customer},
        permissions=["payment_method"],
        filters={"account_subcategories": ["checking"]},
        api_key=key,
    )
    assert session.client_secret
    Unseen(town.server).link(session.client_secret)
    return next(Account.list(session=session.id, api_key=key).auto_paging_iter())


def test_a_linked_account_is_paid_from_until_it_is_detached(town: Town, key: str) -> None:
    customer = stripe.Customer.create(name="Robin Park", api_key=key)
    account = linked(town, customer.id, key)

    made = stripe.PaymentMethod.create(
        type="us_bank_account",
        us_bank_account={"financial_connections_account": account.id},
        billing_details={"name": "Robin Park"},
        api_key=key,
    )
    attached = stripe.PaymentMethod.attach(made.id, customer=customer.id, expand=["customer"], api_key=key)
    listed = stripe.Customer.list_payment_methods(customer.id, type="us_bank_account", api_key=key)
    detached = stripe.PaymentMethod.detach(made.id, api_key=key)

    assert made.us_bank_account is not None
    assert made.us_bank_account.financial_connections_account == account.id
    assert (made.us_bank_account.last4, made.us_bank_account.bank_name) == (
        account.last4,
        account.institution_name,
    )
    assert isinstance(attached.customer, stripe.Customer)
    assert [each.id for each in listed.auto_paging_iter()] == [made.id]
    assert detached.customer is None
    after = stripe.PaymentMethod.list(customer=customer.id, type="us_bank_account", api_key=key)
    assert list(after.auto_paging_iter()) == []
    happened = stripe.Event.list(type="payment_method.*", api_key=key)
    assert [event.type for event in happened.data] == ["payment_method.detached", "payment_method.attached"]


def test_typed_numbers_are_refused_in_stripes_words_and_known_again(key: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as raised:
        stripe.Token.create(
            bank_account={"country": "US", "routing_number": "110000001", "account_number": DIGITS},
            api_key=key,
        )

    token = stripe.Token.create(
        bank_account={"country": "US", "routing_number": ROUTING, "account_number": DIGITS}, api_key=key
    )
    method = stripe.PaymentMethod.create(
        type="us_bank_account",
        us_bank_account={"routing_number": ROUTING, "account_number": DIGITS},
        billing_details={"name": "Robin Park"},
        api_key=key,
    )

    assert (raised.value.code, raised.value.param) == (
        "routing_number_invalid",
        "bank_account[routing_number]",
    )
    assert token.bank_account is not None
    assert method.us_bank_account is not None
    assert stripe.Token.retrieve(token.id, api_key=key).bank_account == token.bank_account
    assert method.us_bank_account.fingerprint == token.bank_account.fingerprint
    assert DIGITS not in f"{token}{method}"


def test_a_platform_links_for_an_account_and_in_its_place(town: Town, key: str) -> None:
    own = stripe.Account.retrieve(api_key=key)
    connected = stripe.Account.create(
        type="custom",
        country="US",
        business_profile={"name": "Ada's Engines"},
        capabilities={"transfers": {"requested": True}},
        api_key=key,
    )

    session = Session.create(
        account_holder={"type": "account", "account": connected.id},
        permissions=["payment_method"],
        expand=["account_holder.account"],
        api_key=key,
    )
    assert session.client_secret
    Unseen(town.server).link(session.client_secret)
    there = stripe.Customer.create(name="Of Ada", api_key=key, stripe_account=connected.id)

    holder = session.account_holder
    assert holder is not None
    assert isinstance(holder.account, stripe.Account)
    assert holder.account.business_profile == connected.business_profile
    mine = Account.list(account_holder={"account": connected.id}, api_key=key)
    assert mine.data
    assert stripe.Account.retrieve(own.id, api_key=key) == own
    assert [each.id for each in stripe.Account.list(api_key=key).data] == [connected.id]
    assert Account.list(api_key=key, stripe_account=connected.id).data == []
    assert stripe.Customer.retrieve(there.id, api_key=key, stripe_account=connected.id) == there
    with pytest.raises(stripe.InvalidRequestError):
        stripe.Customer.retrieve(there.id, api_key=key)


def test_another_platforms_account_cannot_be_acted_for(key: str) -> None:
    foreign = stripe.Account.create(type="express", api_key="sk_test_another_platform")

    for refused in (foreign.id, "acct_of_nobody"):
        with pytest.raises(stripe.PermissionError) as raised:
            stripe.Customer.list(api_key=key, stripe_account=refused)
        assert raised.value.error is not None
        assert raised.value.error.code == "account_invalid"


def test_our_own_client_reads_the_same(town: Town, key: str) -> None:
    customer = stripe.Customer.create(name="Robin Park", api_key=key)
    account = linked(town, customer.id, key)

    with Client(key, base_url=town.server) as client:
        method = client.payment_methods.create(
            us_bank_account={"financial_connections_account": account.id},
            billing_details={"name": "Robin Park", "address": {"city": "Ghent"}},
        )
        client.payment_methods.attach(method.id, customer=customer.id)
        named = client.payment_methods.update(method.id, metadata={"order": "1"})
        token = client.tokens.create(bank_account={"payment_method": method}, customer=customer.id)
        (listed,) = client.payment_methods.list(customer=customer.id)
        connected = client.connected_accounts.create(type="express", metadata={"shop": "7"})
        walked = [each.id for each in client.connected_accounts.list()]
        changed = client.connected_accounts.update(connected.id, email="ada@example.com")
        with Client(key, base_url=town.server, account=connected.id) as theirs:
            acting = theirs.connected_accounts.retrieve_current()

        other = client.customers.create(name="Somebody Else", email="else@example.com")
        renamed = client.customers.update(other.id, name="Nobody Else")
        found = list(client.customers.list(email="else@example.com"))
        deleted = client.customers.delete(other.id)

    official = stripe.PaymentMethod.retrieve(method.id, api_key=key)
    assert listed == named
    assert listed.to_dict() == official.to_dict()
    assert listed.us_bank_account
    assert token.bank_account
    assert token.bank_account.fingerprint == listed.us_bank_account.fingerprint
    assert walked == [connected.id]
    assert acting == changed
    assert found == [renamed]
    assert deleted.id == other.id
    assert [each.id for each in stripe.Customer.list(api_key=key).data] == [customer.id]
