"""What verbs have in common that call a server's API as a program does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final, TypeAlias

import typer

from linkspan.cli.dev import SECRET_KEY
from linkspan.client import Client, LinkspanError

HERE: Final = "http://127.0.0.1:12111"

ApiKey: TypeAlias = Annotated[
    str, typer.Option(help="The secret key to call with.", envvar=["LINKSPAN_API_KEY", "STRIPE_API_KEY"])
]
ApiBase: TypeAlias = Annotated[
    str, typer.Option(help="Address of the server.", envvar=["LINKSPAN_API_BASE", "STRIPE_API_BASE"])
]
KEY: Final = SECRET_KEY


@contextmanager
def calling(verb: str, api_key: str, api_base: str) -> Iterator[Client]:
    """Lend a client; what the server refuses is said in its words, with exit code 1."""
    try:
        with Client(api_key, base_url=api_base) as client:
            yield client
    except (LinkspanError, ValueError) as problem:
        typer.echo(f"linkspan {verb}: {problem}", err=True)
        raise typer.Exit(1) from None
