"""Keeps a file what a tool makes of the sources, or tells that it is not."""

import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent


def keep(path: Path, wanted: str, tool: str) -> int:
    """Write *wanted* to *path*, or with ``--check`` compare it; return the exit status."""
    if path.exists() and path.read_text(encoding="utf-8") == wanted:
        return 0
    if "--check" not in sys.argv:
        path.write_text(wanted, encoding="utf-8")
        return 0
    print(f"{path.relative_to(ROOT)}: is not what the sources say; run python -m tools.{tool}")
    return 1
