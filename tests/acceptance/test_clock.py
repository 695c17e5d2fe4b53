"""Whoever tests with a development server moves its clock, and a month is over in seconds."""

import json
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from typing import Any

import pytest
import stripe
from typer.testing import CliRunner

from linkspan.cli import app
from tests.acceptance.programs import Program, running
from tests.acceptance.unseen import Unseen

KEY = "sk_test_clock"
DAYS = 30
DAY = 86_400
HOUR = 3_600
REFRESHED = "financial_connections.account.refreshed_transactions"


@pytest.fixture
def server() -> Iterator[Program]:
    """A development server whose clock nobody else moves."""
    with running("dev", "--port", "0") as program:
        yield program


@pytest.fixture
def api(server: Program) -> Iterator[stripe.StripeClient]:
    """The official package."""
    with closing(stripe.RequestsClient()) as http:
        yield stripe.StripeClient(KEY, base_addresses={"api": server.facts["url"]}, http_client=http)


def clock(server: Program, *verb: str, key: str = KEY) -> Any:
    """What `linkspan clock` prints as JSON."""
    arguments = [*verb, "--api-key", key, "--api-base", server.facts["url"], "--json"]
    done = CliRunner().invoke(app, ["clock", *arguments])
    return json.loads(done.stdout) if done.exit_code == 0 else (done.exit_code, done.stderr)


def linked(server: Program, api: stripe.StripeClient) -> str:
    """The id of an account whose transactions may be read."""
    customer = api.v1.customers.create()
    session = api.v1.financial_connections.sessions.create(
        params={
            "account_holder": {"type": "customer", "customer": customer.id},
            "permissions": ["transactions"],
        }
    )
    assert session.client_secret
    Unseen(server.facts["url"]).link(session.client_secret)
    listed = api.v1.financial_connections.accounts.list(params={"session": session.id})
    return next(each.id for each in listed.data if each.subcategory == "checking")


def refreshes(api: stripe.StripeClient) -> dict[str, int]:
    """When the newest refreshes ended, by the ids of their events: one of thirty days ago is forgotten."""
    listed = api.v1.events.list(params={"type": REFRESHED, "limit": 10}).data
    return {event.id: event.created for event in listed}


@pytest.mark.timeout(120)
def test_a_month_of_a_subscription_is_over_in_seconds(server: Program, api: stripe.StripeClient) -> None:
    account = linked(server, api)
    began = clock(server, "show")["now"]
    api.v1.financial_connections.accounts.subscribe(account, params={"features": ["transactions"]})
    seen = dict[str, int]()

    for _ in range((DAYS + 1) * 4):
        clock(server, "advance", "6h")
        seen |= refreshes(api)

    told = sorted(seen.values())
    assert DAYS <= len(told) <= DAYS + 2
    assert all(18 * HOUR <= after - before <= 30 * HOUR for before, after in pairwise(told[1:]))
    assert clock(server, "show")["now"] - began >= DAYS * DAY
    latest = api.v1.financial_connections.transactions.list(params={"account": account, "limit": 1}).data[0]
    assert latest.transacted_at > told[-1] - 7 * DAY


def test_a_clock_is_moved_for_who_has_a_key_alone(server: Program) -> None:
    before = clock(server, "show")["now"]

    code, said = clock(server, "advance", "1d", key="pk_test_clock")

    assert code == 1
    assert "secret" in said
    assert clock(server, "show")["now"] - before < 3_600


@pytest.mark.parametrize("duration", ["0s", "401d", "soon", "-1d"])
def test_a_clock_is_moved_by_no_bad_duration(server: Program, duration: str) -> None:
    before = clock(server, "show")["now"]

    code, _ = clock(server, "advance", "--", duration)

    assert code in {1, 2}
    assert clock(server, "show")["now"] - before < 3_600
