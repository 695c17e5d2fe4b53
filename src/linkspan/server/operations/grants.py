"""Opens what a bank entrusted to us, good for the calls that follow."""

from dataclasses import dataclass, field

from linkspan.server.connectors.base import Connector, Grant
from linkspan.server.core.institution import Institution
from linkspan.server.core.scope import Scope
from linkspan.server.operations.context import Context
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.vault.sealed import Place


@dataclass(frozen=True, slots=True)
class Opened:
    """A bank that can be asked now."""

    institution: Institution
    connector: Connector
    grant: Grant = field(repr=False)


async def open_fresh(context: Context, scope: Scope, authorization: str) -> Opened | None:
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
    renewed = await connector.renew(institution, grant, now=context.world.now())
    if renewed != grant:
        sealed = context.vault.seal(renewed, place)
        await context.store.write(
            lambda tx: authorization_rows.save_grant(tx, scope, authorization, granted=sealed)
        )
    return Opened(institution, connector, renewed)
