"""What is said to break works in the version before, and breaks in the version that is named."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from linkspan.client._form import encode_form
from linkspan.server.api import versions
from linkspan.server.api.versions.change import Change
from linkspan.server.api.versions.published import PUBLISHED
from linkspan.versions import BREAKS, Break, breaks_after
from tests.api.conftest import Answer, Server, link_account, make_session

SESSIONS: Final = "/v1/financial_connections/sessions"
ACCOUNTS: Final = "/v1/financial_connections/accounts"
INTENTS: Final[Mapping[str, Mapping[str, object]]] = {
    "payment_intents": {"amount": 5000, "currency": "usd"},
    "setup_intents": {},
}
CASES: Final = [
    pytest.param(each, call, id=f"{call}-{number}")
    for number, each in enumerate(BREAKS)
    for call in each.calls
]


def called(server: Server, call: str, example: Mapping[str, object], version: str) -> Answer:
    """What one call with the parameters of an example is answered in one version."""
    customer = server.post("/v1/customers").json["id"]
    resource, verb = call.split(".")
    if call == "sessions.create":
        holder: dict[str, Any] = {"type": "customer", "customer": customer}
        if example.get("account_holder") == {"type": "account"}:
            holder = {"type": "account", "account": server.scope().tenant}
        form = encode_form({"permissions": ["balances"], **example, "account_holder": holder})
        return server.post(SESSIONS, form.encode(), stripe_version=version)
    if call == "accounts.list":
        within = [f"data.{path}" for path in example["expand"]]  # type: ignore[attr-defined]  # a list of paths
        return server.get(ACCOUNTS, encode_form({"expand": within}).encode(), stripe_version=version)
    if resource.endswith("_intents"):
        required = INTENTS[resource] if verb == "create" else {}
        wanted = {**required, **example}
        made = server.post(f"/v1/{resource}", encode_form(INTENTS[resource]).encode()).json["id"]
        address = f"/v1/{resource}" if verb == "create" else f"/v1/{resource}/{made}"
        return server.post(address, encode_form(wanted).encode(), stripe_version=version)
    if resource == "sessions":
        address = f"{SESSIONS}/{make_session(server, customer)['id']}"
    else:
        address = f"{ACCOUNTS}/{link_account(server, customer=customer, permissions=('transactions',)).id}"
    if verb == "retrieve":
        return server.get(address, encode_form(example).encode(), stripe_version=version)
    features = {} if verb == "disconnect" else {"features": ["transactions"]}
    return server.post(
        f"{address}/{verb}", encode_form({**features, **example}).encode(), stripe_version=version
    )


@pytest.mark.parametrize(("broken", "call"), CASES)
def test_what_is_said_to_break_worked_and_breaks(server: Server, broken: Break, call: str) -> None:
    before = PUBLISHED[PUBLISHED.index(broken.since) - 1]

    worked = called(server, call, broken.example, before)
    broke = called(server, call, broken.example, broken.since)

    assert worked.status == 200, worked.body
    if broke.status == 200:
        now, then = (_kept(server, answer) for answer in (broke, worked))
        assert now.get("limits") != then.get("limits")
    else:
        assert (broke.status, broke.error["type"]) == (400, "invalid_request_error")


def _kept(server: Server, answer: Answer) -> dict[str, Any]:
    """A Session as the newest version shows it."""
    kept: dict[str, Any] = server.get(f"{SESSIONS}/{answer.json['id']}").json
    return kept


@pytest.mark.parametrize("broken", BREAKS, ids=range(len(BREAKS)))
def test_an_example_is_known_as_what_breaks(broken: Break) -> None:
    before = PUBLISHED[PUBLISHED.index(broken.since) - 1]

    for call in broken.calls:
        assert list(breaks_after(before, call, broken.example)) == [broken]
        assert list(breaks_after(broken.since, call, broken.example)) == []


@pytest.mark.parametrize("change", versions.CHANGES, ids=lambda change: change.version)
def test_a_parameter_that_ended_is_said_to_break(change: Change) -> None:
    ended = {(route, path) for route, paths in change.ended_parameters.items() for path in paths}

    assert {
        (route, path)
        for route, path in ended
        for each in BREAKS
        if each.since == change.version and route in each.calls and f"`{path}`" in each.advice
    } == ended
