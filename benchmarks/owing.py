"""Lets events happen that an endpoint is owed."""

from functools import partial
from typing import Final

from benchmarks.samples import account
from linkspan.server.core.caller import Caller
from linkspan.server.core.scope import Scope
from linkspan.server.operations import events, webhook_endpoints
from linkspan.server.operations.context import Context
from linkspan.server.store.driver import Tx

TYPE: Final = "financial_connections.account.created"
A_TRANSACTION: Final = 500


async def listen(context: Context, scope: Scope, url: str) -> None:
    """Make an endpoint of a tenant."""
    wanted = {"url": url, "enabled_events": (TYPE,)}
    await context.store.write(
        lambda tx: webhook_endpoints.create(tx, context, Caller(scope, None), wanted, is_connect=False)
    )


async def owe(context: Context, scope: Scope, count: int) -> None:
    """Let as many accounts be linked, as far as a tenant's endpoints are told."""
    for first in range(0, count, A_TRANSACTION):
        numbers = range(first, min(first + A_TRANSACTION, count))
        await context.store.write(partial(_record, context=context, scope=scope, numbers=numbers))


async def _record(tx: Tx, context: Context, scope: Scope, numbers: range) -> None:
    for number in numbers:
        await events.record(tx, context, Caller(scope, None), TYPE, account(number))
