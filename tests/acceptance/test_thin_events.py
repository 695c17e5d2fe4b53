"""A program that takes thin events with the official package: told, it fetches the event and its account."""

from collections.abc import Iterator

import pytest
import stripe

import linkspan
from tests.acceptance.merchant.site import Merchant
from tests.acceptance.person import Person
from tests.acceptance.receiver import Receiver, receiving

CREATED = "v1.financial_connections.account.created"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as listening:
        yield listening


def listen(client: stripe.StripeClient, receiver: Receiver, *types: str) -> tuple[str, str]:
    """The id and the secret of a destination that is told of *types*."""
    destination = client.v2.core.event_destinations.create(
        {
            "name": "The program under test",
            "type": "webhook_endpoint",
            "event_payload": "thin",
            "enabled_events": list(types),
            "webhook_endpoint": {"url": receiver.url},
            "include": ["webhook_endpoint.signing_secret"],
        }
    )
    assert destination.webhook_endpoint is not None
    return destination.id, destination.webhook_endpoint.signing_secret or ""


@pytest.mark.browser
def test_a_program_is_told_of_each_account_and_fetches_it(
    merchant: Merchant, visitor: Person, receiver: Receiver
) -> None:
    client = stripe.StripeClient(merchant.secret_key, base_addresses={"api": merchant.server})
    _, secret = listen(client, receiver, CREATED)
    visitor.sign_in(visitor.go_to_bank())
    visitor.expect_pane("accounts")
    visitor.finish()
    linked = {each["id"] for each in visitor.outcome()["financialConnectionsSession"]["accounts"]}

    told = [receiver.next() for _ in linked]

    signed = [(each.body, each.headers["stripe-signature"], secret) for each in told]
    notified = [client.parse_event_notification(*each) for each in signed]
    ours = [linkspan.Webhook.parse_event_notification(*each) for each in signed]
    accounts = {each.fetch_related_object().id for each in notified}  # type: ignore[union-attr]  # one of many types
    events = [each.fetch_event() for each in notified]
    assert {each.type for each in notified} == {CREATED}
    assert accounts == linked
    assert [each.id for each in ours] == [each.id for each in notified] == [event.id for event in events]
    snapshots = {
        stripe.Event.retrieve(event.snapshot_event or "", api_key=merchant.secret_key).id for event in events
    }
    assert len(snapshots) == len(linked)
    listed = client.v2.core.events.list({"types": [CREATED], "limit": 1})
    assert {event.id for event in listed.auto_paging_iter()} == {event.id for event in events}


def test_a_destination_is_managed_with_the_official_package(official: str, receiver: Receiver) -> None:
    client = stripe.StripeClient("sk_test_official_destinations", base_addresses={"api": official})
    destinations = client.v2.core.event_destinations
    made, secret = listen(client, receiver, "*")

    renamed = destinations.update(made, {"name": "Another name", "metadata": {"team": "money"}})
    pinged = destinations.ping(made)
    notified = client.parse_event_notification(*signed_with(receiver, secret))
    related = notified.fetch_related_object()  # type: ignore[union-attr]  # one of many types
    disabled = destinations.disable(made)
    enabled = destinations.enable(made)
    listed = [each.id for each in destinations.list({"limit": 1}).auto_paging_iter()]
    gone = destinations.delete(made)

    assert (renamed.name, str(renamed.metadata)) == ("Another name", '{\n  "team": "money"\n}')
    assert notified.id == pinged.id
    assert related is not None
    assert related["id"] == made
    assert (disabled.status, enabled.status) == ("disabled", "enabled")
    assert (listed, gone.id) == ([made], made)


def test_a_wrong_wish_is_refused_by_name(official: str, receiver: Receiver) -> None:
    client = stripe.StripeClient("sk_test_official_destinations", base_addresses={"api": official})

    with pytest.raises(stripe.InvalidRequestError) as raised:
        listen(client, receiver, "v1.financial_connections.account.createt")

    assert raised.value.param == "enabled_events[0]"


def test_the_two_kinds_of_payload_are_not_taken_for_each_other(official: str, receiver: Receiver) -> None:
    client = stripe.StripeClient("sk_test_official_kinds", base_addresses={"api": official})
    _, secret = listen(client, receiver, CREATED)
    client.raw_request("post", "/v1/test_helpers/events", type=CREATED.removeprefix("v1."))
    signed = signed_with(receiver, secret)

    with pytest.raises(ValueError, match="thin event notification"):
        stripe.Webhook.construct_event(*signed)
    with pytest.raises(linkspan.DecodeError):
        linkspan.Webhook.construct_event(*signed)


def signed_with(receiver: Receiver, secret: str) -> tuple[bytes, str, str]:
    """What came, with what its reader needs."""
    came = receiver.next()
    return came.body, came.headers["stripe-signature"], secret
