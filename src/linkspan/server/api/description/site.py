"""Serves the description: ``/openapi.json`` for programs, ``/docs`` for people."""

import asyncio
from functools import cache
from importlib import resources
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from linkspan.server.api import versions
from linkspan.server.api.description.document import document
from linkspan.server.api.description.error_pages import errors_page, request_page
from linkspan.server.api.description.reference_page import reference_page
from linkspan.server.api.versions.published import PREVIEWS, PUBLISHED
from linkspan.server.core.refusals import NoSuchRoute
from linkspan.server.core.version import NEWEST

_CSS: Final = resources.files(__package__).joinpath("static/page.css").read_bytes()
_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# Public, and asked for by pages that show such documents.
_TO_ALL: Final = {**_HEADERS, "Access-Control-Allow-Origin": "*"}


def create_site(server: str) -> Router:
    """Return the application that describes the server at the address *server*.

    A version is described when it is first asked for: in a thread of its own,
    since it takes as long as a hundred requests.
    """

    @cache  # as many as there are versions
    def program(version: str) -> bytes:
        return msgspec.json.encode(document(version, server))

    @cache  # as above
    def reader(version: str) -> bytes:
        return reference_page(document(version, server), (*PUBLISHED, *PREVIEWS))

    async def openapi(request: Request) -> Response:
        body = await asyncio.to_thread(program, _version(request))
        return Response(body, media_type="application/json", headers=_TO_ALL)

    async def docs(request: Request) -> Response:
        return _html(await asyncio.to_thread(reader, _version(request)))

    return Router(
        [
            Route("/openapi.json", openapi, methods=["GET"]),
            Route("/docs", docs, methods=["GET"]),
            Route("/docs/errors", _errors, methods=["GET"]),
            Route("/docs/page.css", _style, methods=["GET"]),
            Route("/docs/requests/{request}", _request, methods=["GET"]),
        ],
        redirect_slashes=False,
        default=_nowhere,
    )


async def _errors(_request: Request) -> Response:
    return _html(errors_page())


async def _style(_request: Request) -> Response:
    return Response(_CSS, media_type="text/css; charset=utf-8", headers=_HEADERS)


async def _request(request: Request) -> Response:
    body = request_page(request.path_params["request"])
    if body is None:
        raise NoSuchRoute("GET", request.url.path)
    return _html(body)


async def _nowhere(scope: Scope, _receive: Receive, _send: Send) -> None:
    raise NoSuchRoute(scope["method"], scope["path"])


def _html(body: bytes) -> Response:
    return Response(body, media_type="text/html; charset=utf-8", headers=_HEADERS)


def _version(request: Request) -> str:
    return versions.check(request.query_params.get("version") or NEWEST)
