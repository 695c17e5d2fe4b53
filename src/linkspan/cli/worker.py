"""``linkspan worker``: background work in a process of its own, as many as wanted."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

import typer

from linkspan.cli import serving
from linkspan.cli.installation import Installation, put_together, read_installation
from linkspan.cli.options import (
    AllowBankOption,
    AllowWebhookOption,
    DatabaseOption,
    InstitutionsOption,
    LogOption,
    WhenReadyOption,
)
from linkspan.cli.serving import Site, listen, origin_of, run, until_stopped
from linkspan.server.config import BadSetting
from linkspan.server.health.app import create_health


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What was asked for on the command line, checked."""

    health: socket.socket | None
    as_json: bool
    installation: Installation


def worker(
    *,
    database: DatabaseOption,
    institutions: InstitutionsOption,
    allow_bank: AllowBankOption = None,
    allow_webhook: AllowWebhookOption = None,
    host: Annotated[str, typer.Option(help="Address of --health-port.")] = "127.0.0.1",
    health_port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Port for /healthz, /readyz and /metrics; none by default, 0 picks one."
        ),
    ] = None,
    log: LogOption = None,
    as_json: WhenReadyOption = False,
) -> None:
    """Refresh accounts, tell webhook endpoints and banks, and tidy up, for the servers of a database."""
    with ExitStack() as opened:
        try:
            plan = _Plan(
                health=None if health_port is None else opened.enter_context(listen(host, health_port)),
                as_json=as_json,
                installation=read_installation(
                    opened,
                    database=database,
                    institutions=institutions,
                    allow_bank=allow_bank or (),
                    allow_webhook=allow_webhook or (),
                    log=log,
                ),
            )
            run(_run(plan))
        except BadSetting as problem:
            typer.echo(f"linkspan worker: {problem}", err=True)
            raise typer.Exit(2) from None


async def _run(plan: _Plan) -> None:
    """Work until the operator says stop; then let what is under way end, or give it back."""
    async with put_together(plan.installation) as parts:
        context = parts.context
        context.store.time_commits(context.world.now, context.metrics.commit)
        async with _working(parts.runner().work()):
            if plan.health is None:
                async with until_stopped() as stop:
                    _announce(plan)
                    await stop.wait()
            else:
                site = Site(create_health(context, plan.installation.may_read_metrics), plan.health)
                await serving.serve([site], lambda: _announce(plan))


@asynccontextmanager
async def _working(work: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """Do *work* while the block runs, and let it leave in order afterwards."""
    working = asyncio.create_task(work)
    try:
        yield
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


def _announce(plan: _Plan) -> None:
    """Say that work has begun."""
    database = plan.installation.database
    health = None if plan.health is None else origin_of(plan.health)
    if plan.as_json:
        typer.echo(json.dumps({"database": str(database), "health": health}))
        return
    typer.echo(f"Linkspan works in the background of {database}. Press Ctrl-C to stop.")
