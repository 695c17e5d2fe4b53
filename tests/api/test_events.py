"""What happened can be read for thirty days, in the order it became known."""

import pytest

from linkspan.server.operations import event_log
from linkspan.server.store import events as event_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.events import Written
from tests.api.conftest import (
    OTHER_KEY,
    Server,
    assert_error,
    done,
    make_customer,
    make_server,
    make_session,
)

DAY = 24 * 60 * 60


def ids(server: Server, **params: str) -> list[str]:
    spelled = {
        name.replace("__", "[") + ("]" if "__" in name else ""): value for name, value in params.items()
    }
    answer = server.get("/v1/events", spelled)
    assert answer.status == 200, answer.body
    return [event["id"] for event in answer.json["data"]]


def changed_and_deleted(server: Server) -> None:
    """A customer's life, a moment between each of its events."""
    customer = make_customer(server)
    server.clock.pass_(1)
    server.post(f"/v1/customers/{customer}", {"name": "Jenny"})
    server.clock.pass_(1)
    server.ask("DELETE", f"/v1/customers/{customer}")


def types(server: Server, **params: str) -> list[str]:
    return [event["type"] for event in server.get("/v1/events", params).json["data"]]


def test_an_event_tells_what_happened_to_what_and_at_whose_request(server: Server) -> None:
    made = server.post("/v1/customers", {"name": "Jenny Rosen"}, idempotency_key="once")

    (event,) = server.get("/v1/events").json["data"]

    assert event == {
        "id": event["id"],
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": made.json["created"],
        "data": {"object": made.json},
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": made.headers["request-id"], "idempotency_key": "once"},
        "type": "customer.created",
    }
    assert server.get(f"/v1/events/{event['id']}").json == event


def test_events_are_listed_newest_first(server: Server) -> None:
    changed_and_deleted(server)

    assert types(server) == ["customer.deleted", "customer.updated", "customer.created"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("customer.created", ["customer.created"]),
        ("customer.*", ["customer.deleted", "customer.updated", "customer.created"]),
        ("*", ["customer.deleted", "customer.updated", "customer.created"]),
        ("c*.*e*d", ["customer.deleted", "customer.updated", "customer.created"]),
        ("*updated", ["customer.updated"]),
        ("customer", []),
        ("financial_connections.*", []),
        ("charge.succeeded", []),
        ("customer_created", []),
    ],
)
def test_a_type_is_a_name_or_a_group(server: Server, pattern: str, expected: list[str]) -> None:
    changed_and_deleted(server)

    assert types(server, type=pattern) == expected


def test_several_types_are_asked_for_by_their_names(server: Server) -> None:
    changed_and_deleted(server)

    listed = server.get("/v1/events", b"types[]=customer.deleted&types[]=customer.created")

    assert [event["type"] for event in listed.json["data"]] == ["customer.deleted", "customer.created"]


def test_type_and_types_exclude_each_other(server: Server) -> None:
    answer = server.get("/v1/events", b"type=customer.created&types[]=customer.created")

    assert_error(answer, 400, param="types", code="parameters_exclusive")


def test_more_than_twenty_types_are_refused(server: Server) -> None:
    answer = server.get("/v1/events", "&".join(f"types[]=t.{number}" for number in range(21)).encode())

    assert_error(answer, 400, param="types")


def test_events_are_asked_for_by_when_they_were_created(server: Server) -> None:
    make_customer(server)
    first = int(server.clock.now)
    server.clock.pass_(10)
    make_customer(server)

    newest, oldest = ids(server)

    assert ids(server, created=str(first)) == [oldest]
    assert ids(server, created__gt=str(first)) == [newest]
    assert ids(server, created__gte=str(first), created__lt=str(first + 10)) == [oldest]
    assert ids(server, created__lt=str(first)) == []


def test_a_walk_meets_every_event_once_in_either_direction(server: Server) -> None:
    for _ in range(7):
        make_customer(server)
    newest_first = ids(server)

    onward: list[str] = []
    while page := ids(server, limit="3", **({"starting_after": onward[-1]} if onward else {})):
        onward += page
    back = [newest_first[-1]]
    while page := ids(server, limit="3", ending_before=back[0]):
        back = page + back

    assert onward == back == newest_first


def test_a_reader_who_goes_on_from_the_last_event_sees_what_was_committed_late(server: Server) -> None:
    scope = server.scope()

    async def commit(tx: Tx, event_id: str) -> None:
        doc = Written(b'{"id":"%b","pending_webhooks":0}' % event_id.encode(), None, None)
        await event_rows.insert(
            tx, scope, event_id, "customer.created", doc, about="cus_1", created=1, is_listed=True
        )

    done(server.store.write(lambda tx: commit(tx, "evt_2_began_second")))
    (seen,) = ids(server)
    done(server.store.write(lambda tx: commit(tx, "evt_1_began_first")))

    assert ids(server, ending_before=seen) == ["evt_1_began_first"]
    assert ids(server) == ["evt_1_began_first", "evt_2_began_second"]


def test_the_pass_gives_places_before_anybody_asks(server: Server) -> None:
    make_customer(server)

    done(event_log.give_places(server.context))

    assert server.query("SELECT number FROM events") == [(1,)]


def test_an_event_is_forgotten_after_thirty_days(server: Server) -> None:
    make_customer(server)
    (event,) = ids(server)

    server.clock.pass_(30 * DAY)
    done(event_log.prune(server.context))
    assert ids(server) == [event]

    server.clock.pass_(1)
    done(event_log.prune(server.context))
    assert ids(server) == []
    assert_error(
        server.get(f"/v1/events/{event}"),
        404,
        param="id",
        code="resource_missing",
        message=f"No such event: '{event}'",
    )


def test_what_only_the_operator_is_told_is_nowhere_in_the_api(server: Server, customer: str) -> None:
    make_session(server, customer)
    ((operators,),) = server.query("SELECT id FROM events WHERE type LIKE 'linkspan.%'")

    assert types(server) == ["customer.created"]
    assert types(server, type="linkspan.session.created") == []
    assert server.get(f"/v1/events/{operators}").status == 404
    assert server.get("/v1/events", {"ending_before": operators}).status == 400


def test_an_event_of_another_tenant_is_unknown(server: Server) -> None:
    make_customer(server)
    (event,) = ids(server)

    assert server.get("/v1/events", key=OTHER_KEY).json["data"] == []
    assert server.get(f"/v1/events/{event}", key=OTHER_KEY).status == 404
    assert_error(
        server.get("/v1/events", {"starting_after": event}, key=OTHER_KEY),
        400,
        param="starting_after",
        code="resource_missing",
        message="No such event: ",
    )


def test_an_event_stays_in_the_version_it_was_written_in(server: Server) -> None:
    make_customer(server)
    (event,) = server.get("/v1/events").json["data"]

    older = server.get(f"/v1/events/{event['id']}", stripe_version="2020-08-27")

    assert older.json == event
    assert server.get("/v1/events", stripe_version="2020-08-27").json["data"] == [event]


def test_places_survive_a_clock_that_is_set_back() -> None:
    server = make_server()
    first = make_customer(server)
    before = ids(server)
    server.clock.pass_(-DAY)
    second = make_customer(server)

    listed = server.get("/v1/events").json["data"]

    assert [event["data"]["object"]["id"] for event in listed] == [second, first]
    assert ids(server, ending_before=before[0]) == [listed[0]["id"]]
