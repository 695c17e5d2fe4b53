"""``/healthz``, ``/readyz`` and ``/metrics``."""

from collections.abc import Callable
from functools import partial
from hmac import compare_digest
from typing import Final, TypeAlias

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router

from linkspan.server.operations import health
from linkspan.server.operations.context import Context
from linkspan.server.store import deliveries as delivery_rows
from linkspan.server.store import master_keys as master_key_rows
from linkspan.server.store import refreshes as refresh_rows
from linkspan.server.store.driver import Tx

MayRead: TypeAlias = Callable[[str], bool]
"""Tells by an ``Authorization`` header, empty where there is none, whether metrics are shown."""

PATHS: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_NOT_READ: Final = "metrics are for who sends the token in LINKSPAN_METRICS_TOKEN, as a bearer token\n"
_NOT_KEPT: Final = {"cache-control": "no-store"}


def nobody(_authorization: str) -> bool:
    """Show metrics to nobody."""
    return False


def everybody(_authorization: str) -> bool:
    """Show metrics to whoever asks."""
    return True


def holder_of(token: str) -> MayRead:
    """Return what shows metrics to whoever sends *token* as a bearer token (RFC 6750 section 2.1)."""
    wanted = f"Bearer {token}".encode()
    return lambda authorization: compare_digest(authorization.encode(), wanted)


def create_health(context: Context, may_read: MayRead) -> Router:
    """Return the application that answers `PATHS`."""
    return Router(
        [
            Route("/healthz", _healthz),
            Route("/readyz", partial(_readyz, context)),
            Route("/metrics", partial(_metrics, context, may_read)),
        ]
    )


async def _healthz(_request: Request) -> Response:
    """Say that the process lives: whoever reads this need not start it again."""
    return PlainTextResponse("alive\n", headers=_NOT_KEPT)


async def _readyz(context: Context, _request: Request) -> Response:
    """Say whether requests can be answered: whether the database gives what every start leaves in it."""
    try:
        await context.store.read(master_key_rows.get)
    except Exception:  # noqa: BLE001 - whatever keeps the database from answering
        return PlainTextResponse("the database does not answer\n", 503, headers=_NOT_KEPT)
    return PlainTextResponse("ready\n", headers=_NOT_KEPT)


async def _metrics(context: Context, may_read: MayRead, request: Request) -> Response:
    """Show what this process did, in the text format of Prometheus."""
    if not may_read(request.headers.get("authorization", "")):
        return PlainTextResponse(_NOT_READ, 401, headers={"www-authenticate": "Bearer"})
    now = context.world.seconds()
    for kind, (count, since) in (await context.store.read(partial(_waiting, now=now))).items():
        context.metrics.waits(kind, count, 0 if since is None else now - since)
    known = await context.store.read(lambda tx: health.of_all(tx, context, health.EVERYBODY))
    context.metrics.institutions({institution: one.status for institution, one in known.items()})
    return Response(generate_latest(context.metrics.registry), headers={"content-type": CONTENT_TYPE_LATEST})


async def _waiting(tx: Tx, *, now: int) -> dict[str, tuple[int, int | None]]:
    """Return how much of each kind is left for later, and since when the oldest of it waits."""
    return {
        "refreshes": await refresh_rows.backlog(tx),
        "deliveries": await delivery_rows.backlog(tx, now=now),
    }
