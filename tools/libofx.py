"""Finds ofxdump of libofx, which reads OFX beside us: python -m tools.libofx [--install]."""

import os
import shutil
import sys

from tools.chromium import install_from_debian


def find_ofxdump() -> str | None:
    """Return the program, if it is there."""
    return shutil.which("ofxdump")


def main(arguments: list[str]) -> int:
    """Say in one line whether it is there; with ``--install``, fetch Debian's where that is possible."""
    if find_ofxdump() is None and "--install" in arguments:
        install_from_debian("libofx", "ofx")
    found = find_ofxdump()
    if found:
        print(f"libofx: {found}")
        return 0
    print("libofx: no ofxdump found; the tests marked `libofx` are left out")
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
