"""An event destination is a webhook endpoint with a name, and may be told thin."""

from typing import Any, Final

import msgspec
import pytest

from linkspan.objects import EventDestination, decode_as
from tests.api.conftest import OTHER_KEY, Answer, Server, assert_error, make_customer
from tests.api.street import Street, carry

PATH: Final = "/v2/core/event_destinations"
ENDPOINTS: Final = "/v1/webhook_endpoints"
URL: Final = "https://listener.example/thin"
PING: Final = "v2.core.event_destination.ping"
WANTED: Final = {
    "enabled_events": ["v1.financial_connections.account.created"],
    "event_payload": "thin",
    "name": "Ours",
    "type": "webhook_endpoint",
    "webhook_endpoint": {"url": URL},
}
SNAPSHOT: Final = {"event_payload": "snapshot", "enabled_events": ["customer.created"]}
SECRET: Final = "webhook_endpoint.signing_secret"
ADDRESS: Final = "webhook_endpoint.url"


def post(server: Server, path: str, members: Any = None, **headers: Any) -> Answer:
    return server.post(path, b"" if members is None else msgspec.json.encode(members), **headers)


def make(server: Server, **changes: Any) -> dict[str, Any]:
    answer = post(server, PATH, WANTED | changes)
    assert answer.status == 200, answer.body
    made: dict[str, Any] = answer.json
    return made


def test_a_destination_is_what_was_asked_for(server: Server) -> None:
    made = make(server, description="Thin ones", metadata={"team": "money"}, include=[SECRET, ADDRESS])

    assert not decode_as(msgspec.json.encode(made), EventDestination).extra
    assert made["webhook_endpoint"].pop("signing_secret").startswith("whsec_")
    assert made.pop("id").startswith("ed_")
    assert made == {
        "object": "v2.core.event_destination",
        "created": "2026-09-21T14:13:20.000Z",
        "description": "Thin ones",
        "enabled_events": WANTED["enabled_events"],
        "event_payload": "thin",
        "events_from": ["@self"],
        "livemode": False,
        "metadata": {"team": "money"},
        "name": "Ours",
        "snapshot_api_version": None,
        "status": "enabled",
        "status_details": None,
        "type": "webhook_endpoint",
        "updated": "2026-09-21T14:13:20.000Z",
        "webhook_endpoint": {"url": URL},
    }


def test_secret_and_address_are_shown_to_who_asks_and_the_secret_once(server: Server) -> None:
    silent = make(server)
    shown = server.get(f"{PATH}/{silent['id']}", b"include[0]=webhook_endpoint.url").json
    refused = server.get(f"{PATH}/{silent['id']}", b"include[0]=webhook_endpoint.signing_secret")

    assert silent["webhook_endpoint"] == {"signing_secret": None, "url": None}
    assert shown["webhook_endpoint"] == {"signing_secret": None, "url": URL}
    assert (refused.status, refused.error["param"]) == (400, "include[0]")


def test_what_is_changed_is_changed_and_the_rest_left(server: Server) -> None:
    made = make(server, metadata={"a": "1", "b": "2"}, description="Thin ones")
    server.clock.pass_(60)

    changed = post(
        server,
        f"{PATH}/{made['id']}",
        {"name": "Theirs", "metadata": {"a": None, "c": "3"}, "description": None},
    ).json
    moved = post(
        server, f"{PATH}/{made['id']}", {"webhook_endpoint": {"url": f"{URL}/2"}, "include": [ADDRESS]}
    ).json

    later = {"updated": "2026-09-21T14:14:20.000Z"}
    expected = {"name": "Theirs", "metadata": {"b": "2", "c": "3"}, "description": ""}
    assert changed == made | expected | later
    assert moved["webhook_endpoint"]["url"] == f"{URL}/2"
    assert server.get(f"{PATH}/{made['id']}").json == changed


def test_a_disabled_destination_is_told_of_nothing_until_it_is_enabled(server: Server) -> None:
    made = make(server, **SNAPSHOT)
    disabled = post(server, f"{PATH}/{made['id']}/disable").json
    make_customer(server)
    silent = carry(server, Street())
    ping = post(server, f"{PATH}/{made['id']}/ping")
    enabled = post(server, f"{PATH}/{made['id']}/enable").json
    make_customer(server)

    assert (disabled["status"], disabled["status_details"]) == ("disabled", {"disabled": {"reason": "user"}})
    assert silent == []
    assert (ping.status, ping.error["param"]) == (400, "id")
    assert (enabled["status"], enabled["status_details"]) == ("enabled", None)
    assert len(carry(server, Street())) == 1


@pytest.mark.parametrize("changes", [{}, SNAPSHOT], ids=["thin", "snapshot"])
def test_a_ping_reaches_a_destination_whatever_it_asked_for(server: Server, changes: dict[str, Any]) -> None:
    made = make(server, **changes)

    event = post(server, f"{PATH}/{made['id']}/ping").json

    (sent,) = carry(server, Street())
    told = msgspec.json.decode(sent.body)
    assert (told["id"], told["type"]) == (event["id"], PING)
    assert told["related_object"]["url"] == f"{PATH}/{made['id']}"
    assert server.get(f"/v2/core/events/{event['id']}").json == event
    assert server.get("/v1/events").json["data"] == []
    assert server.get(f"/v1/events/{event['id']}").status == 404


def test_a_deleted_destination_is_gone_and_owed_nothing(server: Server) -> None:
    made = make(server, **SNAPSHOT)
    make_customer(server)

    deleted = server.ask("DELETE", f"{PATH}/{made['id']}")

    assert deleted.json == {"object": "v2.core.event_destination", "id": made["id"]}
    assert carry(server, Street()) == []
    for method, path in (("GET", ""), ("POST", ""), ("POST", "/ping"), ("DELETE", "")):
        answer = server.ask(method, f"{PATH}/{made['id']}{path}", b"" if method == "GET" else b"{}")
        assert_error(
            answer,
            404,
            code="resource_missing",
            param="id",
            message=f"No such event destination: '{made['id']}'",
        )


def test_the_two_generations_see_one_noun(server: Server) -> None:
    endpoint = server.post(ENDPOINTS, {"url": URL, "enabled_events[]": "customer.created"}).json
    server.clock.pass_(1)
    snapshot = make(server, **SNAPSHOT, snapshot_api_version="2025-11-17.clover")
    server.clock.pass_(1)
    thin = make(server)

    listed = server.get(PATH).json["data"]
    first = server.get(ENDPOINTS).json["data"]
    as_destination = server.get(f"{PATH}/{endpoint['id']}").json

    assert [each["id"] for each in listed] == [thin["id"], snapshot["id"], endpoint["id"]]
    assert [each["id"] for each in first] == [snapshot["id"], endpoint["id"]]
    assert first[0]["api_version"] == "2025-11-17.clover"
    assert (as_destination["name"], as_destination["event_payload"]) == ("", "snapshot")
    assert server.get(f"{ENDPOINTS}/{thin['id']}").status == 404
    assert server.ask("DELETE", f"{ENDPOINTS}/{thin['id']}").status == 404
    assert server.get(f"{PATH}/{thin['id']}").status == 200


def test_the_pages_of_the_list_lead_to_each_other(server: Server) -> None:
    made = []
    for _ in range(5):
        made.append(make(server)["id"])
        server.clock.pass_(1)
    walked, address = [], f"{PATH}?limit=2&include[0]={ADDRESS}"
    while address:
        path, _, query = address.partition("?")
        page = server.get(path, query.encode()).json
        walked.append(page)
        address = page["next_page_url"]
    path, _, query = walked[-1]["previous_page_url"].partition("?")

    back = server.get(path, query.encode()).json

    ids = [[each["id"] for each in page["data"]] for page in walked]
    assert ids == [made[:2:-1], made[2:0:-1], made[:1]]
    assert {each["webhook_endpoint"]["url"] for page in walked for each in page["data"]} == {URL}
    assert (back["data"], walked[0]["previous_page_url"]) == (walked[1]["data"], None)


def test_sixteen_is_enough_of_both_generations(server: Server) -> None:
    for number in range(16):
        if number % 2:
            make(server)
        else:
            server.post(ENDPOINTS, {"url": URL, "enabled_events[]": "*"})

    assert post(server, PATH, WANTED).status == 400


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"type": "amazon_eventbridge"}, "type"),
        ({"event_payload": "fat"}, "event_payload"),
        ({"enabled_events": []}, "enabled_events"),
        ({"enabled_events": ["customer.created"]}, "enabled_events[0]"),
        (
            {"enabled_events": ["v1.financial_connections.account.createt"]},
            "enabled_events[0]",
        ),
        ({"event_payload": "snapshot"}, "enabled_events[0]"),
        ({"snapshot_api_version": "2025-11-17.clover"}, "snapshot_api_version"),
        ({"events_from": ["@self", "@accounts"]}, "events_from"),
        ({"events_from": ["@moon"]}, "events_from[0]"),
        ({"webhook_endpoint": {"url": "ftp://listener.example"}}, "webhook_endpoint[url]"),
        ({"webhook_endpoint": {}}, "webhook_endpoint[url]"),
        ({"webhook_endpoint": URL}, "webhook_endpoint"),
        ({"name": None}, "name"),
        ({"name": 5}, "name"),
        ({"name": True}, "name"),
        ({"name": ["Ours"]}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"color": "red"}, "color"),
        ({"expand": ["metadata"]}, "expand"),
        ({"metadata": {"a": {"b": "c"}}}, "metadata[a]"),
    ],
)
def test_a_wrong_wish_is_refused_by_name(server: Server, changes: dict[str, Any], param: str) -> None:
    before = server.rows()

    answer = post(server, PATH, WANTED | changes)

    assert (answer.status, answer.error["param"]) == (400, param), answer.body
    assert server.rows() == before


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b"name=Ours&type=webhook_endpoint",
        b"\xff",
        b"[" * 50_000,
        b'{"a":' * 50_000,
        b'{"name":{"a":{"a":{"a":{"a":{"a":"a"}}}}}}',
        b'{"enabled_events":[%b]}' % b",".join([b'"*"'] * 1_001),
    ],
    ids=["cut", "array", "text", "form", "bytes", "deep arrays", "deep objects", "nested", "wide"],
)
def test_a_body_that_is_no_object_is_refused(server: Server, body: bytes) -> None:
    assert server.post(PATH, body).status == 400


def test_a_key_of_the_second_generation_keeps_what_succeeded(server: Server) -> None:
    refused = post(server, f"{PATH}/ed_none/ping", idempotency_key="once")
    first = post(server, PATH, WANTED, idempotency_key="twice")
    again = post(server, PATH, WANTED, idempotency_key="twice")
    other = post(server, PATH, WANTED | {"name": "Theirs"}, idempotency_key="twice")
    retried = post(server, f"{PATH}/{first.json['id']}/ping", idempotency_key="once")

    assert (refused.status, retried.status) == (404, 200)
    assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
    assert (other.status, other.error["type"]) == (400, "idempotency_error")


def test_a_deletion_is_repeated_by_its_key(server: Server) -> None:
    made = make(server)

    first = server.ask("DELETE", f"{PATH}/{made['id']}", idempotency_key="once")
    again = server.ask("DELETE", f"{PATH}/{made['id']}", idempotency_key="once")

    assert (first.status, again.status, again.body) == (200, 200, first.body)
    assert again.headers["idempotent-replayed"] == "true"


def test_a_destination_of_somebody_else_is_as_if_it_were_not(server: Server) -> None:
    made = make(server)

    assert server.get(f"{PATH}/{made['id']}", key=OTHER_KEY).status == 404
    assert server.get(PATH, key=OTHER_KEY).json["data"] == []
