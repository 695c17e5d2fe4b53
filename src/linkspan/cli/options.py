"""The options that several verbs take, each the same everywhere."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

DatabaseOption: TypeAlias = Annotated[
    str,
    typer.Option(help="sqlite:///PATH or postgresql://USER@HOST/NAME.", envvar="LINKSPAN_DATABASE"),
]
InstitutionsOption: TypeAlias = Annotated[
    Path, typer.Option(help="TOML file of the banks to link to.", envvar="LINKSPAN_INSTITUTIONS")
]
BaseUrlOption: TypeAlias = Annotated[
    str | None,
    typer.Option(help="Where browsers and banks reach the server.", envvar="LINKSPAN_BASE_URL"),
]
AllowBankOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        help="Host or network of a bank that may be private or without TLS; may be repeated.",
        envvar="LINKSPAN_ALLOWED_BANKS",
    ),
]
MessagesOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(help="TOML file of words of your own for the modal.", envvar="LINKSPAN_MESSAGES"),
]
AsJsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
WhenReadyOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON line when ready.")]
AllowWebhookOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        help="Host or network of webhook endpoints that may be private or without TLS; may be repeated.",
        envvar="LINKSPAN_ALLOWED_WEBHOOKS",
    ),
]
LogOption: TypeAlias = Annotated[
    Path | None, typer.Option(help="File for the log; standard error by default.", envvar="LINKSPAN_LOG")
]
