"""R26: two hundred secrets are planted, everything is made to say what it knows, and none is found."""

import asyncio
import logging
import os
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

import pytest

from linkspan.server.api.auth import AnyTestKey
from linkspan.server.app import Server
from linkspan.server.connectors.http import Request, Response
from linkspan.server.core.world import World
from linkspan.server.health.app import everybody
from linkspan.server.operations import refreshes
from linkspan.server.store.backup import backup
from linkspan.server.store.driver import Store
from linkspan.server.store.postgres import PostgresStore
from linkspan.server.store.sqlite import open_store
from linkspan.server.telemetry.log import Log
from linkspan.server.telemetry.traces import exporting
from tests.acceptance.collector import Collector, collecting
from tests.conftest import Tally
from tests.link.stage import MASTER_KEY, NOW, QUILLSTONE, SERVER, Stage, set_up
from tests.link.test_secrets import found, spellings
from tests.link.wire import Deliver, ask, query_of
from tests.postgres import Postgres

pytestmark = pytest.mark.anyio

LINKS: Final = 20
SECRETS_MIN: Final = 200
# More than there are, so that none is left out however slow the machine is.
SPANS_MAX: Final = 100_000
# What the answer that makes a secret shows to whoever asked for it, and what a browser carries.
SHOWN_ONCE: Final = ("client secret", "webhook secret", "bridge", "state", "cookie", "deposits page")


@dataclass
class Planted:
    """Secrets by what they are and where they came from."""

    by_name: dict[str, str] = field(default_factory=dict)

    def add(self, **secrets: str) -> None:
        number = len(self.by_name)
        self.by_name |= {f"{name.replace('_', ' ')} {number}": secret for name, secret in secrets.items()}

    def found_in(self, text: bytes, *, but: tuple[str, ...] = ()) -> list[str]:
        return [
            name
            for name, secret in self.by_name.items()
            if not name.startswith(but or ("\0",)) and found(secret, text)
        ]


async def talkative(request: Request, _deliver: Deliver) -> Response:
    """A library that fails, and puts all it knows into the text of its exception."""
    raise RuntimeError(f"{request.method} {request.url} {dict(request.headers)} {request.body!r}")


@pytest.fixture
def postgres_running(shared_database: str | None, request: pytest.FixtureRequest) -> Postgres | None:
    """The PostgreSQL server that the objects are on; none where they are in a file."""
    running: Postgres | None = None
    if shared_database is not None:
        running = request.getfixturevalue("postgres")
    return running


@pytest.fixture
async def store(shared_database: str | None, tmp_path: Path) -> AsyncIterator[Store]:
    """Where objects are kept in files."""
    path = tmp_path / "data" / "linkspan.db"
    path.parent.mkdir()
    made = open_store(str(path)) if shared_database is None else PostgresStore(shared_database)
    yield made
    await made.aclose()


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """Whoever is sent the spans, all of them."""
    with collecting() as listening:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", listening.url)
        monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", str(SPANS_MAX))
        yield listening


@contextmanager
def debugging() -> Iterator[BytesIO]:
    """Everything that is logged at DEBUG by anybody, while the block runs."""
    written, root = BytesIO(), logging.getLogger()
    text = TextIOWrapper(written, write_through=True)
    handler, level = logging.StreamHandler(text), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        text.detach()  # or what was written would be gone with it


async def link(stage: Stage, planted: Planted, number: int) -> None:
    """Link somebody's accounts for a tenant of its own, and plant every secret of the way."""
    key = f"sk_test_canary{number:02}ofatenantofitsown"
    session = await stage.session(key=key)
    modal, browser = stage.modal(session), stage.browser()
    bridge = (await modal.to_login())["login"]["bridge_url"]
    back = await browser.sign_in(bridge)
    query = query_of(back)
    (cookie,) = (value for (host, _), value in browser.cookies.items() if host == "linkspan.example")
    await browser.visit(back)
    view = await modal.view()
    await modal.choose([each["id"] for each in view["accounts"]["accounts"] if each["eligible"]])
    await type_numbers(stage, planted, key, f"77{number:02}40815162342")
    endpoint = await stage.api(
        "POST",
        "webhook_endpoints",
        [("url", "https://hooks.example/here"), ("enabled_events[]", "*")],
        key,
    )
    planted.add(
        api_key=key,
        client_secret=session["client_secret"],
        bridge=bridge.rpartition("/")[2],
        state=query["state"],
        code=query["code"],
        cookie=cookie,
        webhook_secret=endpoint.json()["secret"],
    )


async def type_numbers(stage: Stage, planted: Planted, key: str, digits: str) -> None:
    """Type an account's numbers for a token and for a payment that waits for deposits."""
    session = await stage.session(("manual_entry[mode]", "automatic"), key=key)
    modal = stage.modal(session)
    await modal.open(purpose="token")
    await modal.step("manual")
    await modal.type_numbers(digits)
    form = [
        ("amount", "5000"),
        ("currency", "usd"),
        ("confirm", "true"),
        ("payment_method_data[type]", "us_bank_account"),
        ("payment_method_data[us_bank_account][account_number]", digits),
        ("payment_method_data[us_bank_account][routing_number]", "110000000"),
        ("payment_method_data[billing_details][name]", "Jenny Rosen"),
    ]
    intent = (await stage.api("POST", "payment_intents", form, key)).json()
    page = intent["next_action"]["verify_with_microdeposits"]["hosted_verification_url"]
    planted.add(
        account_number=digits,
        client_secret=session["client_secret"],
        client_secret_of_intent=intent["client_secret"],
        deposits_page=page.rpartition("/")[2],
    )


def of_the_bank(stage: Stage, planted: Planted) -> None:
    """Plant what went over the wire between server and bank."""
    for token in stage.wire.tokens():
        planted.add(access_token=token["access_token"], refresh_token=token["refresh_token"])
    for request in stage.wire.asked:
        if request.url.endswith("/oauth/token"):
            for verifier in parse_qs(request.body.decode()).get("code_verifier", ()):
                planted.add(verifier=verifier)
    numbers = {
        network["identifier"]
        for path, given in stage.wire.answered.items()
        if path.endswith("/payment-networks")
        for answer in given
        for network in answer.get("paymentNetworks", ())
    }
    for number in sorted(numbers):
        planted.add(account_number=number)
    planted.add(
        secret_of_ours="canary-client-secret-of-the-bank",
        master_key=urlsafe_b64encode(MASTER_KEY).decode(),
        master_key_again=b64encode(MASTER_KEY).decode(),
    )


async def break_everything(stage: Stage) -> None:
    """Let each kind of call to the bank fail with an exception that holds all its secrets, and log it."""
    log = stage.traces.log(stage.context.world, stage.log)
    stage.hands.seconds += 86_400
    keys = ("sk_test_canary00ofatenantofitsown", "sk_test_canary01ofatenantofitsown")
    for path in ("/oauth/token", "/accounts", "/oauth/revoke", "/payment-networks"):
        stage.wire.faults = {path: talkative}
        session = await stage.session(key=keys[0])
        modal, browser = stage.modal(session), stage.browser()
        bridge = (await modal.to_login())["login"]["bridge_url"]
        await browser.visit(await browser.sign_in(bridge))
        await stage.ask("GET", f"/link/view?client_secret={session['client_secret']}")
        for account in (await stage.api("GET", "financial_connections/accounts", key=keys[1])).json()["data"]:
            root = f"financial_connections/accounts/{account['id']}"
            await stage.api("POST", f"{root}/refresh", [("features[]", "balance")], keys[1])
        for work in (partial(refreshes.carry_out, stage.context), stage.sweep):
            with log.unit("forced"):
                try:
                    await work()
                except RuntimeError:
                    log.bug("bug", job="forced")
    accounts = (await stage.api("GET", "financial_connections/accounts", key=keys[1])).json()["data"]
    for account in accounts:
        await stage.api("POST", f"financial_connections/accounts/{account['id']}/disconnect", key=keys[1])
    with log.unit("forced"):
        try:
            await stage.sweep()
        except RuntimeError:
            log.bug("bug", job="forced")
    stage.wire.faults = {}


async def places(stage: Stage, folder: Path, postgres: Postgres | None) -> Mapping[str, bytes]:
    """Everything that the server wrote anywhere, or told anybody."""
    if postgres is None:
        database = folder / "data" / "linkspan.db"
        backup(database, folder / "backup.db")
        files = {path.name: path.read_bytes() for path in [*database.parent.iterdir(), folder / "backup.db"]}
    else:
        await asyncio.to_thread(postgres.run, "CHECKPOINT")
        files = {
            "postgres": b"\n".join(path.read_bytes() for path in postgres.base.rglob("*") if path.is_file())
        }
    server = Server(
        stage.context,
        AnyTestKey(stage.context.digests),
        Log(stage.context.world, BytesIO()),
        may_read_metrics=everybody,
    )
    metrics = await ask(server, "GET", f"{SERVER}/metrics")
    assert b"linkspan_" in metrics.body
    return {**files, "log": stage.log.getvalue(), "metrics": metrics.body}


@pytest.mark.timeout(300)
async def test_no_secret_is_found_anywhere(
    store: Store, collector: Collector, postgres_running: Postgres | None, tmp_path: Path, tally: Tally
) -> None:
    planted = Planted()
    with debugging() as debug, exporting(os.environ, World(lambda: NOW, bytes)) as traces:
        stage = set_up(store, traces=traces)
        for number in range(LINKS):
            await link(stage, planted, number)
        await break_everything(stage)
        for number in range(2):
            key = f"sk_test_canary{number:02}ofatenantofitsown"
            await stage.api("GET", "events?limit=100", key=key)
    of_the_bank(stage, planted)
    searched = {
        **await places(stage, tmp_path, postgres_running),
        "debug log": debug.getvalue(),
        "spans": b"\n".join(collector.raw),
    }
    told = b"\n".join(repr(answer.headers).encode() + answer.body for answer in stage.answers)

    leaked = {place: planted.found_in(text) for place, text in searched.items()}
    leaked["answers"] = planted.found_in(told, but=SHOWN_ONCE)
    assert "" not in planted.by_name.values()

    assert {place: names for place, names in leaked.items() if names} == {}
    assert len(planted.by_name) >= SECRETS_MIN
    assert b"RuntimeError" in stage.log.getvalue()  # the exceptions were logged
    assert {"POST sessions.create", "POST bank.example", "forced", "commit"} <= {
        span.name for span in collector.spans
    }
    assert QUILLSTONE.encode() in b"".join(searched.values())  # the search itself works
    tally(
        f"R26 {'SQLite' if postgres_running is None else 'PostgreSQL'}",
        secrets=len(planted.by_name),
        spellings=sum(len(spellings(secret)) for secret in planted.by_name.values()),
        places=len(leaked),
        bytes_searched=sum(map(len, (*searched.values(), told))),
        found=sum(map(len, leaked.values())),
    )
