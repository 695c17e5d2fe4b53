"""No room that handles money knows a number that is not exact."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

SOURCE: Final = Path(__file__).parents[2] / "src" / "linkspan"
# Where amounts are read, compared or written.
ROOMS: Final = (
    "objects",
    "standards",
    "sandbank",
    "server/core",
    "server/connectors",
    "server/operations",
)
# What is said of moments and spans of time, which may have a fraction; no amount is called so.
OF_TIME: Final = re.compile(r"now|chance|begins_at|ends_at|(\w*_)?seconds(_max)?|\w*SECONDS\w*")
# Single places elsewhere, each with its reason.
ALLOWED: Final = {
    ("sandbank/activity.py", "held * occasional.tip_percent / 100"),  # of a Decimal, rounded to its cent
    ("server/operations/deliveries.py", "context.world.random_bytes(1)[0] / 255"),  # a share of a wait
}


def inexact(text: str) -> Iterator[str]:
    """What in a module makes or names a binary fraction."""
    tree = ast.parse(text)
    named = list(_of_time(tree))
    for node in ast.walk(tree):
        if node not in named and (_is_computed(node) or _is_declared(node)):
            yield ast.unparse(node)


def _of_time(tree: ast.Module) -> Iterator[ast.AST]:
    """What belongs to a name that only time has."""
    for node in ast.walk(tree):
        name = getattr(node, "target", node)
        if OF_TIME.fullmatch(str(getattr(name, "arg", getattr(name, "id", "")))):
            yield from ast.walk(node)


def _is_computed(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=float()) | ast.Call(func=ast.Name(id="float" | "round")):
            return True
        case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
            return True
        case ast.Import(names=names):
            return any(one.name in {"math", "cmath"} for one in names)
        case ast.ImportFrom(module="math" | "cmath"):
            return True
        case _:
            return False


def _is_declared(node: ast.AST) -> bool:
    match node:
        case ast.arg(annotation=ast.expr() as kind) | ast.AnnAssign(annotation=kind):
            return _is_inexact(kind)
        case ast.FunctionDef(returns=ast.expr() as kind) | ast.AsyncFunctionDef(returns=ast.expr() as kind):
            return _is_inexact(kind)
        case _:
            return False


def _is_inexact(kind: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "float" for node in ast.walk(kind))


def modules() -> list[Path]:
    return [path for room in ROOMS for path in sorted((SOURCE / room).rglob("*.py"))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cents = amount * 100.0", ["100.0"]),
        ("cents = float(text)", ["float(text)"]),
        ("cents = round(x)", ["round(x)"]),
        ("whole = cents / 100", ["cents / 100"]),
        ("cents /= 2", ["cents /= 2"]),
        ("import math", ["import math"]),
        ("from math import floor", ["from math import floor"]),
        ("def f(amount: float) -> None: ...", ["amount: float"]),
        ("def f(now: float) -> None: ...", []),
        ("class A:\n    amount: float | None = None", ["amount: float | None = None"]),
        ("def f() -> float: ...", ["def f() -> float:\n    ..."]),
        ("_WAIT_SECONDS: Final = 0.5", []),
        ("whole, part = divmod(cents, 100)", []),
    ],
)
def test_the_search_finds_what_is_not_exact(text: str, found: list[str]) -> None:
    assert list(inexact(text)) == found


def test_no_room_that_handles_money_knows_a_float() -> None:
    found = {
        (path.relative_to(SOURCE).as_posix(), what)
        for path in modules()
        for what in inexact(path.read_text(encoding="utf-8"))
    }

    assert found == ALLOWED


def test_no_column_holds_one() -> None:
    schema = (SOURCE.parents[1] / "docs" / "reference" / "schema.sql").read_text(encoding="utf-8")

    assert not re.search(r"\b(REAL|FLOAT|DOUBLE|NUMERIC|DECIMAL)\b", schema)
