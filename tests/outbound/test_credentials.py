"""What is secret reaches the origin it is for, and no other, whatever anybody answers (R19)."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

from linkspan.server.operations.deliveries import TO_ENDPOINTS
from linkspan.server.outbound.egress import Address, Egress
from linkspan.server.outbound.exchange import Request, Response
from linkspan.server.outbound.failures import OutboundFailure, Unreachable
from linkspan.server.outbound.network import Network
from tests.conftest import Tally
from tests.outbound.banks import ASKS, access_to, connected
from tests.outbound.certificates import self_signed
from tests.raw import serving

SECRET: Final = "canary-19"
# Both origins may be called: nothing but our own care keeps them apart.
EGRESS: Final = Egress.allowing("127.0.0.0/8", "::1")
WAYS: Final[dict[str, Any]] = {"banks": {}, "endpoints": TO_ENDPOINTS}
REDIRECTS: Final = (300, 301, 302, 303, 304, 305, 306, 307, 308)
LOCATIONS: Final = (
    "http://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "http://second.example:{port}/",
    "http://user:password@127.0.0.1:{port}/",
    "https://second.example:{port}/",
    "HTTP:127.0.0.1:{port}",
)
# Other words by which an answer may lead elsewhere, or ask for more than it was given.
HINTS: Final = (
    (200, "refresh: 0; url=http://127.0.0.1:{port}/"),
    (200, 'alt-svc: h2="127.0.0.1:{port}", http/1.1="127.0.0.1:{port}"; ma=3600'),
    (200, "link: <http://127.0.0.1:{port}/>; rel=preload"),
    (200, "content-location: http://127.0.0.1:{port}/"),
    (201, "location: http://127.0.0.1:{port}/"),
    (202, "location: http://127.0.0.1:{port}/"),
    (200, "set-cookie: session=" + SECRET + "; Domain=example; Path=/"),
    (200, "set-cookie: session=" + SECRET + "; Domain=127.0.0.1"),
    (401, 'www-authenticate: Basic realm="x"'),
    (401, 'www-authenticate: Digest realm="x", nonce="y"'),
    (401, "www-authenticate: Negotiate"),
    (407, 'proxy-authenticate: Basic realm="x"'),
    (421, "location: http://127.0.0.1:{port}/"),
    (426, "upgrade: h2c"),
    (503, "retry-after: 0"),
    (511, "location: http://127.0.0.1:{port}/"),
)
# What ends before an answer is whole.
BROKEN: Final = (
    b"",
    b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:{port}/\r\n",
    b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:{port}/\r\nContent-Length: 9\r\n\r\nhalf",
    b"HTTP/1.1 103 Early Hints\r\nLink: <http://127.0.0.1:{port}/>; rel=preload\r\n\r\n",
    b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
    b"Location: http://127.0.0.1:{port}/\r\n\r\n",
    b"\x16\x03\x01\x02\x00",
    b"HTTP/9.9 200 OK\r\n\r\n",
)
PROXIES: Final = tuple(
    product(
        ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"),
        (
            "http://127.0.0.1:{port}",
            "http://user:" + SECRET + "@127.0.0.1:{port}",
            "socks5h://127.0.0.1:{port}",
        ),
        ("http", "https"),
    )
)


@dataclass
class Origin:
    """A server that answers all alike, and keeps what it is sent."""

    answer: bytes = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
    came: list[bytes] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came.append(await reader.read(65_536))
        writer.write(self.answer)

    @asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[None]:
        async with serving(self.serve, tls=tls) as self.port:
            yield


async def names(host: str, port: int) -> Sequence[Address]:
    del host, port
    return (ipaddress.ip_address("127.0.0.1"),)


def asking(url: str) -> Request:
    """A request that holds a secret wherever one can be."""
    headers = {"authorization": f"Bearer {SECRET}", "stripe-signature": SECRET, "cookie": SECRET}
    return Request(method="POST", url=f"{url}?token={SECRET}", headers=headers, body=SECRET.encode())


async def outcome(network: Network, request: Request) -> Response | OutboundFailure:
    """What comes of a request; a failure names no secret."""
    failure: OutboundFailure | None = None
    try:
        return await network.send(request)
    except OutboundFailure as problem:
        failure = problem
    assert SECRET not in f"{failure!r}{failure.__cause__!r}"
    return failure


def at(text: str | bytes, port: int) -> bytes:
    raw = text.encode() if isinstance(text, str) else text
    return raw.replace(b"{port}", str(port).encode())


def heads(port: int) -> Iterator[bytes]:
    """Every answer that could lead to the second origin."""
    for status, location in product(REDIRECTS, LOCATIONS):
        yield b"HTTP/1.1 %d X\r\nlocation: %b\r\ncontent-length: 0\r\n\r\n" % (status, at(location, port))
    for status, hint in HINTS:
        yield b"HTTP/1.1 %d X\r\n%b\r\ncontent-length: 0\r\n\r\n" % (status, at(hint, port))
    for broken in BROKEN:
        yield at(broken, port)


@pytest.mark.parametrize("way", WAYS)
def test_no_answer_leads_to_a_second_origin(way: str, tally: Tally) -> None:
    async def scenario() -> tuple[int, list[bytes]]:
        first, second, tries = Origin(), Origin(), 0
        async with first.listening(), second.listening():
            for first.answer in heads(second.port):
                async with Network(EGRESS, resolve=names, **WAYS[way]) as network:
                    await outcome(network, asking(f"http://first.example:{first.port}/"))
                    # Nor does it follow to where it was asked to come a second time.
                    again = Request(method="GET", url=f"http://first.example:{first.port}/next")
                    await outcome(network, again)
                tries += 1
            assert len(first.came) == 2 * tries
            assert not [head for head in first.came[1::2] if SECRET.encode() in head]
            return tries, second.came

    tries, came = asyncio.run(scenario())

    tally(f"R19 answers to {way}", tries=tries, second_origin_reached=len(came))
    assert came == []


# A token of another bank's is not even claimed.
@pytest.mark.parametrize("ask", [name for name in ASKS if name != "token_of_another"])
def test_no_answer_leads_what_a_connector_knows_to_a_second_origin(ask: str, tally: Tally) -> None:
    async def scenario() -> tuple[int, int, list[bytes]]:
        first, second, tries = Origin(), Origin(), 0
        async with first.listening(), second.listening():
            access = access_to(f"http://second.example:{second.port}/simplefin")
            whole = b"HTTP/1.1 200 X\r\ncontent-length: %d\r\n\r\n%b" % (len(access), access)
            for first.answer in (whole, *heads(second.port)):
                async with Network(EGRESS, resolve=names) as network:
                    await connected(network, [f"http://first.example:{first.port}/x"], asks=[ASKS[ask]])
                tries += 1
            return tries, len(first.came), second.came

    tries, asked, came = asyncio.run(scenario())

    tally(f"R19 answers to {ask}", tries=tries, second_origin_reached=len(came))
    assert asked >= tries
    assert came == []


@pytest.mark.parametrize("way", WAYS)
def test_no_proxy_of_the_environment_is_asked(
    way: str, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> tuple[int, int]:
        first, proxy = Origin(), Origin()
        async with first.listening(), proxy.listening():
            for variable, address, scheme in PROXIES:
                with monkeypatch.context() as environment:
                    environment.setenv(variable, at(address, proxy.port).decode())
                    async with Network(EGRESS, resolve=names, **WAYS[way]) as network:
                        await outcome(network, asking(f"{scheme}://first.example:{first.port}/"))
            return len(first.came), len(proxy.came)

    reached, asked = asyncio.run(scenario())

    tally(f"R19 proxies for {way}", tries=len(PROXIES), asked=asked)
    assert (reached, asked) == (len(PROXIES), 0)


@pytest.mark.parametrize("way", WAYS)
def test_a_certificate_that_proves_nothing_is_told_nothing(way: str, tally: Tally, tmp_path: Path) -> None:
    good = self_signed("first.example")
    shown: dict[str, tuple[tuple[bytes, bytes], bytes | None]] = {
        "nobody vouches for": (good, None),
        "somebody else vouches for": (good, self_signed("first.example")[0]),
    }
    for why, made in {
        "over": self_signed("first.example", from_day=-3, to_day=-1),
        "not yet good": self_signed("first.example", from_day=1, to_day=3),
        "another's": self_signed("second.example"),
        "another's below": self_signed("first.example.second.example"),
        "without its name": self_signed("first.example", is_named=False),
    }.items():
        shown[why] = (made, made[0])

    async def scenario(pair: tuple[bytes, bytes], root: bytes | None) -> tuple[object, list[bytes]]:
        (tmp_path / "certificate").write_bytes(pair[0])
        (tmp_path / "key").write_bytes(pair[1])
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
        origin = Origin()
        async with (
            origin.listening(tls),
            Network(EGRESS, resolve=names, root_certificate_pem=root, **WAYS[way]) as network,
        ):
            return await outcome(network, asking(f"https://first.example:{origin.port}/")), origin.came

    answered, _ = asyncio.run(scenario(good, good[0]))
    assert isinstance(answered, Response)
    for why, (pair, root) in shown.items():
        refused, came = asyncio.run(scenario(pair, root))
        assert isinstance(refused, Unreachable), why
        assert came == [], why
    tally(f"R19 certificates shown to {way}", tries=len(shown), believed=0)
