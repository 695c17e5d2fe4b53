"""Draws every pane of the modal into docs/images/: python -m tools.screenshots."""

import base64
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, FloatRect, Page, ViewportSize, expect, sync_playwright

from tests.browser.fake_link import FakeServer
from tests.browser.panes import TITLES
from tools.chromium import ARGUMENTS, find_chromium
from tools.palette_png import shrink

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
BYTES_MAX = 2_500_000  # a clone carries them all, for ever

Theme = Literal["light", "dark"]
THEMES: Sequence[Theme] = ("light", "dark")
# One for each direction of writing.
LOCALES: Sequence[str] = ("en", "ar")
SIZES: Sequence[ViewportSize] = (
    {"width": 320, "height": 640},
    {"width": 480, "height": 800},
    {"width": 1280, "height": 800},
)
# The picture of the README: a whole flow in four panes.
FLOW: Sequence[tuple[str, Theme]] = (
    ("bank", "light"),
    ("consent", "light"),
    ("accounts", "dark"),
    ("done", "dark"),
)
PANES_PER_ROW = 5
MARGIN = 40
SHEET = """<!doctype html>
<style>
body {{ margin: 0; width: max-content; display: grid; gap: 8px; grid-template-columns: {columns} }}
img {{ display: block }}
</style>
{images}"""


@dataclass(frozen=True, slots=True)
class Shot:
    """One pane at one size in one theme, in one language."""

    pane: str
    theme: Theme
    size: ViewportSize
    locale: str = "en"


def _around(box: FloatRect, size: ViewportSize) -> FloatRect:
    """Return the part of a screen to keep: the dialog with a margin, as far as there is screen."""
    left, top = max(0, box["x"] - MARGIN), max(0, box["y"] - MARGIN)
    right = min(size["width"], box["x"] + box["width"] + MARGIN)
    bottom = min(size["height"], box["y"] + box["height"] + MARGIN)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def _draw(browser: Browser, server: FakeServer, shot: Shot) -> bytes:
    link = server.begin()
    link.show(shot.pane)
    page = browser.new_page(viewport=shot.size, color_scheme=shot.theme, reduced_motion="reduce")
    page.goto(f"{link.host}/host/plain")
    page.evaluate("locale => { window.options = { locale } }", shot.locale)
    page.get_by_role("button", name="Link an account").click()
    modal = page.frame_locator("linkspan-modal iframe").locator(".modal")
    expect(modal).to_have_attribute("data-pane", link.view["next_pane"])
    box = page.locator("linkspan-modal dialog").bounding_box()
    if box is None:
        raise RuntimeError(f"no modal to draw for {shot}")
    picture = page.screenshot(clip=_around(box, shot.size), animations="disabled", caret="hide")
    page.close()
    return picture


def _sheet(page: Page, pictures: Sequence[bytes], *, columns: int) -> bytes:
    """Return one picture of several, in rows."""
    images = "".join(
        f'<img src="data:image/png;base64,{base64.b64encode(picture).decode()}">' for picture in pictures
    )
    page.set_content(SHEET.format(columns="auto " * columns, images=images))
    return shrink(page, page.locator("body").screenshot())


def _images(browser: Browser, server: FakeServer) -> Iterator[tuple[str, bytes]]:
    """Yield each file's name with its content."""
    page = browser.new_page()
    flow = [_draw(browser, server, Shot(pane, theme, SIZES[-1])) for pane, theme in FLOW]
    yield "modal.png", _sheet(page, flow, columns=len(flow))
    for size, theme, locale in product(SIZES, THEMES, LOCALES):
        shots = [_draw(browser, server, Shot(pane, theme, size, locale)) for pane in TITLES]
        ending = "" if locale == "en" else f"-{locale}"
        yield f"modal-{size['width']}-{theme}{ending}.png", _sheet(page, shots, columns=PANES_PER_ROW)


def main() -> int:
    """Draw all pictures; fail when together they weigh too much."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    total = 0
    with FakeServer() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        for name, content in _images(browser, server):
            (IMAGES / name).write_bytes(content)
            total += len(content)
            print(f"{name}: {len(content)} bytes")
        browser.close()
    print(f"together: {total} of {BYTES_MAX} bytes")
    return 0 if total <= BYTES_MAX else 1


if __name__ == "__main__":
    sys.exit(main())
