"""``linkspan dev``: everything needed to link a test account, in one process."""

import json
import os
import secrets
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from http.client import HTTPException
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final, TypeAlias
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import typer

from linkspan.cli.opening import (
    hold,
    open_log,
    open_store,
    open_vault,
    read_languages,
    read_sites,
    read_version,
    real_world,
    tracing,
)
from linkspan.cli.options import MessagesOption, WhenReadyOption
from linkspan.cli.serving import Site, listen, origin_of, run, serve
from linkspan.cli.visitor import BankVisitor
from linkspan.client import AsyncClient
from linkspan.sandbank.app import create_bank
from linkspan.sandbank.brands import directory
from linkspan.sandbank.clients import Client
from linkspan.server.api.auth import AnyTestKey, Keys
from linkspan.server.api.limits import LimitedKeys, Rates
from linkspan.server.app import Server
from linkspan.server.config import (
    BadSetting,
    Database,
    MasterKeys,
    PostgresDatabase,
    master_key_beside,
    read_database,
    read_former_keys,
    read_master_key,
)
from linkspan.server.connectors.network import NetworkTransport
from linkspan.server.connectors.registry import Institutions, connectors_over, institutions_from
from linkspan.server.control.app import Controls
from linkspan.server.control.clock import MovedClock
from linkspan.server.core.origins import LOOPBACK
from linkspan.server.core.version import NEWEST
from linkspan.server.health.app import everybody
from linkspan.server.link.languages import Languages
from linkspan.server.operations.context import Context
from linkspan.server.operations.deliveries import TO_ENDPOINTS
from linkspan.server.operations.institution_imports import import_
from linkspan.server.outbound.egress import Egress
from linkspan.server.outbound.network import Network
from linkspan.server.store.driver import Store
from linkspan.server.telemetry.untraced import Untraced
from linkspan.server.worker import create_runner
from linkspan.shop import create_shop

SECRET_KEY: Final = "sk_test_linkspan"  # noqa: S105 - a test key, the same for everyone
PUBLISHABLE_KEY: Final = "pk_test_linkspan"
BANK_CLIENT_ID: Final = "linkspan-dev"
_SEED: Final = "harbor"
# The modal of a development server may stand in any page: its Sessions are test
# Sessions, and a test page may be served from anywhere.
# What the demonstration bank says of a brand that an operator would write down too.
_ABOUT: Final = ("name", "color", "url", "countries", "routing_numbers", "aliases", "featured")
# Programs under test listen on this machine; a development server tells them of events.
_TO_PROGRAMS: Final = Egress.allowing("127.0.0.0/8", "::1")
_KEY_BYTES: Final = 32
# So that there is something to search; none of them can be linked at.
_WELL_KNOWN: Final = Path(str(resources.files(__package__).joinpath("us_institutions.json")))
# A bank on this machine answers in milliseconds.
_BANK_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class _Bank:
    """The bank to link to: where it is, what it knows us by, and its application if it runs here."""

    entries: Sequence[Mapping[str, Any]]
    client_secret: str
    site: Site | None
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What was asked for on the command line, checked."""

    listening: socket.socket
    database: Database
    master_keys: MasterKeys
    traces: Untraced
    store: Store
    merchant_name: str
    api_version: str
    bank: _Bank
    clock: MovedClock
    log: BinaryIO
    languages: Languages
    origins: tuple[str, ...]
    rate_limit: int
    as_json: bool


_RateLimit: TypeAlias = Annotated[
    int, typer.Option(min=0, help="Requests a second of each key, to see one refused; 0 is no limit.")
]
_AllowOrigin: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        help="Site besides those of this machine that may show the modal; may be repeated.",
        envvar="LINKSPAN_ALLOWED_ORIGINS",
    ),
]


def dev(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 picks a free one.")
    ] = 12111,
    database: Annotated[
        str,
        typer.Option(
            help="sqlite:///PATH, sqlite:// for memory, or postgresql://USER@HOST/NAME.",
            envvar="LINKSPAN_DATABASE",
        ),
    ] = "sqlite://",
    merchant_name: Annotated[
        str, typer.Option(help="Who asks people to link.", envvar="LINKSPAN_MERCHANT_NAME")
    ] = "Rocket Rides",
    bank: Annotated[
        str | None, typer.Option(help="Address of a `linkspan sandbank`; by default one runs here.")
    ] = None,
    bank_secret: Annotated[
        str, typer.Option(help="The secret that bank knows us by.", envvar="LINKSPAN_BANK_SECRET")
    ] = "",
    api_version: Annotated[
        str,
        typer.Option(help="The API version of requests that name none.", envvar="LINKSPAN_API_VERSION"),
    ] = NEWEST,
    log: Annotated[
        Path | None, typer.Option(help="File for the log, one JSON line a request; none by default.")
    ] = None,
    rate_limit: _RateLimit = 0,
    *,
    allow_origin: _AllowOrigin = None,
    messages: MessagesOption = None,
    as_json: WhenReadyOption = False,
) -> None:
    """Run a test-mode server with a bank to link to and an example shop at /shop."""
    with ExitStack() as opened:
        try:
            kept_in = read_database(database)
            listening = opened.enter_context(listen(host, port))
            plan = _Plan(
                listening=listening,
                clock=(clock := MovedClock(time.time)),
                database=kept_in,
                master_keys=MasterKeys(_master_key(kept_in), read_former_keys(os.environ)),
                merchant_name=merchant_name,
                api_version=read_version("--api-version", api_version),
                log=opened.enter_context(open_log(log)),
                bank=_bank_at(bank, bank_secret)
                if bank
                else _bank_here(opened.enter_context(listen(host, 0)), origin_of(listening), clock),
                rate_limit=rate_limit,
                languages=read_languages(messages),
                origins=(*LOOPBACK, *read_sites("--allow-origin", allow_origin or ())),
                as_json=as_json,
                traces=opened.enter_context(tracing()),
                store=open_store(kept_in),  # last: from here on the running server closes it
            )
            run(_run(plan))
        except BadSetting as problem:
            typer.echo(f"linkspan dev: {problem}", err=True)
            raise typer.Exit(2) from None


async def _run(plan: _Plan) -> None:
    """Put the server together and serve it until the operator says stop."""
    origin = origin_of(plan.listening)
    to_bank = Egress.allowing(urlsplit(plan.bank.origin).hostname or "")
    async with (
        aclosing(plan.store),
        Network(to_bank) as network,
        Network(_TO_PROGRAMS, **TO_ENDPOINTS) as outbound,
    ):
        context = await hold(_context(plan, origin, network), plan.database)
        await import_(context, "document", lambda: _WELL_KNOWN.open(encoding="utf-8"), source="shipped")
        log = plan.traces.log(context.world, plan.log)
        async with AsyncClient(SECRET_KEY, base_url=origin) as client:
            shop = create_shop(
                client=client,
                publishable_key=PUBLISHABLE_KEY,
                script_url="/v3/",
                random_bytes=context.world.random_bytes,
            )
            server = Server(
                context,
                _keys(plan, context),
                log,
                languages=plan.languages,
                may_read_metrics=everybody,
                mounted={"/shop": shop},
                runner=create_runner(context, log, plan.traces.way(outbound)),
                controls=Controls(plan.clock, BankVisitor(network)),
            )
            sites = [Site(plan.traces.app(server), plan.listening, context.changes.end)]
            if plan.bank.site is not None:
                sites.append(plan.bank.site)
            await serve(sites, lambda: _announce(plan, origin))


def _keys(plan: _Plan, context: Context) -> Keys:
    keys = AnyTestKey(context.digests, version=plan.api_version, origins=plan.origins)
    rates = Rates(live=0, test=plan.rate_limit)
    return LimitedKeys(keys, rates, context.world.now) if plan.rate_limit else keys


def _context(plan: _Plan, origin: str, network: Network) -> Context:
    world = real_world(plan.clock)
    connectors = connectors_over(NetworkTransport(plan.traces.way(network)), world)
    entries = [_configured(entry, plan.bank.client_secret) for entry in plan.bank.entries]
    return Context(
        world=world,
        metrics=plan.traces.metrics(),
        store=plan.store,
        vault=open_vault(plan.master_keys, world),
        institutions=Institutions.of(institutions_from(entries, connectors)),
        connectors=connectors,
        public_url=origin,
        merchant_name=plan.merchant_name,
        version=plan.api_version,
        egress=_TO_PROGRAMS,
    )


def _configured(brand: Mapping[str, Any], client_secret: str) -> dict[str, Any]:
    """Return one brand of the demonstration bank as an operator would write it down."""
    described = {name: value for name, value in brand.items() if name not in {"slug", "connector", *_ABOUT}}
    registered = {"client_id": BANK_CLIENT_ID, "client_secret": client_secret}
    return {
        "id": f"fcinst_{brand['slug'].replace('-', '_')}",
        **{name: brand[name] for name in _ABOUT},
        "connector": brand["connector"],
        "settings": {**described, **(registered if brand["connector"] == "fdx" else {})},
    }


def _bank_here(listening: socket.socket, origin: str, now: Callable[[], float]) -> _Bank:
    """Return a bank that runs in this process, by the same clock, and serves what listens at *listening*."""
    client = Client(
        id=BANK_CLIENT_ID,
        secret=secrets.token_urlsafe(_KEY_BYTES),
        redirect_uris=(f"{origin}/link/callback",),
    )
    bank = create_bank(
        base_url=origin_of(listening),
        clients=[client],
        seed=_SEED,
        now=now,
        random_bytes=secrets.token_bytes,
    )
    here = origin_of(listening)
    return _Bank(directory(here), client.secret, Site(bank, listening), here)


def _bank_at(origin: str, client_secret: str) -> _Bank:
    """Return a bank that runs elsewhere, as it describes itself."""
    if not client_secret:
        raise BadSetting("LINKSPAN_BANK_SECRET: needed with --bank, the secret that bank knows us by")
    if not origin.startswith(("http://", "https://")):
        raise BadSetting(f"--bank: {origin} is no http or https address")
    try:
        with urlopen(f"{origin}/directory.json", timeout=_BANK_SECONDS) as answer:  # noqa: S310 - checked above
            return _Bank(json.load(answer), client_secret, None, origin)
    except HTTPError as answer:
        answer.close()
    except (OSError, HTTPException):
        raise BadSetting(f"--bank: no bank answers at {origin}; start one with `linkspan sandbank`") from None
    except ValueError:
        pass  # not JSON
    raise BadSetting(f"--bank: what answers at {origin} is not a `linkspan sandbank`")


def _master_key(database: Database) -> bytes:
    """Return the key that seals what banks entrust to us."""
    given = os.environ.get("LINKSPAN_MASTER_KEY")
    if given:
        return read_master_key(given)
    if isinstance(database, PostgresDatabase):
        raise BadSetting(
            "--database: with PostgreSQL, LINKSPAN_MASTER_KEY must be set, the same for every process that "
            "shares it; `openssl rand -base64 32 | tr '+/' '-_'` prints one"
        )
    if database.path is None:
        return secrets.token_bytes(_KEY_BYTES)
    return master_key_beside(Path(database.path), secrets.token_bytes)


def _announce(plan: _Plan, origin: str) -> None:
    """Print where everything is, once it answers."""
    facts = {
        "url": origin,
        "shop": f"{origin}/shop",
        "bank": plan.bank.origin,
        "secret_key": SECRET_KEY,
        "publishable_key": PUBLISHABLE_KEY,
        "database": str(plan.database),
    }
    if plan.as_json:
        typer.echo(json.dumps(facts))
        return
    typer.echo(
        f"""
  Linkspan is ready.

    Shop             {facts["shop"]}   <- link an account here
    API              {facts["url"]}
    Secret key       {facts["secret_key"]}   (any sk_test_ key works, each is a tenant of its own)
    Publishable key  {facts["publishable_key"]}
    Bank             {facts["bank"]}
    Database         {facts["database"]}

  Press Ctrl-C to stop.
"""
    )
