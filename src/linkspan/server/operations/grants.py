"""Opens what a bank entrusted to us, good for the calls that follow."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from linkspan.server.connectors.base import Connector, Grant
from linkspan.server.connectors.failures import ConnectorFailure, CredentialsRejected
from linkspan.server.core.institution import Institution
from linkspan.server.core.scope import Scope
from linkspan.server.operations import health, revocations, sealing
from linkspan.server.operations.context import Context
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store.authorizations import Active
from linkspan.server.store.driver import Tx
from linkspan.server.vault.sealed import Place

T = TypeVar("T")

# Between two looks when nobody told us of an end: another process was told to.
_LOOK_AGAIN_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Opened:
    """A bank that can be asked now."""

    institution: Institution
    connector: Connector
    grant: Grant = field(repr=False)
    version: int
    """Which grant of its authorization it is."""


async def ask(
    context: Context, scope: Scope, authorization: str, question: Callable[[Opened], Awaitable[T]]
) -> T | None:
    """Return what the bank behind an authorization answers; none when either is gone.

    A bank that ends a token before its time says so when the token is used:
    then the question is put once more, with the token's successor.
    """
    bank = await _open_fresh(context, scope, authorization)
    if bank is None:
        return None
    try:
        return await _answered(context, scope, authorization, bank, question)
    except CredentialsRejected:
        renewed = await _open_fresh(context, scope, authorization, is_refused=True)
        if renewed is None:
            raise
    return await _answered(context, scope, authorization, renewed, question)


async def _answered(
    context: Context,
    scope: Scope,
    authorization: str,
    bank: Opened,
    question: Callable[[Opened], Awaitable[T]],
) -> T | None:
    """Return the answer as `_while_it_stands` does, and learn from it how well the bank answers."""
    try:
        answer = await _while_it_stands(context, scope, authorization, bank, question)
    except ConnectorFailure as failure:
        await health.learn(context, scope, bank.institution.id, failure)
        raise
    if answer is not None:
        await health.learn(context, scope, bank.institution.id)
    return answer


async def _while_it_stands(
    context: Context,
    scope: Scope,
    authorization: str,
    bank: Opened,
    question: Callable[[Opened], Awaitable[T]],
) -> T | None:
    """Return the answer; none when the grant ended meanwhile, and with it what was still to be asked.

    A walk through years of transactions takes minutes. The disconnection stops it at
    once in its own process, and within a second in any other.
    """
    asking = asyncio.ensure_future(question(bank))
    try:
        with context.changes.listening(authorization) as told:
            while not asking.done():
                await _either(asking, told)
                told.clear()
                if not asking.done() and not await _stands(context, scope, authorization, bank):
                    return None
        return asking.result()
    finally:
        asking.cancel()


async def _either(asking: "asyncio.Future[T]", told: asyncio.Event) -> None:
    """Return when the bank has answered, somebody told of an end, or a second is over."""
    hearing = asyncio.ensure_future(told.wait())
    try:
        await asyncio.wait(
            (asking, hearing), timeout=_LOOK_AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        hearing.cancel()


async def _stands(context: Context, scope: Scope, authorization: str, bank: Opened) -> bool:
    """Tell whether the bank may still be asked with this grant."""
    active = await context.store.read(lambda tx: authorization_rows.get_active(tx, scope, authorization))
    return active is not None and active.version == bank.version


async def _open_fresh(
    context: Context, scope: Scope, authorization: str, *, is_refused: bool = False
) -> Opened | None:
    """Return the bank behind an authorization; none when either is gone.

    A grant that was renewed is stored before it is used: its successor would be
    lost with a process that dies in between.
    """
    active = await context.store.read(lambda tx: authorization_rows.get_active(tx, scope, authorization))
    institution = None if active is None else context.institutions.get(active.institution)
    if active is None or institution is None:
        return None
    connector = context.connectors[institution.connector]
    place = Place("authorizations", "granted", authorization, scope)
    grant = Grant(await sealing.opened_alone(context, place, active.granted))
    now = context.world.now()
    try:
        renewed = await connector.renew(institution, grant, now=now, is_refused=is_refused)
    except ConnectorFailure as failure:
        await health.learn(context, scope, institution.id, failure)
        raise
    if renewed == grant:
        return Opened(institution, connector, grant, active.version)
    stands = await context.store.write(lambda tx: _keep(tx, context, scope, active, renewed))
    return Opened(institution, connector, renewed, active.version + 1) if stands else None


async def _keep(tx: Tx, context: Context, scope: Scope, before: Active, renewed: Grant) -> bool:
    """Keep the successor of a grant; false when the permission ended while the bank was giving it.

    Then the bank is told to end the successor as well: its predecessor, which the bank
    was to be told of, opens nothing any more.
    """
    place = Place("authorizations", "granted", before.id, scope)
    sealed = await sealing.seal(tx, context, place, renewed)
    if await authorization_rows.save_grant(tx, scope, before.id, granted=sealed, version=before.version):
        return True
    if await authorization_rows.get_active(tx, scope, before.id) is not None:
        return True  # the end user has signed in anew meanwhile
    await revocations.end_unused(tx, context, scope, before.institution, renewed)
    return False
