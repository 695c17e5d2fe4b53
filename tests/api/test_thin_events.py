"""A thin event is another reading of an event: by id, in lists, and as it is sent."""

from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import pytest

from linkspan.objects import (
    THIN_EVENT_TYPES,
    Account,
    BalanceRefresh,
    InferredBalancesRefresh,
    LinkedPage,
    OwnershipRefresh,
    ThinEvent,
    TransactionRefresh,
    decode_as,
)
from linkspan.server.core.caller import Caller
from linkspan.server.core.scope import Scope
from linkspan.server.core.version import NEWEST_PREVIEW
from linkspan.server.operations import events
from linkspan.webhooks import Webhook
from tests.api.conftest import (
    NOON,
    OTHER_KEY,
    Server,
    an_account,
    assert_error,
    done,
    link_account,
    make_customer,
)
from tests.api.street import Street, carry

# Told whole as well, and of an Account.
OF_ACCOUNTS: Final = [
    name
    for name in THIN_EVENT_TYPES
    if name.startswith("v1.financial_connections.") and "_refresh_" not in name
]
WHOLE_TOO: Final = [name for name in THIN_EVENT_TYPES if "_refresh_" not in name]
EVENTS: Final = "/v2/core/events"
DESTINATIONS: Final = "/v2/core/event_destinations"
CREATED: Final = "v1.financial_connections.account.created"
URL: Final = "https://listener.example/thin"
AT_NOON: Final = datetime.fromtimestamp(NOON, UTC).isoformat().replace("+00:00", "Z")

UNDER_WAY: Final[dict[str, Any]] = {
    "last_attempted_at": int(NOON),
    "next_refresh_available_at": None,
    "status": "pending",
}
REFRESHED: Final[dict[str, Any]] = {
    "balance_refresh": BalanceRefresh(**UNDER_WAY),
    "inferred_balances_refresh": InferredBalancesRefresh(**UNDER_WAY),
    "ownership_refresh": OwnershipRefresh(**UNDER_WAY),
    "transaction_refresh": TransactionRefresh(id="fctxnref_1", **UNDER_WAY),
}


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


@pytest.mark.parametrize("name", OF_ACCOUNTS)
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


@pytest.mark.parametrize("name", WHOLE_TOO)
def test_what_is_told_whole_too_names_that_and_the_way_to_its_object(server: Server, name: str) -> None:
    whole = server.post("/v1/test_helpers/events", {"type": name.removeprefix("v1.")}).json
    about = whole["data"]["object"]

    told = server.get(f"{EVENTS}/{thin(whole['id'])}").json

    place = {
        "account": "accounts",
        "customer": "customers",
        "financial_connections.account": "financial_connections/accounts",
        "payment_intent": "payment_intents",
        "payment_method": "payment_methods",
        "setup_intent": "setup_intents",
    }[about["object"]]
    assert (told["type"], told["snapshot_event"]) == (name, whole["id"])
    assert told["related_object"] == {
        "id": about["id"],
        "type": about["object"],
        "url": f"/v1/{place}/{about['id']}",
    }


def test_what_happens_to_a_customer_is_told_with_what_changed(server: Server) -> None:
    customer = make_customer(server)
    server.clock.pass_(0.001)
    server.post(f"/v1/customers/{customer}", {"name": "Robin Park", "metadata[n]": "1"})
    server.clock.pass_(0.001)
    server.ask("DELETE", f"/v1/customers/{customer}")

    told = server.get(EVENTS, b"object_id=" + customer.encode()).json["data"][::-1]

    assert [each["type"] for each in told] == [
        "v1.customer.created",
        "v1.customer.updated",
        "v1.customer.deleted",
    ]
    assert [each["changes"] for each in told] == [
        None,
        {
            "before": {"name": "Jenny Rosen", "metadata": {}},
            "after": {"name": "Robin Park", "metadata": {"n": "1"}},
        },
        None,
    ]
    assert server.get(told[0]["related_object"]["url"]).json == {
        "id": customer,
        "object": "customer",
        "deleted": True,
    }


def refreshed(feature: str, status: str) -> tuple[str, dict[str, str]]:
    """The type of what tells of the end of a refresh, and how to say that it ended so."""
    state = {"transactions": "transaction"}.get(feature, feature)
    return f"financial_connections.account.refreshed_{feature}", {
        f"override[{state}_refresh][status]": status
    }


@pytest.mark.parametrize("status", ["succeeded", "failed"])
@pytest.mark.parametrize("feature", ["balance", "inferred_balances", "ownership", "transactions"])
def test_how_a_refresh_ended_is_told_thin_alone(server: Server, feature: str, status: str) -> None:
    account = link_account(server, **REFRESHED)
    name = f"v1.financial_connections.account.{feature}_refresh_{status}"
    listening(server, name)
    server.post("/v1/webhook_endpoints", {"url": URL, "enabled_events[]": "*"})
    server.post("/v1/webhook_endpoints", {"url": URL, "enabled_events[]": name})
    kind, state = refreshed(feature, status)

    whole = server.post("/v1/test_helpers/events", {"type": kind} | state, stripe_version=NEWEST_PREVIEW).json

    (told,) = server.get(EVENTS, f"types[0]={name}".encode()).json["data"]
    own = told["id"].replace("evt_thin_", "evt_")
    sent = [msgspec.json.decode(each.body) for each in carry(server, Street())]
    assert server.get(f"{EVENTS}/{told['id']}").json == told
    assert (told["related_object"]["id"], told["snapshot_event"]) == (account.id, None)
    assert [each["id"] for each in sent if each["object"] == "v2.core.event"] == [told["id"]]
    assert {each["type"] for each in sent} <= {name, kind}
    assert [each["id"] for each in server.get("/v1/events").json["data"]] == [whole["id"]]
    assert server.get("/v1/events", {"types[]": name.removeprefix("v1.")}).json["data"] == []
    assert server.get(f"/v1/events/{own}").status == 404
    assert server.post(f"/v1/events/{own}/retry").status == 404


def test_a_refresh_under_way_did_not_end(server: Server) -> None:
    link_account(server, **REFRESHED)
    kind, state = refreshed("balance", "pending")

    server.post("/v1/test_helpers/events", {"type": kind} | state)

    assert [each["type"] for each in server.get(EVENTS).json["data"]] == [f"v1.{kind}"]


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
    session = server.post("/v1/test_helpers/events", {"type": "financial_connections.session.updated"}).json

    for unknown in (thin(session["id"]), session["id"], happened(server), "evt_thin_none"):
        answer = server.get(f"{EVENTS}/{unknown}")

        assert_error(answer, 404, code="resource_missing", param="id", message=f"No such event: '{unknown}'")


def test_a_thin_event_of_somebody_else_is_not_found(server: Server) -> None:
    event = thin(happened(server))

    assert server.get(f"{EVENTS}/{event}", key=OTHER_KEY).status == 404


def test_the_list_holds_thin_events_alone_newest_first(server: Server) -> None:
    server.post("/v1/test_helpers/events", {"type": "financial_connections.session.updated"})
    made = [thin(happened(server, name)) for name in OF_ACCOUNTS]

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
        happened(server, OF_ACCOUNTS[number % 2], about=f"fca_{number % 3}")
    query = f"limit=1&object_id=fca_0&types[0]={OF_ACCOUNTS[0]}&created[gte]={AT_NOON}".encode()

    walked = [each for page in pages(server, query) for each in page]

    assert [(each["type"], each["related_object"]["id"]) for each in walked] == [(OF_ACCOUNTS[0], "fca_0")]
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
    [([CREATED], True), (["*"], True), ([OF_ACCOUNTS[-1]], False), (["v1.customer.updated"], False)],
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
