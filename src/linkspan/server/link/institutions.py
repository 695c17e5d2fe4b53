"""Lets the modal search institutions: by an index in the browser, and here for what is not in it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from linkspan.server.core.catalog import Catalog, Row
from linkspan.server.core.folding import words_of
from linkspan.server.core.health import WELL
from linkspan.server.core.listed import picture_of
from linkspan.server.core.search import is_wrong_number
from linkspan.server.link import headers
from linkspan.server.link.prefetched import Prefetched
from linkspan.server.link.rows import row_block
from linkspan.server.operations import health
from linkspan.server.operations.context import Context
from linkspan.server.operations.institutions import catalog
from linkspan.server.operations.linking.progress import Progress, country_of, find, offered
from linkspan.server.store import institutions as institution_rows

_FOUND_MAX: Final = 20
_QUERY_LENGTH_MAX: Final = 100

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
SecretOf: TypeAlias = Callable[[Request], str]


def routes(context: Context, secret_of: SecretOf) -> list[Route]:
    """Return the routes; *secret_of* says which Session a request is for."""
    return [
        Route("/link/institutions", _search(context, secret_of), methods=["GET"]),
        Route("/link/index", _index(context, secret_of), methods=["GET"]),
        Route("/link/logos/{institution}", _logo(context), methods=["GET"]),
    ]


def _search(context: Context, secret_of: SecretOf) -> Endpoint:
    """Return an endpoint that searches institutions; the words searched are not logged."""

    async def endpoint(request: Request) -> Response:
        secret = secret_of(request)
        query = request.query_params.get("query", "")[:_QUERY_LENGTH_MAX]
        progress = await context.store.read(lambda tx: find(tx, context, secret))
        known = await context.store.read(lambda tx: health.of_all(tx, context, progress.scope))
        rows = await asyncio.to_thread(_found, context, await catalog(context), progress, query)
        listed = {
            "object": "list",
            "data": [row_block(row, known.get(row.listed.id, WELL)) for row in rows],
            "has_more": False,
            "url": "/link/institutions",
            "problem": "routing_number" if is_wrong_number(query) else None,
        }
        return Response(msgspec.json.encode(listed), media_type="application/json", headers=headers.NO_STORE)

    return endpoint


def _found(context: Context, known: Catalog, progress: Progress, query: str) -> tuple[Row, ...]:
    """Return the rows that *query* may mean, of those the Session is for; without a word what is offered."""
    if progress.only_institution is not None or not words_of(query):
        return tuple(known.by_id[one.id] for one in offered(context, progress))[:_FOUND_MAX]
    return known.find(query, most=_FOUND_MAX, country=country_of(progress))


def _index(context: Context, secret_of: SecretOf) -> Endpoint:
    """Return an endpoint that gives the index, unless the browser has it already (RFC 9110, 13.1.2)."""
    prefetched = Prefetched()

    async def endpoint(request: Request) -> Response:
        secret = secret_of(request)
        progress = await context.store.read(lambda tx: find(tx, context, secret))
        document = await asyncio.to_thread(
            prefetched.document,
            await catalog(context),
            country=country_of(progress),
            only=progress.only_institution,
        )
        fields = {**headers.PREFETCHED, "ETag": document.etag}
        if document.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=fields)
        if "gzip" in request.headers.get("accept-encoding", ""):
            fields["Content-Encoding"] = "gzip"
            return Response(document.packed, media_type="application/json", headers=fields)
        return Response(document.plain, media_type="application/json", headers=fields)

    return endpoint


def _logo(context: Context) -> Endpoint:
    """Return an endpoint that gives a logo to whoever asks: logos are no secret, and pictures send none."""

    async def endpoint(request: Request) -> Response:
        wanted = request.path_params["institution"]
        configured = context.institutions.get(wanted)
        logo = configured.logo if configured else None
        if logo is None:
            listed = await context.store.read(lambda tx: institution_rows.listed(tx, wanted))
            logo = listed.logo if listed else None
        picture = picture_of(logo) if logo else None
        if picture is None:
            return Response(status_code=404, headers=headers.PICTURE)
        return Response(picture.content, media_type=picture.media_type, headers=headers.PICTURE)

    return endpoint
