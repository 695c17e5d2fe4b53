"""Clock, randomness and ids are passed in; secrets are compared in constant time."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "linkspan"

REACHED_FOR = re.compile(
    r"""(
      time\.(time|time_ns|sleep|localtime|gmtime)
    | datetime\.datetime\.(now|utcnow|today)
    | datetime\.date\.today
    | uuid\.uuid\d
    | secrets\.(?!compare_digest).+
    | random\.(?!Random$).+
    | os\.urandom
    )""",
    re.VERBOSE,
)
# Where the pieces are put together, someone has to read the real clock.
EDGES = ("cli/", "server/app.py", "server/worker.py")
# Single names elsewhere, each with its reason.
ALLOWED = {
    ("client/_async/client.py", "os.urandom"),  # the default of an argument
    ("client/_sync/client.py", "os.urandom"),  # the same, generated
    ("client/_pause.py", "time.sleep"),  # the wait between retries of the sync client
    ("webhooks.py", "time.time"),  # the default of an argument
    ("shop/app.py", "os.urandom"),  # the default of an argument
    ("testing/server.py", "secrets.token_hex"),  # a key that no other test has
}
SECRET = re.compile(r"(^|_)(secret|signature|mac|password|verifier)$")


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def imported_names(tree: ast.Module) -> dict[str, str]:
    """What a local name stands for, as a dotted name."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {(one.asname or one.name.partition(".")[0]): one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {(one.asname or one.name): f"{node.module}.{one.name}" for one in node.names}
    return names


def dotted(node: ast.expr, names: dict[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute) and (owner := dotted(node.value, names)):
        return f"{owner}.{node.attr}"
    return None


def reached_for(text: str) -> set[str]:
    tree = ast.parse(text)
    names = imported_names(tree)
    expressions = (node for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute))
    found = {dotted(node, names) for node in expressions} | set(names.values())
    return {name for name in found if name and REACHED_FOR.fullmatch(name)}


def compared_secrets(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
            for side in (node.left, *node.comparators):
                name = getattr(side, "attr", getattr(side, "id", ""))
                if SECRET.search(name):
                    yield f"line {node.lineno}: {name}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import time\ntime.time()", {"time.time"}),
        ("from time import time as t\nt()", {"time.time"}),
        ("from datetime import datetime\ndatetime.now()", {"datetime.datetime.now"}),
        ("import datetime as d\nd.datetime.now(d.UTC)", {"datetime.datetime.now"}),
        ("from uuid import uuid4", {"uuid.uuid4"}),
        ("import secrets\nf(secrets.token_bytes)", {"secrets.token_bytes"}),
        ("import random\nrandom.random()", {"random.random"}),
        ("import random\nrandom.Random(7).random()", set()),
        ("from datetime import datetime\ndatetime.fromtimestamp(0)", set()),
        ("import secrets\nsecrets.compare_digest(a, b)", set()),
    ],
)
def test_the_search_finds_what_reaches_for_time_or_chance(text: str, found: set[str]) -> None:
    assert reached_for(text) == found


def test_time_and_chance_are_passed_in() -> None:
    found = {
        (path.relative_to(SOURCE).as_posix(), name)
        for path in modules()
        for name in reached_for(path.read_text(encoding="utf-8"))
    }

    assert {(where, name) for where, name in found if not where.startswith(EDGES)} <= ALLOWED


def test_every_exception_is_still_needed() -> None:
    assert {where for where, _name in ALLOWED} <= {path.relative_to(SOURCE).as_posix() for path in modules()}


def test_the_search_finds_a_secret_compared_with_equals() -> None:
    assert list(compared_secrets("if row.client_secret == given: pass")) == ["line 1: client_secret"]


def test_no_secret_is_compared_with_equals() -> None:
    found = {
        path.relative_to(SOURCE).as_posix(): list(compared_secrets(path.read_text(encoding="utf-8")))
        for path in modules()
    }

    assert {where: lines for where, lines in found.items() if lines} == {}
