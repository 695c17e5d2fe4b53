"""Every code an error can have is explained, since errors send their readers there."""

import ast
from collections.abc import Iterator
from pathlib import Path

import linkspan.server
from linkspan.server.api.error_codes import CODES
from linkspan.server.core import refusals

SERVER = Path(linkspan.server.__file__).parent
CLASSES = {name for name, value in vars(refusals).items() if isinstance(value, type)}


def codes_of_classes(module: ast.AST) -> Iterator[str]:
    """Yield the codes that refusals have as a class."""
    for node in ast.walk(module):
        if (
            isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == "code"
            and isinstance(node.value, ast.Constant)
        ):
            yield str(node.value.value)


def codes_of_calls(module: ast.AST) -> Iterator[str]:
    """Yield the codes that refusals are given where they are raised."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and (
            ast.unparse(node.func) in CLASSES or ast.unparse(node.func) == "super().__init__"
        ):
            yield from (
                str(word.value.value)
                for word in node.keywords
                if word.arg == "code" and isinstance(word.value, ast.Constant)
            )


def codes_in_the_code() -> set[str]:
    found = set(codes_of_classes(ast.parse(Path(refusals.__file__).read_text(encoding="utf-8"))))
    for path in SERVER.rglob("*.py"):
        found |= set(codes_of_calls(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def test_every_code_is_explained() -> None:
    unexplained = codes_in_the_code() - set(CODES)

    assert not unexplained, f"explain in server/api/error_codes.py what to do about {sorted(unexplained)}"


def test_no_code_is_explained_that_no_error_has() -> None:
    assert set(CODES) - codes_in_the_code() == set()


def test_an_explanation_is_made_of_sentences() -> None:
    assert [code for code, text in CODES.items() if not text.endswith(".")] == []
