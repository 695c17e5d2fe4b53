"""``linkspan sandbank``: the demonstration bank in a process of its own."""

import json
import secrets
import time
from typing import Annotated

import typer

from linkspan.cli.options import WhenReadyOption
from linkspan.cli.serving import Site, listen, origin_of, run, serve
from linkspan.sandbank.app import create_bank
from linkspan.sandbank.clients import Client
from linkspan.server.config import BadSetting


def sandbank(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 picks a free one.")
    ] = 12112,
    client: Annotated[
        list[str] | None,
        typer.Option(help="A client as ID SECRET REDIRECT_URI, separated by spaces; may be repeated."),
    ] = None,
    seed: Annotated[str, typer.Option(help="People, accounts and transactions follow from it.")] = "harbor",
    *,
    as_json: WhenReadyOption = False,
) -> None:
    """Run a bank with invented people, to link to over OAuth 2 and FDX."""
    clients = [_client(text) for text in client or []]
    try:
        listening = listen(host, port)
    except BadSetting as problem:
        typer.echo(f"linkspan sandbank: {problem}", err=True)
        raise typer.Exit(2) from None
    origin = origin_of(listening)
    bank = create_bank(
        base_url=origin,
        clients=clients,
        seed=seed,
        now=time.time,
        random_bytes=secrets.token_bytes,
    )

    def ready() -> None:
        line = json.dumps({"bank": origin}) if as_json else f"The bank is open at {origin}"
        typer.echo(line)

    run(serve([Site(bank, listening)], ready))


def _client(text: str) -> Client:
    parts = text.split()
    if len(parts) < 3:  # noqa: PLR2004 - id, secret, and at least one address
        raise typer.BadParameter("a client is ID SECRET REDIRECT_URI", param_hint="--client")
    return Client(id=parts[0], secret=parts[1], redirect_uris=tuple(parts[2:]))
