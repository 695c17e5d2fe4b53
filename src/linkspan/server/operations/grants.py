"""Opens what a bank entrusted to us, good for the calls that follow."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from linkspan.server.connectors.base import Connector, Grant
from linkspan.server.connectors.failures import CredentialsRejected
from linkspan.server.core.institution import Institution
from linkspan.server.core.scope import Scope
from linkspan.server.operations.context import Context
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.vault.sealed import Place

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Opened:
    """A bank that can be asked now."""

    institution: Institution
    connector: Connector
    grant: Grant = field(repr=False)


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
        return await question(bank)
    except CredentialsRejected:
        renewed = await _open_fresh(context, scope, authorization, is_refused=True)
        if renewed is None:
            raise
    return await question(renewed)


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
    grant = Grant(context.vault.open(active.granted, place))
    now = context.world.now()
    renewed = await connector.renew(institution, grant, now=now, is_refused=is_refused)
    if renewed != grant:
        sealed = context.vault.seal(renewed, place)
        await context.store.write(
            lambda tx: authorization_rows.save_grant(
                tx, scope, authorization, granted=sealed, predecessor=active.granted
            )
        )
    return Opened(institution, connector, renewed)
