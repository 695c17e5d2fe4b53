"""An event is told in the version its account spoke when it happened, or that an endpoint asked for."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
import pytest

from linkspan.server.core.caller import Caller
from linkspan.server.core.scope import Scope
from linkspan.server.core.version import NEWEST, NEWEST_PREVIEW
from linkspan.server.operations import events, tenants
from linkspan.server.outbound.exchange import Request, Response
from linkspan.server.store.postgres import PostgresStore
from tests.api.conftest import KEY, Server, an_account, done, link_account, make_server
from tests.api.keys import OURS, keyed, make_key
from tests.crews import carriers

OLD: Final = "2022-11-15"
SEED: Final = "2020-08-27"
DISCONNECTED: Final = "financial_connections.account.disconnected"


@pytest.fixture(params=["sqlite", "postgres"])
def ours(request: pytest.FixtureRequest) -> Iterator[tuple[Server, str]]:
    """A server that keeps the keys of its tenants, and one of ours."""
    store = PostgresStore(request.getfixturevalue("empty_postgres")) if request.param == "postgres" else None
    server = keyed(make_server(store=store))
    yield server, make_key(server).text
    done(server.store.aclose())


def choose(server: Server, version: str) -> None:
    """Let our tenant speak a version from now on."""
    done(server.store.write(lambda tx: tenants.choose_version(tx, OURS, version)))
    server.clock.pass_(1)


def happened(server: Server, *, scope: Scope = OURS, about: str = "fca_1") -> str:
    """Let something happen that no request asked for; return the event's id."""
    account = an_account(about)

    async def record(tx: Any) -> str:  # Any: the store's own transaction
        return await events.record(tx, server.context, Caller(scope, None), DISCONNECTED, account)

    return done(server.store.write(record))


def shown(server: Server, key: str, event: str, **headers: Any) -> dict[str, Any]:
    """One event, which its list shows alike."""
    one: dict[str, Any] = server.get(f"/v1/events/{event}", key=key, **headers).json
    (listed,) = [
        each for each in server.get("/v1/events", key=key, **headers).json["data"] if each["id"] == event
    ]
    assert listed == one
    return one


def carried(server: Server) -> dict[str, dict[str, Any]]:
    """What endpoints are told of, by their addresses."""
    told: dict[str, dict[str, Any]] = {}

    class Street:
        async def send(self, request: Request) -> Response:
            told[request.url] = msgspec.json.decode(request.body)
            return Response(status=200, headers={}, body=b"")

    courier = carriers(server.context, Street(), server.log)

    async def carry() -> None:
        await courier.set_out()
        await courier.settled()

    done(carry())
    return told


def listen(server: Server, key: str, url: str, **changes: str) -> None:
    answer = server.post(
        "/v1/webhook_endpoints", {"url": url, "enabled_events[]": DISCONNECTED} | changes, key=key
    )
    assert answer.status == 200, answer.body


@pytest.mark.parametrize(
    ("version", "name", "lacks"),
    [(OLD, "financial_connections.account", "subscriptions"), (SEED, "linked_account", "account_holder")],
)
def test_an_event_is_shown_in_the_version_its_account_spoke(
    ours: tuple[Server, str], version: str, name: str, lacks: str
) -> None:
    server, key = ours
    choose(server, version)

    event = happened(server)

    for asked in (version, NEWEST):
        told = shown(server, key, event, stripe_version=asked)
        assert told["api_version"] == version
        assert told["data"]["object"]["object"] == name
        assert lacks not in told["data"]["object"]


def test_a_request_is_told_of_in_the_version_of_its_account_not_its_own(ours: tuple[Server, str]) -> None:
    server, key = ours
    choose(server, OLD)

    server.post("/v1/customers", key=key, stripe_version=NEWEST)

    (event,) = server.get("/v1/events", key=key).json["data"]
    assert event["api_version"] == OLD


def test_an_event_stays_as_it_was_when_its_account_moves_on(ours: tuple[Server, str]) -> None:
    server, key = ours
    choose(server, OLD)
    event = happened(server)
    before = server.get(f"/v1/events/{event}", key=key).body
    choose(server, NEWEST)

    later = happened(server)

    assert server.get(f"/v1/events/{event}", key=key).body == before
    assert shown(server, key, later)["api_version"] == NEWEST


def test_an_event_in_the_newest_version_is_shown_as_it_is_kept(ours: tuple[Server, str]) -> None:
    server, key = ours

    event = happened(server)

    kept = server.query(f"SELECT doc, api_version, previewed FROM events WHERE id = '{event}'")
    assert kept == [(server.get(f"/v1/events/{event}", key=key).body, None, None)]


def test_an_endpoint_is_told_in_its_version_or_else_in_that_of_the_account(ours: tuple[Server, str]) -> None:
    server, key = ours
    choose(server, OLD)
    for version in ("", SEED, NEWEST, NEWEST_PREVIEW):
        changes = {"api_version": version} if version else {}
        listen(server, key, f"https://listener.example/{version}", **changes)

    event = happened(server)

    told = carried(server)
    versions = {url.rpartition("/")[2]: each["api_version"] for url, each in told.items()}
    names = {url.rpartition("/")[2]: each["data"]["object"]["object"] for url, each in told.items()}
    assert versions == {"": OLD, SEED: SEED, NEWEST: NEWEST, NEWEST_PREVIEW: NEWEST_PREVIEW}
    assert {version for version, name in names.items() if name == "linked_account"} == {SEED}
    assert told["https://listener.example/"]["data"] == shown(server, key, event)["data"]


def test_a_connected_account_speaks_its_platforms_version(ours: tuple[Server, str]) -> None:
    server, key = ours
    choose(server, OLD)
    connected = server.post("/v1/accounts", {"country": "US"}, key=key).json["id"]

    event = happened(server, scope=Scope(connected, livemode=False))

    answer = server.get(f"/v1/events/{event}", key=key, stripe_account=connected)
    assert (answer.json["api_version"], answer.json["account"]) == (OLD, connected)


def preview_of(account: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(account.get(name) for name in ("authorization", "status_details", "subscriptions"))


def test_a_preview_goes_on_showing_what_it_showed_then() -> None:
    server = make_server(version=NEWEST_PREVIEW)
    listening = {"url": "https://listener.example/", "enabled_events[]": DISCONNECTED}
    assert server.post("/v1/webhook_endpoints", listening).status == 200
    account = link_account(server, status="inactive")
    server.change("UPDATE accounts SET inactive_cause = 'access_denied'")
    event = happened_to(server, account)
    before = shown(server, KEY, event)

    server.change("UPDATE accounts SET inactive_cause = 'account_closed', \"authorization\" = 'fcauth_2'")

    inactive = {"action": "relink_required", "cause": "access_denied"}
    assert before["api_version"] == NEWEST_PREVIEW
    assert before["data"]["object"]["status_details"]["inactive"] == inactive
    assert preview_of(before["data"]["object"]) == preview_of(shown(server, KEY, event)["data"]["object"])
    assert carried(server)["https://listener.example/"]["data"] == before["data"]
    done(server.store.aclose())


def happened_to(server: Server, account: Any) -> str:
    async def record(tx: Any) -> str:  # Any: the store's own transaction
        return await events.record(tx, server.context, Caller(server.scope(), None), DISCONNECTED, account)

    return done(server.store.write(record))


@pytest.mark.parametrize("version", [OLD, "2026-03-25.preview"])
def test_what_only_previews_know_is_told_in_a_preview(version: str) -> None:
    server = make_server(version=version)

    event = server.post(
        "/v1/test_helpers/events", {"type": "financial_connections.account.refreshed_inferred_balances"}
    ).json

    expected = version if version.endswith("preview") else NEWEST_PREVIEW
    assert shown(server, KEY, event["id"]) == event
    assert event["api_version"] == expected
    done(server.store.aclose())
