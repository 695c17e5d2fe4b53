"""The way out for connectors: its failures, said as those of a bank."""

from linkspan.server.connectors.failures import (
    ConnectorFailure,
    InstitutionBrokeProtocol,
    InstitutionMisconfigured,
    InstitutionTimeout,
    InstitutionUnavailable,
)
from linkspan.server.connectors.http import Request, Response
from linkspan.server.outbound.exchange import Outbound
from linkspan.server.outbound.failures import OutboundFailure, Refused, TimedOut, Unreachable


class NetworkTransport:
    """A `Transport` over the network."""

    __slots__ = ("_network",)

    def __init__(self, network: Outbound) -> None:
        self._network = network

    async def send(self, request: Request) -> Response:
        """Send *request* once and return the whole answer, as `Transport` promises."""
        try:
            return await self._network.send(request)
        except OutboundFailure as failure:
            raise _as_a_banks(failure) from None


def _as_a_banks(failure: OutboundFailure) -> ConnectorFailure:
    said = str(failure)
    match failure:
        case Refused():
            return InstitutionMisconfigured(said)
        case Unreachable():
            return InstitutionUnavailable(said)
        case TimedOut():
            return InstitutionTimeout(said)
        case _:
            return InstitutionBrokeProtocol(said)
