"""Endpoints that take what they are sent."""

from dataclasses import dataclass, field

from linkspan.server.outbound.exchange import Request, Response
from tests.api.conftest import Server, done
from tests.crews import carriers


@dataclass
class Street:
    """Where endpoints live, and what they were sent."""

    sent: list[Request] = field(default_factory=list)

    async def send(self, request: Request) -> Response:
        self.sent.append(request)
        return Response(status=200)


def carry(server: Server, street: Street) -> list[Request]:
    """Carry what is due now; return what endpoints were sent."""
    courier = carriers(server.context, street, server.log)

    async def all_of_it() -> None:
        while await courier.set_out():
            await courier.settled()

    done(all_of_it())
    return street.sent
