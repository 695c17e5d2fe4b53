"""A key that asks too often is told so, and nothing of what it asked is done."""

import pytest

from linkspan.server.api.auth import AnyTestKey, Keys, StoredKeys
from linkspan.server.api.limits import LimitedKeys, Rates
from tests.api.conftest import KEY, OTHER_KEY, Server, assert_error
from tests.api.keys import LIVE, OURS, keyed, make_key

RATES = Rates(live=4, test=2)


def limited(server: Server, keys: Keys | None = None, rates: Rates = RATES) -> Server:
    return keyed(server, LimitedKeys(keys or AnyTestKey(server.context.digests), rates, server.clock))


def statuses(server: Server, times: int, key: str = KEY) -> list[int]:
    return [server.get("/v1/customers", key=key).status for _ in range(times)]


def test_as_many_as_a_second_holds_may_come_at_once(server: Server) -> None:
    assert statuses(limited(server), 4) == [200, 200, 429, 429]


def test_what_is_refused_changes_nothing(server: Server) -> None:
    ours = limited(server)
    statuses(ours, 2)
    before = ours.rows()

    answer = ours.post("/v1/customers", idempotency_key="once")

    assert_error(answer, 429, code="rate_limit", message="Testmode request rate limit exceeded")
    assert answer.headers["stripe-rate-limited-reason"] == "global-rate"
    assert ours.rows() == before
    assert ours.lines()[-1]["tenant"] == ours.scope().tenant


def test_what_is_answered_names_no_limit(server: Server) -> None:
    answer = limited(server).get("/v1/customers")

    assert "stripe-rate-limited-reason" not in answer.headers


def test_a_refused_request_may_be_sent_again_with_its_idempotency_key(server: Server) -> None:
    ours = limited(server)
    statuses(ours, 2)
    assert ours.post("/v1/customers", idempotency_key="once").status == 429

    ours.clock.pass_(0.5)

    answer = ours.post("/v1/customers", idempotency_key="once")
    assert answer.status == 200
    assert "idempotent-replayed" not in answer.headers


def test_a_bucket_fills_evenly_and_no_further_than_full(server: Server) -> None:
    ours = limited(server)
    statuses(ours, 2)

    ours.clock.pass_(0.5)
    assert statuses(ours, 2) == [200, 429]
    ours.clock.pass_(60)
    assert statuses(ours, 3) == [200, 200, 429]


def test_whoever_keeps_to_the_rate_is_never_refused(server: Server) -> None:
    ours = limited(server)

    for _ in range(20):
        assert statuses(ours, 1) == [200]
        ours.clock.pass_(0.5)


def test_refused_requests_do_not_make_the_wait_longer(server: Server) -> None:
    ours = limited(server)
    statuses(ours, 2)

    for _ in range(4):
        assert statuses(ours, 1) == [429]
        ours.clock.pass_(0.125)

    assert statuses(ours, 1) == [200]


def test_each_key_has_a_bucket_of_its_own(server: Server) -> None:
    ours = limited(server)
    statuses(ours, 2)

    assert statuses(ours, 1, OTHER_KEY) == [200]


def test_live_mode_has_a_rate_of_its_own(server: Server) -> None:
    ours = limited(server, StoredKeys(server.context))
    test, live = make_key(ours, OURS), make_key(ours, LIVE)

    assert statuses(ours, 5, test.text) == [200, 200, 429, 429, 429]
    assert statuses(ours, 5, live.text) == [200, 200, 200, 200, 429]
    assert_error(
        ours.get("/v1/customers", key=live.text),
        429,
        code="rate_limit",
        message="Request rate limit exceeded.",
    )


def test_a_key_that_opens_nothing_is_told_that_however_often(server: Server) -> None:
    assert statuses(limited(server), 4, "sk_live_none") == [401] * 4


@pytest.mark.parametrize("seconds", [-3600, -0.1])
def test_a_clock_that_is_set_back_locks_nobody_out(server: Server, seconds: float) -> None:
    ours = limited(server)
    statuses(ours, 2)
    ours.clock.pass_(seconds)
    assert statuses(ours, 1) == [429]

    ours.clock.pass_(0.5)

    assert statuses(ours, 1) == [200]


def test_a_rate_of_nothing_is_no_limit(server: Server) -> None:
    assert statuses(limited(server, rates=Rates(live=1, test=0)), 10) == [200] * 10


def test_many_keys_are_forgotten_once_they_were_silent(server: Server) -> None:
    keys = LimitedKeys(AnyTestKey(server.context.digests), RATES, server.clock)
    for number in range(10_001):
        keys.known(f"sk_test_{number}", None)
        server.clock.pass_(0.001)

    assert len(keys._buckets) < 2_000
