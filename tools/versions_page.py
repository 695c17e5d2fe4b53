"""Writes docs/reference/versions.md from the modules that make each version what it is.

`python -m tools.versions_page` rewrites the page; with --check it changes
nothing, and fails when what is there is not what it would write.
"""

import sys
from collections.abc import Iterator
from typing import Final

from linkspan.server.api.versions import CHANGES, PREVIEW_CHANGES, is_preview
from linkspan.server.api.versions.change import Change
from linkspan.server.api.versions.comparison import compare, difference
from linkspan.server.api.versions.published import PREVIEWS, PUBLISHED, SERVED
from linkspan.versions import breaks_of
from tools.generated import ROOT, keep

PAGE: Final = ROOT / "docs/reference/versions.md"
OPENING: Final = f"""\
<!-- Written by tools/versions_page.py from server/api/versions: change a module there, then run it. -->

# Versions

The server speaks every version of the API that Stripe published from {PUBLISHED[0]} to {PUBLISHED[-1]},
and the previews from {PREVIEWS[0]} to {PREVIEWS[-1]}, which come after the releases here.
`Stripe-Version` chooses one for a request; without it a request is answered in the newest.
A version that is not listed here changed nothing about account linking.

`linkspan versions diff OLD NEW` prints what changes between any two of them, and
`Client(…, version=OLD, on_breaking="warn")` warns of every call that a newer version would break.
In the differences below every line ends in a comma, so that a line differs only where its member does.
"""


def page() -> str:
    """Return the page as it should be, newest version first."""
    sections = [*CHANGES, *PREVIEW_CHANGES]
    return "\n".join([OPENING, *(line for change in sections for line in _section(change)), *_published()])


def _before(version: str) -> str:
    """Return the version before one; before the first preview that is the release of its day."""
    of_its_kind = PREVIEWS if is_preview(version) else PUBLISHED
    place = of_its_kind.index(version)
    return of_its_kind[place - 1] if place else SERVED[SERVED.index(version) - 1]


def _section(change: Change) -> Iterator[str]:
    version = change.version
    compared = compare(_before(version), version)
    yield from (f"## {version}", "", change.summary, "")
    for call, parameters in change.parameters.items():
        yield from (f"New in `{call}`: {', '.join(f'`{name}`' for name in parameters)}.", "")
    for each in breaks_of(version):
        calls = ", ".join(f"`{call}`" for call in each.calls)
        yield from (f"Breaks {calls}: {each.advice}", "")
    for affected in compared.objects:
        yield from (f"**{affected.name}**", "", "```diff", *difference(compared, affected), "```", "")


def _published() -> Iterator[str]:
    yield from ("## All of them", "", ", ".join(f"`{version}`" for version in SERVED) + ".", "")


if __name__ == "__main__":
    sys.exit(keep(PAGE, page(), "versions_page"))
