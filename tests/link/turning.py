"""Turns of a test's own, for refreshes that nobody asked for by the API."""

from linkspan.server.core.scope import Scope
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store import refreshes as refresh_rows
from linkspan.server.store import turns as turn_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.refreshes import Refresh
from linkspan.server.store.turns import Turn
from tests.histories import NOON
from tests.link.stage import Stage


async def turn_for(stage: Stage, scope: Scope, refresh: Refresh) -> Turn:
    """Start a refresh of an account with a grant of its own, and take its turn."""
    grant = f"fcauth_{stage.hands.random_bytes(8).hex()}"

    async def begin(tx: Tx) -> Turn:
        await authorization_rows.insert(tx, scope, grant, institution=grant, granted=b"")
        await refresh_rows.insert(tx, scope, refresh, authorization=grant, started_at=NOON)
        await turn_rows.ask_for(tx, scope, grant, now=NOON, rank=NOON)
        (turn,) = await turn_rows.take(tx, grant, now=NOON, until=NOON, limit=1)
        return turn

    return await stage.store.write(begin)
