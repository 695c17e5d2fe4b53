"""``linkspan serve``: the server for real keys and real banks."""

import json
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated, TypeAlias

import typer

from linkspan.cli import serving
from linkspan.cli.installation import Installation, put_together, read_installation
from linkspan.cli.opening import read_languages, read_version
from linkspan.cli.options import (
    AllowBankOption,
    AllowWebhookOption,
    BaseUrlOption,
    DatabaseOption,
    InstitutionsOption,
    LogOption,
    MessagesOption,
    WhenReadyOption,
)
from linkspan.cli.serving import Site, listen, origin_of, run
from linkspan.server.api.auth import StoredKeys
from linkspan.server.api.limits import STRIPES_RATES, LimitedKeys, Rates
from linkspan.server.app import Server
from linkspan.server.config import BadSetting, read_base_url, read_networks
from linkspan.server.core.version import NEWEST
from linkspan.server.link.languages import Languages
from linkspan.server.operations import keys
from linkspan.server.operations.context import Context

_MerchantName: TypeAlias = Annotated[
    str, typer.Option(help="Who asks people to link.", envvar="LINKSPAN_MERCHANT_NAME")
]
_Host: TypeAlias = Annotated[str, typer.Option(help="Address to listen on.")]
_Port: TypeAlias = Annotated[
    int, typer.Option(min=0, max=65535, help="Port to listen on; 0 picks a free one.")
]
_ApiVersion: TypeAlias = Annotated[
    str,
    typer.Option(help="The API version of requests that name none.", envvar="LINKSPAN_API_VERSION"),
]
_TrustedProxy: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        help="Address or network whose X-Forwarded-For is believed; may be repeated.",
        envvar="LINKSPAN_TRUSTED_PROXIES",
    ),
]
_RateLimitLive: TypeAlias = Annotated[
    int,
    typer.Option(
        min=0, help="Requests a second of each live key; 0 is no limit.", envvar="LINKSPAN_RATE_LIMIT_LIVE"
    ),
]
_RateLimitTest: TypeAlias = Annotated[
    int,
    typer.Option(
        min=0, help="Requests a second of each test key; 0 is no limit.", envvar="LINKSPAN_RATE_LIMIT_TEST"
    ),
]
_Work: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--work/--no-work",
        help="Do background work as well, or leave all of it to `linkspan worker`.",
        envvar="LINKSPAN_WORK",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What was asked for on the command line, checked."""

    listening: socket.socket
    base_url: str
    api_version: str
    merchant_name: str
    proxies: tuple[str, ...]
    rates: Rates
    works: bool
    as_json: bool
    languages: Languages
    installation: Installation


def serve(
    *,
    database: DatabaseOption,
    institutions: InstitutionsOption,
    merchant_name: _MerchantName,
    host: _Host = "127.0.0.1",
    port: _Port = 12111,
    base_url: BaseUrlOption = None,
    api_version: _ApiVersion = NEWEST,
    allow_bank: AllowBankOption = None,
    allow_webhook: AllowWebhookOption = None,
    trusted_proxy: _TrustedProxy = None,
    rate_limit_live: _RateLimitLive = STRIPES_RATES.live,
    rate_limit_test: _RateLimitTest = STRIPES_RATES.test,
    messages: MessagesOption = None,
    log: LogOption = None,
    work: _Work = True,
    as_json: WhenReadyOption = False,
) -> None:
    """Run a server for the keys of `linkspan keys` and the banks of a file."""
    with ExitStack() as opened:
        try:
            listening = opened.enter_context(listen(host, port))
            plan = _Plan(
                listening=listening,
                base_url=read_base_url(base_url, default=_default_url(listening)),
                api_version=read_version("--api-version", api_version),
                merchant_name=merchant_name,
                proxies=tuple(map(str, read_networks("--trusted-proxy", trusted_proxy or ()))),
                rates=Rates(live=rate_limit_live, test=rate_limit_test),
                languages=read_languages(messages),
                works=work,
                as_json=as_json,
                installation=read_installation(
                    opened,
                    database=database,
                    institutions=institutions,
                    allow_bank=allow_bank or (),
                    allow_webhook=allow_webhook or (),
                    log=log,
                ),
            )
            run(_run(plan))
        except BadSetting as problem:
            typer.echo(f"linkspan serve: {problem}", err=True)
            raise typer.Exit(2) from None


async def _run(plan: _Plan) -> None:
    """Put the server together and serve it until the operator says stop."""
    of = plan.installation
    async with put_together(
        of, public_url=plan.base_url, merchant_name=plan.merchant_name, version=plan.api_version
    ) as parts:
        context = parts.context
        server = Server(
            context,
            LimitedKeys(StoredKeys(context), plan.rates, context.world.now),
            parts.log,
            languages=plan.languages,
            may_read_metrics=of.may_read_metrics,
            runner=parts.runner() if plan.works else None,
        )
        good = [key for key in await context.store.read(keys.list_) if not key.is_over(context.world.now())]
        site = Site(of.traces.app(server), plan.listening, context.changes.end, plan.proxies)
        await serving.serve([site], lambda: _announce(plan, context, len(good)))


def _default_url(listening: socket.socket) -> str | None:
    """Return the origin of a server that only this machine can reach; any other must be told its own."""
    is_here = ip_address(listening.getsockname()[0]).is_loopback
    return origin_of(listening) if is_here else None


def _announce(plan: _Plan, context: Context, good_keys: int) -> None:
    """Print where the server is, once it answers."""
    facts = {
        "url": origin_of(plan.listening),
        "base_url": plan.base_url,
        "database": str(plan.installation.database),
        "institutions": len(context.institutions.entries),
        "keys": good_keys,
    }
    if plan.as_json:
        typer.echo(json.dumps(facts))
        return
    typer.echo(
        f"""
  Linkspan is ready.

    Address       {facts["url"]}
    Known as      {facts["base_url"]}
    Institutions  {facts["institutions"]}
    Good keys     {facts["keys"] or "none; `linkspan keys create` makes one, with the same settings"}
    Database      {facts["database"]}

  Press Ctrl-C to stop.
"""
    )
