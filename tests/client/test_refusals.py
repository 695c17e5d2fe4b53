"""What is raised when the server says no."""

import traceback
from collections.abc import Callable

import pytest

import linkspan
from linkspan.client import Response
from tests.client.conftest import Calls
from tests.client.wire import KEY, answered, page, refused

Calling = Callable[..., Calls]


def raised_by(calls: Calls) -> linkspan.LinkspanError:
    with pytest.raises(linkspan.LinkspanError) as raised:
        calls.done(calls.client.sessions.retrieve("fcsess_1"))
    return raised.value


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, linkspan.InvalidRequestError),
        (401, linkspan.AuthenticationError),
        (402, linkspan.CardError),
        (403, linkspan.PermissionDeniedError),
        (404, linkspan.InvalidRequestError),
        (405, linkspan.APIError),
        (409, linkspan.APIError),
        (429, linkspan.RateLimitError),
        (500, linkspan.APIError),
    ],
)
def test_each_status_has_its_error(calling: Calling, status: int, kind: type[Exception]) -> None:
    assert type(raised_by(calling(refused(status)))) is kind


def test_a_key_used_for_something_else_has_its_own_error(calling: Calling) -> None:
    assert type(raised_by(calling(refused(400, type="idempotency_error")))) is linkspan.IdempotencyError


def test_a_rate_limit_in_its_old_spelling_is_one(calling: Calling) -> None:
    assert type(raised_by(calling(refused(400, code="rate_limit")))) is linkspan.RateLimitError


def test_an_error_carries_all_the_server_told(calling: Calling) -> None:
    error = raised_by(
        calling(refused(404, code="resource_missing", param="session", message="No such session: 'fcsess_1'"))
    )

    assert error.message == "No such session: 'fcsess_1'"
    assert (error.http_status, error.request_id) == (404, "req_1")
    assert (error.code, error.param, error.type) == ("resource_missing", "session", "invalid_request_error")


@pytest.mark.parametrize(
    "body",
    [b"<html>Bad gateway</html>", b"", b"{}", b'{"error":"no"}', b"[1]", b'{"error":{"type":4}}', b"\xff"],
)
def test_a_refusal_nobody_can_read_is_an_api_error(calling: Calling, body: bytes) -> None:
    error = raised_by(calling(Response(status=400, headers={}, body=body)))

    assert type(error) is linkspan.APIError
    assert error.message == "The server's answer was 400 without an error object."


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"object":"list"}', b"null"])
def test_a_success_nobody_can_read_is_an_api_error(calling: Calling, body: bytes) -> None:
    error = raised_by(calling(Response(status=200, headers={"request-id": "req_9"}, body=body)))

    assert type(error) is linkspan.APIError
    assert error.request_id == "req_9"


def test_another_object_than_was_asked_for_is_an_api_error(calling: Calling) -> None:
    assert type(raised_by(calling(answered(page())))) is linkspan.APIError


def test_a_redirect_is_not_followed(calling: Calling) -> None:
    calls = calling(Response(status=302, headers={"location": "http://elsewhere.test"}, body=b""))

    assert type(raised_by(calls)) is linkspan.APIError
    assert len(calls.sent) == 1


def test_a_key_the_server_repeats_goes_no_further(calling: Calling) -> None:
    error = raised_by(calling(refused(401, message=f"Invalid API key provided: {KEY}")))

    shown = "".join(traceback.format_exception(error)) + repr(error)
    assert error.message == "Invalid API key provided: sk_test_…"
    assert "Canary" not in shown


def test_neither_client_nor_request_nor_response_shows_a_secret(calling: Calling) -> None:
    calls = calling(refused(400))

    raised_by(calls)

    shown = (
        f"{calls.client!r} {calls.last!r} {answered({'client_secret': 'canary'})!r} {vars(calls.client)!r}"
    )
    assert "canary" not in shown.lower()
