"""A thin event is another reading of an event about an Account: by id, in lists, and as it is sent."""

from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import pytest

from linkspan.objects import THIN_EVENT_TYPES, Account, LinkedPage, ThinEvent, decode_as
from linkspan.server.core.caller import Caller
from linkspan.server.core.scope import Scope
from linkspan.server.operations import events
from linkspan.webhooks import Webhook
from tests.api.conftest import NOON, OTHER_KEY, Server, an_account, assert_error, done, make_customer
from tests.api.street import Street, carry

EVENTS: Final = "/v2/core/events"
DESTINATIONS: Final = "/v2/core/event_destinations"
CREATED: Final = "v1.financial_connections.account.created"
URL: Final = "https://listener.example/thin"
AT_NOON: Final = datetime.fromtimestamp(NOON, UTC).isoformat().replace("+00:00", "Z")


def happened(server: Server, name: str = CREATED, *, about: str = "fca_1", scope: Scope | None = None) -> str:
    """Let something happen to an Account; return the id of the whole event."""
    account, where = an_account(about), scope or server.scope()

    async def record(tx: Any) -> str:  # Any: the store's own transaction
        return await events.record(tx, server.context, Caller(where, None), name.removeprefix("v1."), account)

    server.clock.pass_(0.001)  # ids follow the clock
    return done(server.store.write(record))


def thin(event: str) -> str:
    """The id of a thin event, by that of the whole one."""
    return f"evt_thin_{event.removeprefix('evt_')}"


def pages(server: Server, query: bytes = b"") -> list[list[dict[str, Any]]]:
    """Every page of the list, by the addresses of each next one."""
    walked, path = [], EVENTS
    while path:
        page = server.get(path, query).json
        walked.append(page["data"])
        path, _, rest = (page["next_page_url"] or "").partition("?")
        query = rest.encode()
    return walked


@pytest.mark.parametrize("name", THIN_EVENT_TYPES)
def test_what_happens_to_an_account_is_told_thin(server: Server, name: str) -> None:
    event = happened(server, name)

    answer = server.get(f"{EVENTS}/{thin(event)}")

    told = decode_as(answer.body, ThinEvent)
    assert answer.json == {
        "object": "v2.core.event",
        "id": thin(event),
        "created": AT_NOON.replace("Z", ".000Z"),
        "livemode": False,
        "type": name,
        "context": None,
        "reason": None,
        "related_object": {
            "id": "fca_1",
            "type": Account.object,
            "url": "/v1/financial_connections/accounts/fca_1",
        },
        "changes": None,
        "snapshot_event": event,
    }
    assert told.snapshot_event == event
    assert not told.extra


def test_a_thin_event_names_the_request_that_caused_it(server: Server) -> None:
    asked = server.post(
        "/v1/test_helpers/events", {"type": CREATED.removeprefix("v1.")}, idempotency_key="once"
    )

    told = server.get(f"{EVENTS}/{thin(asked.json['id'])}").json

    request = {"id": asked.headers["request-id"], "idempotency_key": "once"}
    assert told["reason"] == {"type": "request", "request": request}


@pytest.mark.parametrize("version", ["2022-11-15", "2026-07-29.preview"])
def test_a_thin_event_is_of_no_version(server: Server, version: str) -> None:
    event = thin(happened(server))

    answer = server.get(f"{EVENTS}/{event}", stripe_version=version)

    assert answer.body == server.get(f"{EVENTS}/{event}").body


def test_what_is_not_told_thin_is_not_found(server: Server) -> None:
    make_customer(server)
    (customers,) = server.get("/v1/events").json["data"]

    for unknown in (thin(customers["id"]), customers["id"], happened(server), "evt_thin_none"):
        answer = server.get(f"{EVENTS}/{unknown}")

        assert_error(answer, 404, code="resource_missing", param="id", message=f"No such event: '{unknown}'")


def test_a_thin_event_of_somebody_else_is_not_found(server: Server) -> None:
    event = thin(happened(server))

    assert server.get(f"{EVENTS}/{event}", key=OTHER_KEY).status == 404


def test_the_list_holds_thin_events_alone_newest_first(server: Server) -> None:
    make_customer(server)
    made = [thin(happened(server, name)) for name in THIN_EVENT_TYPES]
    make_customer(server)

    answer = server.get(EVENTS, b"limit=100")

    assert [each["id"] for each in answer.json["data"]] == made[::-1]
    assert (answer.json["next_page_url"], answer.json["previous_page_url"]) == (None, None)
    assert len(decode_as(answer.body, LinkedPage[ThinEvent]).data) == len(made)


def test_the_pages_of_the_list_lead_to_each_other(server: Server) -> None:
    made = [thin(happened(server)) for _ in range(5)]
    first = server.get(EVENTS, b"limit=2").json
    second = server.get(*_asking(first["next_page_url"])).json
    back = server.get(*_asking(second["previous_page_url"])).json

    walked = [each["id"] for page in pages(server, b"limit=2") for each in page]

    assert walked == made[::-1]
    assert first["previous_page_url"] is None
    assert back["data"] == first["data"]
    assert server.get(*_asking(back["next_page_url"])).json["data"] == second["data"]


def test_a_page_is_of_the_list_that_was_asked_for(server: Server) -> None:
    for number in range(6):
        happened(server, THIN_EVENT_TYPES[number % 2], about=f"fca_{number % 3}")
    query = f"limit=1&object_id=fca_0&types[0]={THIN_EVENT_TYPES[0]}&created[gte]={AT_NOON}".encode()

    walked = [each for page in pages(server, query) for each in page]

    assert [(each["type"], each["related_object"]["id"]) for each in walked] == [
        (THIN_EVENT_TYPES[0], "fca_0")
    ]
    assert len([each for page in pages(server, b"limit=1&object_id=fca_0") for each in page]) == 2


@pytest.mark.parametrize(
    ("bound", "is_shown"),
    [
        ("gt", False),
        ("gte", True),
        ("lt", False),
        ("lte", True),
    ],
)
def test_the_list_is_bounded_in_time(server: Server, bound: str, *, is_shown: bool) -> None:
    happened(server)
    fraction = AT_NOON.replace("Z", ".5Z")

    at_noon = server.get(EVENTS, f"created[{bound}]={AT_NOON}".encode()).json["data"]
    after = server.get(EVENTS, f"created[{bound}]={fraction}".encode()).json["data"]

    assert bool(at_noon) == is_shown
    assert bool(after) == bound.startswith("l")


def test_an_unknown_type_lists_nothing(server: Server) -> None:
    happened(server)
    make_customer(server)

    assert server.get(EVENTS, b"types[0]=customer.created").json["data"] == []


@pytest.mark.parametrize(
    ("query", "param"),
    [
        (b"page=page_!!", "page"),
        (b"page=page_e30=", "page"),
        (b"page=page_eyJsaW1pdCI6MX0=", "page"),
        (b"limit=0", "limit"),
        (b"created[gt]=yesterday", "created[gt]"),
        (b"created[gt]=2026-01-01T00:00:00", "created[gt]"),
        (b"created=1", "created"),
        (b"expand[]=data", "expand"),
        (b"starting_after=evt_thin_1", "starting_after"),
    ],
)
def test_a_wrong_question_is_refused_by_name(server: Server, query: bytes, param: str) -> None:
    answer = server.get(EVENTS, query)

    assert (answer.status, answer.error["param"]) == (400, param)


def test_the_address_of_a_page_goes_alone(server: Server) -> None:
    for _ in range(2):
        happened(server)
    path, query = _asking(server.get(EVENTS, b"limit=1").json["next_page_url"])

    answer = server.get(path, query + b"&limit=2")

    assert (answer.status, answer.error["param"]) == (400, "limit")


def test_a_thin_destination_is_sent_the_way_to_the_account(server: Server) -> None:
    destination = listening(server, CREATED)
    event = happened(server)

    (sent,) = carry(server, Street())

    told = Webhook.parse_event_notification(
        sent.body,
        sent.headers["stripe-signature"],
        destination["webhook_endpoint"]["signing_secret"],
        now=lambda: NOON,
    )
    full = server.get(f"{EVENTS}/{thin(event)}").json
    assert sent.headers["webhook-id"] == told.id == thin(event)
    assert msgspec.json.decode(sent.body) == {
        name: value for name, value in full.items() if name not in {"changes", "snapshot_event"}
    }


@pytest.mark.parametrize(
    ("types", "is_told"),
    [([CREATED], True), (["*"], True), ([THIN_EVENT_TYPES[-1]], False), (["v1.customer.created"], False)],
)
def test_a_thin_destination_is_told_of_what_it_asked_for(
    server: Server, types: list[str], *, is_told: bool
) -> None:
    listening(server, *types)

    happened(server)
    make_customer(server)

    assert bool(carry(server, Street())) == is_told


def test_what_happens_to_a_connected_account_says_where(server: Server) -> None:
    connected = server.post("/v1/accounts", {"country": "US"}).json["id"]
    listening(server, CREATED, events_from=["@accounts"])

    event = happened(server, scope=Scope(connected, livemode=False))

    (sent,) = carry(server, Street())
    context = msgspec.json.decode(sent.body)["context"]
    assert context == connected
    assert server.get(f"{EVENTS}/{thin(event)}", stripe_context=context).status == 200
    assert server.get(f"{EVENTS}/{thin(event)}").status == 404


@pytest.mark.parametrize("context", ["acct_nobody", "acct_a/acct_b", ""])
def test_a_context_that_is_not_the_callers_is_refused(server: Server, context: str) -> None:
    answer = server.get(EVENTS, stripe_context=context)

    assert (answer.status, answer.error["code"]) == (403, "account_invalid")


def listening(server: Server, *types: str, **changes: Any) -> dict[str, Any]:
    """A thin destination, as the API answered it."""
    wanted = {
        "enabled_events": list(types),
        "event_payload": "thin",
        "include": ["webhook_endpoint.signing_secret"],
        "name": "Ours",
        "type": "webhook_endpoint",
        "webhook_endpoint": {"url": URL},
    }
    answer = server.post(DESTINATIONS, msgspec.json.encode(wanted | changes))
    assert answer.status == 200, answer.body
    made: dict[str, Any] = answer.json
    return made


def _asking(address: str) -> tuple[str, bytes]:
    path, _, query = address.partition("?")
    return path, query.encode()
