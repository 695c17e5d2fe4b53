"""Proves the modal in a browser and writes what came of it: python -m tools.modal_pages."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from tests.browser.access import DIRECTIONS, LOOKS, TAGS, WIDTHS
from tests.browser.any_page import HOSTS
from tests.browser.panes import TITLES
from tools.chromium import find_chromium

REFERENCE: Final = Path(__file__).resolve().parent.parent / "docs" / "reference"
FILES: Final = ("access", "panes", "languages", "flow", "host")
PROOFS: Final = [f"tests/browser/test_modal_{name}.py" for name in FILES] + ["tests/browser/test_any_page.py"]


@dataclass(frozen=True, slots=True)
class Promise:
    """One criterion of WCAG 2.2, what it means in the modal, and the tests that hold it."""

    criterion: str
    means: str
    tests: tuple[str, ...]


PROMISES: Final[Sequence[Promise]] = (
    Promise(
        "1.1.1, 1.3.1, 4.1.2 Names, structure, roles",
        "every control has a name, and the groups that belong to it",
        ("test_the_frame_and_its_controls_have_names", "test_axe_finds_nothing_on_any_pane"),
    ),
    Promise(
        "1.4.3, 1.4.11 Contrast",
        "in both themes, and on the colors of banks",
        ("test_axe_finds_nothing_on_any_pane", "test_brand_colors_carry_readable_letters"),
    ),
    Promise(
        "1.4.4, 1.4.10 Resize, reflow",
        "nothing scrolls sideways at 320 pixels; at 400 % what has focus is seen whole",
        (
            "test_no_pane_scrolls_sideways_at_320_pixels",
            "test_at_400_percent_what_has_focus_is_seen_whole",
            "test_every_pane_is_whole_in_every_language",
        ),
    ),
    Promise(
        "1.4.12 Text spacing",
        "wider lines, words and letters cut nothing off",
        ("test_wider_spacing_of_text_cuts_nothing_off",),
    ),
    Promise(
        "2.1.1, 2.1.2 Keyboard", "an account is linked by keyboard alone", ("test_a_keyboard_is_enough",)
    ),
    Promise(
        "2.2.2, 2.3.3 Motion",
        "nothing moves for those who ask for less of it",
        ("test_reduced_motion_stops_every_animation",),
    ),
    Promise(
        "2.4.3 Focus order",
        "each pane begins at its heading; closing gives focus back to what opened the modal",
        (
            "test_each_new_pane_takes_focus_at_its_heading",
            "test_focus_goes_back_to_what_opened_the_modal",
        ),
    ),
    Promise(
        "2.4.11 Focus not obscured",
        "what has focus is never under the header or the footer",
        ("test_what_has_focus_is_never_under_the_header_or_the_footer",),
    ),
    Promise(
        "2.5.8 Target size",
        "44 by 44 pixels at least, in every language",
        ("test_every_target_is_large_enough_for_a_finger", "test_every_pane_is_whole_in_every_language"),
    ),
    Promise(
        "3.1.1 Language of page",
        "`lang` and `dir` are the language's own",
        ("test_every_pane_is_whole_in_every_language",),
    ),
    Promise(
        "3.3.1, 3.3.3 Errors",
        "each says what happened and what can be done next",
        ("test_an_error_offers_what_can_be_done_next", "test_a_search_without_results_says_what_to_try"),
    ),
    Promise(
        "4.1.3 Status messages",
        "results, failures and waiting are announced without moving focus",
        (
            "test_waiting_is_told_to_those_who_listen",
            "test_typing_shows_what_the_server_found",
            "test_a_failure_is_told_to_those_who_listen",
        ),
    ),
    Promise(
        "Forced colors",
        "every control keeps an outline",
        ("test_forced_colors_keep_every_control_outlined",),
    ),
)

ACCESSIBILITY: Final = """# Accessibility

The modal aims at WCAG 2.2, level AA.
This page is written by `make proofs` from a run of the tests it names, in {browser}; nobody edits it.

## What axe finds

axe {axe}, rules {tags}:
findings on each of the {panes} panes, in each theme, direction and width.

{looks}

The panes are drawn in [docs/images](../images): `modal-WIDTH-THEME.png`,
and from right to left `modal-WIDTH-THEME-ar.png`.

## What is tried besides

{promises}

Twelve languages are drawn pane by pane at 320 pixels; see [Change the words](../how-to/change-the-words.md).

## What no test can say

No person who lives with a screen reader has tried it yet, and neither has any browser but Chromium.
Reports are welcome, and are bugs.
"""

PAGES: Final = """# Pages the modal works on

A person searches a bank, agrees, signs in at the bank in a tab of its own, chooses accounts and is done:
on each of these pages, in {browser}.
Storage is partitioned and pop-ups are blocked, as people have it; two tests hold that this is so.
The page and the modal are of different sites, and nothing the page forbids is violated.

This page is written by `make proofs` from a run of `tests/browser/test_any_page.py`; nobody edits it.

| A page that | An account is linked |
|---|---|
{rows}

The page's policy needs to allow our server in `script-src` (or by a nonce) and in `frame-src`,
and nothing in `style-src`.
Both packages of Stripe's are the published files, unmodified;
they use the `window.Stripe` that our script has put there, and ask nobody else for one.
A frame around the page needs `allow-popups` and `allow-popups-to-escape-sandbox`,
or the bank's page cannot open.

Firefox and Safari are not in this table: they have not been run.
Playwright 1.65 starts Debian's Firefox 153 and then asks it, for every new page,
for an emulation that it does not know (`emulation.setMediaFeaturesOverride`).
"""


def _run() -> Mapping[str, bool]:
    """Run the proofs; return each test, by its name with its parameters, and whether it passed."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", f"--junitxml={report}", *PROOFS]
        subprocess.run(command, check=False)
        cases = ET.parse(report).iter("testcase")  # noqa: S314 - written by the run above
        return {case.attrib["name"]: case.find("failure") is None for case in cases}


def _passed(ran: Mapping[str, bool], test: str) -> bool:
    """Tell whether a test passed in all its forms; one that was not run is a mistake of this page."""
    outcomes = [passed for name, passed in ran.items() if name.partition("[")[0] == test]
    if not outcomes:
        raise SystemExit(f"{test}: named by the page, and not among the tests")
    return all(outcomes)


def _looks(ran: Mapping[str, bool]) -> Iterator[str]:
    yield "| | " + " | ".join(f"{width} px" for width in WIDTHS) + " |"
    yield "|---|" + "---|" * len(WIDTHS)
    kinds = dict.fromkeys((look.theme, look.direction) for look in LOOKS)
    for theme, direction in kinds:
        cells = [
            "none" if ran[f"test_axe_finds_nothing_on_any_pane[{look}]"] else "**some**"
            for look in LOOKS
            if (look.theme, look.direction) == (theme, direction)
        ]
        yield f"| {theme}, {direction} ({DIRECTIONS[direction]}) | " + " | ".join(cells) + " |"


def _promises(ran: Mapping[str, bool]) -> Iterator[str]:
    yield "| Criterion | In the modal | Holds |"
    yield "|---|---|---|"
    for promise in PROMISES:
        holds = "yes" if all(_passed(ran, test) for test in promise.tests) else "**no**"
        yield f"| {promise.criterion} | {promise.means} | {holds} |"


def _hosts(ran: Mapping[str, bool]) -> Iterator[str]:
    for name, host in HOSTS.items():
        passed = ran[f"test_a_person_links_accounts_on_a_page_that[{name}]"]
        yield f"| {host.about} | {'yes' if passed else '**no**'} |"


def _axe() -> str:
    start = (Path("tests/browser/vendor/axe.min.js")).read_text()[:100]
    return start.partition(" v")[2].partition("\n")[0]


def main() -> int:
    """Write the pages; fail when something they say does not hold."""
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("a Chromium is needed ($CHROMIUM)")
    told = subprocess.run([str(chromium), "--version"], capture_output=True, text=True, check=True).stdout
    browser = " ".join(told.split()[:2])
    ran = _run()
    accessibility = ACCESSIBILITY.format(
        browser=browser,
        axe=_axe(),
        tags=", ".join(f"`{tag}`" for tag in TAGS),
        panes=len(TITLES),
        looks="\n".join(_looks(ran)),
        promises="\n".join(_promises(ran)),
    )
    pages = PAGES.format(browser=browser, rows="\n".join(_hosts(ran)))
    (REFERENCE / "accessibility.md").write_text(accessibility, encoding="utf-8")
    (REFERENCE / "pages.md").write_text(pages, encoding="utf-8")
    failed = [name for name, passed in ran.items() if not passed]
    print(f"{len(ran)} tests, {len(failed)} failed: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
