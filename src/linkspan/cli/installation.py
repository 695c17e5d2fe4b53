"""What every process of one installation is given alike: its database and keys, its banks, its ways out."""

import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

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
from linkspan.server.config import Database, MasterKeys, read_database, read_production_keys, read_retention
from linkspan.server.connectors.network import NetworkTransport
from linkspan.server.connectors.registry import connectors_over
from linkspan.server.core.retention import Retention
from linkspan.server.core.version import NEWEST
from linkspan.server.health.app import MayRead, holder_of, nobody
from linkspan.server.jobs.runner import Runner
from linkspan.server.operations.context import Context
from linkspan.server.operations.deliveries import TO_ENDPOINTS
from linkspan.server.outbound.egress import Egress
from linkspan.server.outbound.exchange import Outbound
from linkspan.server.outbound.network import Network
from linkspan.server.store.driver import Store
from linkspan.server.telemetry.log import Log
from linkspan.server.telemetry.untraced import Untraced
from linkspan.server.worker import create_runner


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What was asked for by options and environment, checked; whoever runs it closes its store."""

    database: Database
    master_keys: MasterKeys
    institutions: str
    to_banks: Egress
    to_endpoints: Egress
    metrics_token: str = field(repr=False)
    log: BinaryIO
    retention: Retention
    traces: Untraced
    store: Store

    @property
    def may_read_metrics(self) -> MayRead:
        """Who is shown the metrics."""
        return holder_of(self.metrics_token) if self.metrics_token else nobody


@dataclass(frozen=True, slots=True)
class Parts:
    """What is put together of it, for as long as the process runs."""

    context: Context
    log: Log
    outbound: Outbound
    """The way to webhook endpoints."""

    def runner(self) -> Runner:
        """Return everything there is to do in the background."""
        return create_runner(self.context, self.log, self.outbound)


def read_installation(
    opened: ExitStack,
    *,
    database: str,
    institutions: Path,
    allow_bank: Sequence[str],
    allow_webhook: Sequence[str],
    log: Path | None,
) -> Installation:
    """Check the options, or raise `BadSetting`; what must be closed in the end is left to *opened*."""
    kept_in = kept(read_database(database))
    return Installation(
        database=kept_in,
        master_keys=read_production_keys(os.environ),
        institutions=read_text("--institutions", institutions),
        to_banks=read_egress("--allow-bank", allow_bank),
        to_endpoints=read_egress("--allow-webhook", allow_webhook),
        metrics_token=os.environ.get("LINKSPAN_METRICS_TOKEN", ""),
        log=sys.stderr.buffer if log is None else opened.enter_context(open_log(log)),
        retention=read_retention(os.environ),
        traces=opened.enter_context(tracing()),
        store=open_store(kept_in),  # last: from here on whoever runs it closes it
    )


@asynccontextmanager
async def put_together(
    of: Installation, *, public_url: str = "", merchant_name: str = "", version: str = NEWEST
) -> AsyncIterator[Parts]:
    """Lend the parts of a process; one that serves nobody has no address, and no name for people."""
    async with (
        aclosing(of.store),
        Network(of.to_banks) as network,
        Network(of.to_endpoints, **TO_ENDPOINTS) as outbound,
    ):
        world = real_world()
        connectors = connectors_over(NetworkTransport(of.traces.way(network)), world)
        context = Context(
            world=world,
            metrics=of.traces.metrics(),
            store=of.store,
            vault=open_vault(of.master_keys, world),
            institutions=open_institutions(of.institutions, connectors),
            connectors=connectors,
            public_url=public_url,
            version=version,
            merchant_name=merchant_name,
            egress=of.to_endpoints,
            retention=of.retention,
        )
        held = await hold(context, of.database)
        yield Parts(held, of.traces.log(world, of.log), of.traces.way(outbound))
