"""An endpoint is told of every event it asked for, as often as it takes, and of nothing else."""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import msgspec
import pytest
import stripe
from prometheus_client import generate_latest

from linkspan.server.core.caller import Caller
from linkspan.server.delivery.schedule import ATTEMPTS_MAX, WAITS_SECONDS
from linkspan.server.jobs.crew import Crew
from linkspan.server.operations import deliveries, events
from linkspan.server.outbound.exchange import Request, Response
from linkspan.server.outbound.failures import Unreachable
from tests.api.conftest import OTHER_KEY, Server, assert_error, done, link_account, make_customer
from tests.crews import carriers

URL = "https://shop.example/webhooks"
HOUR = 3_600
Answer = Response | Exception
OK = Response(status=200)


@dataclass
class Street:
    """Where endpoints live: what each answers, and what it was sent."""

    answers: dict[str, Callable[[], Answer]] = field(default_factory=dict)
    sent: list[Request] = field(default_factory=list)

    async def send(self, request: Request) -> Response:
        self.sent.append(request)
        answer = self.answers.get(request.url, lambda: OK)()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def events(self, url: str = URL) -> list[dict[str, Any]]:
        return [msgspec.json.decode(request.body) for request in self.sent if request.url == url]


@dataclass
class Scene:
    """A server with endpoints."""

    server: Server
    street: Street
    courier: Crew[Any, Any]

    def round(self) -> int:
        """Carry what is due now; return how many deliveries that was."""

        async def carry() -> int:
            carried = await self.courier.set_out()
            await self.courier.settled()
            return carried

        return done(carry())

    def listen(self, *types: str, url: str = URL, **changes: str) -> dict[str, Any]:
        named = {f"enabled_events[{place}]": one for place, one in enumerate(types or ("*",))}
        answer = self.server.post("/v1/webhook_endpoints", {"url": url} | named | changes)
        assert answer.status == 200, answer.body
        endpoint: dict[str, Any] = answer.json
        return endpoint

    def event(self) -> dict[str, Any]:
        """What happened last, as the API shows it."""
        event: dict[str, Any] = self.server.get("/v1/events", {"limit": "1"}).json["data"][0]
        return event

    def attempts(self) -> list[tuple[int | None, str | None]]:
        rows = self.server.query("SELECT status, problem FROM delivery_attempts ORDER BY id")
        return [(status, problem) for status, problem in rows]


@pytest.fixture
def scene(server: Server) -> Iterator[Scene]:
    street = Street()
    made = Scene(server, street, carriers(server.context, street, server.log))
    yield made
    assert not [line for line in server.lines() if line["event"] == "bug"]


def answering(scene: Scene, *answers: Answer, url: str = URL) -> None:
    """Let an endpoint answer in turn, the last one for ever."""
    turn = list(answers)
    scene.street.answers[url] = lambda: turn.pop(0) if len(turn) > 1 else turn[0]


def test_an_event_reaches_whoever_asked_for_it_as_the_api_shows_it(scene: Scene) -> None:
    endpoint = scene.listen("customer.created")
    make_customer(scene.server)
    before = scene.event()

    assert scene.round() == 1

    (request,) = scene.street.sent
    event = stripe.Webhook.construct_event(
        request.body, request.headers["stripe-signature"], endpoint["secret"], tolerance=10**9
    )
    assert (request.method, request.url) == ("POST", URL)
    assert msgspec.json.decode(request.body) == before
    assert (event.id, before["pending_webhooks"], scene.event()["pending_webhooks"]) == (before["id"], 1, 0)
    assert scene.round() == 0


def test_nobody_is_told_of_what_they_did_not_ask_for(scene: Scene) -> None:
    scene.listen("financial_connections.account.created", url="https://a.example/")
    scene.listen("payment_intent.succeeded", url="https://b.example/")
    scene.listen("*", url="https://c.example/", connect="true")
    off = scene.listen("*", url="https://d.example/")
    scene.server.post(f"/v1/webhook_endpoints/{off['id']}", {"disabled": "true"})

    make_customer(scene.server)

    assert scene.round() == 0
    assert scene.event()["pending_webhooks"] == 0


def test_a_star_means_all_but_what_must_be_named_and_what_is_the_operators(scene: Scene) -> None:
    scene.listen("*", url="https://star.example/")
    scene.listen("*", "financial_connections.session.updated", url="https://both.example/")
    server = scene.server
    account = link_account(server)

    async def tell(tx: Any) -> None:  # Any: the store's own transaction
        caller = Caller(server.scope(), None)
        for name in ("linkspan.session.created", "financial_connections.session.updated", "customer.updated"):
            await events.record(tx, server.context, caller, name, account)

    done(server.store.write(tell))
    scene.round()

    assert [event["type"] for event in scene.street.events("https://star.example/")] == ["customer.updated"]
    assert sorted(event["type"] for event in scene.street.events("https://both.example/")) == [
        "customer.updated",
        "financial_connections.session.updated",
    ]


def test_a_platform_is_told_of_its_connected_accounts_where_it_asked_for_that(scene: Scene) -> None:
    server = scene.server
    account = server.post("/v1/accounts", {"type": "standard"}).json["id"]
    scene.listen("customer.created", url="https://own.example/")
    connect = scene.listen("customer.created", url="https://connect.example/", connect="true")
    server.post("/v1/customers", stripe_account=account)

    assert scene.round() == 1

    (event,) = scene.street.events("https://connect.example/")
    (request,) = scene.street.sent
    assert event["account"] == account
    assert stripe.WebhookSignature.verify_header(
        request.body.decode(), request.headers["stripe-signature"], connect["secret"]
    )
    attempts = server.get(f"/v1/events/{event['id']}/attempts", stripe_account=account)
    assert (attempts.status, attempts.json["data"]) == (200, [])


def test_an_event_of_a_change_that_was_undone_is_told_to_nobody(scene: Scene) -> None:
    scene.listen("*")
    server = scene.server

    async def change_one_s_mind(tx: Any) -> None:  # Any: the store's own transaction
        await events.record(tx, server.context, Caller(server.scope(), None), "customer.updated", link)
        raise RuntimeError("after all")

    link = link_account(server)
    with pytest.raises(RuntimeError):
        done(server.store.write(change_one_s_mind))

    assert scene.round() == 0


def test_an_endpoint_is_told_in_the_version_it_asked_for(scene: Scene) -> None:
    scene.listen("*", api_version="2022-11-15")
    account = link_account(scene.server)
    scene.server.post(f"/v1/financial_connections/accounts/{account.id}/disconnect")
    shown = scene.server.get(f"/v1/financial_connections/accounts/{account.id}", stripe_version="2022-11-15")

    scene.round()

    (event,) = scene.street.events()
    assert event["api_version"] == "2022-11-15"
    assert event["data"]["object"] == shown.json
    assert event | {"data": {}, "api_version": ""} == scene.event() | {
        "data": {},
        "api_version": "",
        "pending_webhooks": 1,
    }


def test_what_fails_is_tried_again_with_the_same_body_and_a_fresh_signature(scene: Scene) -> None:
    endpoint = scene.listen("*")
    answering(scene, Response(status=500, body=b"not today"), OK)
    make_customer(scene.server)

    scene.round()
    assert scene.round() == 0
    scene.server.clock.pass_(WAITS_SECONDS[0] * 1.2 + 1)
    scene.round()

    first, second = scene.street.sent
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == scene.event()["id"]
    assert second.headers["stripe-signature"].startswith(f"t={int(scene.server.clock.now)},v1=")
    stripe.WebhookSignature.verify_header(
        second.body.decode(), second.headers["stripe-signature"], endpoint["secret"]
    )
    assert scene.attempts() == [(500, None), (200, None)]
    assert scene.server.query("SELECT answer FROM delivery_attempts ORDER BY id")[0] == (b"not today",)


@pytest.mark.parametrize(
    "answer",
    [Response(status=status) for status in (100, 300, 301, 302, 307, 400, 401, 404, 418, 500, 503)]
    + [Unreachable("shop.example could not be reached")],
)
def test_nothing_but_2xx_is_success(scene: Scene, answer: Answer) -> None:
    scene.listen("*")
    answering(scene, answer)
    make_customer(scene.server)

    scene.round()

    assert len(scene.street.sent) == 1
    assert scene.event()["pending_webhooks"] == 1
    assert scene.server.query("SELECT status, attempts FROM deliveries") == [("pending", 1)]


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_2xx_is_success(scene: Scene, status: int) -> None:
    scene.listen("*")
    answering(scene, Response(status=status))
    make_customer(scene.server)

    scene.round()

    assert scene.server.query("SELECT status, attempts FROM deliveries") == [("succeeded", 1)]


def test_an_endpoint_that_never_answers_is_tried_to_the_end_of_the_schedule(scene: Scene) -> None:
    scene.listen("*")
    answering(scene, Unreachable("shop.example could not be reached"))
    make_customer(scene.server)
    clock, began, tried_at = scene.server.clock, scene.server.clock.now, list[float]()

    while clock.now < began + 120 * HOUR:
        if scene.round():
            tried_at.append(clock.now - began)
        clock.pass_(60)

    waits = [after - before for before, after in pairwise(tried_at)]
    assert len(tried_at) == ATTEMPTS_MAX
    assert tried_at[-1] >= 72 * HOUR
    assert all(meant <= wait <= meant * 1.2 + 60 for meant, wait in zip(WAITS_SECONDS, waits, strict=True)), (
        waits
    )
    assert scene.server.query("SELECT status FROM deliveries") == [("failed",)]
    assert scene.attempts() == [(None, "shop.example could not be reached")] * ATTEMPTS_MAX
    assert scene.event()["pending_webhooks"] == 0


@pytest.mark.parametrize(
    ("status", "asked", "wait"),
    [
        (429, "600", 600),
        (503, "600", 600),
        (429, "1", 60),
        (500, "600", 60),
        (429, "9999999", 24 * HOUR),
        (429, "soon", 60),
        # The test began at 14:13:20.
        (429, "Mon, 21 Sep 2026 15:06:40 GMT", 3_200),
    ],
)
def test_a_pause_that_was_asked_for_is_kept(scene: Scene, status: int, asked: str, wait: int) -> None:
    scene.listen("*")
    answering(scene, Response(status=status, headers={"retry-after": asked}))
    make_customer(scene.server)

    scene.round()

    ((due_at,),) = scene.server.query("SELECT due_at FROM deliveries")
    slack = 0.2 * 60 if wait == 60 else 0
    waited = due_at - scene.server.clock.now
    assert wait <= waited <= wait + slack


def test_an_endpoint_that_is_gone_is_disabled(scene: Scene) -> None:
    endpoint = scene.listen("*")
    answering(scene, Response(status=410))
    make_customer(scene.server)

    scene.round()
    make_customer(scene.server)

    assert scene.server.get(f"/v1/webhook_endpoints/{endpoint['id']}").json["status"] == "disabled"
    assert len(scene.street.sent) == 1
    assert scene.server.query("SELECT status FROM deliveries") == [("failed",)]


def test_what_falls_due_while_an_endpoint_is_disabled_is_given_up(scene: Scene) -> None:
    endpoint = scene.listen("*")
    answering(scene, Response(status=500))
    make_customer(scene.server)
    scene.round()

    scene.server.post(f"/v1/webhook_endpoints/{endpoint['id']}", {"disabled": "true"})
    assert scene.event()["pending_webhooks"] == 0
    scene.server.clock.pass_(HOUR)
    scene.round()
    done(deliveries.give_up(scene.server.context))

    scene.server.post(f"/v1/webhook_endpoints/{endpoint['id']}", {"disabled": "false"})
    assert scene.round() == 0
    assert scene.server.query("SELECT status FROM deliveries") == [("failed",)]


def test_an_endpoint_enabled_before_the_next_attempt_is_told(scene: Scene) -> None:
    endpoint = scene.listen("*")
    answering(scene, Response(status=500), OK)
    make_customer(scene.server)
    scene.round()

    scene.server.post(f"/v1/webhook_endpoints/{endpoint['id']}", {"disabled": "true"})
    done(deliveries.give_up(scene.server.context))
    scene.server.post(f"/v1/webhook_endpoints/{endpoint['id']}", {"disabled": "false"})
    scene.server.clock.pass_(HOUR)

    assert scene.round() == 1


def test_a_deleted_endpoint_is_told_of_nothing_more(scene: Scene) -> None:
    endpoint = scene.listen("*")
    make_customer(scene.server)

    scene.server.ask("DELETE", f"/v1/webhook_endpoints/{endpoint['id']}")

    assert scene.round() == 0
    assert scene.event()["pending_webhooks"] == 0
    assert scene.server.query("SELECT status FROM deliveries") == [("failed",)]


def test_while_a_secret_is_rolled_both_are_good(scene: Scene) -> None:
    endpoint = scene.listen("*")
    path = f"/v1/webhook_endpoints/{endpoint['id']}/roll_secret"
    rolled = scene.server.post(path, {"overlap": "3600"}).json

    def verified(secret: str) -> bool:
        request = scene.street.sent[-1]
        try:
            return bool(
                stripe.WebhookSignature.verify_header(
                    request.body.decode(), request.headers["stripe-signature"], secret
                )
            )
        except stripe.SignatureVerificationError:
            return False

    make_customer(scene.server)
    scene.round()
    assert (verified(endpoint["secret"]), verified(rolled["secret"])) == (True, True)

    scene.server.clock.pass_(3_600)
    make_customer(scene.server)
    scene.round()
    assert (verified(endpoint["secret"]), verified(rolled["secret"])) == (False, True)


def test_a_delivery_whose_process_died_is_made_again(scene: Scene) -> None:
    scene.listen("*")
    make_customer(scene.server)

    async def die() -> None:
        hanging = asyncio.Event()

        class Hang:
            async def send(self, request: Request) -> Response:
                scene.street.sent.append(request)
                hanging.set()
                await asyncio.Event().wait()
                raise AssertionError

        dying = carriers(scene.server.context, Hang(), will_die=True)
        await dying.set_out()
        await hanging.wait()
        await dying.leave()

    done(die())
    assert scene.round() == 0
    scene.server.clock.pass_(61)
    assert scene.round() == 1

    first, second = scene.street.sent
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert scene.server.query("SELECT status, attempts FROM deliveries") == [("succeeded", 1)]


def test_two_processes_carry_each_delivery_once(scene: Scene) -> None:
    scene.listen("*")
    for _ in range(8):
        make_customer(scene.server)

    async def both() -> list[int]:
        couriers = [carriers(scene.server.context, scene.street, scene.server.log) for _ in range(2)]
        carried = await asyncio.gather(*(courier.set_out() for courier in couriers))
        for courier in couriers:
            await courier.settled()
        return carried

    assert sum(done(both())) == 8
    assert len({request.headers["webhook-id"] for request in scene.street.sent}) == 8
    assert len(scene.street.sent) == 8


def test_an_event_is_told_again_by_hand(scene: Scene) -> None:
    endpoint = scene.listen("customer.created")
    make_customer(scene.server)
    scene.round()
    event = scene.event()["id"]

    resent = scene.server.post(f"/v1/events/{event}/retry", {"webhook_endpoint": endpoint["id"]})

    assert (resent.status, resent.json["id"], resent.json["pending_webhooks"]) == (200, event, 1)
    assert scene.round() == 1
    assert [told["id"] for told in scene.street.events()] == [event, event]


def test_an_event_from_before_an_endpoint_is_told_to_it_by_hand(scene: Scene) -> None:
    make_customer(scene.server)
    event = scene.event()["id"]
    scene.listen("customer.created")

    scene.server.post(f"/v1/events/{event}/retry")

    assert scene.round() == 1


def test_an_event_or_endpoint_that_is_not_there_cannot_be_told(scene: Scene) -> None:
    make_customer(scene.server)
    event = scene.event()["id"]

    assert_error(
        scene.server.post("/v1/events/evt_of_nobody/retry"), 404, param="id", code="resource_missing"
    )
    assert_error(
        scene.server.post(f"/v1/events/{event}/retry", {"webhook_endpoint": "we_of_nobody"}),
        400,
        param="webhook_endpoint",
        code="resource_missing",
    )


def test_events_are_found_by_whether_everybody_took_them(scene: Scene) -> None:
    answering(scene, Response(status=500), OK)
    scene.listen("customer.created")
    make_customer(scene.server)
    refused = scene.event()["id"]
    scene.round()
    scene.server.clock.pass_(1)
    make_customer(scene.server)
    taken = scene.event()["id"]
    scene.round()

    def found(value: str) -> list[str]:
        listed = scene.server.get("/v1/events", {"delivery_success": value}).json["data"]
        return [event["id"] for event in listed]

    assert (found("true"), found("false")) == ([taken], [refused])


def test_deliveries_are_forgotten_with_their_events(scene: Scene) -> None:
    scene.listen("*")
    make_customer(scene.server)
    scene.round()

    scene.server.clock.pass_(30 * 24 * HOUR + 1)
    done(deliveries.prune(scene.server.context))

    assert (scene.server.rows()["deliveries"], scene.server.rows()["delivery_attempts"]) == (0, 0)


def test_every_attempt_can_be_read(scene: Scene) -> None:
    endpoint = scene.listen("*")
    answering(scene, Unreachable("shop.example could not be reached"), Response(status=200, body=b"thanks"))
    make_customer(scene.server)
    event, began = scene.event()["id"], int(scene.server.clock.now)
    scene.round()
    scene.server.clock.pass_(HOUR)
    scene.round()

    listed = scene.server.get(f"/v1/events/{event}/attempts").json

    first, second = listed["data"]
    assert first == {
        "id": first["id"],
        "object": "linkspan.delivery_attempt",
        "answer": "",
        "created": began,
        "event": event,
        "http_status": None,
        "milliseconds": 0,
        "problem": "shop.example could not be reached",
        "webhook_endpoint": endpoint["id"],
    }
    assert (second["http_status"], second["answer"], second["problem"]) == (200, "thanks", None)
    assert scene.server.get(f"/v1/events/{event}/attempts", key=OTHER_KEY).status == 404


def test_an_attempt_leaves_a_line_without_the_secret(scene: Scene) -> None:
    endpoint = scene.listen("*")
    asked = scene.server.post("/v1/customers").headers["request-id"]
    scene.round()

    (line,) = [line for line in scene.server.lines() if line["event"] == "delivery"]

    assert (line["delivery"], line["endpoint"]) == (scene.event()["id"], endpoint["id"])
    assert (line["request"], line["outcome"]) == (asked, "succeeded")
    assert (line["attempt"], line["status"], line["problem"]) == (1, 200, None)
    assert endpoint["secret"].encode() not in scene.server.log.getvalue()


def test_attempts_are_counted_by_what_became_of_their_deliveries(scene: Scene) -> None:
    scene.listen("*")
    answering(scene, Response(status=500), OK, Response(status=410))
    for _ in range(2):
        make_customer(scene.server)
        scene.round()
        scene.server.clock.pass_(HOUR)
    scene.round()

    text = generate_latest(scene.server.context.metrics.registry).decode()

    counted = re.findall(r'linkspan_delivery_seconds_count\{outcome="(\w+)"\} (\d+)', text)
    assert counted == [("failed", "1"), ("pending", "1"), ("succeeded", "1")]


def test_one_who_hangs_holds_up_nobody_else(scene: Scene) -> None:
    scene.listen("*", url="https://hang.example/")
    scene.listen("*")
    for _ in range(30):
        make_customer(scene.server)
    asked = 0

    async def scenario() -> None:
        release = asyncio.Event()

        class Mixed:
            async def send(self, request: Request) -> Response:
                nonlocal asked
                if request.url == URL:
                    return await scene.street.send(request)
                asked += 1
                await release.wait()
                raise Unreachable("hang.example did not answer in time")

        courier = carriers(scene.server.context, Mixed(), scene.server.log)
        while len(scene.street.sent) < 30:
            await courier.set_out()
            await asyncio.sleep(0)
        assert asked == 10
        release.set()
        await courier.settled()
        # One that did not answer is asked one thing at a time.
        assert await courier.set_out() == 1
        await courier.settled()

    done(scenario())
