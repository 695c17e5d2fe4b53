"""Sample objects, kept as the API writes them."""

import json
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


def sample(name: str) -> dict[str, Any]:
    """Return one sample; the caller may change it."""
    loaded: dict[str, Any] = json.loads((_HERE / f"{name}.json").read_text())
    return loaded
