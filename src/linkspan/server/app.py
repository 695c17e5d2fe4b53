"""Puts the rooms of one server together."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from functools import partial
from typing import Any, Final, TypeAlias

from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Mount

from linkspan.server.api import idempotency
from linkspan.server.api.app import Api
from linkspan.server.api.auth import Keys
from linkspan.server.api.description.site import create_site
from linkspan.server.api.versions import downgrade_answer
from linkspan.server.health import app as health
from linkspan.server.health.app import MayRead
from linkspan.server.link.app import create_link
from linkspan.server.link.envelope import Envelope
from linkspan.server.link.languages import Languages
from linkspan.server.operations import deliveries, event_log, refreshes, revocations, subscriptions
from linkspan.server.operations.context import Context
from linkspan.server.operations.deliveries import Courier, Outbound
from linkspan.server.operations.events import DELIVERY_BELL
from linkspan.server.telemetry.log import Log

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]

# What was left for later is looked for this often even when no bell rings: a
# disconnected account's grant is destroyed within seconds while its bank is up.
_ROUND_SECONDS: Final = 2.0

Work: TypeAlias = Callable[[], Awaitable[object]]
Job: TypeAlias = Callable[[Context], Awaitable[object]]
# Each in a loop of its own, so that none waits for another's bank.
_JOBS: Final[tuple[Job, ...]] = (
    refreshes.carry_out,
    subscriptions.carry_out,
    revocations.sweep,
    idempotency.prune,
    event_log.keep,
    deliveries.keep,
)


class Server:
    """One ASGI application: the API under ``/v1/``, its description, the modal, and *mounted* ones."""

    def __init__(
        self,
        context: Context,
        keys: Keys,
        log: Log,
        *,
        frame_ancestors: str,
        languages: Languages | None = None,
        may_read_metrics: MayRead = health.nobody,
        mounted: Mapping[str, App] | None = None,
        outbound: Outbound | None = None,
    ) -> None:
        self._context = context
        self._log = log
        context.store.time_commits(context.world.now, context.metrics.commit)
        self._api = Api(context, keys, log)
        self._link = create_link(
            context,
            log,
            check_key=keys.check_publishable,
            frame_ancestors=frame_ancestors,
            languages=languages or Languages(),
        )
        self._docs = Envelope(
            create_site(context.public_url), context.world, log, context.metrics, event="docs"
        )
        self._health = health.create_health(context, may_read_metrics)
        # Without a way out nobody is told of events; they are kept all the same.
        self._courier = None if outbound is None else Courier(context, outbound, downgrade_answer, log)
        mounts = dict(mounted or {})
        self._prefixes = tuple(f"{prefix}/" for prefix in mounts)
        self._mounted = Starlette(routes=[Mount(prefix, app) for prefix, app in mounts.items()])

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, or follow the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        path: str = scope["path"]
        if path.startswith("/v1/"):
            await self._api(scope, receive, send)
        elif f"{path}/".startswith(self._prefixes):
            await self._mounted(scope, receive, send)
        elif path in health.PATHS:
            await self._health(scope, receive, send)
        elif path == "/" and self._prefixes:
            # Whoever opens the address itself is shown what there is to see.
            await RedirectResponse(self._prefixes[0])(scope, receive, send)
        elif path == "/openapi.json" or f"{path}/".startswith("/docs/"):
            await self._docs(scope, receive, send)
        else:
            await self._link(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Do what was left for later for as long as the process lives (ASGI lifespan)."""
        await receive()
        jobs: list[tuple[str, Work]] = [(job.__module__, partial(job, self._context)) for job in _JOBS]
        if self._courier is not None:
            jobs.append((DELIVERY_BELL, self._courier.carry_out))
        working = [asyncio.create_task(self._again(name, work)) for name, work in jobs]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        if self._courier is not None:
            await self._courier.aclose()
        await self._context.store.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def _again(self, name: str, work: Work) -> None:
        """Do *work* every few seconds, and sooner when the bell of its name rings, even while it is done."""
        with self._context.changes.listening(name) as told:
            while True:
                told.clear()
                try:
                    await work()
                except Exception:  # noqa: BLE001 - the edge of a job: a bug is logged, the next round goes on
                    self._log.bug("bug", job=name)
                with suppress(TimeoutError):
                    async with asyncio.timeout(_ROUND_SECONDS):
                        await told.wait()
