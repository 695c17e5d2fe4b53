"""The operator's verbs."""

from typing import Annotated

import typer

from linkspan import __version__
from linkspan.cli import (
    backup,
    bank,
    clock,
    consents,
    copy,
    dev,
    doctor,
    events,
    institutions,
    keys,
    listen,
    migrate,
    purge,
    rotation,
    serve,
    tenants,
    versions,
    worker,
)

app = typer.Typer(
    name="linkspan",
    help="Account linking that speaks the Financial Connections API your code already speaks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(is_asked: bool) -> None:  # noqa: FBT001 - as typer calls it
    if is_asked:
        typer.echo(f"linkspan {__version__}")
        raise typer.Exit


@app.callback()
def _before_the_verb(
    *,
    _: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Take the options that stand before the verb."""


app.command("dev")(dev.dev)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.command("sandbank")(bank.sandbank)
app.command("listen")(listen.listen)
app.command("trigger")(events.trigger)
app.add_typer(events.app)
app.add_typer(clock.app)
keys.app.command("rotate-master")(rotation.rotate_master)
keys.app.command("report")(rotation.report)
app.add_typer(keys.app)
app.add_typer(tenants.app)
app.add_typer(consents.app)
app.add_typer(institutions.app)
app.add_typer(migrate.app)
app.command("purge")(purge.purge)
app.command("backup")(backup.backup)
app.command("doctor")(doctor.doctor)
app.command("copy")(copy.copy)
app.add_typer(versions.app)


def main() -> None:
    """Run the verb on the command line."""
    app()
