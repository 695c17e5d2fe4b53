"""Who asks without a key that is theirs is told so, and nothing is done."""

import pytest

from tests.api.conftest import (
    KEY,
    Server,
    assert_error,
)


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Basic", "Basic !!!", "Basic Og==", f"Digest {KEY}", KEY],
)
def test_without_a_key_nothing_is_done(server: Server, authorization: str) -> None:
    before = server.rows()

    answer = server.post("/v1/customers", key=None, authorization=authorization)

    assert_error(answer, 401, message="You did not provide an API key.")
    assert server.rows() == before


def test_without_the_header_nothing_is_done(server: Server) -> None:
    before = server.rows()

    answer = server.post("/v1/customers", key=None)

    assert_error(answer, 401, message="You did not provide an API key.")
    assert server.rows() == before


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("sk_live_canary1234567890", "sk_live_****7890"),
        ("rk_test_canary1234567890", "rk_test_****7890"),
        ("sk_test_canary-1234567890", "****"),
        ("canary", "****"),
        ("sk_test_", "****"),
        ("sk_test_" + "a" * 201, "sk_test_****aaaa"),
    ],
)
def test_an_unknown_key_is_refused_and_shown_by_its_ends_alone(server: Server, key: str, shown: str) -> None:
    before = server.rows()

    answer = server.post("/v1/customers", key=key)

    assert_error(answer, 401, message=f"Invalid API Key provided: {shown}")
    assert b"canary" not in answer.body + server.log.getvalue()
    assert server.rows() == before


@pytest.mark.parametrize("key", ["pk_test_51Abc", "pk_live_51Abc"])
def test_a_publishable_key_reads_and_writes_nothing(server: Server, customer: str, key: str) -> None:
    before = server.rows()

    answers = [server.post("/v1/customers", key=key), server.get(f"/v1/customers/{customer}", key=key)]

    for answer in answers:
        assert_error(answer, 401, code="secret_key_required", message="This API call cannot be made")
    assert server.rows() == before
