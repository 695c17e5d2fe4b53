"""Banks whose addresses are wherever a test says: what a connector calls of them is noted."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from linkspan.server.connectors.base import InvalidSetting
from linkspan.server.connectors.failures import ConnectorFailure
from linkspan.server.connectors.network import NetworkTransport
from linkspan.server.connectors.registry import connectors_over
from linkspan.server.connectors.tokens import Tokens, grant_of
from linkspan.server.core.institution import Institution
from linkspan.server.core.world import World
from linkspan.server.outbound.exchange import Outbound, Request, Response
from linkspan.server.outbound.failures import OutboundFailure, Refused
from linkspan.standards.malformed import MalformedField
from linkspan.standards.simplefin.tokens import write_setup_token
from tests.raw import serving

GRANT: Final = grant_of(Tokens(access_token="a", refresh_token="r", expires_at=None, scope=None))
GOOD: Final = "https://bank.example"
FDX: Final = ("issuer", "authorization_endpoint", "token_endpoint", "revocation_endpoint", "base_url")


@dataclass
class Noting:
    """A way out that notes what it let through, whatever was answered."""

    network: Outbound
    through: list[str] = field(default_factory=list)

    async def send(self, request: Request) -> Response:
        try:
            answer = await self.network.send(request)
        except Refused:
            raise
        except OutboundFailure:
            self.through.append(request.url)
            raise
        self.through.append(request.url)
        return answer


# Asks a bank that is at an address, by connectors of every family.
Ask = Callable[[Mapping[str, Any], str], Awaitable[object]]


def _bank(family: str, **settings: str) -> Institution:
    return Institution(
        id="fcinst_1",
        name="Bank",
        countries=("US",),
        connector=family,
        url=None,
        color="#000000",
        settings=settings,
    )


def _fdx_bank(connectors: Mapping[str, Any], **settings: str) -> Institution:
    """A bank that an operator wrote down, and that nothing seems wrong with."""
    good = dict.fromkeys(FDX, GOOD)
    bank = _bank("fdx", **{**good, "client_id": "us", "scope": "all", **settings})
    connectors["fdx"].check(bank)
    return bank


def fdx(setting: str, call: str, **options: Any) -> Ask:
    """Asks a bank one of whose addresses an operator wrote down."""

    async def ask(connectors: Mapping[str, Any], url: str) -> object:
        bank = _fdx_bank(connectors, **{setting: url})
        return await getattr(connectors["fdx"], call)(bank, GRANT, **options)

    return ask


async def pushed(connectors: Mapping[str, Any], url: str) -> object:
    """Tells a bank that a person is about to come."""
    bank = _fdx_bank(connectors, pushed_authorization_request_endpoint=url)
    begun = connectors["fdx"].begin(bank, redirect_uri=GOOD, state="s", random_bytes=bytes)
    return await connectors["fdx"].set_out(bank, state="s", kept=begun.kept)


async def signed(connectors: Mapping[str, Any], url: str) -> object:
    """Looks for the keys that a bank signs its answers with."""
    bank = _fdx_bank(connectors, authorization_signed_response_alg="ES256", jwks_uri=url)
    begun = connectors["fdx"].begin(bank, redirect_uri=GOOD, state="s", random_bytes=bytes)
    answer = {"response": "e30.e30.e30"}
    return await connectors["fdx"].finish(bank, redirect_uri=GOOD, kept=begun.kept, answer=answer, now=0.0)


async def ofx(connectors: Mapping[str, Any], url: str) -> object:
    """Signs in at a bank whose address an operator wrote down."""
    bank = _bank("ofx", server_url=url, organization="B", institution_id="1")
    connectors["ofx"].check(bank)
    return await connectors["ofx"].finish(
        bank,
        redirect_uri="",
        kept=b'{"client_uid":"1"}',
        answer={"user_id": "sam", "password": "p"},
        now=0.0,
    )


async def bridge(connectors: Mapping[str, Any], url: str) -> object:
    """Claims a token of a bridge whose address an operator wrote down, and reads what it gave access to."""
    bank = _bank("simplefin", root=url)
    connectors["simplefin"].check(bank)
    grant = await _claimed(connectors, bank, url)
    return None if grant is None else await connectors["simplefin"].accounts(bank, grant, now=0.0)


async def token_of_another(connectors: Mapping[str, Any], url: str) -> object:
    """Claims a token that a person has from somebody else than the bank."""
    return await _claimed(connectors, _bank("simplefin", root=GOOD), url)


async def access_url(connectors: Mapping[str, Any], url: str) -> object:
    """Reads accounts with a grant that leads elsewhere."""
    return await connectors["simplefin"].accounts(_bank("simplefin", root=GOOD), access_to(url), now=0.0)


async def _claimed(
    connectors: Mapping[str, Any], bank: Institution, url: str
) -> Any:  # Any: a grant, as of any connector
    with suppress(UnicodeEncodeError):  # no token holds such an address
        token = {"token": write_setup_token(url)}
        return await connectors["simplefin"].finish(bank, redirect_uri="", kept=b"", answer=token, now=0.0)
    return None


def access_to(url: str) -> bytes:
    """An access URL, as a bridge gives it."""
    return url.replace("://", "://user:password@", 1).encode()


# By what of a bank is somewhere else than it should be.
ASKS: Final[Mapping[str, Ask]] = {
    "token_endpoint": fdx("token_endpoint", "renew", now=0.0, is_refused=True),
    "base_url": fdx("base_url", "accounts", now=0.0),
    "revocation_endpoint": fdx("revocation_endpoint", "end"),
    "pushed_authorization_request_endpoint": pushed,
    "jwks_uri": signed,
    "server_url": ofx,
    "root": bridge,
    "token_of_another": token_of_another,
    "access_url": access_url,
}


async def connected(
    network: Outbound, urls: Sequence[str], *, asks: Iterable[Ask] = tuple(ASKS.values())
) -> list[str]:
    """Give a bank each as one of its addresses, and call it; return what went through."""
    noting = Noting(network)
    connectors = connectors_over(NetworkTransport(noting), World(lambda: 0.0, bytes))
    for url in urls:
        for ask in asks:
            with suppress(InvalidSetting, ConnectorFailure, MalformedField):
                await ask(connectors, url)
    return noting.through


async def misled(network: Outbound, urls: Sequence[str], *, host: str) -> list[str]:
    """Let a bridge at *host* give each as an access URL, and read that; return what went through.

    The operator names the hosts that the bridge leads to, so that only the way out is left to refuse it.
    """
    noting = Noting(network)
    connectors = connectors_over(NetworkTransport(noting), World(lambda: 0.0, bytes))
    leads_to = [""]

    async def serve(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = access_to(leads_to[0])
        writer.write(b"HTTP/1.1 200 X\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))

    async with serving(serve, host=host) as port:
        root = f"http://{host}:{port}"
        for leads_to[0] in urls:
            _, _, place = leads_to[0].partition("://")
            bank = _bank("simplefin", root=root, hosts=place.partition("/")[0])
            with suppress(InvalidSetting, ConnectorFailure, MalformedField):
                connectors["simplefin"].check(bank)
                grant = await _claimed(connectors, bank, root)
                await connectors["simplefin"].accounts(bank, grant, now=0.0)
    return [url for url in noting.through if not url.startswith(root)]
