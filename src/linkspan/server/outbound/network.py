"""HTTP/1.1 to the very address that was checked."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Final, Self

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import (
    ClientClosedError,
    ConnectError,
    ConnectTimeoutError,
    NetworkError,
    PyreqwestError,
)

from linkspan.server.outbound.egress import Address, Destination, Egress, destination_of
from linkspan.server.outbound.exchange import Identity, Request, Response
from linkspan.server.outbound.failures import (
    BrokeProtocol,
    OutboundFailure,
    Refused,
    TimedOut,
    Unreachable,
)

Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]
"""Returns the addresses of a host, best first."""

# A person waits in the modal for these calls; banks' own gateways give up at 30 s.
_TIMEOUT_SECONDS: Final = 25.0
# A connection that is not there after this long will hardly come; leaves time for a second address.
_CONNECT_SECONDS: Final = 8.0
# A page of a hundred accounts is some 100 kB; the bound only stops a flood.
_RESPONSE_BYTES_MAX: Final = 4 * 1024 * 1024
# Each dialed address keeps its own pool of connections; far more than one operator's banks need.
_POOLS_MAX: Final = 256
_ADDRESSES_TRIED_MAX: Final = 3


async def system_addresses(host: str, port: int) -> Sequence[Address]:
    """Ask the system's resolver."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


class Network:
    """Sends requests with certificates verified, no redirect followed and no proxy asked.

    The name is resolved, every address is checked against *egress*, and the
    connection goes to a checked address: a second look-up, which could answer
    differently (DNS rebinding), never happens. Use as an async context manager.
    """

    def __init__(
        self,
        egress: Egress,
        *,
        resolve: Resolve = system_addresses,
        timeout_seconds: float = _TIMEOUT_SECONDS,
        response_bytes_max: int = _RESPONSE_BYTES_MAX,
        cuts_answers: bool = False,
        root_certificate_pem: bytes | None = None,
    ) -> None:
        self._egress = egress
        self._resolve = resolve
        self._timeout_seconds = timeout_seconds
        self._response_bytes_max = response_bytes_max
        self._cuts_answers = cuts_answers
        self._root_certificate_pem = root_certificate_pem
        self._pools: dict[tuple[str, int, Address, Identity | None], Client] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pools = tuple(self._pools.values())
        self._pools.clear()
        for pool in pools:
            await pool.close()

    async def send(self, request: Request) -> Response:
        """Send *request* once and return the answer, or raise an `OutboundFailure`.

        An answer longer than wanted is refused. A network that cuts answers
        returns what it has read of one that is too long, slow or cut off: its
        status had arrived.
        """
        destination = destination_of(request.url)
        addresses = await self._addresses(destination)
        for last, address in enumerate(addresses, start=1 - len(addresses)):
            try:
                return await self._exchange(self._pool(destination, address, request.identity), request)
            except (ConnectError, ConnectTimeoutError) as failure:
                # Nothing was sent, so another address of the same host may be tried.
                if last == 0:
                    raise _failure(failure, destination) from None
            except (PyreqwestError, ValueError) as failure:
                # "from None": the library's text repeats addresses and header values.
                raise _failure(failure, destination) from None
        raise Unreachable(f"{destination.host} has no address")

    async def _addresses(self, destination: Destination) -> Sequence[Address]:
        literal = destination.literal
        try:
            async with asyncio.timeout(self._timeout_seconds):
                addresses = (literal,) if literal else await self._resolve(destination.host, destination.port)
        except TimeoutError:
            raise TimedOut(f"The name {destination.host} was not resolved in time") from None
        except OSError:
            raise Unreachable(f"The name {destination.host} could not be resolved") from None
        for address in addresses:
            self._egress.check(destination, address)
        return addresses[:_ADDRESSES_TRIED_MAX]

    def _pool(self, destination: Destination, address: Address, identity: Identity | None) -> Client:
        """Return the connections to one address on which the server knows one caller."""
        key = (destination.host, destination.port, address, identity)
        pool = self._pools.pop(key, None) or self._new_pool(destination, address, identity)
        self._pools[key] = pool
        if len(self._pools) > _POOLS_MAX:
            # Only the reference goes: exchanges under way keep their own.
            del self._pools[next(iter(self._pools))]
        return pool

    def _new_pool(self, destination: Destination, address: Address, identity: Identity | None) -> Client:
        builder = (
            ClientBuilder()
            .follow_redirects(enable=False)
            .referer(enable=False)
            .default_cookie_store(enable=False)
            .no_proxy()
            # No compression is offered: a small answer cannot unfold into a huge one.
            .gzip(enable=False)
            .brotli(enable=False)
            .zstd(enable=False)
            .deflate(enable=False)
            .min_tls_version("TLSv1.2")
            .connect_timeout(timedelta(seconds=min(_CONNECT_SECONDS, self._timeout_seconds)))
            .timeout(timedelta(seconds=self._timeout_seconds))
            .user_agent("linkspan")
            .resolve(destination.host, str(address), destination.port)
        )
        if self._root_certificate_pem is not None:
            builder = builder.add_root_certificate_pem(self._root_certificate_pem)
        if identity is not None:
            builder = builder.identity_pem(identity.pem)
        return builder.build()

    async def _exchange(self, pool: Client, request: Request) -> Response:
        sending = pool.request(request.method, request.url).headers(dict(request.headers))
        if request.body:
            sending = sending.body_bytes(request.body)
        # Nothing of a body is read ahead: what goes wrong in it comes after the status.
        async with sending.streamed_read_buffer_limit(0).build_streamed() as answer:
            headers: dict[str, str] = {}
            for name, value in answer.headers.items():
                headers.setdefault(name.lower(), value)
            body = bytearray()
            try:
                while len(body) <= self._response_bytes_max:
                    chunk = await answer.body_reader.read_chunk()
                    if chunk is None:
                        return Response(status=answer.status, headers=headers, body=bytes(body))
                    body += chunk
            except PyreqwestError:
                if not self._cuts_answers:
                    raise
            if not self._cuts_answers:
                raise BrokeProtocol(f"{request.host} sent more than {self._response_bytes_max} bytes")
            cut = bytes(body[: self._response_bytes_max])
            return Response(status=answer.status, headers=headers, body=cut)


def _failure(error: Exception, destination: Destination) -> OutboundFailure:
    """Return what *error* means, in words that hold nothing but the host."""
    host = destination.host
    match error:
        case TimeoutError():
            return TimedOut(f"{host} did not answer in time")
        case NetworkError() | ClientClosedError():
            return Unreachable(f"{host} could not be reached")
        case ValueError():
            return Refused(f"The request to {host} could not be written")
        case _:
            return BrokeProtocol(f"{host} did not answer in valid HTTP")
