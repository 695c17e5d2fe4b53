"""Starts localstripe on a free loopback port, with its file in the folder it is given.

By itself it listens on every address of the machine, and writes to one fixed
file in /tmp that somebody's own localstripe may be using.
"""

import json
import socket
import sys
from pathlib import Path
from typing import Any

from aiohttp import web  # type: ignore[import-not-found]  # installed where this runs
from localstripe import resources  # type: ignore[import-not-found]  # installed where this runs
from localstripe.server import app  # type: ignore[import-not-found]  # installed where this runs

folder = Path(sys.argv[1])


def open_in_folder(path: str, mode: str) -> Any:
    """Open the file of the same name in the folder this run was given."""
    return (folder / Path(path).name).open(mode)


resources.open = open_in_folder
listening = socket.create_server(("127.0.0.1", 0))
print(json.dumps({"url": f"http://127.0.0.1:{listening.getsockname()[1]}"}), flush=True)
# No access log, which would cost it a line on a terminal for each request.
web.run_app(app, sock=listening, access_log=None, print=None)
