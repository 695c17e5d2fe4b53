"""What calls about thin events and event destinations send, and what they return."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import pytest

from linkspan import APIError, EventDestination, ThinEvent
from tests.client.conftest import Calls
from tests.client.wire import BASE, answered, form

Calling = Callable[..., Calls]

EVENTS: Final = f"{BASE}/v2/core/events"
DESTINATIONS: Final = f"{BASE}/v2/core/event_destinations"
CREATED: Final = "v1.financial_connections.account.created"
DESTINATION: Final = {
    "id": "ed_1",
    "object": "v2.core.event_destination",
    "created": "2026-10-28T12:00:00.000Z",
    "description": "",
    "enabled_events": [CREATED],
    "event_payload": "thin",
    "events_from": ["@self"],
    "livemode": False,
    "metadata": {},
    "name": "Ours",
    "snapshot_api_version": None,
    "status": "enabled",
    "status_details": None,
    "type": "webhook_endpoint",
    "updated": "2026-10-28T12:00:00.000Z",
    "webhook_endpoint": {"signing_secret": "whsec_canary", "url": "https://shop.example"},
}
URL: Final = "webhook_endpoint.url"


def event(known_as: str) -> dict[str, Any]:
    return {
        "id": known_as,
        "object": "v2.core.event",
        "created": "2026-10-28T12:00:00.000Z",
        "livemode": False,
        "type": CREATED,
        "related_object": {
            "id": "fca_1",
            "type": "financial_connections.account",
            "url": "/v1/financial_connections/accounts/fca_1",
        },
    }


def page(*elements: object, following: str | None = None, previous: str | None = None) -> dict[str, Any]:
    return {"data": list(elements), "next_page_url": following, "previous_page_url": previous}


def walked(calls: Calls, pages: Any) -> list[Any]:
    if hasattr(pages, "__aiter__"):

        async def walk() -> list[Any]:
            return [each async for each in pages]

        return list(calls.done(walk()))
    return list(pages)


def test_a_list_is_walked_by_the_addresses_of_its_pages(calling: Calling) -> None:
    following = "/v2/core/events?page=page_2"
    calls = calling(
        answered(page(event("evt_1"), event("evt_2"), following=following)),
        answered(page(event("evt_3"), previous="/v2/core/events?page=page_1")),
    )
    since = datetime(2026, 10, 28, 12, tzinfo=UTC)

    first = calls.done(
        calls.client.thin_events.list(types=[CREATED], object_id="fca_1", created={"gte": since}, limit=2)
    )
    events = walked(calls, first)

    assert first.has_more
    assert [each.id for each in events] == ["evt_1", "evt_2", "evt_3"]
    assert all(isinstance(each, ThinEvent) for each in events)
    assert form(calls.sent[0]) == {
        "types[0]": CREATED,
        "object_id": "fca_1",
        "created[gte]": "2026-10-28T12:00:00+00:00",
        "limit": "2",
    }
    assert calls.last.url == BASE + following


def test_a_page_leads_back(calling: Calling) -> None:
    calls = calling(
        answered(page(event("evt_2"), previous="/v2/core/events?page=page_1")),
        answered(page(event("evt_1"))),
    )

    pages = calls.done(calls.client.thin_events.list())
    before = calls.done(pages.previous_page())

    assert [each.id for each in before.data] == ["evt_1"]
    assert calls.done(before.previous_page()) is None
    assert calls.done(before.next_page()) is None


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "@elsewhere.example/", "elsewhere"])
def test_an_address_that_is_no_path_is_not_followed(calling: Calling, address: str) -> None:
    calls = calling(answered(page(event("evt_1"), following=address)))
    pages = calls.done(calls.client.thin_events.list())

    with pytest.raises(APIError, match="no path"):
        calls.done(pages.next_page())

    assert len(calls.sent) == 1


def test_an_event_is_retrieved_by_its_id(calling: Calling) -> None:
    calls = calling(answered(event("evt_1")))

    found = calls.done(calls.client.thin_events.retrieve("evt_1"))

    assert found.related_object.id == "fca_1"
    assert calls.last.url == f"{EVENTS}/evt_1"


def test_a_destination_is_made_in_json(calling: Calling) -> None:
    calls = calling(answered(DESTINATION))

    made = calls.done(
        calls.client.event_destinations.create(
            name="Ours", url="https://shop.example", enabled_events=[CREATED], idempotency_key="once"
        )
    )

    assert isinstance(made, EventDestination)
    assert made.webhook_endpoint is not None
    assert made.webhook_endpoint.signing_secret == "whsec_canary"
    assert (calls.last.method, calls.last.url) == ("POST", DESTINATIONS)
    assert calls.last.headers["Content-Type"] == "application/json"
    assert calls.last.headers["Idempotency-Key"] == "once"
    assert msgspec.json.decode(calls.last.body or "") == {
        "name": "Ours",
        "type": "webhook_endpoint",
        "webhook_endpoint": {"url": "https://shop.example"},
        "enabled_events": [CREATED],
        "event_payload": "thin",
        "include": ["webhook_endpoint.signing_secret", URL],
    }


def test_what_is_not_given_of_a_destination_stays(calling: Calling) -> None:
    calls = calling(answered(DESTINATION))

    calls.done(calls.client.event_destinations.update("ed_1", url="https://shop.example/2"))

    assert calls.last.url == f"{DESTINATIONS}/ed_1"
    assert msgspec.json.decode(calls.last.body or "") == {
        "webhook_endpoint": {"url": "https://shop.example/2"},
        "include": [URL],
    }


@pytest.mark.parametrize("verb", ["disable", "enable"])
def test_a_destination_is_turned_on_and_off(calling: Calling, verb: str) -> None:
    calls = calling(answered(DESTINATION))

    turned = calls.done(getattr(calls.client.event_destinations, verb)("ed_1"))

    assert turned.id == "ed_1"
    assert (calls.last.method, calls.last.url) == ("POST", f"{DESTINATIONS}/ed_1/{verb}")


def test_a_destination_is_sent_a_ping(calling: Calling) -> None:
    calls = calling(answered(event("evt_1") | {"type": "v2.core.event_destination.ping"}))

    sent = calls.done(calls.client.event_destinations.ping("ed_1"))

    assert sent.type == "v2.core.event_destination.ping"
    assert calls.last.url == f"{DESTINATIONS}/ed_1/ping"


def test_destinations_are_retrieved_listed_and_deleted(calling: Calling) -> None:
    gone = {"id": "ed_1", "object": "v2.core.event_destination"}
    calls = calling(answered(DESTINATION), answered(page(DESTINATION)), answered(gone))

    found = calls.done(calls.client.event_destinations.retrieve("ed_1"))
    listed = calls.done(calls.client.event_destinations.list(limit=5))
    deleted = calls.done(calls.client.event_destinations.delete("ed_1"))

    assert (found.id, [each.id for each in listed.data], deleted.id) == ("ed_1", ["ed_1"], "ed_1")
    assert form(calls.sent[0]) == {"include[0]": URL}
    assert form(calls.sent[1]) == {"limit": "5", "include[0]": URL}
    assert (calls.last.method, calls.last.url) == ("DELETE", f"{DESTINATIONS}/ed_1")
