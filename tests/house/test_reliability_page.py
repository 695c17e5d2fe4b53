"""What the page on reliability says is proved is proved by the tests it names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "reference" / "reliability.md"
ROW: Final = re.compile(r"^\| (R\d+) \|", re.MULTILINE)
LINK: Final = re.compile(r"\]\(\.\./\.\./(tests/[^)]+)\)")


def rows() -> dict[str, str]:
    """The lines of the table by their numbers."""
    found = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if ROW.match(line)]
    return {line.split()[1]: line for line in found}


def said(path: Path) -> Iterator[str]:
    """The numbers that a test says at the end of a run what it did for."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tally":
            label = node.args[0]
            start = label.values[0] if isinstance(label, ast.JoinedStr) else label
            assert isinstance(start, ast.Constant), f"{path}: begin with the number, R and digits"
            yield str(start.value).split()[0]


TESTS: Final = {
    path.relative_to(ROOT).as_posix(): {number for number in said(path) if ROW.match(f"| {number} |")}
    for path in sorted((ROOT / "tests").rglob("test_*.py"))
}


def test_what_tests_say_they_tried_has_its_row() -> None:
    rows_by_number = rows()

    lacking = [
        f"{path}: {number}"
        for path, numbers in TESTS.items()
        for number in numbers
        if path not in LINK.findall(rows_by_number.get(number, ""))
    ]

    assert lacking == [], "give it a row in docs/reference/reliability.md"


def test_every_row_names_a_test_that_says_what_it_tried() -> None:
    silent = [
        number
        for number, row in rows().items()
        if not any(number in TESTS.get(path, ()) for path in LINK.findall(row))
    ]

    assert silent == []
    assert list(rows()) == sorted(rows(), key=lambda number: int(number[1:]))
