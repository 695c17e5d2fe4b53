"""Puts together what one process does in the background."""

from linkspan.server.api.versions import downgrade_answer
from linkspan.server.jobs.runner import Runner
from linkspan.server.jobs.timetable import CHORES, REFRESHING, REVOKING, delivering
from linkspan.server.operations.context import Context
from linkspan.server.operations.deliveries import Courier
from linkspan.server.outbound.exchange import Outbound
from linkspan.server.telemetry.log import Log


def create_runner(context: Context, log: Log, outbound: Outbound) -> Runner:
    """Return everything there is to do; endpoints are told of events through *outbound*."""
    courier = Courier(context, outbound, downgrade_answer, log)
    return Runner(context, [REFRESHING, delivering(courier), REVOKING], CHORES, log)
