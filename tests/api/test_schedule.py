"""Every answer leads to the attempts that the published schedule says, whatever the clock does (R14)."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import pytest

from linkspan.server.delivery.schedule import ATTEMPTS_MAX, JITTER_MAX, WAITS_SECONDS
from linkspan.server.outbound.exchange import Request, Response
from linkspan.server.outbound.failures import BrokeProtocol, Refused, TimedOut, Unreachable
from tests.api.conftest import Server, done, make_customer
from tests.conftest import Tally
from tests.crews import carriers

HOUR: Final = 3_600
DAY: Final = 24 * HOUR
A_TENANT: Final = 16
ENDPOINTS: Final = 4
TAKEN: Final = (200, 201, 202, 204, 206, 226, 299)
AGAIN: Final = (
    *(100, 103, 300, 301, 302, 303, 304, 305, 307, 308, 399),
    *(400, 401, 402, 403, 404, 405, 406, 408, 409, 411, 413, 415, 418, 421, 422, 425, 426, 429, 451, 499),
    *(500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 599),
)
SILENT: Final = (
    Unreachable("could not be reached"),
    TimedOut("did not answer in time"),
    BrokeProtocol("did not answer in valid HTTP"),
    Refused("is at an address that is not public"),
    TimeoutError(),
)
# What an endpoint asks for, and how long it is let alone at least, and at most beyond the schedule.
PAUSES: Final[Mapping[tuple[int, str], int]] = {
    (429, "0"): 0,
    (429, "7200"): 7_200,
    (429, "86400"): DAY,
    (429, "99999999999"): DAY,
    (503, "90000"): DAY,
    (503, "7200"): 7_200,
    (429, "soon"): 0,
    (429, "-5"): 0,
    (429, "1.5"): 0,
    (500, "7200"): 0,
    (302, "7200"): 0,
}
Answer = Response | Exception


@dataclass
class Street:
    """Endpoints that answer always alike, and when each was asked."""

    now: Callable[[], float]
    answers: dict[str, Answer] = field(default_factory=dict)
    asked_at: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    async def send(self, request: Request) -> Response:
        self.asked_at[request.url].append(self.now())
        answer = self.answers[request.url]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def settle(self, server: Server, answers: list[Answer]) -> list[str]:
        """Give each answer an endpoint, and each tenant something to be told of; return their addresses."""
        urls = [f"https://shop{number}.example/" for number in range(len(answers))]
        self.answers |= dict(zip(urls, answers, strict=True))
        for start in range(0, len(urls), A_TENANT):
            key = f"sk_test_tenant{start}"
            for url in urls[start : start + A_TENANT]:
                made = server.post(
                    "/v1/webhook_endpoints", {"url": url, "enabled_events[0]": "customer.created"}, key=key
                )
                assert made.status == 200, made.body
            make_customer(server, key=key)
        return urls

    def carry(self, server: Server) -> bool:
        """Go to when something is due next, and carry it; false when nothing ever will be."""
        ((due_at,),) = server.query("SELECT min(due_at) FROM deliveries WHERE status = 'pending'")
        if due_at is None:
            return False
        server.clock.now = max(server.clock.now, float(due_at))

        async def carry() -> None:
            crew = carriers(server.context, self)
            while await crew.set_out():
                await crew.settled()

        done(carry())
        return True


def waits(asked_at: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(asked_at)]


@pytest.mark.timeout(180)
def test_every_answer_leads_to_the_attempts_of_the_table(
    server: Server, tally: Tally, request: pytest.FixtureRequest
) -> None:
    street = Street(server.context.world.now)
    paused = [
        Response(status=status, headers={"retry-after": text, "location": "https://elsewhere.example/"})
        for status, text in PAUSES
    ]
    plain = [Response(status=status) for status in (*TAKEN, 410, *AGAIN)]
    urls = street.settle(server, [*plain, *SILENT, *paused])

    while street.carry(server):
        pass

    taken, (gone,), again = (
        urls[: len(TAKEN)],
        urls[len(TAKEN) : len(TAKEN) + 1],
        urls[len(TAKEN) + 1 : -len(PAUSES)],
    )
    assert {len(street.asked_at[url]) for url in (*taken, gone)} == {1}
    for url in again:
        assert street.asked_at[url][-1] - street.asked_at[url][0] >= 72 * HOUR, url
        for meant, wait in zip(WAITS_SECONDS, waits(street.asked_at[url]), strict=True):
            assert meant <= wait <= meant * (1 + JITTER_MAX), url
    for url, pause in zip(urls[-len(PAUSES) :], PAUSES.values(), strict=True):
        for meant, wait in zip(WAITS_SECONDS, waits(street.asked_at[url]), strict=True):
            assert max(meant, pause) <= wait <= max(meant * (1 + JITTER_MAX), pause), url
    # What failed together does not come back together.
    assert len({waits(street.asked_at[url])[0] for url in again}) > len(WAITS_SECONDS)
    assert set(street.asked_at) == set(urls)  # no redirect was followed
    statuses = server.query("SELECT status, count(*) FROM deliveries GROUP BY status ORDER BY status")
    assert statuses == [("failed", 1 + len(again) + len(PAUSES)), ("succeeded", len(TAKEN))]
    assert server.query("SELECT count(*) FROM webhook_endpoints WHERE status = 'disabled'") == [(1,)]
    requests = sum(map(len, street.asked_at.values()))
    tally(f"R14 {request.node.callspec.id}", answers=len(urls), requests=requests, off_schedule=0)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("step", [DAY, -DAY], ids=["a day on", "a day back"])
def test_a_clock_that_steps_makes_no_storm(
    server: Server, step: int, tally: Tally, request: pytest.FixtureRequest
) -> None:
    stepped = 0
    street = Street(lambda: server.clock.now - stepped)
    urls = street.settle(server, [Response(status=500)] * ENDPOINTS)
    while street.carry(server):
        pass
    early = late = 0

    for after in range(ATTEMPTS_MAX):
        street.asked_at.clear()
        make_customer(server, key="sk_test_tenant0")
        rounds = 0
        while street.carry(server):
            rounds += 1
            if rounds == after * ENDPOINTS + 1:
                server.clock.now += step
                stepped += step
        for url in urls:
            apart = list(zip(WAITS_SECONDS, waits(street.asked_at[url]), strict=True))
            early_ones = [wait for meant, wait in apart if wait < meant]
            late_ones = [wait for meant, wait in apart if wait > meant * (1 + JITTER_MAX) + 1]
            # What was due within the step comes at once, or that much later, and then all goes on as before.
            assert len(early_ones) <= (step > 0)
            assert len(late_ones) <= (step < 0)
            assert max(late_ones, default=0) <= max(WAITS_SECONDS) * (1 + JITTER_MAX) + DAY
            early, late = early + len(early_ones), late + len(late_ones)

    assert early + late >= ATTEMPTS_MAX
    tally(
        f"R14 {request.node.callspec.id}",
        steps=ATTEMPTS_MAX,
        deliveries=ATTEMPTS_MAX * ENDPOINTS,
        early=early,
        late=late,
        beyond_the_schedule=0,
    )
