"""``linkspan versions``: which versions of the API are served, and what changed between two of them."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.text import Text

from linkspan.cli.opening import read_version
from linkspan.cli.options import AsJsonOption
from linkspan.server.api.versions import CHANGES, PREVIEW_CHANGES
from linkspan.server.api.versions.comparison import Comparison, compare, difference
from linkspan.server.api.versions.published import SERVED
from linkspan.server.config import BadSetting
from linkspan.versions import breaks_of

app: Final = typer.Typer(
    name="versions", help="List the versions of the API, or compare two of them.", no_args_is_help=True
)

_COLORS: Final = {"+": "green", "-": "red", "@": "cyan"}


@app.command("list")
def list_(*, as_json: AsJsonOption = False) -> None:
    """Print every version that is served, oldest first, with what it changed."""
    summaries = {change.version: change.summary for change in (*CHANGES, *PREVIEW_CHANGES)}
    if as_json:
        rows = [{"version": version, "summary": summaries.get(version)} for version in SERVED]
        typer.echo(json.dumps(rows, indent=2))
        return
    width = max(map(len, SERVED))
    _print(Text(f"{version:{width}}  {summaries.get(version, '')}".rstrip()) for version in SERVED)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="The version a program speaks.")],
    new: Annotated[str, typer.Argument(help="The version it is to speak.")],
    *,
    as_json: AsJsonOption = False,
) -> None:
    """Print what changes for a program that moves from OLD to NEW, with each object before and after."""
    try:
        compared = _compared(old, new)
    except BadSetting as problem:
        typer.echo(f"linkspan versions: {problem}", err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps(_plain(compared), indent=2))
    else:
        _print(_told(compared))


def _compared(old: str, new: str) -> Comparison:
    for argument, version in (("OLD", old), ("NEW", new)):
        read_version(argument, version)
    if _day_of(new) < _day_of(old):
        raise BadSetting(f"NEW: {new} is older than {old}; name the older one first")
    return compare(old, new)


def _day_of(version: str) -> str:
    return version.partition(".")[0]


def _plain(compared: Comparison) -> dict[str, Any]:
    """Return the comparison as JSON has it."""
    return {
        "old": compared.old,
        "new": compared.new,
        "changes": [
            {
                "version": change.version,
                "summary": change.summary,
                "parameters": change.parameters,
                "breaks": [
                    {"calls": each.calls, "example": each.example, "advice": each.advice}
                    for each in breaks_of(change.version)
                ],
            }
            for change in compared.changes
        ],
        "lost": [{"version": change.version, "summary": change.summary} for change in compared.lost],
        "objects": [
            {"object": each.name, "before": each.before, "after": each.after} for each in compared.objects
        ],
    }


def _told(compared: Comparison) -> Iterator[Text]:
    """Yield the comparison line by line, as people read it."""
    if not compared.changes and not compared.lost:
        yield Text(f"Nothing changes from {compared.old} to {compared.new}.")
    for change in compared.changes:
        yield Text(change.version, "bold")
        yield Text(f"  {change.summary}")
        for call, parameters in change.parameters.items():
            yield Text(f"  New in {call}: {', '.join(parameters)}", "green")
        for each in breaks_of(change.version):
            yield Text(f"  Breaks {', '.join(each.calls)}: {each.advice}", "red")
        yield Text()
    for change in compared.lost:
        yield Text(f"Lost with {compared.old}: {change.version}", "bold")
        yield Text(f"  {change.summary}", "red")
        yield Text()
    for affected in compared.objects:
        yield Text(affected.name, "bold")
        for line in difference(compared, affected):
            yield Text(line, _COLORS.get(line[:1], ""))
        yield Text()


def _print(lines: Iterator[Text]) -> None:
    """Print lines as they are, in color on a terminal alone."""
    console = Console(soft_wrap=True, highlight=False)
    for line in lines:
        console.print(line)
