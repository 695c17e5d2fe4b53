import pytest

from linkspan.client import APIConnectionError, Response
from linkspan.client._retry import pause_seconds, should_retry


def answer(status: int, said: str | None = None) -> Response:
    headers = {} if said is None else {"stripe-should-retry": said}
    return Response(status=status, headers=headers, body=b"")


@pytest.mark.parametrize("status", [409, 500, 502, 503, 504])
def test_conflicts_and_server_failures_are_tried_again(status: int) -> None:
    assert should_retry(answer(status))


@pytest.mark.parametrize("status", [200, 400, 401, 402, 403, 404, 429])
def test_what_would_fail_again_is_not_tried_again(status: int) -> None:
    assert not should_retry(answer(status))


@pytest.mark.parametrize("status", [200, 400, 429, 500])
def test_the_word_of_the_server_goes_before_the_status(status: int) -> None:
    assert should_retry(answer(status, "true"))
    assert not should_retry(answer(status, "false"))


def test_an_unknown_word_of_the_server_is_no_word() -> None:
    assert should_retry(answer(500, "perhaps"))
    assert not should_retry(answer(400, "perhaps"))


def test_a_broken_connection_is_tried_again_unless_it_says_otherwise() -> None:
    assert should_retry(APIConnectionError("reset"))
    assert not should_retry(APIConnectionError("forked", should_retry=False))


@pytest.mark.parametrize(("retry", "longest"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 5.0), (50, 5.0)])
def test_pauses_double_up_to_five_seconds(retry: int, longest: float) -> None:
    assert pause_seconds(retry, chance=1.0) == longest


@pytest.mark.parametrize("retry", range(1, 10))
def test_chance_shortens_a_pause_by_half_at_most_and_never_below_half_a_second(retry: int) -> None:
    shortest = pause_seconds(retry, chance=0.0)

    assert shortest == max(0.5, pause_seconds(retry, chance=1.0) / 2)
