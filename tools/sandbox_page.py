"""Writes docs/reference/sandbox.md from the tables of the demonstration bank: what each institution does.

`python -m tools.sandbox_page` rewrites the page; with --check it changes
nothing, and fails when what is there is not what it would write.
"""

import sys
from collections.abc import Iterator
from typing import Final

from linkspan.sandbank.brand import Brand
from linkspan.sandbank.brands import BRANDS
from linkspan.server.link.languages import DEFAULT, Languages
from linkspan.server.link.words import TROUBLES
from tools.generated import ROOT, keep

PAGE: Final = ROOT / "docs/reference/sandbox.md"
OPENING: Final = """\
<!-- Written by tools/sandbox_page.py from sandbank/trials.py: change a row there, then run it. -->

# Institutions of the sandbox

`linkspan dev` offers every institution below, found by its name; `linkspan sandbank` is them all, over HTTP.
Those that Stripe has too have the names Stripe gives them, and are found by their older ones.
Each does what it does as a bank would: the server knows of none of them.
People sign in as one of four who are shown there; where any user name does, one of theirs
(`avery`, `noor`, `harborfinch`, `sam`) shows their accounts, and any other Avery's.

Where linking fails, a program is told a code of Stripe's client libraries in `onEvent`, and the finer reason
stands in the log; the person reads the title beside it, in their language.

| Institution | It | A program sees | The person reads |
|---|---|---|---|
"""


def page() -> str:
    """Return the page as the tables say it is."""
    return OPENING + "".join(_rows())


def _rows() -> Iterator[str]:
    words = Languages().pick(DEFAULT)
    for brand in BRANDS:
        lesson = brand.lesson
        if lesson is None:
            continue
        seen = [lesson.program] if lesson.program else []
        title = ""
        if lesson.reason is not None:
            seen.append(f"`{TROUBLES[lesson.reason].code}` (`{lesson.reason}`)")
            title = words.text(f"server.trouble.{lesson.reason}.title", bank=brand.name)
        yield f"| {_named(brand)} | {lesson.does} | {' '.join(seen)} | {title} |\n"


def _named(brand: Brand) -> str:
    older = "".join(f"; {alias}" for alias in brand.aliases)
    return f"**{brand.name}**{older}, `fcinst_{brand.slug.replace('-', '_')}`"


if __name__ == "__main__":
    sys.exit(keep(PAGE, page(), "sandbox_page"))
