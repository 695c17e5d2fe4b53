"""Prints how long functions and modules are, and fails where one passes its stop."""

# Lines are counted here. Statements and arguments per function are ruff's (PLR0915, PLR0913).

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GENERATED = ("src/linkspan/client/_sync",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """When a length wants a reason, where it must stop, and which share of all may want a reason."""

    what: str
    reason: int
    stop: int
    share: float


@dataclass(frozen=True, slots=True)
class Measured:
    """The length in lines of one function or module."""

    where: str
    lines: int


SOURCE_FOLDERS = ("src", "tools", "benchmarks", "examples")
SOURCE_FUNCTION = Limit(what="functions", reason=40, stop=60, share=0.03)
SOURCE_MODULE = Limit(what="modules", reason=400, stop=500, share=0.05)
TEST_FUNCTION = Limit(what="test functions", reason=30, stop=50, share=0.03)
TEST_MODULE = Limit(what="test modules", reason=600, stop=800, share=0.05)


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    if ast.get_docstring(node, clean=False) is None:
        return 0
    docstring = node.body[0]
    return (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1


def functions_of(tree: ast.Module, where: str) -> Iterator[Measured]:
    """Yield every function with its lines, the docstring left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1 - _docstring_lines(node)
            yield Measured(f"{where}:{node.lineno} {node.name}", lines)


def python_files(folders: Iterable[str], root: Path = ROOT) -> list[Path]:
    """Return the Python files below these folders, without what a tool writes."""
    found = (path for folder in folders for path in sorted((root / folder).rglob("*.py")))
    return [path for path in found if not path.relative_to(root).as_posix().startswith(GENERATED)]


def complaints(limit: Limit, measured: list[Measured]) -> list[str]:
    """Return what passes its stop, and whether too many want a reason."""
    long = [one for one in measured if one.lines > limit.reason]
    found = [f"{one.where}: {one.lines} lines, stop {limit.stop}" for one in long if one.lines > limit.stop]
    if len(long) > limit.share * len(measured):
        names = ", ".join(f"{one.where} ({one.lines})" for one in long)
        found.append(f"more than {limit.share:.0%} of {limit.what} over {limit.reason} lines: {names}")
    return found


def summary(limit: Limit, measured: list[Measured]) -> str:
    """Return one line of figures."""
    lines = sorted(one.lines for one in measured) or [0]
    over = sum(one > limit.reason for one in lines)
    share = over / len(lines)
    return (
        f"size: {len(measured):5} {limit.what:15} median {lines[len(lines) // 2]:3}, longest {lines[-1]:3} "
        f"(stop {limit.stop}), {over} over {limit.reason} = {share:.1%} (limit {limit.share:.0%})"
    )


def _measure(folders: Iterable[str]) -> tuple[list[Measured], list[Measured]]:
    functions: list[Measured] = []
    modules: list[Measured] = []
    for path in python_files(folders):
        text = path.read_text(encoding="utf-8")
        where = path.relative_to(ROOT).as_posix()
        functions += functions_of(ast.parse(text), where)
        modules.append(Measured(where, len(text.splitlines())))
    return functions, modules


def main() -> int:
    """Print the figures of sources and tests; return 1 where one is too long."""
    source_functions, source_modules = _measure(SOURCE_FOLDERS)
    test_functions, test_modules = _measure(["tests"])
    found: list[str] = []
    for limit, measured in (
        (SOURCE_FUNCTION, source_functions),
        (SOURCE_MODULE, source_modules),
        (TEST_FUNCTION, test_functions),
        (TEST_MODULE, test_modules),
    ):
        print(summary(limit, measured))
        found += complaints(limit, measured)
    for one in found:
        print(f"size: {one}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
