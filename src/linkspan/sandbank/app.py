"""Puts the demonstration bank together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from linkspan.sandbank import assets, authorization, metadata, ofx, simplefin, tokens, visits
from linkspan.sandbank.bank import Bank, bank_of
from linkspan.sandbank.brands import BRANDS
from linkspan.sandbank.clients import Client
from linkspan.sandbank.fdx import RESOURCES
from linkspan.sandbank.keywords import Keywords
from linkspan.sandbank.register import Register
from linkspan.sandbank.setup_tokens import SetupTokens
from linkspan.sandbank.sign_ons import SignOns

_DEFAULT_SEED: Final = "linkspan"

_BRAND_ROUTES: Final = (
    Route("/", visits.front_door),
    Route("/.well-known/oauth-authorization-server", metadata.authorization_server),
    Route("/oauth/authorize", authorization.authorize),
    Route("/oauth/token", tokens.token, methods=["POST"]),
    Route("/oauth/revoke", tokens.revoke, methods=["POST"]),
    Route("/sign-in", visits.show_sign_in),
    Route("/sign-in", visits.take_sign_in, methods=["POST"]),
    Route("/consent", visits.show_consent),
    Route("/consent", visits.take_consent, methods=["POST"]),
    Mount("/fdx/{version}", routes=[Route(path, endpoint) for path, endpoint in RESOURCES]),
    Mount("/simplefin", routes=simplefin.ROUTES),
    Route("/ofx", ofx.answer, methods=["POST"]),
)


def create_bank(
    *,
    base_url: str,
    clients: Sequence[Client],
    now: Callable[[], float],
    random_bytes: Callable[[int], bytes],
    seed: str = _DEFAULT_SEED,
    pause: Callable[[int], Awaitable[None]] = asyncio.sleep,
) -> Starlette:
    """Return the bank as an ASGI application.

    ``base_url`` is where browsers and clients reach it, without a slash at the
    end. ``seed`` decides the accounts and what happens on them; with the same
    seed and the same ``now``, the same requests get the same bytes. ``pause`` is how slow
    institutions take their time. Grants are kept in memory and end with the process.
    """
    if any(not client.secret or not client.redirect_uris for client in clients):
        raise ValueError("clients: each needs a secret and a redirect URI")
    bank = Bank(
        base_url=base_url.rstrip("/"),
        clients={client.id: client for client in clients},
        seed=seed,
        now=now,
        random_bytes=random_bytes,
        register=Register(now, random_bytes),
        setup_tokens=SetupTokens(random_bytes),
        sign_ons=SignOns(now, seed),
        keywords=Keywords(),
        pause=pause,
    )
    app = Starlette(
        routes=[
            Route("/", _first_brand),
            Route("/directory.json", metadata.brands),
            # RFC 8414 section 3.1: the well-known part stands before the issuer's path.
            Route("/.well-known/oauth-authorization-server/{brand}", metadata.authorization_server),
            Route("/assets/bank.css", assets.sheet),
            Route("/assets/brands/{brand}.css", assets.brand_sheet),
            Route("/assets/icons/{brand}.svg", assets.icon),
            Mount("/{brand}", routes=list(_BRAND_ROUTES)),
        ]
    )
    app.state.bank = bank
    return app


async def _first_brand(request: Request) -> Response:
    return RedirectResponse(f"{bank_of(request).base_url}/{BRANDS[0].slug}/")
