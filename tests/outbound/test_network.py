"""The real transport against real sockets."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from linkspan.server.outbound.egress import Address, Egress
from linkspan.server.outbound.exchange import Request, Response
from linkspan.server.outbound.failures import (
    BrokeProtocol,
    OutboundFailure,
    Refused,
    TimedOut,
    Unreachable,
)
from linkspan.server.outbound.network import Network
from tests.outbound.certificates import self_signed
from tests.raw import serving

LOOPBACK = Egress.allowing("127.0.0.1")
SECRET = "canary-5f1c"


@asynccontextmanager
async def answering(
    *pieces: bytes, seen: list[bytes] | None = None, hold: bool = False
) -> AsyncIterator[int]:
    """Serve raw bytes to whoever connects; *hold* keeps the connection open afterwards."""
    release = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if seen is not None:
            seen.append(head)
        writer.write(b"".join(pieces))
        await writer.drain()
        if hold:
            await release.wait()

    async with serving(serve) as port:
        try:
            yield port
        finally:
            release.set()


async def ask(url: str, egress: Egress = LOOPBACK, **options: object) -> Response:
    async with Network(egress, **options) as transport:  # type: ignore[arg-type]  # passed through as given
        return await transport.send(
            Request(method="GET", url=url, headers={"authorization": f"Bearer {SECRET}"})
        )


def names(**hosts: str) -> Callable[[str, int], Awaitable[Sequence[Address]]]:
    async def resolve(host: str, port: int) -> Sequence[Address]:
        del port
        return tuple(ipaddress.ip_address(each) for each in hosts[host.partition(".")[0]].split())

    return resolve


def test_an_answer_comes_back_whole() -> None:
    async def scenario() -> Response:
        async with answering(b"HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 2\r\n\r\nok") as port:
            return await ask(f"http://127.0.0.1:{port}/accounts")

    answer = asyncio.run(scenario())

    assert (answer.status, answer.headers["x-a"], answer.body) == (200, "1", b"ok")


def test_a_redirect_is_returned_and_not_followed() -> None:
    async def scenario() -> tuple[Response, list[bytes]]:
        seen: list[bytes] = []
        async with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", seen=seen) as elsewhere:
            move = f"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:{elsewhere}/\r\nContent-Length: 0\r\n\r\n"
            async with answering(move.encode()) as port:
                return await ask(f"http://127.0.0.1:{port}/token"), seen

    answer, seen_elsewhere = asyncio.run(scenario())

    assert answer.status == 307
    assert seen_elsewhere == []


def test_an_answer_that_never_ends_is_a_timeout() -> None:
    async def scenario() -> Response:
        async with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", hold=True) as port:
            return await ask(f"http://127.0.0.1:{port}/", timeout_seconds=0.3)

    with pytest.raises(TimedOut):
        asyncio.run(scenario())


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + b"x" * 2000 + b"\r\n0\r\n\r\n",
        b"this is not HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut",
    ],
    ids=["too long", "too long and chunked", "not HTTP", "cut off"],
)
def test_an_answer_that_breaks_the_rules_is_refused(raw: bytes) -> None:
    async def scenario() -> Response:
        async with answering(raw) as port:
            return await ask(f"http://127.0.0.1:{port}/", response_bytes_max=1000)

    with pytest.raises(BrokeProtocol):
        asyncio.run(scenario())


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 201 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000,
        b"HTTP/1.1 201 OK\r\nContent-Length: 9000\r\n\r\n" + b"x" * 1000,
    ],
    ids=["too long", "cut off"],
)
def test_where_answers_are_cut_their_beginning_is_enough(raw: bytes) -> None:
    async def scenario() -> Response:
        async with answering(raw) as port:
            return await ask(f"http://127.0.0.1:{port}/", response_bytes_max=1000, cuts_answers=True)

    answer = asyncio.run(scenario())

    assert (answer.status, answer.body) == (201, b"x" * 1000)


def test_where_answers_are_cut_a_slow_one_keeps_its_status() -> None:
    async def scenario() -> Response:
        async with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", hold=True) as port:
            return await ask(f"http://127.0.0.1:{port}/", timeout_seconds=0.3, cuts_answers=True)

    answer = asyncio.run(scenario())

    assert (answer.status, answer.body) == (200, b"half")


def test_a_closed_port_is_an_unreachable_host() -> None:
    async def scenario() -> Response:
        async with answering(b"") as port:
            pass
        return await ask(f"http://127.0.0.1:{port}/{SECRET}?account={SECRET}")

    with pytest.raises(Unreachable) as caught:
        asyncio.run(scenario())

    assert SECRET not in f"{caught.value!r}{caught.value.__cause__!r}"
    assert caught.value.__suppress_context__


def test_a_plain_http_port_does_not_pass_for_https() -> None:
    async def scenario() -> Response:
        async with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as port:
            return await ask(f"https://127.0.0.1:{port}/", timeout_seconds=5)

    with pytest.raises(OutboundFailure):
        asyncio.run(scenario())


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    async def scenario() -> tuple[Response, list[bytes]]:
        seen: list[bytes] = []
        async with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", seen=seen) as port:
            url = f"http://bank.example:{port}/accounts"
            return await ask(url, resolve=names(bank="127.0.0.1")), seen

    answer, seen = asyncio.run(scenario())

    assert answer.body == b"ok"
    assert b"bank.example" in seen[0]


def test_a_second_address_is_tried_when_the_first_cannot_be_reached() -> None:
    async def scenario() -> Response:
        async with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") as port:
            both = Egress.allowing("127.0.0.0/8")
            return await ask(f"http://bank.example:{port}/", both, resolve=names(bank="127.0.0.9 127.0.0.1"))

    assert asyncio.run(scenario()).body == b"ok"


def test_a_name_that_points_inside_is_refused_before_anything_is_sent() -> None:
    async def scenario() -> list[bytes]:
        seen: list[bytes] = []
        async with answering(b"", seen=seen) as port:
            with pytest.raises(Refused):
                await ask(f"https://bank.example:{port}/", Egress(), resolve=names(bank="9.9.9.9 127.0.0.1"))
        return seen

    assert asyncio.run(scenario()) == []


@asynccontextmanager
async def answering_over_tls(folder: Path, name: str) -> AsyncIterator[tuple[int, bytes]]:
    """Serve one fixed answer behind a certificate for *name*; yield the port beside the certificate."""
    certificate, key = self_signed(name)
    (folder / "cert.pem").write_bytes(certificate)
    (folder / "key.pem").write_bytes(key)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()

    async with serving(serve, tls=context) as port:
        yield port, certificate


async def ask_over_tls(folder: Path, host: str, *, trusted: bool) -> Response:
    async with answering_over_tls(folder, "bank.example") as (port, certificate):
        resolve = names(bank="127.0.0.1", other="127.0.0.1")
        root = certificate if trusted else None
        url = f"https://{host}:{port}/"
        return await ask(url, resolve=resolve, root_certificate_pem=root)


def test_a_trusted_certificate_for_the_name_is_accepted(tmp_path: Path) -> None:
    assert asyncio.run(ask_over_tls(tmp_path, "bank.example", trusted=True)).body == b"ok"


@pytest.mark.parametrize(("host", "trusted"), [("bank.example", False), ("other.example", True)])
def test_a_certificate_that_proves_nothing_ends_the_call(tmp_path: Path, host: str, trusted: bool) -> None:  # noqa: FBT001 - a parameter of the table above
    with pytest.raises(Unreachable):
        asyncio.run(ask_over_tls(tmp_path, host, trusted=trusted))


def test_a_name_nobody_knows_is_an_unreachable_host() -> None:
    async def unknown(host: str, port: int) -> Sequence[Address]:
        raise OSError(host, port)

    with pytest.raises(Unreachable):
        asyncio.run(ask("https://bank.example/", Egress(), resolve=unknown))


def test_a_header_that_would_split_the_request_is_not_sent() -> None:
    async def scenario() -> list[bytes]:
        seen: list[bytes] = []
        async with answering(b"", seen=seen) as port, Network(LOOPBACK) as transport:
            request = Request(
                method="GET", url=f"http://127.0.0.1:{port}/", headers={"authorization": "a\r\nx: y"}
            )
            with pytest.raises(Refused) as caught:
                await transport.send(request)
            assert "x: y" not in str(caught.value)
        return seen

    assert asyncio.run(scenario()) == []


def test_a_request_shows_nothing_secret() -> None:
    request = Request(
        method="POST",
        url=f"https://bank.example/{SECRET}?x={SECRET}",
        headers={"authorization": SECRET},
        body=SECRET.encode(),
    )

    assert repr(request) == "Request(POST bank.example)"
