"""R29: nothing secret is compared with ``==``, whose time tells how much of a guess was right."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.conftest import Tally

ROOT: Final = Path(__file__).parents[2] / "src" / "linkspan"
# What a name ends with that stands for a secret, or for what recognizes one.
SECRET: Final = re.compile(
    r"(?:^|_)(?:secrets?|tokens?|passwords?|passphrase|digest|signatures?|mac|pepper|cookie|verifier|nonce"
    r"|credentials?|api_?key|master_?key|browser|bearer)$"
)


def name_of(node: ast.expr) -> str:
    """The last name of what is compared: `b` of `a.b`, `f` of `f(x)`, the key of `a["b"]`."""
    match node:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=function):
            return name_of(function)
        case ast.Subscript(slice=ast.Constant(str(name))):
            return name
        case _:
            return ""


def compared(source: str) -> Iterator[str]:
    """What is compared with `==` or `!=` and may be secret, as it is written."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            is_equality = any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops)
            is_known = any(isinstance(side, ast.Constant) for side in sides)
            if is_equality and not is_known and any(SECRET.search(name_of(side)) for side in sides):
                yield ast.unparse(node)


def test_the_rule_finds_what_it_is_for() -> None:
    wrong = ["given == self.secret", 'form["token"] != expected', "digest_of(key) == kept.digest"]
    right = ["kind == 'secret'", "hmac.compare_digest(a, b)", "secret is None", "status == 200"]

    assert [list(compared(text)) for text in wrong] == [
        [text] for text in (wrong[0], "form['token'] != expected", wrong[2])
    ]
    assert [list(compared(text)) for text in right] == [[]] * len(right)


def test_nothing_secret_is_compared_in_a_time_that_tells(tally: Tally) -> None:
    modules = sorted(ROOT.rglob("*.py"))
    found = [
        f"{path.relative_to(ROOT).as_posix()}: {text}"
        for path in modules
        for text in compared(path.read_text(encoding="utf-8"))
    ]

    assert found == []
    tally("R29", modules=len(modules), comparisons_in_a_time_that_tells=len(found))
