"""The synchronous client is the asynchronous one without its event loop."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.unasync import twin_of

ROOT = Path(__file__).parents[2]


def test_the_committed_twin_is_what_the_tool_writes() -> None:
    told = subprocess.run(
        [sys.executable, "tools/unasync.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize(
    ("source", "twin"),
    [
        ("async def f():\n    await g()\n", "def f():\n    g()\n"),
        ("async with a as b:\n    pass\n", "with a as b:\n    pass\n"),
        ("x = [y async for y in z]\n", "x = [y for y in z]\n"),
        ("def __aenter__(self) -> AsyncClient: ...\n", "def __enter__(self) -> Client: ...\n"),
        ('"""Use `async with AsyncClient()`."""\n', '"""Use `with Client()`."""\n'),
        ("# async first, then AsyncThing\n", "# first, then Thing\n"),
        ("from a._async.b import _AsyncC\n", "from a._sync.b import _C\n"),
        ("asynchronous = awaited = 1\n", "asynchronous = awaited = 1\n"),
        (
            "def f(\n    a,\n\n    b,\n):\n    return (await b)(\n        a)\n",
            "def f(\n    a,\n\n    b,\n):\n    return (b)(\n        a)\n",
        ),
    ],
)
def test_only_the_event_loop_is_taken_out(source: str, twin: str) -> None:
    assert twin_of(source) == twin
