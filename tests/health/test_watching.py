"""Whoever watches a server learns whether it lives, can work, and what it has done, and nothing secret."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from prometheus_client.parser import text_string_to_metric_families

from linkspan.server.api.auth import AnyTestKey
from linkspan.server.app import Server
from linkspan.server.connectors.failures import InstitutionUnavailable
from linkspan.server.core.scope import Scope
from linkspan.server.health.app import MayRead, everybody, holder_of, nobody
from linkspan.server.operations import health, master_key
from linkspan.server.store import deliveries as delivery_rows
from linkspan.server.store import refreshes as refresh_rows
from linkspan.server.store import webhook_endpoints as endpoint_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.refreshes import Refresh
from linkspan.server.store.webhook_endpoints import Kept, Place, Wanted
from linkspan.server.telemetry.log import Log
from tests.api.conftest import KEY, NOON, done, make_server
from tests.link.wire import Answer, ask

HERE: Final = "http://server.test"
SCOPE: Final = Scope("acct_1", livemode=False)


class Watched:
    """A whole server, and the path to ask it."""

    def __init__(self, path: Path, may_read: MayRead = everybody) -> None:
        made = make_server(path)
        self.context = made.context
        log = Log(made.context.world, made.log)
        self._server = Server(
            made.context,
            AnyTestKey(made.context.digests),
            log,
            may_read_metrics=may_read,
        )

    def get(self, path: str, **headers: str) -> Answer:
        return done(ask(self._server, "GET", HERE + path, headers))

    def post(self, path: str, **headers: str) -> Answer:
        return done(ask(self._server, "POST", HERE + path, headers))

    def samples(self) -> dict[tuple[str, ...], float]:
        """What the metrics say, by name and labels in the order of their names."""
        families = text_string_to_metric_families(self.get("/metrics").text)
        return {
            (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
            for family in families
            for sample in family.samples
        }


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path / "linkspan.db")
    done(master_key.hold(made.context))
    yield made
    done(made.context.store.aclose())


def test_a_server_lives_and_is_ready(watched: Watched) -> None:
    answers = [watched.get(path) for path in ("/healthz", "/readyz")]

    assert [(answer.status, answer.text) for answer in answers] == [(200, "alive\n"), (200, "ready\n")]
    assert all(("cache-control", "no-store") in answer.headers for answer in answers)


def test_a_server_whose_database_is_gone_lives_but_is_not_ready(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "linkspan.db")
    done(watched.context.store.aclose())

    assert watched.get("/healthz").status == 200
    assert (watched.get("/readyz").status, watched.get("/readyz").text) == (
        503,
        "the database does not answer\n",
    )


def test_answers_are_counted_by_route_and_status(watched: Watched) -> None:
    for path in ("/v1/customers", "/v1/customers", "/v1/customers/cus_none", "/v1/nowhere"):
        watched.get(path, authorization=f"Bearer {KEY}")

    samples = watched.samples()

    count = "linkspan_request_seconds_count"
    assert {labels: value for labels, value in samples.items() if labels[0] == count} == {
        (count, "customers.list", "200"): 2,
        (count, "customers.retrieve", "404"): 1,
        (count, "none", "404"): 1,
    }


def test_times_are_counted_up_to_their_bounds(watched: Watched) -> None:
    for seconds in (0.0005, 0.001, 0.02, 60.0):
        watched.context.metrics.request("a", 200, seconds)

    samples = watched.samples()

    bucket = "linkspan_request_seconds_bucket"
    counted = [samples[bucket, bound, "a", "200"] for bound in ("0.001", "0.01", "0.025", "10.0", "+Inf")]
    assert counted == [2, 2, 3, 3, 4]
    assert samples["linkspan_request_seconds_sum", "a", "200"] == pytest.approx(60.0215)


def test_what_waits_is_told_with_its_age(watched: Watched) -> None:
    async def leave(tx: Tx) -> None:
        for account, started in (("fca_1", NOON - 30), ("fca_2", NOON - 5)):
            refresh = Refresh(account, "balance")
            await refresh_rows.insert(tx, SCOPE, refresh, authorization="fcauth_1", started_at=int(started))

    before = watched.samples()
    done(watched.context.store.write(leave))
    after = watched.samples()

    waiting, oldest = ("linkspan_waiting", "refreshes"), ("linkspan_waiting_oldest_seconds", "refreshes")
    assert (before[waiting], before[oldest]) == (0, 0)
    assert (after[waiting], after[oldest]) == (2, 30)


def test_what_is_due_to_endpoints_is_told_with_its_age(watched: Watched) -> None:
    async def leave(tx: Tx) -> None:
        for endpoint, status in (("we_on", "enabled"), ("we_off", "disabled")):
            kept = Kept(doc=b"", is_connect=False, payload="snapshot", name="", updated=0)
            wanted = Wanted(status=status, enabled_events=["*"])
            await endpoint_rows.insert(tx, SCOPE, endpoint, kept, wanted, secret=b"")
            for event, due in (("evt_1", NOON - 40), ("evt_2", NOON), ("evt_3", NOON + 1)):
                await delivery_rows.insert(tx, SCOPE, event, [Place(SCOPE, endpoint)], now=int(due))

    done(watched.context.store.write(leave))

    samples = watched.samples()
    assert samples["linkspan_waiting", "deliveries"] == 2
    assert samples["linkspan_waiting_oldest_seconds", "deliveries"] == 40


def test_every_commit_is_timed(watched: Watched) -> None:
    before = watched.samples()
    watched.post("/v1/customers", authorization=f"Bearer {KEY}")

    after = watched.samples()
    assert after["linkspan_commit_seconds_count",] == before["linkspan_commit_seconds_count",] + 1


def test_what_became_of_deliveries_and_refreshes_is_counted(watched: Watched) -> None:
    watched.context.metrics.attempt("pending", 0.02)
    watched.context.metrics.attempt("succeeded", 0.02)
    for _ in range(2):
        watched.context.metrics.refresh("Harbor Bank", "balance", "failed")

    samples = watched.samples()
    assert samples["linkspan_delivery_seconds_count", "pending"] == 1
    assert samples["linkspan_delivery_seconds_bucket", "0.025", "succeeded"] == 1
    assert samples["linkspan_refreshes_total", "balance", "Harbor Bank", "failed"] == 2


@pytest.mark.parametrize(
    ("may_read", "authorization", "status"),
    [
        (everybody, "", 200),
        (nobody, "", 401),
        (nobody, "Bearer ", 401),
        (holder_of("watch"), "Bearer watch", 200),
        (holder_of("watch"), "Bearer watches", 401),
        (holder_of("watch"), "watch", 401),
        (holder_of("watch"), "", 401),
    ],
)
def test_metrics_are_shown_to_whom_they_are_for(
    tmp_path: Path, may_read: MayRead, authorization: str, status: int
) -> None:
    watched = Watched(tmp_path / "linkspan.db", may_read)

    answer = watched.get("/metrics", authorization=authorization)

    assert answer.status == status
    assert ("linkspan_request_seconds" in answer.text) is (status == 200)
    assert ("LINKSPAN_METRICS_TOKEN" in answer.text) is (status == 401)
    done(watched.context.store.aclose())


def test_metrics_name_no_key_and_nobody(watched: Watched) -> None:
    watched.get("/v1/customers", authorization=f"Bearer {KEY}")

    text = watched.get("/metrics").text

    assert KEY not in text
    assert AnyTestKey(watched.context.digests).scope_of(KEY).tenant not in text


def test_how_well_institutions_answer_in_live_mode_is_told(watched: Watched) -> None:
    down = InstitutionUnavailable("down")
    for scope in (Scope(SCOPE.tenant, livemode=True), SCOPE):
        for _ in range(3):
            done(health.learn(watched.context, scope, f"fcinst_{scope.livemode}", down))

    samples = watched.samples()

    told = [series for series in samples if series[0] == "linkspan_institution_status"]
    assert told == [("linkspan_institution_status", "fcinst_True", "inactive")]
