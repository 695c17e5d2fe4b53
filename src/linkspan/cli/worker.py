"""``linkspan worker``: background work in a process of its own, as many as wanted."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import ExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, BinaryIO

import typer

from linkspan.cli import serving
from linkspan.cli.opening import (
    hold,
    kept,
    open_institutions,
    open_log,
    open_store,
    open_vault,
    read_egress,
    read_text,
    real_world,
    tracing,
)
from linkspan.cli.options import (
    AllowBankOption,
    AllowWebhookOption,
    DatabaseOption,
    InstitutionsOption,
    LogOption,
    WhenReadyOption,
)
from linkspan.cli.serving import Site, listen, origin_of, run, until_stopped
from linkspan.server.config import (
    BadSetting,
    Database,
    MasterKeys,
    read_database,
    read_production_keys,
    read_retention,
)
from linkspan.server.connectors.network import NetworkTransport
from linkspan.server.connectors.registry import connectors_over
from linkspan.server.core.retention import Retention
from linkspan.server.health.app import create_health, holder_of, nobody
from linkspan.server.operations.context import Context
from linkspan.server.operations.deliveries import TO_ENDPOINTS
from linkspan.server.outbound.egress import Egress
from linkspan.server.outbound.network import Network
from linkspan.server.store.driver import Store
from linkspan.server.telemetry.untraced import Untraced
from linkspan.server.worker import create_runner


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What was asked for on the command line, checked."""

    database: Database
    master_keys: MasterKeys
    institutions: str
    to_banks: Egress
    to_endpoints: Egress
    health: socket.socket | None
    metrics_token: str = field(repr=False)
    log: BinaryIO
    retention: Retention
    traces: Untraced
    as_json: bool
    store: Store


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
            kept_in = kept(read_database(database))
            plan = _Plan(
                database=kept_in,
                master_keys=read_production_keys(os.environ),
                institutions=read_text("--institutions", institutions),
                to_banks=read_egress("--allow-bank", allow_bank or ()),
                to_endpoints=read_egress("--allow-webhook", allow_webhook or ()),
                health=None if health_port is None else opened.enter_context(listen(host, health_port)),
                metrics_token=os.environ.get("LINKSPAN_METRICS_TOKEN", ""),
                log=sys.stderr.buffer if log is None else opened.enter_context(open_log(log)),
                retention=read_retention(os.environ),
                traces=opened.enter_context(tracing()),
                as_json=as_json,
                store=open_store(kept_in),  # last: from here on the running worker closes it
            )
            run(_run(plan))
        except BadSetting as problem:
            typer.echo(f"linkspan worker: {problem}", err=True)
            raise typer.Exit(2) from None


async def _run(plan: _Plan) -> None:
    """Work until the operator says stop; then let what is under way end, or give it back."""
    async with (
        aclosing(plan.store),
        Network(plan.to_banks) as network,
        Network(plan.to_endpoints, **TO_ENDPOINTS) as outbound,
    ):
        context = await hold(_context(plan, network), plan.database)
        context.store.time_commits(context.world.now, context.metrics.commit)
        log = plan.traces.log(context.world, plan.log)
        async with _working(create_runner(context, log, plan.traces.way(outbound)).work()):
            if plan.health is None:
                async with until_stopped() as stop:
                    _announce(plan)
                    await stop.wait()
            else:
                may_read = holder_of(plan.metrics_token) if plan.metrics_token else nobody
                site = Site(create_health(context, may_read), plan.health)
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


def _context(plan: _Plan, network: Network) -> Context:
    world = real_world()
    connectors = connectors_over(NetworkTransport(plan.traces.way(network)), world)
    return Context(
        world=world,
        metrics=plan.traces.metrics(),
        store=plan.store,
        vault=open_vault(plan.master_keys, world),
        institutions=open_institutions(plan.institutions, connectors),
        connectors=connectors,
        public_url="",  # nobody is sent here
        merchant_name="",
        egress=plan.to_endpoints,
        retention=plan.retention,
    )


def _announce(plan: _Plan) -> None:
    """Say that work has begun."""
    health = None if plan.health is None else origin_of(plan.health)
    if plan.as_json:
        typer.echo(json.dumps({"database": str(plan.database), "health": health}))
        return
    typer.echo(f"Linkspan works in the background of {plan.database}. Press Ctrl-C to stop.")
