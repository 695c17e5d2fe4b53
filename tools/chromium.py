"""Finds the Chromium that the browser tests drive."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PLAYWRIGHT_FOLDERS = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
PLAYWRIGHT_BINARIES = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
# What a browser started by a test is told: run as root, ask nobody on the network, greet nobody.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The last of two counts: Playwright's own would switch off the partitions that people's storage has.
    "--disable-features=HttpsUpgrades,MediaRouter,OptimizationHints,PaintHolding",
)
# Playwright's own default that would let pass in a test what fails for people.
LEFT_OUT = ("--disable-popup-blocking",)


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("CHROMIUM"):
        yield Path(named)
        return
    for name in NAMES:
        if found := shutil.which(name):
            yield Path(found)
    yield from map(Path, APPLICATIONS)
    for folder in (os.environ.get("PLAYWRIGHT_BROWSERS_PATH"), *PLAYWRIGHT_FOLDERS):
        for pattern in PLAYWRIGHT_BINARIES if folder else ():
            yield from sorted(Path(folder or "").expanduser().glob(pattern), reverse=True)


def find_chromium() -> Path | None:
    """Return the first Chromium that can be run; ``$CHROMIUM``, where set, is the only one considered."""
    return next((path for path in _candidates() if os.access(path, os.X_OK)), None)


def install_from_debian(what: str, package: str) -> None:
    """Install a package where this is Debian and we may; say so of *what* it brings."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0 or not Path("/etc/debian_version").exists():
        return
    print(f"{what}: none found, installing Debian's", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "update", "-qq"], env=quiet, check=False)
    install = [apt, "install", "-y", "-qq", "--no-install-recommends", package]
    subprocess.run(install, env=quiet, check=False, stdout=subprocess.DEVNULL)


def main(arguments: list[str]) -> int:
    """Say in one line which Chromium is used; with ``--install``, fetch Debian's where that is possible."""
    if find_chromium() is None and "--install" in arguments and "CHROMIUM" not in os.environ:
        install_from_debian("chromium", "chromium")
    found = find_chromium()
    if found:
        print(f"chromium: {found}")
        return 0
    print("chromium: none found ($CHROMIUM names one); the tests marked `browser` are left out")
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
