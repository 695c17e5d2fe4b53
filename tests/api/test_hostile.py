"""Whatever is sent, the answer is JSON, no bug, and no change without a 200."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection

import msgspec
import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.api.conftest import KEY, ON_SQLITE, Server, done, make_server, named

PATHS = st.one_of(
    st.sampled_from(
        [
            "/v1/customers",
            "/v1/customers/cus_1",
            "/v1/financial_connections/sessions",
            "/v1/financial_connections/sessions/fcsess_1",
            "/v1/financial_connections/accounts",
            "/v1/financial_connections/accounts/fca_1/disconnect",
        ]
    ),
    st.text(max_size=20).map(lambda text: f"/v1/{text}"),
)
NAMES = st.sampled_from(
    [
        "account_holder[type]",
        "account_holder[customer]",
        "permissions[]",
        "permissions",
        "filters[countries][]",
        "limits[accounts]",
        "expand[]",
        "limit",
        "starting_after",
        "metadata[a]",
        "metadata",
        "name",
    ]
)
FORMS = st.lists(st.tuples(NAMES, st.sampled_from(["", "1", "customer", "balances", "cus_1", "\x00", "é"])))
RAW = st.one_of(
    st.binary(max_size=200),
    FORMS.map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs).encode()),
)


@settings(max_examples=150)
@given(
    method=st.sampled_from(["GET", "POST", "DELETE", "HEAD"]),
    path=PATHS,
    raw=RAW,
    headers=st.dictionaries(
        st.sampled_from(["stripe-version", "idempotency-key", "stripe-account", "content-type"]),
        st.one_of(
            st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=20),
            st.just("2022-08-01"),
        ),
    ),
)
def test_no_request_finds_a_bug(method: str, path: str, raw: bytes, headers: dict[str, str]) -> None:
    server = make_server()
    before = server.rows()

    answer = done(server.send(method, path, raw, headers | named(KEY)))

    assert answer.status < 500, server.log.getvalue()
    msgspec.json.decode(answer.body)
    after = server.rows()
    changed = {table for table in after if after[table] != before[table]}
    assert answer.status == 200 or changed <= {"idempotency"}
    done(server.store.aclose())


@given(st.binary(max_size=60))
@settings(max_examples=100)
def test_no_authorization_finds_a_bug_or_a_way_in(credentials: bytes) -> None:
    server = make_server()

    answer = done(
        server.send("POST", "/v1/customers", headers={"authorization": credentials.decode("latin-1")})
    )

    assert answer.status == 401
    done(server.store.aclose())


@pytest.fixture
def address(server: Server) -> Iterator[tuple[str, int]]:
    """The API behind a real HTTP server on a loopback socket."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(server.api, lifespan="off", log_config=None, server_header=False)
    serving = uvicorn.Server(config)
    running = threading.Thread(target=lambda: asyncio.run(serving.serve(sockets=[listening])))
    running.start()
    yield listening.getsockname()
    serving.should_exit = True
    running.join()
    listening.close()


@ON_SQLITE
def test_over_a_socket_the_answer_is_the_same(server: Server, address: tuple[str, int]) -> None:
    connection = HTTPConnection(*address)
    headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": "once"}

    connection.request("POST", "/v1/customers", body="name=Jenny%20Rosen", headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()

    assert (response.status, msgspec.json.decode(body)["name"]) == (200, "Jenny Rosen")
    assert response.headers["Request-Id"].startswith("req_")
    assert server.rows()["customers"] == 1


@ON_SQLITE
def test_over_a_socket_a_sender_who_hangs_up_has_changed_nothing(
    server: Server, address: tuple[str, int]
) -> None:
    head = (
        f"POST /v1/customers HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {KEY}\r\n"
        "Content-Length: 40\r\n\r\nname=Jenny"
    )
    with socket.create_connection(address) as cut_off:
        cut_off.sendall(head.encode())

    connection = HTTPConnection(*address)
    connection.request("GET", "/v1/customers/cus_1", headers={"Authorization": f"Bearer {KEY}"})
    connection.getresponse().read()
    connection.close()

    assert server.rows()["customers"] == 0
