"""A connector's way to its banks: the network, beside the time and chance that proofs are made of."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import msgspec

from linkspan.server.connectors.http import Request, Response, Transport
from linkspan.server.connectors.jose import SigningKey, spelled
from linkspan.server.core.world import World
from linkspan.server.outbound.exchange import Identity

_ID_BYTES: Final = 16
_NONCE_LENGTH_MAX: Final = 512
_CHALLENGE: Final = "use_dpop_nonce"


@dataclass(frozen=True, slots=True)
class Line:
    """A `Transport` that knows what time it is, and the nonces that servers gave last."""

    transport: Transport
    world: World
    nonces: dict[str, str] = field(default_factory=dict, repr=False)
    """By origin: as many as there are servers to speak with."""

    async def send(self, request: Request) -> Response:
        """Send *request* once and return the whole answer, as `Transport` promises."""
        return await self.transport.send(request)

    def new_id(self) -> str:
        """Return a name that no other token of ours has."""
        return spelled(self.world.random_bytes(_ID_BYTES))


@dataclass(frozen=True, slots=True)
class ProvingLine:
    """A `Transport` that shows a certificate, or proves by each request that it holds a key (RFC 9449)."""

    line: Line
    key: SigningKey | None = None
    identity: Identity | None = None

    async def send(self, request: Request) -> Response:
        """Send *request* and return the answer."""
        return await self.send_made(lambda: request)

    async def send_made(self, make: Callable[[], Request]) -> Response:
        """Send what *make* makes and return the answer.

        A server that asks for a nonce has taken nothing of the request (section 8),
        so that it is made and sent again, once, even where it must not be repeated.
        """
        response = await self._sent(make())
        if self.key is not None and _asks_for_nonce(response):
            response = await self._sent(make())
        return response

    async def _sent(self, request: Request) -> Response:
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(request.url))
        headers = dict(request.headers)
        if self.key is not None:
            headers["dpop"] = self._proof(self.key, request, self.line.nonces.get(origin))
        response = await self.line.send(replace(request, headers=headers, identity=self.identity))
        nonce = response.headers.get("dpop-nonce", "")
        if self.key is not None and 0 < len(nonce) <= _NONCE_LENGTH_MAX:
            self.line.nonces[origin] = nonce
        return response

    def _proof(self, key: SigningKey, request: Request, nonce: str | None) -> str:
        """Return a DPoP proof for one request (section 4.2)."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        claims = {
            "jti": self.line.new_id(),
            "htm": request.method,
            "htu": request.url.partition("?")[0],
            "iat": self.line.world.seconds(),
        }
        if scheme == "DPoP":
            claims["ath"] = spelled(sha256(token.encode()).digest())
        if nonce is not None:
            claims["nonce"] = nonce
        return key.sign(claims, typ="dpop+jwt", jwk=key.public)


class _Refusal(msgspec.Struct, frozen=True):
    error: str


def _asks_for_nonce(response: Response) -> bool:
    """Tell whether an authorization server (section 8) or a resource server (section 9) asks for a nonce."""
    if "dpop-nonce" not in response.headers:
        return False
    if response.status == HTTPStatus.UNAUTHORIZED:
        return _CHALLENGE in response.headers.get("www-authenticate", "") or _error(response) == _CHALLENGE
    return response.status == HTTPStatus.BAD_REQUEST and _error(response) == _CHALLENGE


def _error(response: Response) -> str | None:
    try:
        return msgspec.json.decode(response.body, type=_Refusal).error
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
