"""Puts the rooms of one server together."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, TypeAlias

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Mount

from linkspan.server.api.app import Api
from linkspan.server.api.auth import Keys, key_of
from linkspan.server.api.description.site import create_site
from linkspan.server.control import app as control
from linkspan.server.control.app import Controls
from linkspan.server.core.refusals import NoAccessToAccount
from linkspan.server.core.scope import Scope
from linkspan.server.health import app as health
from linkspan.server.health.app import MayRead
from linkspan.server.jobs.runner import Runner
from linkspan.server.link.app import create_link
from linkspan.server.link.envelope import Envelope
from linkspan.server.link.languages import Languages
from linkspan.server.operations import connected_accounts
from linkspan.server.operations.context import Context
from linkspan.server.telemetry.log import Log
from linkspan.server.telemetry.redact import redact_key

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]


class Server:
    """One ASGI application: the API at ``/v1/`` and ``/v2/``, its description, the modal, *mounted* ones."""

    def __init__(
        self,
        context: Context,
        keys: Keys,
        log: Log,
        *,
        languages: Languages | None = None,
        may_read_metrics: MayRead = health.nobody,
        mounted: Mapping[str, App] | None = None,
        runner: Runner | None = None,
        controls: Controls | None = None,
    ) -> None:
        self._context = context
        self._log = log
        context.store.time_commits(context.world.now, context.metrics.commit)
        self._api = Api(context, keys, log)
        self._link = create_link(
            context,
            log,
            check_key=keys.check_publishable,
            origins_of=keys.origins_of,
            languages=languages or Languages(),
        )
        self._docs = Envelope(
            create_site(context.public_url), context.world, log, context.metrics, event="docs"
        )
        self._health = health.create_health(context, may_read_metrics)
        # Without one, what is left for later waits for a process that has one.
        self._runner = runner
        self._control = None
        if controls is not None and runner is not None:
            self._control = self._controlled(controls, keys, runner)
        mounts = dict(mounted or {})
        self._prefixes = tuple(f"{prefix}/" for prefix in mounts)
        self._mounted = Starlette(routes=[Mount(prefix, app) for prefix, app in mounts.items()])

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, or follow the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        path: str = scope["path"]
        if path.startswith(("/v1/", "/v2/")):
            await self._api(scope, receive, send)
        elif f"{path}/".startswith(self._prefixes):
            await self._mounted(scope, receive, send)
        elif self._control is not None and path.startswith(control.PREFIX):
            await self._control(scope, receive, send)
        elif path in health.PATHS:
            await self._health(scope, receive, send)
        elif path == "/" and self._prefixes:
            # Whoever opens the address itself is shown what there is to see.
            await RedirectResponse(self._prefixes[0])(scope, receive, send)
        elif path == "/openapi.json" or f"{path}/".startswith("/docs/"):
            await self._docs(scope, receive, send)
        else:
            await self._link(scope, receive, send)

    def _controlled(self, controls: Controls, keys: Keys, runner: Runner) -> Envelope:
        """Return what moves the clock, and links in a person's place, for whoever brings an API key."""

        async def find_scope(request: Request) -> Scope:
            sent = request.headers.get("authorization")
            key, client = key_of(sent.encode("latin-1") if sent else None), request.scope.get("client")
            access = keys.known(key, client) or await keys.look_up(key, client)
            account = request.headers.get("stripe-account")
            if account is None:
                return access.scope
            scope = await connected_accounts.acting_for(self._context, access.scope, account)
            if scope is None:
                raise NoAccessToAccount(account, redact_key(key))
            return scope

        context = self._context
        app = control.create_control(context, controls, find_scope, runner.catch_up)
        return Envelope(app, context.world, self._log, context.metrics, event="control")

    async def _live(self, receive: Receive, send: Send) -> None:
        """Do what was left for later for as long as the process lives (ASGI lifespan)."""
        await receive()
        working = None if self._runner is None else asyncio.create_task(self._runner.work())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if working is not None:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
        await self._context.store.aclose()
        await send({"type": "lifespan.shutdown.complete"})
