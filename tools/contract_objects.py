"""Writes contract/objects from the examples that the description of the API shows.

`python -m tools.contract_objects` rewrites the files; with --check it changes
nothing, and fails when what is there is not what it would write.
"""

import sys
from pathlib import Path
from typing import Final

import msgspec

from linkspan.server.api.description.examples import WRITTEN

FOLDER: Final = Path(__file__).resolve().parent.parent / "contract/objects"


def files() -> dict[str, str]:
    """Return the text of each file by its name."""
    return {
        f"{name}.json": msgspec.json.format(doc, indent=2).decode() + "\n" for name, doc in WRITTEN.items()
    }


def main(arguments: list[str]) -> int:
    """Write the files, or with --check compare them; return the exit status."""
    wanted = files()
    found = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")}
    if found == wanted:
        return 0
    if "--check" in arguments:
        print("contract/objects: is not what tools/contract_objects.py writes")
        return 1
    FOLDER.mkdir(exist_ok=True)
    for name in found.keys() - wanted.keys():
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
