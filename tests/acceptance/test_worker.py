"""Background work goes on in processes of its own, whichever of them are killed."""

import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
import stripe

from tests.acceptance.collector import collecting
from tests.acceptance.production import Site, make_site
from tests.acceptance.programs import Program, running
from tests.acceptance.receiver import Receiver, receiving
from tests.acceptance.test_serve import INSTITUTIONS

ALLOWED = {"LINKSPAN_ALLOWED_WEBHOOKS": "127.0.0.1"}


@pytest.fixture(params=["sqlite", "postgres"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    """A site on a database of its own, whose server does no background work."""
    database = f"sqlite:///{tmp_path / 'linkspan.db'}"
    if request.param == "postgres":
        database = request.getfixturevalue("empty_postgres")
    made = make_site(tmp_path, database, INSTITUTIONS)
    return Site({**made.settings, **ALLOWED, "LINKSPAN_WORK": "0"})


@contextmanager
def told(site: Site) -> Iterator[tuple[stripe.StripeClient, Receiver]]:
    """A server of the site, and an endpoint that asked to be told of customers."""
    key = site.keys("create")["key"]
    with (
        receiving() as receiver,
        running("serve", "--port", "0", settings=site.settings) as server,
        closing(stripe.RequestsClient()) as http,
    ):
        api = stripe.StripeClient(key, base_addresses={"api": server.facts["url"]}, http_client=http)
        api.v1.webhook_endpoints.create(params={"url": receiver.url, "enabled_events": ["customer.created"]})
        yield api, receiver


def worker(programs: ExitStack, site: Site, **settings: str) -> Program:
    return programs.enter_context(running("worker", settings={**site.settings, **settings}))


def test_a_worker_does_what_a_server_leaves(site: Site) -> None:
    with told(site) as (api, receiver), ExitStack() as programs:
        api.v1.customers.create()
        assert receiver.came.empty()

        started = worker(programs, site)
        receiver.next()
        api.v1.customers.create()
        receiver.next()

        assert started.end(signal.SIGTERM) == (0, "")


def test_workers_go_on_when_one_of_them_is_killed(site: Site) -> None:
    with told(site) as (api, receiver), ExitStack() as programs:
        first, second = worker(programs, site), worker(programs, site)
        api.v1.customers.create()
        receiver.next()

        first.process.kill()
        first.process.wait()
        made = {api.v1.customers.create().id for _ in range(5)}

        seen = {json.loads(receiver.next().body)["data"]["object"]["id"] for _ in range(5)}
        assert seen == made
        assert second.end(signal.SIGTERM) == (0, "")


def test_a_worker_sends_spans_of_what_it_does(site: Site) -> None:
    with collecting() as collector, told(site) as (api, receiver), ExitStack() as programs:
        started = worker(programs, site, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
        made = api.v1.customers.create()
        event = json.loads(receiver.next().body)
        assert started.end(signal.SIGTERM) == (0, "")

    assert event["data"]["object"]["id"] == made.id
    (attempt,) = collector.named("deliveries")
    assert (attempt.says["linkspan.delivery"], attempt.says["linkspan.outcome"]) == (event["id"], "succeeded")
    (sent,) = collector.named("POST 127.0.0.1")
    assert (sent.trace, sent.parent) == (attempt.trace, attempt.id)
    assert collector.named("commit")
