"""The page of test ids names every one there is, and none that is not."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Where pages come from: the modal's panes, the bank's and the shop's templates, the server's own page.
SOURCES = [
    *(ROOT / "modal" / "app").rglob("*.tsx"),
    *(ROOT / "src" / "linkspan" / "sandbank" / "templates").iterdir(),
    *(ROOT / "src" / "linkspan" / "shop" / "templates").iterdir(),
    ROOT / "src" / "linkspan" / "server" / "link" / "pages.py",
]
# An attribute or a property, in a string or in a template with one hole at its end.
TEST_ID = re.compile(
    r"""(?:testid|testId)(?:=\{?|":\ )["'`] ((?:ls|bank|shop)-[a-z-]*[a-z]?) (\$?\{[^}]*\}|\$\w+)?""",
    re.VERBOSE,
)
DOCUMENTED = re.compile(r"`((?:ls|bank|shop)-[a-z-]*)(\{\w+\})?`")


def written() -> Iterator[str]:
    for source in SOURCES:
        for name, hole in TEST_ID.findall(source.read_text(encoding="utf-8")):
            yield name + ("{}" if hole else "")


def documented() -> set[str]:
    page = (ROOT / "docs" / "reference" / "test-ids.md").read_text(encoding="utf-8")
    rows = "\n".join(line for line in page.splitlines() if line.startswith("| `"))
    return {name + ("{}" if hole else "") for name, hole in DOCUMENTED.findall(rows)}


def test_every_test_id_is_documented() -> None:
    found = set(written())

    assert len(found) > 40
    assert found - documented() == set(), "test ids are an interface: name them in docs/reference/test-ids.md"


def test_no_test_id_is_documented_that_is_not_there() -> None:
    assert documented() - set(written()) == set()
