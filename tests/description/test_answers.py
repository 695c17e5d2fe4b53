"""What the description of a version says is what that version answers and takes."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

import jsonschema_rs
import msgspec
import pytest

from linkspan.server.api import versions
from linkspan.server.api.description.document import document
from linkspan.server.api.forms import Form
from linkspan.server.api.routes import served
from linkspan.server.api.routing import Route
from linkspan.server.api.versions.published import PREVIEWS, PUBLISHED
from linkspan.server.core.refusals import UnknownParameter
from tests.api.conftest import (
    ADDRESS,
    ON_SQLITE,
    Answer,
    Server,
    link_account,
    make_customer,
    make_session,
    show_account,
)

NUMBERS: Final = {"country": "US", "routing_number": "110000000", "account_number": "000123456789"}
TYPED: Final = {
    "type": "us_bank_account",
    "us_bank_account[routing_number]": "110000000",
    "us_bank_account[account_number]": "000123456789",
    "us_bank_account[account_holder_type]": "individual",
    "billing_details[name]": "Jenny Rosen",
}
HEARD: Final = {"url": "https://example.com/hooks", "enabled_events[]": "customer.created"}
# What only linking brings: tests of the flow meet them.
NOT_THERE: Final = frozenset({"authorization", "institution", "transaction"})
FORM: Final = "application/x-www-form-urlencoded"
# Versions between two of these differ in their names alone.
each_version = pytest.mark.parametrize(
    "version",
    sorted(
        {PUBLISHED[0], PUBLISHED[-1], PREVIEWS[-1]}
        | {change.version for change in (*versions.CHANGES, *versions.PREVIEW_CHANGES)}
    ),
)


def strictly(schema: Any) -> Any:
    """A schema that takes no field it does not name."""
    if isinstance(schema, list):
        return [strictly(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strictly(each) for key, each in schema.items()}
    return closed | {"additionalProperties": False} if "properties" in closed else closed


def assert_as_described(described: Mapping[str, Any], operation: Mapping[str, Any], answer: Answer) -> None:
    """The answer has a status and a shape that the operation says it may have."""
    response = operation["responses"][str(answer.status)]
    if "$ref" in response:
        response = described["components"]["responses"][response["$ref"].rpartition("/")[2]]
    schema = response["content"]["application/json"]["schema"]
    whole = {**schema, "components": strictly(deepcopy(described["components"]["schemas"]))}
    whole["components"] = {"schemas": whole["components"]}
    jsonschema_rs.validator_for(whole).validate(answer.json)


def a_world(server: Server) -> dict[str, str]:
    """One of everything, by the names that addresses have for them."""
    customer = make_customer(server)
    session = make_session(server, customer, limits__accounts="2", filters__country="US")["id"]
    account = link_account(server, session=session, customer=customer, is_owned=True)
    show_account(server, session, account)
    connected = server.post("/v1/accounts", {"type": "custom", "country": "US"}).json["id"]
    event = server.get("/v1/events").json["data"][0]["id"]
    method = server.post("/v1/payment_methods", TYPED).json["id"]
    server.post(f"/v1/payment_methods/{method}/attach", {"customer": customer})
    token = server.post("/v1/tokens", {f"bank_account[{name}]": word for name, word in NUMBERS.items()})
    return {
        "account": account.id,
        "connected": connected,
        "customer": customer,
        "event": event,
        "ownership": str(account.ownership),
        "payment_method": method,
        "session": session,
        "token": token.json["id"],
        "webhook_endpoint": server.post("/v1/webhook_endpoints", HEARD).json["id"],
    }


def reads(described: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every address that can be read, with its operation."""
    for path, methods in described["paths"].items():
        if "get" in methods:
            yield path, methods["get"]


def asked(path: str, operation: Mapping[str, Any], world: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """An address and a query that can be answered, as far as the world has what they need."""
    ids = dict(world)
    if path.startswith("/v1/accounts/"):
        ids["account"] = world["connected"]
    query = {
        parameter["name"]: ids[parameter["name"]]
        for parameter in operation["parameters"]
        if parameter.get("in") == "query" and parameter["required"]
    }
    return path.format_map(Ids(ids)), query


class Ids(dict[str, str]):
    """Ids by name; what the world has none of has one that names nothing."""

    def __missing__(self, name: str) -> str:
        return f"{name}_none"


@ON_SQLITE
@each_version
def test_answers_are_as_their_version_is_described(server: Server, version: str) -> None:
    world, described = a_world(server), document(version, ADDRESS)

    for path, operation in reads(described):
        address, query = asked(path, operation, world)
        answer = server.get(address, query, stripe_version=version)
        assert_as_described(described, operation, answer)


@ON_SQLITE
def test_the_world_has_one_of_everything_that_can_be_read(server: Server) -> None:
    world, described = a_world(server), document(PREVIEWS[-1], ADDRESS)
    unread = []
    for path, operation in reads(described):
        address, query = asked(path, operation, world)
        if server.get(address, query, stripe_version=PREVIEWS[-1]).status != 200:
            unread.append(path)

    lacking = {path for path in unread if not any(f"{{{name}}}" in path for name in NOT_THERE)}
    assert lacking <= {"/v1/financial_connections/transactions"}, f"a_world has nothing for {sorted(lacking)}"


@each_version
def test_examples_are_as_their_version_is_described(version: str) -> None:
    described = document(version, ADDRESS)

    for methods in described["paths"].values():
        for operation in methods.values():
            example = operation["responses"]["200"]["content"]["application/json"]["example"]
            answer = Answer(200, {}, msgspec.json.encode(example))
            assert_as_described(described, operation, answer)


@ON_SQLITE
@each_version
def test_expanded_answers_are_as_described(server: Server, version: str) -> None:
    world, described = a_world(server), document(version, ADDRESS)

    for path, operation in reads(described):
        address, query = asked(path, operation, world)
        (paths,) = [
            parameter["schema"]["items"]["enum"]
            for parameter in operation["parameters"]
            if parameter.get("name") == "expand"
        ] or [()]
        for expanded in paths:
            answer = server.get(address, query | {"expand[]": expanded}, stripe_version=version)
            assert answer.status in {200, 404}, answer.body
            assert_as_described(described, operation, answer)


def forms(schema: Mapping[str, Any], within: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the way to every parameter that a request may have."""
    for arm in (schema, *schema.get("anyOf", ())):
        for name, field in arm.get("properties", {}).items():
            yield (*within, name)
            yield from forms(field, (*within, name))


def sent(way: tuple[str, ...]) -> Form:
    """A form with one parameter."""
    name, *below = way
    return {name: sent(tuple(below)) if below else "word"}


def takes(version: str, route: str, way: tuple[str, ...]) -> bool:
    try:
        versions.upgrade_request(version, route, sent(way))
    except UnknownParameter:
        return False
    return True


@each_version
def test_the_parameters_of_a_version_are_those_that_it_takes(version: str) -> None:
    family = PREVIEWS if version in PREVIEWS else PUBLISHED
    newest, described = document(family[-1], ADDRESS), document(version, ADDRESS)

    for route in served(in_previews=version in PREVIEWS):
        if route.method == "POST":
            now, then = ({*forms(body_of(each, route))} for each in (newest, described))
            assert {way for way in now if takes(version, route.name, way)} == now & then


def body_of(described: Mapping[str, Any], route: Route) -> Any:
    """The schema of what a route takes."""
    return described["paths"][route.template]["post"]["requestBody"]["content"][FORM]["schema"]


def test_what_a_version_ended_is_described_before_it() -> None:
    described = document("2026-08-26.dahlia", ADDRESS)
    (create,) = (route for route in served(in_previews=False) if route.name == "sessions.create")

    assert ("filters", "countries") in set(forms(body_of(described, create)))
    assert ("filters", "country") not in set(forms(body_of(described, create)))
    assert "countries" in described["components"]["schemas"]["Filters"]["properties"]
