"""What axe finds in a pane, and in how many looks of it that is asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final, Literal

from playwright.sync_api import FrameLocator, Page, ViewportSize

AXE: Final = Path(__file__).with_name("vendor") / "axe.min.js"
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# In the frame's own world, since its policy lets no script in.
RUN_AXE: Final = f"""async () => {{
    const {{violations}} = await axe.run(document, {{ runOnly: {list(TAGS)} }});
    return violations.flatMap(({{id, nodes}}) =>
        nodes.map(node => `${{id}}: ${{node.html}} ${{node.failureSummary}}`));
}}"""
WIDTHS: Final = (320, 480, 1280)
DIRECTIONS: Final = {"ltr": "en", "rtl": "ar"}


@dataclass(frozen=True, slots=True)
class Look:
    """One theme, direction and width that every pane is looked at in."""

    theme: Literal["light", "dark"]
    direction: str
    width: int

    @property
    def size(self) -> ViewportSize:
        """The window of that width."""
        return {"width": self.width, "height": 800}

    def __str__(self) -> str:
        return f"{self.theme}-{self.direction}-{self.width}"


def _looks() -> Iterator[Look]:
    themes: Sequence[Literal["light", "dark"]] = ("light", "dark")
    for theme, direction, width in product(themes, DIRECTIONS, WIDTHS):
        yield Look(theme, direction, width)


LOOKS: Final = tuple(_looks())


def take_on(page: Page, look: Look) -> None:
    """Make a window look so; still, since a pane that is fading in has less contrast than it will have."""
    page.set_viewport_size(look.size)
    page.emulate_media(color_scheme=look.theme, reduced_motion="reduce")


def violations(frame: FrameLocator) -> Any:
    """Return what axe has to say of a frame, a line a finding."""
    root = frame.locator(":root")
    root.evaluate(AXE.read_text())
    return root.evaluate(RUN_AXE)
