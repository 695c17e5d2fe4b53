"""The description of the API leaves nothing out that is served, and nothing without a text."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

import linkspan.objects
from linkspan.objects import decode_as, encode
from linkspan.server.api.description.document import document
from linkspan.server.api.description.examples import WRITTEN, example_of
from linkspan.server.api.description.refused import explained, refusals, statuses, told
from linkspan.server.api.error_codes import CODES
from linkspan.server.api.routes import ROUTES, served
from linkspan.server.api.routing import Route
from linkspan.server.api.versions.published import PREVIEWS, PUBLISHED
from tools import contract_objects, coverage_page

NEWEST: Final = document(PREVIEWS[-1], "http://server.example")
OPERATIONS: Final = {
    operation["operationId"]: operation
    for methods in NEWEST["paths"].values()
    for operation in methods.values()
}


def parameters(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every parameter of an operation, those within hashes by their names in brackets."""
    for parameter in operation["parameters"]:
        if "$ref" not in parameter:
            yield parameter["name"], parameter
            yield from within(parameter["name"], parameter["schema"])
    if "requestBody" in operation:
        (content,) = operation["requestBody"]["content"].values()
        yield from within("", content["schema"])


def within(name: str, schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for arm in (schema, *schema.get("anyOf", ())):
        for inner, field in arm.get("properties", {}).items():
            path = f"{name}[{inner}]" if name else inner
            yield path, field
            yield from within(path, field)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_parameter_says_what_it_is(name: str) -> None:
    silent = [path for path, schema in parameters(OPERATIONS[name]) if not schema.get("description")]

    assert not silent, f'{name}: say what {silent} are, Param(…, about="…"); no field of the answer says it'


@pytest.mark.parametrize("name", NEWEST["components"]["schemas"])
def test_a_field_says_what_it_is(name: str) -> None:
    schema = NEWEST["components"]["schemas"][name]

    assert schema["description"]
    assert [key for key, field in schema["properties"].items() if not field.get("description")] == []


@pytest.mark.parametrize("version", [PUBLISHED[0], PUBLISHED[-1], PREVIEWS[-1]])
def test_the_addresses_of_the_document_are_those_that_are_served(version: str) -> None:
    paths = document(version, "http://server.example")["paths"]
    routes = served(in_previews=version in PREVIEWS)

    described = {(method.upper(), path) for path, methods in paths.items() for method in methods}

    assert described == {
        (route.method, template)
        for route in routes
        for template in (route.template, route.legacy)
        if template
    }


def test_the_page_of_coverage_lists_what_is_served() -> None:
    rows = re.findall(
        r"^\| `([A-Z]+)` \| `([^`]+)` \| [^|]+?(?:; also at `([^`]+)`)? \|$",
        coverage_page.page(),
        re.MULTILINE,
    )
    listed = {(method, path) for method, *paths in rows for path in paths if path}

    assert listed == {
        (method.upper(), path) for path, methods in NEWEST["paths"].items() for method in methods
    }


def test_the_page_of_coverage_is_up_to_date() -> None:
    assert coverage_page.PAGE.read_text(encoding="utf-8") == coverage_page.page(), (
        "run `python -m tools.coverage_page`: a route came, went or changed"
    )


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_method_has_an_example_of_its_answer(route: Route) -> None:
    assert example_of(route, PREVIEWS[-1]), (
        f"{route.name}: write one of what it answers in server/api/description/examples.py"
    )


@pytest.mark.parametrize("name", WRITTEN)
def test_an_example_is_an_object_of_its_kind(name: str) -> None:
    kind = getattr(linkspan.objects, name)

    assert encode(decode_as(WRITTEN[name], kind)) == WRITTEN[name]
    assert not decode_as(WRITTEN[name], kind).extra


def test_the_examples_of_the_contract_are_up_to_date() -> None:
    assert contract_objects.main(["--check"]) == 0, (
        "run `python -m tools.contract_objects`: an example changed"
    )


def test_every_status_is_described() -> None:
    assert all(told(status) for status in statuses())


def test_every_code_is_on_the_page_of_codes() -> None:
    assert {row.code for row in explained()} == set(CODES)


def test_a_refusal_without_a_code_is_explained_by_its_class() -> None:
    assert [cls for cls in refusals() if cls.code is None and not cls.__doc__] == []
