"""A program learns by webhook that something was linked, and can tell that it was us who said so."""

from collections.abc import Iterator

import pytest
import stripe

import linkspan
from tests.acceptance.merchant.site import Merchant
from tests.acceptance.person import Person
from tests.acceptance.receiver import Receiver, receiving

CREATED = "financial_connections.account.created"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as listening:
        yield listening


def listen(receiver: Receiver, key: str, *types: str) -> stripe.WebhookEndpoint:
    return stripe.WebhookEndpoint.create(url=receiver.url, enabled_events=list(types), api_key=key)  # type: ignore[arg-type]  # the stub lists the types one by one


@pytest.mark.browser
def test_a_program_is_told_of_each_account_that_is_linked(
    merchant: Merchant, visitor: Person, receiver: Receiver
) -> None:
    endpoint = listen(receiver, merchant.secret_key, CREATED)
    visitor.sign_in(visitor.go_to_bank())
    visitor.expect_pane("accounts")
    visitor.finish()
    linked = {each["id"] for each in visitor.outcome()["financialConnectionsSession"]["accounts"]}

    told = [receiver.next() for _ in linked]

    secret = endpoint.secret or "is shown once"
    signed = [(each.body, each.headers["stripe-signature"]) for each in told]
    theirs = [stripe.Webhook.construct_event(body, header, secret) for body, header in signed]
    ours = [linkspan.Webhook.construct_event(body, header, secret) for body, header in signed]
    assert {event.type for event in theirs} == {CREATED}
    assert {event.data.object.id for event in theirs} == linked
    assert [event.id for event in ours] == [event.id for event in theirs]
    listed = stripe.Event.list(type=CREATED, delivery_success=True, api_key=merchant.secret_key)
    assert {event.id for event in listed.data} == {event.id for event in theirs}


def test_an_endpoint_is_managed_with_the_official_package(official: str, receiver: Receiver) -> None:
    assert official
    key = "sk_test_official_endpoints"
    endpoint = listen(receiver, key, "customer.created")

    changed = stripe.WebhookEndpoint.modify(endpoint.id, description="Ours", api_key=key)
    listed = stripe.WebhookEndpoint.list(api_key=key)
    deleted = stripe.WebhookEndpoint.delete(endpoint.id, api_key=key)

    assert (changed.description, [one.id for one in listed.data]) == ("Ours", [endpoint.id])
    assert deleted.deleted


def test_an_address_that_is_not_this_machines_is_refused_by_name(official: str) -> None:
    assert official
    with pytest.raises(stripe.InvalidRequestError) as raised:
        stripe.WebhookEndpoint.create(
            url="https://169.254.169.254/latest", enabled_events=["*"], api_key="sk_test_inside"
        )

    assert (raised.value.param, raised.value.code) == ("url", "url_invalid")
