"""Every refusal has a status, words, and a sentence that says what it means."""

import inspect
from collections.abc import Iterator
from http import HTTPStatus

import msgspec
import pytest

from linkspan.objects import ERROR_TYPES
from linkspan.server.api.errors import RENDERED, render, render_bug
from linkspan.server.core import refusals
from linkspan.server.core.refusals import Refusal


def family(root: type[Refusal]) -> Iterator[type[Refusal]]:
    for child in root.__subclasses__():
        yield child
        yield from family(child)


REFUSALS = sorted(family(Refusal), key=lambda cls: cls.__name__)


def made(cls: type[Refusal]) -> Refusal:
    """A refusal of *cls*, its words filled with the names of its parameters."""
    needed = [
        parameter
        for parameter in inspect.signature(cls).parameters.values()
        if parameter.default is parameter.empty
    ]
    words = [parameter.name for parameter in needed if parameter.kind is not parameter.KEYWORD_ONLY]
    named = {parameter.name: parameter.name for parameter in needed if parameter.name not in words}
    return cls(*words, **named)


@pytest.mark.parametrize("cls", REFUSALS)
def test_every_refusal_is_rendered(cls: type[Refusal]) -> None:
    status, body = render(made(cls))
    error = msgspec.json.decode(body)["error"]

    assert HTTPStatus(status) in range(400, 500)
    assert error["type"] in ERROR_TYPES
    assert error["message"]
    assert None not in error.values()


@pytest.mark.parametrize("cls", REFUSALS)
def test_every_refusal_says_what_it_means(cls: type[Refusal]) -> None:
    assert cls.__dict__.get("__doc__")


@pytest.mark.parametrize("cls", REFUSALS)
def test_every_refusal_is_drawn_in_the_family_tree(cls: type[Refusal]) -> None:
    assert f"── {cls.__name__}" in (refusals.__doc__ or "")


def test_every_refusal_lives_in_one_module() -> None:
    assert {cls.__module__ for cls in REFUSALS} == {refusals.__name__}


def test_the_table_has_no_row_for_anything_else() -> None:
    assert set(RENDERED) <= set(REFUSALS)


def test_a_reference_and_an_object_that_are_missing_differ_in_status_alone() -> None:
    missing = refusals.NoSuchObject("customer", "cus_1", param="customer")
    reference = refusals.NoSuchReference("customer", "cus_1", param="customer")

    assert render(missing)[1] == render(reference)[1]
    assert (render(missing)[0], render(reference)[0]) == (404, 400)


def test_an_error_about_no_parameter_names_none() -> None:
    _, body = render(refusals.BadParameter("The request is not UTF-8.", param=""))

    assert "param" not in msgspec.json.decode(body)["error"]


def test_a_bug_is_told_by_its_request_id_alone() -> None:
    status, body = render_bug("req_1")

    assert status == 500
    assert msgspec.json.decode(body) == {
        "error": {
            "type": "api_error",
            "message": ("An error occurred in Linkspan. Quote the request id req_1 when you report it."),
        }
    }


def test_an_error_says_where_its_pages_are() -> None:
    refusal = refusals.MissingParameter("account")

    _, body = render(refusal, server="https://bank.example", request_id="req_1")

    error = msgspec.json.decode(body)["error"]
    assert error["doc_url"] == "https://bank.example/docs/errors#parameter_missing"
    assert error["request_log_url"] == "https://bank.example/docs/requests/req_1"


def test_an_error_without_a_code_has_no_page_about_one() -> None:
    _, body = render(refusals.NoSuchRoute("GET", "/v1"), server="https://bank.example", request_id="req_1")

    assert "doc_url" not in msgspec.json.decode(body)["error"]
