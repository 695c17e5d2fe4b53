"""A server that links at the certified bank, and a browser that goes there."""

import asyncio
import io
import json
import os
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any, cast
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, HTTPSHandler, build_opener

from linkspan.server.api.auth import AnyTestKey
from linkspan.server.app import Server
from linkspan.server.connectors.network import NetworkTransport
from linkspan.server.connectors.registry import Institutions, connectors_over, institutions_from
from linkspan.server.core.world import World
from linkspan.server.operations.context import Context
from linkspan.server.outbound.egress import Egress
from linkspan.server.outbound.network import Network
from linkspan.server.store.sqlite import open_store
from linkspan.server.vault.digests import Digests
from linkspan.server.vault.sealed import Vault
from tests.link.stage import MASTER_KEY, SERVER, UNTRACED, Hands, Stage


@dataclass(frozen=True)
class CertifiedBank:
    """Where the bank is, and the certificate that proves it."""

    issuer: str
    certificate: bytes

    async def visit(self, url: str) -> str:
        """Follow the bank's redirects from *url*; return the address that leads out of it."""
        return await asyncio.to_thread(_walk, self, url)

    async def seen(self, client: str) -> dict[str, int]:
        """What the bank saw of a client."""
        told: dict[str, dict[str, int]] = json.loads(await asyncio.to_thread(_read, self, "/seen"))
        return told.get(client, {})


class _UntilOut(HTTPRedirectHandler):
    """Follows redirects within the bank."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        return super().redirect_request(req, fp, code, msg, headers, newurl) if SERVER not in newurl else None


def _opener(bank: CertifiedBank) -> Any:
    trusted = ssl.create_default_context(cadata=bank.certificate.decode())
    return build_opener(HTTPSHandler(context=trusted), HTTPCookieProcessor(CookieJar()), _UntilOut())


def _walk(bank: CertifiedBank, url: str) -> str:
    try:
        with _opener(bank).open(url, timeout=20) as page:
            return f"{page.status} {page.read().decode()}"
    except HTTPError as out:
        with out:
            return out.headers.get("location") or f"{out.code} {out.read().decode()}"


def _read(bank: CertifiedBank, path: str) -> str:
    with _opener(bank).open(bank.issuer + path, timeout=20) as page:
        text: str = page.read().decode()
        return text


@asynccontextmanager
async def serving(bank: CertifiedBank, *entries: dict[str, Any]) -> AsyncIterator[Stage]:
    """A server in this process that reaches the bank over TLS."""
    world = World(time.time, os.urandom)
    allowed = Egress.allowing("127.0.0.1")
    async with Network(allowed, root_certificate_pem=bank.certificate) as network:
        connectors = connectors_over(NetworkTransport(network), world)
        context = Context(
            world=world,
            store=(store := open_store(None)),
            vault=Vault(MASTER_KEY, world.random_bytes),
            digests=Digests(MASTER_KEY),
            institutions=Institutions.of(institutions_from(entries, connectors)),
            connectors=connectors,
            public_url=SERVER,
            merchant_name="Rocket Rides",
        )
        log = io.BytesIO()
        server = Server(context, AnyTestKey(context.digests), UNTRACED.log(world, log))
        nobody = cast("Any", None)  # the demonstration bank stays at home
        yield Stage(Hands(), nobody, store, context, server, nobody, log, UNTRACED)
        await store.aclose()
