"""Puts the rooms of one server together."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final, TypeAlias

from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Mount

from linkspan.server.api import idempotency
from linkspan.server.api.app import Api
from linkspan.server.api.auth import Keys
from linkspan.server.link.app import create_link
from linkspan.server.operations import revocations
from linkspan.server.operations.context import Context
from linkspan.server.telemetry.log import Log

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]

# A disconnected account's grant is destroyed within seconds while its bank is up.
_SWEEP_SECONDS: Final = 2.0


class Server:
    """One ASGI application: the API under ``/v1/``, the modal beside it, and *mounted* applications."""

    def __init__(
        self,
        context: Context,
        keys: Keys,
        log: Log,
        *,
        frame_ancestors: str,
        mounted: Mapping[str, App] | None = None,
    ) -> None:
        self._context = context
        self._log = log
        self._api = Api(context, keys, log)
        self._link = create_link(context, log, frame_ancestors=frame_ancestors)
        mounts = dict(mounted or {})
        self._prefixes = tuple(mounts)
        self._mounted = Starlette(routes=[Mount(prefix, app) for prefix, app in mounts.items()])

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, or follow the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        path: str = scope["path"]
        if path.startswith("/v1/"):
            await self._api(scope, receive, send)
        elif path.startswith(self._prefixes):
            await self._mounted(scope, receive, send)
        elif path == "/" and self._prefixes:
            # Whoever opens the address itself is shown what there is to see.
            await RedirectResponse(self._prefixes[0])(scope, receive, send)
        else:
            await self._link(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Sweep for as long as the process lives (ASGI lifespan)."""
        await receive()
        sweeping = asyncio.create_task(self._sweep())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        sweeping.cancel()
        await asyncio.gather(sweeping, return_exceptions=True)
        self._context.store.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _sweep(self) -> None:
        """Tell banks of permissions that ended, and forget what has outlived its day, again and again."""
        while True:
            try:
                await revocations.sweep(self._context)
                await idempotency.prune(self._context)
            except Exception:  # noqa: BLE001 - the edge of a job: a bug is logged, the next sweep goes on
                self._log.bug("bug", job="revocations")
            await asyncio.sleep(_SWEEP_SECONDS)
