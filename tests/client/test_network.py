"""The transport over real sockets: what arrives, what breaks, what stays open."""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
import pytest

from linkspan import APIConnectionError, APIError, AsyncClient, Client
from tests.client.wire import KEY, account


class Stub(ThreadingHTTPServer):
    """A server of one account that counts connections and keeps what it was told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.connections = 0
        self.heard: list[tuple[str, str, dict[str, str], bytes]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"

    def get_request(self) -> tuple[socket.socket, Any]:
        self.connections += 1
        return super().get_request()


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Stub

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.append((self.command, self.path, dict(self.headers), body))
        answer = msgspec.json.encode(account("fca_1"))
        self.send_response(307 if "moved" in self.path else 200)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def client(url: str, timeout: float = 5.0) -> Client:
    return Client(KEY, base_url=url, max_network_retries=0, timeout=timeout)


def async_client(url: str, timeout: float = 5.0) -> AsyncClient:
    return AsyncClient(KEY, base_url=url, max_network_retries=0, timeout=timeout)


def test_a_request_arrives_as_it_was_written(stub: Stub) -> None:
    with client(stub.url) as calls:
        ended = calls.accounts.disconnect("fca_1", idempotency_key="order-17")

    (method, path, headers, body) = stub.heard[0]
    assert ended.id == "fca_1"
    assert (method, path) == ("POST", "/v1/financial_connections/accounts/fca_1/disconnect")
    assert headers["Idempotency-Key"] == "order-17"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert body == b""


def test_the_async_client_says_the_same(stub: Stub) -> None:
    async def both() -> None:
        async with async_client(stub.url) as calls:
            await calls.accounts.disconnect("fca_1", idempotency_key="order-17")

    asyncio.run(both())
    with client(stub.url) as calls:
        calls.accounts.disconnect("fca_1", idempotency_key="order-17")

    assert stub.heard[0] == stub.heard[1]


def test_one_connection_carries_many_calls(stub: Stub) -> None:
    with client(stub.url) as calls:
        for _ in range(50):
            calls.accounts.retrieve("fca_1")

    # A connection is free again a moment after its answer was read; a busy machine may be late with it.
    assert stub.connections < 10


def test_one_client_serves_many_threads(stub: Stub) -> None:
    with client(stub.url) as calls:
        threads = [threading.Thread(target=calls.accounts.retrieve, args=("fca_1",)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(stub.heard) == 8


def test_one_async_client_serves_one_loop_after_another(stub: Stub) -> None:
    calls = async_client(stub.url)

    first = asyncio.run(calls.accounts.retrieve("fca_1"))
    second = asyncio.run(calls.accounts.retrieve("fca_1"))
    asyncio.run(calls.close())

    assert first == second


def test_a_call_that_is_cancelled_leaves_the_client_whole(stub: Stub, silent: str) -> None:
    async def cancelled(calls: AsyncClient) -> None:
        async with asyncio.timeout(0.05):
            await calls.accounts.retrieve("fca_1")

    calls = async_client(silent)
    with pytest.raises(TimeoutError):
        asyncio.run(cancelled(calls))

    with client(stub.url) as others:
        assert others.accounts.retrieve("fca_1").id == "fca_1"
    asyncio.run(calls.close())


def test_a_closed_port_is_said_with_its_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(APIConnectionError, match=f"127.0.0.1:{port} gave no answer: .*refused") as raised:
        client(f"http://127.0.0.1:{port}").accounts.retrieve("fca_1")

    assert raised.value.should_retry


def test_silence_ends_with_the_timeout(silent: str) -> None:
    with pytest.raises(APIConnectionError, match="did not answer in time"):
        client(silent, timeout=0.05).accounts.retrieve("fca_1")
    with pytest.raises(APIConnectionError, match="did not answer in time"):
        asyncio.run(async_client(silent, timeout=0.05).accounts.retrieve("fca_1"))


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", b"nonsense\r\n\r\n"]
)
def test_an_answer_that_breaks_off_is_no_answer(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_say_and_hang_up, args=(server, said))
        thread.start()

        with pytest.raises(APIConnectionError, match="gave no answer"):
            client(f"http://127.0.0.1:{server.getsockname()[1]}").accounts.retrieve("fca_1")

        thread.join()


def _say_and_hang_up(server: socket.socket, said: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(said)


def test_a_redirect_does_not_carry_the_key_anywhere(stub: Stub) -> None:
    with client(stub.url) as calls, pytest.raises(APIError):
        calls.accounts.retrieve("moved")

    assert len(stub.heard) == 1


def test_a_proxy_is_not_asked_for_this_machine(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    with client(stub.url) as calls:
        assert calls.accounts.retrieve("fca_1").id == "fca_1"


def test_a_closed_client_says_so(stub: Stub) -> None:
    with client(stub.url) as calls:
        calls.accounts.retrieve("fca_1")

    with pytest.raises(APIConnectionError, match="closed") as raised:
        calls.accounts.retrieve("fca_1")

    assert not raised.value.should_retry


def _told_by_child(act: Callable[[], object]) -> str:
    """What *act* raises in a forked process."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        signal.alarm(20)  # a call that hangs ends the child
        try:
            act()
        except APIConnectionError as error:
            os.write(writable, str(error).encode())
        os._exit(0)
    os.close(writable)
    with os.fdopen(readable, "rb") as told:
        said = told.read().decode()
    os.waitpid(child, 0)
    return said


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_is_told_what_to_do_instead_of_waiting_for_ever(stub: Stub) -> None:
    with client(stub.url) as calls:
        calls.accounts.retrieve("fca_1")

        assert "forked after the first call" in _told_by_child(lambda: calls.accounts.retrieve("fca_1"))
        assert "forked after the first call" in _told_by_child(
            lambda: client(stub.url).accounts.retrieve("fca_1")
        )
