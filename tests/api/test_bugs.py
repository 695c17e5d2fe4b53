"""A bug is a 500 and a line in the log, and undoes what it was doing."""

from tests.api.conftest import (
    KEY,
    ON_SQLITE,
    Server,
    make_session,
)

SESSIONS = "/v1/financial_connections/sessions"


@ON_SQLITE
def test_a_bug_is_a_500_that_tells_nothing_but_its_request_id(server: Server) -> None:
    server.change("DROP TABLE sessions")

    answer = server.get(f"{SESSIONS}/fcsess_canary")

    assert answer.status == 500
    assert answer.error["type"] == "api_error"
    assert answer.headers["request-id"] in answer.error["message"]
    assert b"sqlite" not in answer.body.lower()
    assert b"canary" not in answer.body


@ON_SQLITE
def test_a_bug_leaves_a_line_with_its_trace(server: Server) -> None:
    server.change("DROP TABLE sessions")

    answer = server.get(f"{SESSIONS}/fcsess_1")

    bug, request = server.lines()
    assert bug["event"] == "bug"
    assert "no such table" in bug["exception"]
    assert bug["request"] == request["request"] == answer.headers["request-id"]
    assert request["status"] == 500


@ON_SQLITE
def test_a_bug_in_the_middle_of_a_change_undoes_it(server: Server) -> None:
    server.change("DROP TABLE events")
    before = server.query("SELECT count(*) FROM customers")

    answer = server.post("/v1/customers", {"name": "Jenny"}, idempotency_key="once")

    assert answer.status == 500
    assert server.query("SELECT count(*) FROM customers") == before == [(0,)]
    assert server.query("SELECT count(*) FROM idempotency") == [(0,)]


def test_every_request_is_one_line_without_its_secrets(server: Server, customer: str) -> None:
    session = make_session(server, customer)
    server.get("/v1/nothing", key="sk_live_canary1234567890")

    text = server.log.getvalue().decode()
    assert [(line["event"], line["method"], line["route"], line["status"]) for line in server.lines()] == [
        ("request", "POST", "customers.create", 200),
        ("request", "POST", "sessions.create", 200),
        ("request", "GET", None, 401),
    ]
    for secret in (KEY, session["client_secret"], "canary", "Jenny"):
        assert secret not in text
