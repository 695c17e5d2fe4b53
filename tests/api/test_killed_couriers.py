"""Nothing is lost when couriers die, and nothing comes twice but what was under way (R13)."""

import asyncio
import random
from collections import Counter
from typing import Final

from linkspan.server.outbound.exchange import Request, Response
from linkspan.server.outbound.failures import Unreachable
from tests.api.conftest import Server, done, make_customer
from tests.crews import carriers

ENDPOINTS: Final = 5
EVENTS: Final = 40
FAILURES: Final = 0.3
KILLS: Final = 12
HOUR: Final = 3_600


class Street:
    """Endpoints that fail at times, and remember what they took."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.took: Counter[tuple[str, str]] = Counter()
        self.under_way = 0

    async def send(self, request: Request) -> Response:
        self.under_way += 1
        try:
            for _ in range(self._dice.randrange(4)):
                await asyncio.sleep(0)
            if self._dice.random() < FAILURES:
                raise Unreachable("down")
            self.took[request.url, request.headers["webhook-id"]] += 1
            for _ in range(self._dice.randrange(4)):  # the answer is on its way
                await asyncio.sleep(0)
            return Response(status=200)
        finally:
            self.under_way -= 1


def test_every_endpoint_takes_every_event_though_couriers_die(server: Server) -> None:
    dice = random.Random(13)
    street = Street(dice)
    urls = [f"https://shop{number}.example/" for number in range(ENDPOINTS)]
    for url in urls:
        server.post("/v1/webhook_endpoints", {"url": url, "enabled_events[0]": "customer.created"})
    at_kills = 0

    async def one_life(*, is_killed: bool) -> None:
        nonlocal at_kills
        courier = carriers(server.context, street, will_die=is_killed)
        await courier.set_out()
        if is_killed:
            for _ in range(dice.randrange(6)):
                await asyncio.sleep(0)
            at_kills += street.under_way
            await courier.leave()
        else:
            await courier.settled()

    for number in range(EVENTS):
        make_customer(server)
        if number % (EVENTS // KILLS) == 0:
            done(one_life(is_killed=True))
    while server.query("SELECT 1 FROM deliveries WHERE status = 'pending'"):
        done(one_life(is_killed=dice.random() < 0.2))
        server.clock.pass_(HOUR)

    events = {event_id for (event_id,) in server.query("SELECT id FROM events")}
    assert set(street.took) == {(url, event) for url in urls for event in events}
    assert sum(street.took.values()) - len(street.took) <= at_kills
    assert server.query("SELECT DISTINCT status FROM deliveries") == [("succeeded",)]
