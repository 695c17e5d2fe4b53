"""The two examples of ten lines complete a link, run as a reader would run them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
WITHOUT_A_BROWSER = "test_link_in_one_call.py"
IN_A_BROWSER = "test_link_in_a_browser.py"


def run(example: str, *plugins: str) -> subprocess.CompletedProcess[str]:
    """Run one example by itself: no settings of this suite, and the plugin even where it is not installed."""
    loaded = [
        part for plugin in ("no:linkspan", "linkspan.testing.plugin", *plugins) for part in ("-p", plugin)
    ]
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-c",
            os.devnull,
            "--rootdir",
            str(EXAMPLES),
            *loaded,
            example,
        ],
        cwd=EXAMPLES,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("example", [WITHOUT_A_BROWSER, IN_A_BROWSER])
def test_an_example_is_a_test_of_ten_lines(example: str) -> None:
    _, _, body = (EXAMPLES / example).read_text(encoding="utf-8").partition("\ndef test_")

    assert len([line for line in body.splitlines()[1:] if line]) <= 10


def test_a_link_is_completed_in_one_call() -> None:
    done = run(WITHOUT_A_BROWSER)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


@pytest.mark.browser
def test_a_link_is_completed_in_a_browser_by_test_ids() -> None:
    done = run(IN_A_BROWSER, "tests.testing.browser_page")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
