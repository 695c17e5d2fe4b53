"""A program can be told of what did not happen, to see what it does."""

from typing import Any

import pytest

from linkspan.server.core.event_types import TYPES
from tests.api.conftest import Server, assert_error, link_account, make_customer

CREATED = "financial_connections.account.created"
PATH = "/v1/test_helpers/events"


def triggered(server: Server, event_type: str, **overrides: str) -> dict[str, Any]:
    answer = server.post(PATH, {"type": event_type} | overrides)
    assert answer.status == 200, answer.body
    event: dict[str, Any] = answer.json
    return event


@pytest.mark.parametrize("event_type", TYPES)
def test_every_type_can_be_told_of(server: Server, event_type: str) -> None:
    event = triggered(server, event_type)

    assert event["type"] == event_type
    assert server.get(f"/v1/events/{event['id']}").json == event
    assert event["data"]["object"]["object"] == {
        "account": "account",
        "customer": "customer",
        "payment_intent": "payment_intent",
        "payment_method": "payment_method",
        "setup_intent": "setup_intent",
    }.get(event_type.partition(".")[0], ".".join(event_type.split(".")[:2]))


def test_it_is_about_the_newest_object_that_could_be_looked_up(server: Server) -> None:
    account = link_account(server)
    customer = make_customer(server)

    assert triggered(server, CREATED)["data"]["object"]["id"] == account.id
    assert triggered(server, "customer.updated")["data"]["object"]["id"] == customer


def test_members_are_shown_otherwise(server: Server) -> None:
    account = link_account(server)
    before = server.get(f"/v1/financial_connections/accounts/{account.id}").json

    event = triggered(
        server,
        CREATED,
        **{
            "override[status]": "inactive",
            "override[last4]": "0042",
            "override[balance][current][usd]": "5",
            "override[permissions]": '["transactions"]',
            "override[display_name]": "",
        },
    )

    shown = event["data"]["object"]
    assert (shown["status"], shown["last4"], shown["display_name"]) == ("inactive", "0042", "")
    assert (shown["balance"]["current"], shown["permissions"]) == ({"usd": 5}, ["transactions"])
    assert server.get(f"/v1/financial_connections/accounts/{account.id}").json == before


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"type": "charge.succeeded"}, "type"),
        ({"type": "*"}, "type"),
        ({"type": CREATED, "override": "status"}, "override"),
        ({"type": CREATED, "override[created]": "noon"}, "override"),
        ({"type": CREATED, "override[balance][current]": "5"}, "override"),
    ],
)
def test_what_cannot_be_told_is_refused(server: Server, params: dict[str, str], param: str) -> None:
    answer = server.post(PATH, params)

    assert answer.status == 400
    assert answer.error["param"] == param
    assert server.get("/v1/events").json["data"] == []


def test_a_type_is_needed(server: Server) -> None:
    assert_error(server.post(PATH), 400, param="type", code="parameter_missing")
