"""Crews of a test's own, which do background work only when they are told to."""

from dataclasses import replace
from io import BytesIO
from typing import Any

from linkspan.server.api.versions import downgrade_answer
from linkspan.server.jobs.crew import Crew
from linkspan.server.jobs.timetable import delivering
from linkspan.server.operations.context import Context
from linkspan.server.operations.deliveries import Courier
from linkspan.server.outbound.exchange import Outbound
from linkspan.server.store.driver import Tx
from linkspan.server.telemetry.log import Log


def carriers(
    context: Context, outbound: Outbound, log: BytesIO | None = None, *, will_die: bool = False
) -> Crew[Any, Any]:
    """Whoever tells the endpoints, by way of *outbound*; who dies gives nothing back."""
    written = Log(context.world, log or BytesIO())
    queue = delivering(Courier(context, outbound, downgrade_answer, written))
    return Crew(context, replace(queue, give_back=_nothing) if will_die else queue, written)


async def _nothing(_tx: Tx, _context: Context, _piece: object) -> None:
    """Leave a lease to run out."""
