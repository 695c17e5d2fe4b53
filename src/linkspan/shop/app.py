"""Serves the shop: a page, the Sessions it opens, the accounts it shows."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from linkspan.client import AsyncClient, LinkspanError
from linkspan.objects import Account
from linkspan.shop.pages import page
from linkspan.shop.visitors import COOKIE, Visitors

_STATIC: Final = Path(__file__).parent / "static"
_log: Final = logging.getLogger(__name__)


def create_shop(
    *,
    client: AsyncClient,
    publishable_key: str,
    script_url: str,
    random_bytes: Callable[[int], bytes],
) -> Starlette:
    """Return the shop, to be mounted where its visitors find it.

    *client* is how its back end reaches the server; *script_url* is where its
    page finds the script that *publishable_key* is for.
    """
    shop = _Shop(client, publishable_key, script_url, Visitors(random_bytes))
    return Starlette(
        routes=[
            Route("/", shop.show, name="shop"),
            Route("/sessions", shop.open_session, methods=["POST"]),
            Route("/accounts/{account}/disconnect", shop.disconnect, methods=["POST"]),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ]
    )


@dataclass(frozen=True, slots=True)
class _Shop:
    client: AsyncClient
    publishable_key: str
    script_url: str
    visitors: Visitors

    async def show(self, request: Request) -> Response:
        """Show what the visitor linked, or the invitation to link something."""
        try:
            accounts = await self._accounts_of(request)
        except LinkspanError as error:
            return self._page(
                request, [], notice=_regret("Your linked accounts cannot be shown now.", error), status=502
            )
        return self._page(request, accounts)

    async def open_session(self, request: Request) -> Response:
        """Open a Session for the visitor; the page hands its client secret to the modal."""
        if not _is_own_page(request):
            return JSONResponse({"error": {"message": "Open the shop's own page to link an account."}}, 403)
        customer = self.visitors.customer_of(request.cookies.get(COOKIE))
        cookie = None
        try:
            if customer is None:
                customer = (await self.client.customers.create(name="Robin Park")).id
                cookie = self.visitors.welcome(customer)
            session = await self.client.sessions.create(
                account_holder={"type": "customer", "customer": customer},
                permissions=["balances", "ownership", "payment_method"],
                prefetch=["balances", "ownership"],
            )
        except LinkspanError as error:
            return JSONResponse({"error": {"message": _regret("No account was linked.", error)}}, 502)
        answer = JSONResponse({"clientSecret": session.client_secret}, headers={"Cache-Control": "no-store"})
        if cookie is not None:
            self._set_cookie(request, answer, cookie)
        return answer

    async def disconnect(self, request: Request) -> Response:
        """Disconnect one of the visitor's own accounts."""
        if not _is_own_page(request):
            return HTMLResponse("Open the shop's own page to disconnect an account.", 403)
        wanted = request.path_params["account"]
        try:
            # Only what this visitor linked can be disconnected by this visitor.
            for account in await self._accounts_of(request):
                if account.id == wanted:
                    await self.client.accounts.disconnect(account.id)
        except LinkspanError as error:
            return self._page(request, [], notice=_regret("That account is still linked.", error), status=502)
        return RedirectResponse(_root(request) + "/", 303)

    async def _accounts_of(self, request: Request) -> list[Account]:
        customer = self.visitors.customer_of(request.cookies.get(COOKIE))
        if customer is None:
            return []
        linked = await self.client.accounts.list(
            account_holder={"customer": customer}, expand=["data.ownership"]
        )
        return [account async for account in linked if account.status != "disconnected"]

    def _page(
        self, request: Request, accounts: list[Account], *, notice: str = "", status: int = 200
    ) -> HTMLResponse:
        html = page(
            accounts,
            notice,
            root=_root(request),
            publishable_key=self.publishable_key,
            script_url=self.script_url,
        )
        headers = {
            "Content-Security-Policy": _policy(self.script_url),
            "Cache-Control": "no-store",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }
        return HTMLResponse(html, status, headers)

    def _set_cookie(self, request: Request, answer: Response, cookie: str) -> None:
        answer.set_cookie(
            COOKIE,
            cookie,
            path=_root(request) or "/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )


def _root(request: Request) -> str:
    root: str = request.scope.get("root_path", "")
    return root


def _is_own_page(request: Request) -> bool:
    # SameSite=Lax keeps the cookie out of other sites' POSTs; this keeps out
    # the pages of other ports on the same host, which count as the same site.
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _policy(script_url: str) -> str:
    parts = urlsplit(script_url)
    linkspan = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self'{linkspan}",
            f"frame-src 'self'{linkspan}",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


def _regret(what: str, error: LinkspanError) -> str:
    _log.warning("the shop's back end got no answer it can use: %r", error)
    reference = f" Quote {error.request_id} if you ask for help." if error.request_id else ""
    return f"Something went wrong on our side. {what}{reference}"
