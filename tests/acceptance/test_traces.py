"""Whoever collects spans sees a request through the server, with nothing secret in them."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request as Call
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from linkspan.cli import app
from linkspan.server.core.world import World
from linkspan.server.outbound.exchange import Request, Response
from linkspan.server.outbound.failures import Unreachable
from linkspan.server.telemetry import traces
from tests.acceptance.collector import Collector, collecting
from tests.acceptance.programs import running
from tests.acceptance.receiver import receiving

KEY = "sk_test_canary5f1c"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
SERVER, CLIENT = 2, 3
REQUESTS = 20


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as listening:
        yield listening


def post(url: str, form: dict[str, str]) -> str:
    headers = {"authorization": f"Bearer {KEY}", "traceparent": f"00-{TRACE}-{CALLER}-01"}
    with urlopen(Call(url, urlencode(form).encode(), headers)) as answer:
        answer.read()
        return str(answer.headers["request-id"])


def test_a_request_and_what_follows_from_it_have_spans(collector: Collector, tmp_path: Path) -> None:
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_EXPORTER_OTLP_HEADERS": "x-key=ours"}
    database = f"sqlite:///{tmp_path / 'linkspan.db'}"
    with (
        receiving() as receiver,
        running("dev", "--port", "0", "--database", database, settings=settings) as program,
    ):
        url = f"{program.facts['url']}/v1"
        post(f"{url}/webhook_endpoints", {"url": receiver.url, "enabled_events[0]": "customer.created"})
        asked = [post(f"{url}/customers", {"name": "Jenny"}) for _ in range(REQUESTS)]
        told = [json.loads(receiver.next().body)["id"] for _ in asked]
        with pytest.raises(HTTPError):
            urlopen(Call(f"{url}/customers/cus_none", headers={"authorization": f"Bearer {KEY}"}))

    requests = {span.id: span for span in collector.named("POST customers.create")}
    assert [span.says["linkspan.request"] for span in requests.values()] == asked
    for span in requests.values():
        assert (span.trace, span.parent, span.kind, span.is_error) == (TRACE, CALLER, SERVER, False)
        assert span.says["http.response.status_code"] == 200
    # A commit is shared with whatever is written at once, and hangs on the first of that.
    commits = [span for span in collector.named("commit") if span.parent in requests]
    assert commits
    assert {span.trace for span in commits} == {TRACE}
    assert all(0 <= span.seconds <= requests[span.parent].seconds for span in commits)
    attempts = {span.id: span for span in collector.named("deliveries")}
    assert {span.says["linkspan.delivery"] for span in attempts.values()} == set(told)
    assert {span.says["linkspan.request"] for span in attempts.values()} == set(asked)
    assert {span.says["linkspan.outcome"] for span in attempts.values()} == {"succeeded"}
    sent = collector.named("POST 127.0.0.1")
    assert {span.parent for span in sent} == set(attempts)
    assert {(span.kind, span.says["http.response.status_code"]) for span in sent} == {(CLIENT, 200)}
    (missing,) = collector.named("GET customers.retrieve")
    assert missing.says["http.response.status_code"] == 404
    assert {span.service for span in collector.spans} == {"linkspan"}
    assert {headers["x-key"] for headers in collector.headers} == {"ours"}
    assert not [body for body in collector.raw if b"canary5f1c" in body or b"whsec_" in body]


def test_what_leaves_has_a_span_that_names_nobody_but_the_host(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Bank:
        async def send(self, request: Request) -> Response:
            if request.host == "down.example":
                raise Unreachable("canary")
            return Response(status=204)

    async def ask(lent: traces.Traces, host: str) -> None:
        way = lent.way(Bank())
        await way.send(Request(method="GET", url=f"https://{host}/canary?canary", headers={"x": "canary"}))

    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    with traces.exporting({"OTEL_SERVICE_NAME": "x"}, World(lambda: 0.0, bytes)) as lent:
        asyncio.run(ask(lent, "bank.example"))
        with pytest.raises(Unreachable):
            asyncio.run(ask(lent, "down.example"))

    up, down = collector.spans
    assert (up.name, up.says) == (
        "GET bank.example",
        {
            "http.request.method": "GET",
            "server.address": "bank.example",
            "http.response.status_code": 204,
        },
    )
    assert (down.is_error, down.says["error.type"], down.events) == (True, "Unreachable", [])
    assert not [body for body in collector.raw if b"canary" in body]


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "grpc",
        ),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "x", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "x/y"}, "x/y"),
    ],
)
def test_a_protocol_that_is_not_spoken_is_refused_by_name(settings: dict[str, str], named: str) -> None:
    ended = CliRunner().invoke(app, ["dev", "--port", "0"], env=settings)

    assert ended.exit_code == 2
    assert f"OTEL_EXPORTER_OTLP_PROTOCOL: {named} is not spoken" in ended.stderr


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_nothing_of_it_is_loaded_where_nobody_asks(settings: dict[str, str]) -> None:
    look = """
import sys
from linkspan.cli.opening import tracing
from linkspan.cli import dev, serve
with tracing() as lent:
    print(type(lent).__name__, [name for name in sys.modules if "opentelemetry" in name])
"""

    said = subprocess.run(
        [sys.executable, "-c", look], env=os.environ | settings, check=True, capture_output=True, text=True
    )

    assert said.stdout == "Untraced []\n"


def test_a_server_goes_on_without_its_collector(tmp_path: Path) -> None:
    settings = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1",
        "OTEL_EXPORTER_OTLP_TIMEOUT": "1",
        "OTEL_BSP_SCHEDULE_DELAY": "10",
    }
    log = tmp_path / "log"
    with running("dev", "--port", "0", "--log", str(log), settings=settings) as program:
        for _ in range(REQUESTS):
            post(f"{program.facts['url']}/v1/customers", {"name": "Jenny"})

    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert {line["event"] for line in lines} >= {"request", "traces"}
