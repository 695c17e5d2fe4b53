"""When a call is made again, with what."""

import re
from collections.abc import Callable

import pytest

from linkspan import APIConnectionError, APIError, RateLimitError
from tests.client.conftest import Calls
from tests.client.wire import account, answered, refused, session

Calling = Callable[..., Calls]

UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
BROKEN = APIConnectionError("linkspan.test gave no answer")


def create(calls: Calls, **extra: str) -> object:
    holder = {"type": "customer", "customer": "cus_1"}
    return calls.done(calls.client.sessions.create(account_holder=holder, permissions=["balances"], **extra))


@pytest.mark.parametrize("first", [BROKEN, refused(409), refused(500), answered("down", 503)])
def test_a_change_is_sent_again_under_the_same_key(calling: Calling, first: object) -> None:
    calls = calling(first, answered(session()))

    create(calls)

    one, again = calls.sent
    assert one == again
    assert UUID4.fullmatch(one.headers["Idempotency-Key"])
    assert calls.pauses == [0.5]


def test_each_change_has_its_own_key(calling: Calling) -> None:
    octets = iter(range(255))
    calls = calling(answered(session()), random_bytes=lambda count: bytes([next(octets)]) * count)

    create(calls)
    create(calls)

    assert calls.sent[0].headers["Idempotency-Key"] != calls.sent[1].headers["Idempotency-Key"]


def test_the_callers_own_key_is_used(calling: Calling) -> None:
    calls = calling(refused(500), answered(session()))

    create(calls, idempotency_key="order-17")

    assert [each.headers["Idempotency-Key"] for each in calls.sent] == ["order-17", "order-17"]


@pytest.mark.parametrize("key", ["", "x" * 256, "a\nb", "ключ"])
def test_a_key_the_server_cannot_keep_is_refused_by_name(calling: Calling, key: str) -> None:
    calls = calling(answered(session()))

    with pytest.raises(ValueError, match="idempotency_key must be"):
        create(calls, idempotency_key=key)

    assert calls.sent == []


def test_reading_needs_no_key(calling: Calling) -> None:
    calls = calling(answered(account("fca_1")))

    calls.done(calls.client.accounts.retrieve("fca_1"))

    assert "Idempotency-Key" not in calls.last.headers


def test_the_last_failure_is_raised_after_two_retries(calling: Calling) -> None:
    calls = calling(refused(500))

    with pytest.raises(APIError) as raised:
        calls.done(calls.client.accounts.retrieve("fca_1"))

    assert raised.value.http_status == 500
    assert len(calls.sent) == 3
    assert calls.pauses == [0.5, 1.0]


def test_a_broken_connection_is_raised_after_two_retries(calling: Calling) -> None:
    calls = calling(BROKEN)

    with pytest.raises(APIConnectionError):
        calls.done(calls.client.accounts.retrieve("fca_1"))

    assert len(calls.sent) == 3


def test_retries_can_be_turned_off(calling: Calling) -> None:
    calls = calling(refused(500), max_network_retries=0)

    with pytest.raises(APIError):
        calls.done(calls.client.accounts.retrieve("fca_1"))

    assert len(calls.sent) == 1
    assert calls.pauses == []


def test_too_many_requests_are_not_made_worse(calling: Calling) -> None:
    calls = calling(refused(429, code="rate_limit"))

    with pytest.raises(RateLimitError):
        calls.done(calls.client.accounts.retrieve("fca_1"))

    assert len(calls.sent) == 1


def test_the_word_of_the_server_is_obeyed(calling: Calling) -> None:
    body = {"error": {"type": "api_error", "message": "No."}}
    calls = calling(
        answered(body, 400, stripe_should_retry="true"), answered(body, 500, stripe_should_retry="false")
    )

    with pytest.raises(APIError):
        calls.done(calls.client.accounts.retrieve("fca_1"))

    assert len(calls.sent) == 2
