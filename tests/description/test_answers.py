"""What the description of a version says is what that version answers and takes."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
import pytest

from linkspan.server.api import versions
from linkspan.server.api.forms import Form
from linkspan.server.api.routes import served
from linkspan.server.api.routing import Route
from linkspan.server.api.versions.published import PREVIEWS, PUBLISHED
from linkspan.server.core.refusals import UnknownParameter
from tests.api.conftest import ON_SQLITE, Server
from tests.description.described import VERSIONS, a_world, asked, assert_as_described, description, reads

FORM: Final = "application/x-www-form-urlencoded"
# What only linking brings: tests of the flow meet them.
NOT_THERE: Final = frozenset({"authorization", "institution", "transaction"})
each_version = pytest.mark.parametrize("version", VERSIONS)


@ON_SQLITE
@each_version
def test_answers_are_as_their_version_is_described(server: Server, version: str) -> None:
    world = a_world(server)

    for path, operation in reads(version):
        address, query = asked(path, operation, world)
        answer = server.get(address, query, stripe_version=version)
        assert_as_described(version, operation, answer.status, answer.body)


@ON_SQLITE
def test_the_world_has_one_of_everything_that_can_be_read(server: Server) -> None:
    world = a_world(server)
    unread = []
    for path, operation in reads(PREVIEWS[-1]):
        address, query = asked(path, operation, world)
        if server.get(address, query, stripe_version=PREVIEWS[-1]).status != 200:
            unread.append(path)

    lacking = {path for path in unread if not any(f"{{{name}}}" in path for name in NOT_THERE)}
    assert lacking <= {"/v1/financial_connections/transactions"}, f"a_world has nothing for {sorted(lacking)}"


@each_version
def test_examples_are_as_their_version_is_described(version: str) -> None:
    for methods in description(version)["paths"].values():
        for operation in methods.values():
            example = operation["responses"]["200"]["content"]["application/json"]["example"]
            assert_as_described(version, operation, 200, msgspec.json.encode(example))


@ON_SQLITE
@each_version
def test_expanded_answers_are_as_described(server: Server, version: str) -> None:
    world = a_world(server)

    for path, operation in reads(version):
        address, query = asked(path, operation, world)
        (paths,) = [
            parameter["schema"]["items"]["enum"]
            for parameter in operation["parameters"]
            if parameter.get("name") == "expand"
        ] or [()]
        for expanded in paths:
            answer = server.get(address, query | {"expand[]": expanded}, stripe_version=version)
            assert answer.status in {200, 404}, answer.body
            assert_as_described(version, operation, answer.status, answer.body)


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
    newest, described = description(family[-1]), description(version)

    for route in served(in_previews=version in PREVIEWS):
        if route.method == "POST" and not route.is_second:  # that one is of no version
            now, then = ({*forms(body_of(each, route))} for each in (newest, described))
            assert {way for way in now if takes(version, route.name, way)} == now & then


def body_of(described: Mapping[str, Any], route: Route) -> Any:
    """The schema of what a route takes."""
    return described["paths"][route.template]["post"]["requestBody"]["content"][FORM]["schema"]


def test_what_a_version_ended_is_described_before_it() -> None:
    described = description("2026-08-26.dahlia")
    (create,) = (route for route in served(in_previews=False) if route.name == "sessions.create")

    assert ("filters", "countries") in set(forms(body_of(described, create)))
    assert ("filters", "country") not in set(forms(body_of(described, create)))
    assert "countries" in described["components"]["schemas"]["Filters"]["properties"]
