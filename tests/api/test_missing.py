"""What is not there, or not the caller's, is missing in the same words."""

import pytest

from tests.api.conftest import (
    OTHER_KEY,
    Server,
    assert_error,
    link_account,
    make_customer,
    make_session,
    wanted_session,
)

SESSIONS = "/v1/financial_connections/sessions"
ACCOUNTS = "/v1/financial_connections/accounts"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/nothing"),
        ("GET", "/v1/customers/"),
        ("PUT", "/v1/customers/cus_1"),
        ("DELETE", SESSIONS),
        ("GET", SESSIONS),
        ("GET", f"{ACCOUNTS}/fca_1/"),
        ("POST", f"{ACCOUNTS}//disconnect"),
        ("GET", "/v1//customers/cus_1"),
        ("GET", "/v1/customers/cus_\0"),
    ],
)
def test_an_address_that_is_not_served_is_said_to_be_unknown(server: Server, method: str, path: str) -> None:
    before = server.rows()

    answer = server.ask(method, path)

    assert_error(answer, 404, message=f"Unrecognized request URL ({method}: {path}).")
    assert server.rows() == before


MISSING = [
    ("GET", "/v1/customers/{}", "cus_unknown", "customer"),
    ("GET", f"{SESSIONS}/{{}}", "fcsess_unknown", "financial connections session"),
    ("GET", f"{ACCOUNTS}/{{}}", "fca_unknown", "financial connections account"),
    ("POST", f"{ACCOUNTS}/{{}}/disconnect", "fca_unknown", "financial connections account"),
    ("POST", "/v1/customers/{}", "cus_unknown", "customer"),
    ("DELETE", "/v1/customers/{}", "cus_unknown", "customer"),
]


@pytest.mark.parametrize(("method", "path", "unknown", "noun"), MISSING)
def test_an_unknown_object_is_missing(
    server: Server, method: str, path: str, unknown: str, noun: str
) -> None:
    before = server.rows()

    answer = server.ask(method, path.format(unknown))

    assert answer.status == 404
    assert answer.error["code"] == "resource_missing"
    assert answer.error["message"] == f"No such {noun}: '{unknown}'"
    assert server.rows() == before


@pytest.mark.parametrize(("method", "path", "unknown", "noun"), MISSING)
def test_a_foreign_object_answers_as_an_unknown_one(
    server: Server, method: str, path: str, unknown: str, noun: str
) -> None:
    foreign_customer = make_customer(server, key=OTHER_KEY)
    foreign = {
        "customer": foreign_customer,
        "financial connections session": make_session(server, foreign_customer, key=OTHER_KEY)["id"],
        "financial connections account": link_account(server, key=OTHER_KEY).id,
    }[noun]
    before = server.rows()

    for_unknown = server.ask(method, path.format(unknown))
    for_foreign = server.ask(method, path.format(foreign))

    assert for_foreign.status == for_unknown.status
    assert for_foreign.anonymous == for_unknown.anonymous.replace(unknown.encode(), foreign.encode())
    assert server.rows() == before


def test_the_holder_of_a_session_must_be_the_callers_own(server: Server) -> None:
    foreign = make_customer(server, key=OTHER_KEY)
    before = server.rows()

    for_unknown = server.post(SESSIONS, wanted_session("cus_unknown"))
    for_foreign = server.post(SESSIONS, wanted_session(foreign))

    assert_error(
        for_unknown,
        400,
        code="resource_missing",
        param="account_holder[customer]",
        message="No such customer: 'cus_unknown'",
    )
    assert for_foreign.status == for_unknown.status
    assert for_foreign.anonymous == for_unknown.anonymous.replace(b"cus_unknown", foreign.encode())
    assert server.rows() == before


def test_another_tenants_account_holds_no_session(server: Server) -> None:
    foreign = server.scope(OTHER_KEY).tenant
    before = server.rows()

    answer = server.post(
        SESSIONS,
        {"account_holder[type]": "account", "account_holder[account]": foreign, "permissions[]": "balances"},
    )

    assert_error(answer, 400, code="resource_missing", param="account_holder[account]")
    assert server.rows() == before


def test_an_object_of_another_kind_is_missing(server: Server, customer: str) -> None:
    session = make_session(server, customer)["id"]

    assert server.get(f"/v1/customers/{session}").status == 404
    assert server.get(f"{SESSIONS}/{customer}").status == 404
