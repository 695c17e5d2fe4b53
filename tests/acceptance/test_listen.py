"""A program nobody can reach from outside gets its events, and makes some, on the command line."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import stripe

import linkspan
from tests.acceptance.programs import END_SECONDS, Program, command, environment, running
from tests.acceptance.receiver import Receiver, receiving

KEY = "sk_test_of_a_listener"
CREATED = "financial_connections.account.created"


@pytest.fixture(scope="module")
def server() -> Iterator[Program]:
    with running("dev", "--port", "0") as program:
        yield program


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as listening:
        yield listening


def told(server: Program, *arguments: str) -> Any:
    """What a verb prints as JSON, called against the server."""
    ended = verb(server, *arguments)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def verb(server: Program, *arguments: str) -> "subprocess.CompletedProcess[str]":
    settings = {"LINKSPAN_API_KEY": KEY, "LINKSPAN_API_BASE": server.facts["url"]}
    line = command(*arguments, "--json")
    return subprocess.run(
        line, env=environment(settings), capture_output=True, text=True, timeout=END_SECONDS, check=False
    )


def test_events_are_brought_to_a_program_and_verified_there(server: Program, receiver: Receiver) -> None:
    settings = {"LINKSPAN_API_KEY": KEY, "LINKSPAN_API_BASE": server.facts["url"]}
    told(server, "trigger", CREATED)
    with running("listen", "--forward-to", receiver.url, "--events", CREATED, settings=settings) as listening:
        told(server, "trigger", "customer.updated")
        events = [told(server, "trigger", CREATED, "--override", "status=inactive") for _ in range(2)]
        came = [receiver.next() for _ in events]

    secret = listening.facts["secret"]
    verified = [
        stripe.Webhook.construct_event(each.body, each.headers["stripe-signature"], secret) for each in came
    ]
    assert [event.id for event in verified] == [event["id"] for event in events]
    assert {event.data.object.status for event in verified} == {"inactive"}


def test_an_event_is_resent_to_an_endpoint(server: Program, receiver: Receiver) -> None:
    with linkspan.Client(KEY, base_url=server.facts["url"]) as client:
        event = client.events.trigger("customer.deleted")
    with closing(stripe.RequestsClient()) as http:
        api = stripe.StripeClient(KEY, base_addresses={"api": server.facts["url"]}, http_client=http)
        made = api.v1.webhook_endpoints.create(
            params={"url": receiver.url, "enabled_events": ["payout.paid"]}
        )

    resent = told(server, "events", "resend", event.id, "--webhook-endpoint", made.id)

    came = receiver.next()
    assert resent["id"] == event.id
    with linkspan.Client(KEY, base_url=server.facts["url"]) as client:
        while not (attempts := client.events.list_attempts(event.id)):
            pass  # the answer is on its way
    assert [(each.webhook_endpoint, each.http_status) for each in attempts] == [(made.id, 200)]
    assert (
        linkspan.Webhook.construct_event(
            came.body, came.headers["stripe-signature"], made.secret or "is shown once"
        ).id
        == event.id
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("trigger", "charge.succeeded"), 1, "must be one of"),
        (("trigger", CREATED, "--override", "status"), 2, "PATH=VALUE"),
        (("events", "resend", "evt_of_nobody"), 1, "No such event: 'evt_of_nobody'"),
        (("listen", "--forward-to", "ftp://localhost/"), 2, "--forward-to"),
        (("listen", "--api-key", "not-a-key"), 1, "Invalid API Key provided"),
    ],
)
def test_what_cannot_be_done_is_said(
    server: Program, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ended = verb(server, *arguments)

    assert ended.returncode == code
    assert said in " ".join(ended.stderr.replace("│", " ").split())
    assert "Traceback" not in ended.stderr


def test_the_secret_of_a_key_stays_the_same() -> None:
    settings = environment({"LINKSPAN_API_KEY": KEY})
    line = command("listen", "--print-secret")
    printed = {
        subprocess.run(line, env=settings, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }

    assert len(printed) == 1
    assert printed.pop().startswith("whsec_")
