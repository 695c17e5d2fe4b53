"""A server without a socket, a clock that moves, and one builder for each noun."""

import asyncio
import random
import re
import sqlite3
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

import msgspec
import pytest

from linkspan.objects import (
    Account,
    AccountHolder,
    AccountOwner,
    AccountOwnership,
    Balance,
    CashBalance,
    FrozenMap,
    List,
    Session,
    decode_as,
    encode,
)
from linkspan.server.api.app import Api
from linkspan.server.api.auth import AnyTestKey
from linkspan.server.connectors.registry import Institutions
from linkspan.server.core.ids import new_id
from linkspan.server.core.scope import Scope
from linkspan.server.core.version import NEWEST
from linkspan.server.core.world import World
from linkspan.server.operations.context import Context
from linkspan.server.operations.sessions import with_accounts
from linkspan.server.outbound.egress import Egress
from linkspan.server.store import accounts as account_rows
from linkspan.server.store import authorizations as authorization_rows
from linkspan.server.store import ownerships as ownership_rows
from linkspan.server.store import sessions as session_rows
from linkspan.server.store.driver import Row, Store
from linkspan.server.store.migrate import migrations
from linkspan.server.store.postgres import PostgresStore
from linkspan.server.store.sqlite import open_store
from linkspan.server.telemetry.log import Log
from linkspan.server.vault.digests import Digests
from linkspan.server.vault.sealed import Vault

NOON: Final = 1_790_000_000.0
MASTER_KEY: Final = bytes(range(32))
KEY: Final = "sk_test_51TheTenantOfTheTests"
ADDRESS: Final = "http://127.0.0.1"
INVALID: Final = "invalid_request_error"
OTHER_KEY: Final = "sk_test_51AnotherTenantAltogether"
TABLES: Final = [
    table for step in migrations() for table in re.findall(r"^CREATE TABLE (\w+)", step.script, re.MULTILINE)
]
T = TypeVar("T")


@dataclass
class Clock:
    """The time, which only a test moves."""

    now: float = NOON

    def pass_(self, seconds: float) -> None:
        self.now += seconds

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Answer:
    """What a request was answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # Any: the JSON of any route
        return msgspec.json.decode(self.body)

    @property
    def anonymous(self) -> bytes:
        """The body without the request's own id, which no two answers share."""
        return self.body.replace(self.headers["request-id"].encode(), b"req_")

    @property
    def error(self) -> Any:  # Any: as above
        """The error, where the answer is nothing but one."""
        (name,) = self.json
        assert name == "error"
        return self.json["error"]


@dataclass
class Server:
    """The API over a store of its own."""

    api: Api
    context: Context
    store: Store
    clock: Clock
    log: BytesIO = field(default_factory=BytesIO)
    client: tuple[str, int] | None = ("198.51.100.7", 50_000)
    """Where requests come from."""

    async def send(
        self,
        method: str,
        path: str,
        raw: bytes = b"",
        headers: Mapping[str, str] | None = None,
        chunks: tuple[dict[str, Any], ...] | None = None,
    ) -> Answer:
        """Send one request as ASGI: its query or body in *raw*, its messages in *chunks* if not whole."""
        is_read = method == "GET"
        incoming = iter(chunks or ({"type": "http.request", "body": b"" if is_read else raw},))
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return next(incoming, {"type": "http.disconnect"})

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": raw if is_read else b"",
            "client": self.client,
            "headers": [
                (name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()
            ],
        }
        await self.api(scope, receive, send)  # type: ignore[arg-type]  # ASGI's callables take any mapping
        start, *bodies = sent
        names = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
        return Answer(start["status"], names, b"".join(message["body"] for message in bodies))

    def ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | list[tuple[str, str]] | bytes = b"",
        *,
        key: str | None = KEY,
        **headers: str,
    ) -> Answer:
        """Send one request and return its answer; `idempotency_key="k"` sends that header."""
        raw = params if isinstance(params, bytes) else urlencode(params).encode()
        return done(self.send(method, path, raw, named(key, **headers)))

    def get(self, path: str, params: Mapping[str, str] | bytes = b"", **options: Any) -> Answer:
        return self.ask("GET", path, params, **options)

    def post(self, path: str, params: Mapping[str, str] | bytes = b"", **options: Any) -> Answer:
        return self.ask("POST", path, params, **options)

    def scope(self, key: str = KEY) -> Scope:
        return AnyTestKey(self.context.digests).scope_of(key)

    def query(self, statement: str) -> list[Row]:
        """What the store holds, by a question of a test's own."""
        return done(self.store.read(lambda tx: tx.all(statement, {})))

    def change(self, statement: str) -> None:
        """Change what the store holds, as no request could."""
        done(self.store.write(lambda tx: tx.run(statement, {})))

    def rows(self) -> dict[str, int]:
        """How many rows every table has."""
        return {table: self.query(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}

    def lines(self) -> list[dict[str, Any]]:
        """What was logged."""
        return [msgspec.json.decode(line) for line in self.log.getvalue().splitlines()]


def assert_error(answer: Answer, status: int, **expected: str) -> None:
    """The answer is exactly this error; `message` may be its beginning."""
    message = expected.pop("message", "")
    assert answer.status == status, answer.body
    assert answer.error["message"].startswith(message)
    assert answer.error["message"]
    links = {"request_log_url": f"{ADDRESS}/docs/requests/{answer.headers['request-id']}"}
    if "code" in expected:
        links["doc_url"] = f"{ADDRESS}/docs/errors#{expected['code']}"
    assert answer.error | {"message": ""} == {"type": INVALID, "message": ""} | links | expected


_LOOP: Final = asyncio.Runner()


def done(work: Coroutine[Any, Any, T]) -> T:
    """Run *work* to its end, on the one loop that connections stay with."""
    return _LOOP.run(work)


@pytest.fixture(scope="session", autouse=True)
def _the_loop_ends() -> Iterator[None]:
    """Close the loop after the last test."""
    with _LOOP:
        yield


def named(key: str | None, **headers: str) -> dict[str, str]:
    """Headers by their names in Python, with the authorization of *key* unless there is one."""
    spelled = {name.replace("_", "-"): value for name, value in headers.items()}
    return (
        spelled if key is None or "authorization" in spelled else spelled | {"authorization": f"Bearer {key}"}
    )


def make_server(
    path: Path | None = None,
    clock: Clock | None = None,
    *,
    store: Store | None = None,
    egress: Egress | None = None,
    version: str = NEWEST,
) -> Server:
    """Put a server together over *store*, or the file at *path*, or in memory."""
    clock = clock or Clock()
    world = World(clock, random.Random(1).randbytes)
    digests = Digests(MASTER_KEY)
    log = BytesIO()
    store = store or open_store(None if path is None else str(path))
    context = Context(
        world=world,
        store=store,
        vault=Vault(MASTER_KEY, world.random_bytes),
        digests=digests,
        institutions=Institutions.of([]),
        connectors={},
        public_url=ADDRESS,
        merchant_name="Rocket Rides",
        version=version,
        egress=egress or Egress(),
    )
    api = Api(context, AnyTestKey(digests, version=version), Log(world, log))
    return Server(api, context, store, clock, log)


# For tests that take tables away, or serve from a loop of their own.
ON_SQLITE: Final = pytest.mark.parametrize("server", ["sqlite"], indirect=True)


@pytest.fixture(params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server in which nothing has happened, on each of the stores."""
    if request.param == "postgres":
        made = make_server(store=PostgresStore(request.getfixturevalue("empty_postgres")))
    else:
        made = make_server()
    yield made
    done(made.store.aclose())


@pytest.fixture
def kept_server(tmp_path: Path) -> Iterator[Server]:
    """A server in a file."""
    made = make_server(tmp_path / "linkspan.db")
    yield made
    done(made.store.aclose())


@pytest.fixture(params=["sqlite", "postgres"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Server, str]]:
    """A server in which nothing has happened, and its database for another process."""
    if request.param == "postgres":
        database: str = request.getfixturevalue("empty_postgres")
        server = make_server(store=PostgresStore(database))
    else:
        database = str(tmp_path / "linkspan.db")
        server = make_server(Path(database))
    yield server, database
    done(server.store.aclose())


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that no server has open."""
    if request.param == "postgres":
        yield request.getfixturevalue("empty_postgres")
        return
    path = str(tmp_path / "linkspan.db")
    yield path
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.fixture
def customer(server: Server) -> str:
    """The id of a Customer."""
    return make_customer(server)


def make_customer(server: Server, *, key: str = KEY) -> str:
    customer_id: str = server.post("/v1/customers", {"name": "Jenny Rosen"}, key=key).json["id"]
    return customer_id


def wanted_session(customer: str, **changes: str) -> dict[str, str]:
    """The parameters of a Session; a changed one is named as Python can, `filters__country`."""
    params = {
        "account_holder[type]": "customer",
        "account_holder[customer]": customer,
        "permissions[0]": "balances",
        "permissions[1]": "ownership",
    }
    return params | {spelled(name): value for name, value in changes.items()}


def spelled(name: str) -> str:
    """``a__b`` as ``a[b]``."""
    head, *rest = name.split("__")
    return head + "".join(f"[{part}]" for part in rest)


def make_session(server: Server, customer: str, *, key: str = KEY, **changes: str) -> dict[str, Any]:
    """A Session, as the API answered it."""
    answer = server.post("/v1/financial_connections/sessions", wanted_session(customer, **changes), key=key)
    assert answer.status == 200, answer.body
    session: dict[str, Any] = answer.json
    return session


def an_account(account_id: str, *, customer: str = "cus_1", **changes: Any) -> Account:
    """An Account that holds money."""
    fields: dict[str, Any] = {
        "id": account_id,
        "account_holder": AccountHolder(type="customer", customer=customer),
        "account_numbers": (),
        "balance": Balance(
            as_of=int(NOON),
            cash=CashBalance(available=FrozenMap({"usd": 120_00})),
            current=FrozenMap({"usd": 123_45}),
            type="cash",
        ),
        "balance_refresh": None,
        "category": "cash",
        "created": int(NOON),
        "display_name": "Everyday",
        "institution_name": "Harbor Bank",
        "last4": "6789",
        "livemode": False,
        "ownership": None,
        "ownership_refresh": None,
        "permissions": ("balances", "ownership"),
        "status": "active",
        "subcategory": "checking",
        "subscriptions": (),
        "supported_payment_method_types": ("us_bank_account",),
        "transaction_refresh": None,
    }
    return Account(**(fields | changes))


def an_ownership(ownership_id: str, account_id: str) -> AccountOwnership:
    """What is known of who owns an account."""
    owner = AccountOwner(
        id="fcaown_1",
        email="jenny@example.com",
        name="Jenny Rosen",
        ownership=ownership_id,
        phone=None,
        raw_address=None,
        refreshed_at=int(NOON),
    )
    url = f"/v1/financial_connections/accounts/{account_id}/owners?ownership={ownership_id}"
    return AccountOwnership(
        id=ownership_id, created=int(NOON), owners=List(data=(owner,), has_more=False, url=url)
    )


def link_account(
    server: Server,
    *,
    key: str = KEY,
    session: str = "fcsess_1",
    customer: str = "cus_1",
    authorization: str | None = None,
    is_owned: bool = False,
    **changes: Any,
) -> Account:
    """Keep an Account as linking does, with its authorization and perhaps its owners."""
    world, scope = server.context.world, server.scope(key)
    account_id = new_id("fca", world)
    ownership = new_id("fcaowns", world) if is_owned else None
    account = an_account(account_id, customer=customer, ownership=ownership, **changes)
    grant = authorization or new_id("fcauth", world)

    async def link(tx: Any) -> None:  # Any: the store's own transaction
        if authorization is None:
            await authorization_rows.insert(
                tx, scope, grant, institution="fcinst_harbor", granted=b"sealed grant"
            )
        if ownership is not None:
            doc = encode(an_ownership(ownership, account_id))
            await ownership_rows.insert(tx, scope, ownership, doc, account=account_id)
        await account_rows.insert(
            tx,
            scope,
            account_id,
            encode(account),
            session=session,
            holder=customer,
            authorization=grant,
            status=str(account.status),
            bank_details=b"sealed details",
        )

    done(server.store.write(link))
    return account


def show_account(server: Server, session_id: str, account: Account, *, key: str = KEY) -> None:
    """Let a Session list an Account, as linking does."""
    scope = server.scope(key)

    async def show(tx: Any) -> None:  # Any: the store's own transaction
        doc = await session_rows.get(tx, scope, session_id)
        assert doc is not None
        shown = with_accounts(decode_as(doc, Session), (account,))
        await session_rows.save(tx, scope, session_id, encode(shown))

    done(server.store.write(show))
