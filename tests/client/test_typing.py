"""The types a user's editor sees are the ones promised."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_mypy_agrees_with_every_assertion_of_the_typing_tests() -> None:
    mypy = [sys.executable, "-m", "mypy", "typing_tests"]

    told = subprocess.run(mypy, cwd=ROOT, capture_output=True, text=True, check=False)

    assert told.returncode == 0, told.stdout
