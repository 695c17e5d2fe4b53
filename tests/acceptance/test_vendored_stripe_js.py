"""The copy of @stripe/stripe-js is the published one."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

VENDORED = Path(__file__).parent / "vendor" / "stripe-js-10.2.1"
RECORDED = dict(
    re.findall(r"SHA-256 of `([\w.]+)` \| `([0-9a-f]{64})`", (VENDORED / "README.md").read_text())
)


@pytest.mark.parametrize("name", ["LICENSE", "index.mjs"])
def test_a_vendored_file_is_the_recorded_one(name: str) -> None:
    assert sha256((VENDORED / name).read_bytes()).hexdigest() == RECORDED[name]
