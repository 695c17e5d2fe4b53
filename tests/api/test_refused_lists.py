"""A list, a version or a key that makes no sense is refused by name."""

import pytest

from tests.api.conftest import (
    OTHER_KEY,
    Server,
    assert_error,
    link_account,
)

ACCOUNTS = "/v1/financial_connections/accounts"


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"limit": "0"}, {"code": "parameter_invalid_integer", "param": "limit"}),
        ({"limit": "101"}, {"code": "parameter_invalid_integer", "param": "limit"}),
        ({"limit": "ten"}, {"code": "parameter_invalid_integer", "param": "limit"}),
        ({"session": "fcsess_unknown"}, {"code": "resource_missing", "param": "session"}),
        (
            {"account_holder[customer]": "cus_unknown"},
            {"code": "resource_missing", "param": "account_holder[customer]"},
        ),
        (
            {"account_holder[account]": "acct_unknown"},
            {"code": "resource_missing", "param": "account_holder[account]"},
        ),
        (
            {"account_holder[customer_account]": "acct_unknown"},
            {"code": "resource_missing", "param": "account_holder[customer_account]"},
        ),
        (
            {"account_holder[customer]": "cus_1", "account_holder[customer_account]": "acct_1"},
            {"code": "parameters_exclusive", "param": "account_holder[customer_account]"},
        ),
        (
            {"starting_after": "fca_1", "ending_before": "fca_2"},
            {
                "code": "parameters_exclusive",
                "param": "ending_before",
                "message": "Received both starting_after and ending_before parameters.",
            },
        ),
        (
            {"account_holder[customer]": "cus_1", "session": "fcsess_1"},
            {"code": "parameters_exclusive", "param": "session"},
        ),
        (
            {"account_holder[account]": "acct_1", "account_holder[customer]": "cus_1"},
            {"code": "parameters_exclusive", "param": "account_holder[customer]"},
        ),
        ({"status": "active"}, {"code": "parameter_unknown", "param": "status"}),
        ({"expand[]": "ownership"}, {"param": "expand[0]"}),
        # What names nothing must not be taken for "all of them", nor for the first page again.
        ({"session": ""}, {"code": "parameter_invalid_empty", "param": "session"}),
        (
            {"account_holder[customer]": ""},
            {"code": "parameter_invalid_empty", "param": "account_holder[customer]"},
        ),
        ({"starting_after": ""}, {"code": "parameter_invalid_empty", "param": "starting_after"}),
        ({"ending_before": ""}, {"code": "parameter_invalid_empty", "param": "ending_before"}),
    ],
)
def test_a_list_is_refused_by_the_name_of_the_parameter(
    server: Server, params: dict[str, str], error: dict[str, str]
) -> None:
    link_account(server)
    before = server.rows()

    answer = server.get(ACCOUNTS, params)

    assert_error(answer, 400, **error)
    assert server.rows() == before


@pytest.mark.parametrize("path", [ACCOUNTS, "/v1/customers"])
@pytest.mark.parametrize("cursor", ["starting_after", "ending_before"])
def test_an_unknown_cursor_is_refused_as_a_parameter(server: Server, path: str, cursor: str) -> None:
    answer = server.get(path, {cursor: "unknown"})

    assert_error(answer, 400, code="resource_missing", param=cursor)


@pytest.mark.parametrize("cursor", ["starting_after", "ending_before"])
def test_a_foreign_cursor_is_refused_as_an_unknown_one(server: Server, cursor: str) -> None:
    foreign = link_account(server, key=OTHER_KEY).id

    for_unknown = server.get(ACCOUNTS, {cursor: "fca_unknown"})
    for_foreign = server.get(ACCOUNTS, {cursor: foreign})

    assert for_unknown.error["code"] == "resource_missing"
    assert for_unknown.error["param"] == cursor
    assert for_foreign.status == for_unknown.status
    assert for_foreign.anonymous == for_unknown.anonymous.replace(b"fca_unknown", foreign.encode())


@pytest.mark.parametrize("version", ["2018-02-05", "2026-09-30", "newest", "", "2026-10-28.endive "])
def test_an_unknown_version_is_refused(server: Server, version: str) -> None:
    before = server.rows()

    answer = server.post("/v1/customers", stripe_version=version)

    assert_error(answer, 400, message=f"Invalid Stripe API version: {version}")
    assert server.rows() == before


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_an_idempotency_key_has_between_1_and_255_characters(server: Server, key: str) -> None:
    before = server.rows()

    answer = server.post("/v1/customers", idempotency_key=key)

    assert answer.status == 400
    assert server.rows() == before
