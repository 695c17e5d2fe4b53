"""Writes the synchronous client from the asynchronous one.

`python tools/unasync.py` rewrites src/linkspan/client/_sync/; with --check it
changes nothing, and fails when what is there is not what it would write.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT / "src/linkspan/client/_async"
TWIN: Final = ROOT / "src/linkspan/client/_sync"

# Names whose twin is not the same name without "Async".
NAMES: Final = {
    "_async": "_sync",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "AsyncIterator": "Iterator",
    "pause_async": "pause",
    "open_async_pool": "open_pool",
}
WORDS: Final = re.compile(r"\bAsync(?=[A-Z])|\b(?:async|await) ")
HEADER: Final = "# Written by tools/unasync.py from ../_async/{name}: change that file, then run the tool.\n"


def twin_of(source: str) -> str:
    """Return *source* without its event loop."""
    lines = source.splitlines(keepends=True)
    return "".join(_rewritten(lines, list(tokenize.generate_tokens(io.StringIO(source).readline))))


def _rewritten(lines: list[str], tokens: list[tokenize.TokenInfo]) -> Iterator[str]:
    at = (1, 0)
    for token in tokens:
        if token.start > at:
            yield _between(lines, at, token.start)
        at = token.end
        if token.type == tokenize.NAME and token.string in {"async", "await"}:
            # The space after the word goes with it.
            at = (token.end[0], token.end[1] + 1)
        elif token.type not in {tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}:
            yield _renamed(token)
        elif token.type == tokenize.INDENT:
            yield token.string


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] : end[1]]
    middle = "".join(lines[start[0] : end[0] - 1])
    last = lines[end[0] - 1][: end[1]] if end[0] <= len(lines) else ""
    return lines[start[0] - 1][start[1] :] + middle + last


def _renamed(token: tokenize.TokenInfo) -> str:
    if token.type == tokenize.NAME:
        return NAMES.get(token.string) or re.sub(r"^(_?)Async(?=[A-Z])", r"\1", token.string)
    if token.type in {tokenize.STRING, tokenize.COMMENT}:
        return WORDS.sub("", token.string)
    return token.string


def _tidied(code: str, path: Path) -> str:
    # Shorter names change where lines break and how imports sort, where a
    # module that is not written yet would not be known as ours. A loop that
    # only yields can be said shorter without an event loop (UP028).
    ours = 'lint.isort.known-first-party = ["linkspan"]'
    mend = ["check", "--select", "I,UP028", "--fix", "--unsafe-fixes", "--config", ours]
    for order in (mend, ["format"]):
        ruff = [sys.executable, "-m", "ruff", *order, "--quiet", "--stdin-filename", str(path), "-"]
        code = subprocess.run(ruff, input=code, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return code


def main() -> int:
    """Write the twins, or with --check compare them; return the exit status."""
    drifted: list[Path] = []
    wanted = {path.name: path for path in sorted(SOURCE.glob("*.py"))}
    for name, path in wanted.items():
        target = TWIN / name
        code = _tidied(HEADER.format(name=name) + twin_of(path.read_text("utf-8")), target)
        if not target.exists() or target.read_text("utf-8") != code:
            drifted.append(target)
            if "--check" not in sys.argv:
                target.write_text(code, "utf-8")
    drifted += [path for path in TWIN.glob("*.py") if path.name not in wanted]
    for path in drifted:
        print(f"{path.relative_to(ROOT)}: is not what {SOURCE.relative_to(ROOT)} makes")
    return 1 if drifted and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
