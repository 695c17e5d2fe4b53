"""Tenants that have one of everything, and the request of each route that reaches it."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from ipaddress import ip_network
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

import msgspec

from linkspan.server.api.auth import StoredKeys
from linkspan.server.api.routing import Route
from linkspan.server.api.versions.published import PUBLISHED
from linkspan.server.app import Server
from linkspan.server.core.api_key import Kind
from linkspan.server.core.scope import Scope
from linkspan.server.operations import keys, refreshes
from linkspan.server.store.driver import Store
from linkspan.server.telemetry.log import Log
from tests.api.conftest import TABLES
from tests.link.stage import QUILLSTONE, SHOP, Stage, set_up
from tests.link.wire import Answer

Form: TypeAlias = list[tuple[str, str]]
Headers: TypeAlias = Mapping[str, str]
Refused: TypeAlias = tuple[int, str | None]
"""The status of a refusal, and its code."""

OURS: Final = Scope("acct_ours", livemode=False)
THEIRS: Final = Scope("acct_theirs", livemode=False)
LIVE: Final = Scope("acct_ours", livemode=True)
_PREVIEW: Final = {"stripe-version": f"{PUBLISHED[-1].partition('.')[0]}.preview"}
_NUMBERS: Final = [
    ("bank_account[account_number]", "000123456789"),
    ("bank_account[country]", "US"),
    ("bank_account[routing_number]", "110000000"),
]
_TYPED: Final = [
    ("type", "us_bank_account"),
    ("us_bank_account[account_number]", "000123456789"),
    ("us_bank_account[routing_number]", "110000000"),
    ("us_bank_account[account_holder_type]", "individual"),
    ("billing_details[name]", "Jenny Rosen"),
]

_PRICE: Final = [("amount", "5000"), ("currency", "usd")]
_DEPOSITS: Final = [("amounts[0]", "32"), ("amounts[1]", "45")]
_DESTINATION: Final = [
    ("enabled_events[]", "*"),
    ("event_payload", "thin"),
    ("name", "Our shop"),
    ("type", "webhook_endpoint"),
    ("webhook_endpoint[url]", "https://shop.example/webhooks"),
]
_LISTENING: Final = [("url", "https://shop.example/webhooks"), ("enabled_events[]", "*")]


@dataclass(frozen=True, kw_only=True)
class Owned:
    """A tenant's secret key, and the id of one of everything it has."""

    key: str
    account: str
    authorization: str
    connected_account: str
    customer: str
    event: str
    event_destination: str
    ownership: str
    payment_intent: str
    payment_method: str
    session: str
    setup_intent: str
    thin_event: str
    token: str
    transaction: str
    webhook_endpoint: str
    institution: str = QUILLSTONE
    """Everybody's."""

    @property
    def ids(self) -> dict[str, str]:
        """What is this tenant's alone, by name."""
        named = vars(self)
        return {name: named[name] for name in named if name not in {"key", "institution"}}


INVALID: Final = (401, None)
OVER: Final = (401, "api_key_expired")
PUBLISHABLE: Final = (401, "secret_key_required")
# No request comes from here.
_ELSEWHERE: Final = (ip_network("203.0.113.0/24"),)

# What a request must say for its route to carry it out; the other routes need nothing.
FORMS: Final[Mapping[str, Callable[[Owned], Form]]] = {
    "accounts.owners.list": lambda owned: [("ownership", owned.ownership)],
    "accounts.refresh": lambda _: [("features[]", "balance")],
    "accounts.subscribe": lambda _: [("features[]", "transactions")],
    "accounts.unsubscribe": lambda _: [("features[]", "transactions")],
    "event_destinations.create": lambda _: _DESTINATION,
    "events.trigger": lambda _: [("type", "customer.created")],
    "payment_intents.confirm": lambda owned: [("payment_method", owned.payment_method)],
    "payment_intents.create": lambda owned: [*_PRICE, ("customer", owned.customer)],
    "payment_intents.list": lambda owned: [("customer", owned.customer)],
    "payment_intents.update": lambda owned: [("customer", owned.customer)],
    "payment_intents.verify_microdeposits": lambda _: _DEPOSITS,
    "payment_methods.attach": lambda owned: [("customer", owned.customer)],
    "payment_methods.create": lambda _: _TYPED,
    "payment_methods.list": lambda owned: [("customer", owned.customer)],
    "sessions.create": lambda owned: [
        ("account_holder[type]", "customer"),
        ("account_holder[customer]", owned.customer),
        ("permissions[]", "balances"),
    ],
    "setup_intents.confirm": lambda owned: [("payment_method", owned.payment_method)],
    "setup_intents.create": lambda owned: [("customer", owned.customer)],
    "setup_intents.list": lambda owned: [("customer", owned.customer)],
    "setup_intents.update": lambda owned: [("customer", owned.customer)],
    "setup_intents.verify_microdeposits": lambda _: _DEPOSITS,
    "tokens.create": lambda _: _NUMBERS,
    "transactions.list": lambda owned: [("account", owned.account)],
    "webhook_endpoints.create": lambda _: _LISTENING,
}


@dataclass(frozen=True)
class Asking:
    """One request for something of a tenant's."""

    route: Route
    address: str
    form: Form

    @classmethod
    def of(cls, route: Route, owned: Owned, *, template: str | None = None) -> "Asking":
        named = {**vars(owned)}
        if route.resource == "connected_accounts":
            named["account"] = owned.connected_account
        form = FORMS[route.name](owned) if route.name in FORMS else []
        return cls(route, (template or route.template).format_map(named), form)


@dataclass
class House:
    """A server that takes the keys in its store, where three tenants have one of everything."""

    stage: Stage
    loop: asyncio.Runner
    ours: Owned
    theirs: Owned
    live: Owned
    strangers: Mapping[str, tuple[Headers, Refused]]
    """Who may ask for nothing of ours: how each asks, and what each is told."""

    def ask(self, asking: Asking, headers: Headers) -> Answer:
        """Send one request, whoever's it is."""
        return self.loop.run(send(self.stage, asking, headers))

    def make_key(self, scope: Scope = OURS, kind: Kind = Kind.SECRET, **wanted: Any) -> str:
        return self.loop.run(make_key(self.stage, scope, kind, **wanted)).text

    def rows(self) -> list[tuple[str, int]]:
        """How many rows every table has."""
        return self.loop.run(_rows(self.stage))

    def on(self, store: Store) -> "House":
        """The same house on another store."""
        return replace(
            self, stage=_keyed(replace(self.stage, context=replace(self.stage.context, store=store)))
        )


def names_something(route: Route) -> bool:
    """Whether what the route is asked for belongs to somebody."""
    names = [field.name for field in fields(Owned)]
    one, other = (Owned(**{name: f"{name}_{word}" for name in names}) for word in ("one", "other"))
    return Asking.of(route, one) != Asking.of(route, other)


def templates(route: Route) -> Iterable[str]:
    """The addresses of a route."""
    return filter(None, (route.template, route.legacy))


def bearer(key: str, **more: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}", **more}


async def send(stage: Stage, asking: Asking, headers: Headers) -> Answer:
    form = urlencode(asking.form)
    address, body = asking.address, b""
    if asking.route.method == "POST":
        body = _as_json(asking.form) if asking.route.is_second else form.encode()
    elif form:
        address = f"{address}?{form}"
    preview = _PREVIEW if asking.route.is_preview else {}
    return await stage.ask(asking.route.method, address, {**preview, **headers}, body)


def _as_json(form: Form) -> bytes:
    """A form of hashes and arrays, one deep, as JSON."""
    members: dict[str, Any] = {}
    for name, value in form:
        head, _, inner = name.removesuffix("]").partition("[")
        if "[" not in name:
            members[head] = value
        elif inner:
            members.setdefault(head, {})[inner] = value
        else:
            members.setdefault(head, []).append(value)
    return msgspec.json.encode(members)


async def make_key(stage: Stage, scope: Scope, kind: Kind, **wanted: Any) -> keys.NewKey:
    return await stage.store.write(lambda tx: keys.create(tx, stage.context, scope, kind, **wanted))


async def _rows(stage: Stage) -> list[tuple[str, int]]:
    counts = (f"SELECT '{table}', count(*) FROM {table}" for table in TABLES)
    return [(table, count) for table, count in await stage.rows(" UNION ALL ".join(counts))]


async def furnish(store: Store, loop: asyncio.Runner) -> House:
    """Return a house in which everybody has linked an account."""
    stage = _keyed(set_up(store))
    ours, theirs, live = [await _owned(stage, scope) for scope in (OURS, THEIRS, LIVE)]
    return House(stage, loop, ours, theirs, live, await _strangers(stage, ours, theirs))


async def _strangers(stage: Stage, ours: Owned, theirs: Owned) -> dict[str, tuple[Headers, Refused]]:
    """Make the keys of everybody who may ask for nothing."""
    revoked = await make_key(stage, OURS, Kind.SECRET)
    await stage.store.write(lambda tx: keys.revoke(tx, stage.context, revoked.kept.id))
    keyed = {
        "a key that is none": ("sk_test_linkspan", INVALID),
        "a key nobody made": ("sk_test_" + "a" * 40, INVALID),
        "a live key nobody made": ("sk_live_" + "a" * 40, INVALID),
        "a publishable key": ((await make_key(stage, OURS, Kind.PUBLISHABLE)).text, PUBLISHABLE),
        "a live publishable key": ((await make_key(stage, LIVE, Kind.PUBLISHABLE)).text, PUBLISHABLE),
        "a revoked key": (revoked.text, OVER),
        "an expired key": ((await make_key(stage, OURS, Kind.SECRET, seconds=0)).text, OVER),
        "a key from elsewhere": (
            (await make_key(stage, OURS, Kind.SECRET, addresses=_ELSEWHERE)).text,
            INVALID,
        ),
        "our client secret": (await _client_secret(stage, ours), INVALID),
        "their client secret": (await _client_secret(stage, theirs), INVALID),
    }
    return {
        "nobody": ({}, INVALID),
        "a scheme alone": ({"authorization": "Bearer"}, INVALID),
        **{name: (bearer(key), told) for name, (key, told) in keyed.items()},
    }


async def _client_secret(stage: Stage, owned: Owned) -> str:
    """What opens the modal of a tenant's Session."""
    answer = await stage.api("GET", f"financial_connections/sessions/{owned.session}", (), owned.key)
    secret: str = answer.json()["client_secret"]
    return secret


def _keyed(stage: Stage) -> Stage:
    context = stage.context
    log = Log(context.world, stage.log)
    server = Server(context, StoredKeys(context), log)
    return replace(stage, server=server, store=context.store)


async def _owned(stage: Stage, scope: Scope) -> Owned:
    """Make one of everything, as programs and people do."""
    key = (await make_key(stage, scope, Kind.SECRET)).text
    publishable = (await make_key(stage, scope, Kind.PUBLISHABLE, origins=[SHOP])).text

    async def made(path: str, form: Sequence[tuple[str, str]] = ()) -> Any:
        answer = await stage.api("POST", path, form, key)
        assert answer.status == 200, answer.text
        return answer.json()

    async def first(path: str) -> str:
        answer = await stage.api("GET", path, (), key)
        found: str = answer.json()["data"][0]["id"]
        return found

    transactions = [("permissions[]", "transactions"), ("prefetch[]", "transactions")]
    session = await stage.session(*transactions, key=key)
    await stage.modal(session, key=publishable).to_done()
    await refreshes.carry_out(stage.context)
    account = await first(f"financial_connections/accounts?session={session['id']}")
    customer = session["account_holder"]["customer"]
    method = (await made("payment_methods", _TYPED))["id"]
    await made(f"payment_methods/{method}/attach", [("customer", customer)])
    payment = (await made("payment_intents", [*_PRICE, ("customer", customer)]))["id"]
    setup = (await made("setup_intents", [("customer", customer)]))["id"]
    if not scope.livemode:  # in live mode nothing is confirmed that money would be moved for
        for intent in (f"payment_intents/{payment}", f"setup_intents/{setup}"):
            typed = (await made("payment_methods", _TYPED))["id"]
            await made(f"{intent}/confirm", [("payment_method", typed)])
    document = (await stage.api("GET", f"financial_connections/accounts/{account}", (), key)).json()
    created = await first("events?type=financial_connections.account.created")
    return Owned(
        key=key,
        account=account,
        authorization=await _authorization(stage, scope),
        connected_account=(await made("accounts"))["id"],
        customer=customer,
        event=await first("events"),
        event_destination=await _destination(stage, key),
        ownership=document["ownership"],
        payment_intent=payment,
        payment_method=method,
        session=session["id"],
        setup_intent=setup,
        thin_event=f"evt_thin_{created.removeprefix('evt_')}",
        token=(await made("tokens", _NUMBERS))["id"],
        transaction=await first(f"financial_connections/transactions?account={account}"),
        webhook_endpoint=(await made("webhook_endpoints", _LISTENING))["id"],
    )


async def _destination(stage: Stage, key: str) -> str:
    """The id of a destination of the second generation of the API."""
    answer = await stage.ask("POST", "/v2/core/event_destinations", bearer(key), _as_json(_DESTINATION))
    assert answer.status == 200, answer.text
    made: str = answer.json()["id"]
    return made


async def _authorization(stage: Stage, scope: Scope) -> str:
    """The permission at the bank, which no released version of the API shows."""
    question = f"SELECT id FROM authorizations WHERE tenant = '{scope.tenant}'"
    rows = await stage.rows(f"{question} AND livemode = {int(scope.livemode)}")
    found: str = rows[0][0]
    return found
