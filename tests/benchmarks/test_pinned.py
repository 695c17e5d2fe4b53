"""A measured server is started and stopped, or said not to have started."""

import os
import sys

import pytest

from benchmarks.pinned import NotStarted, started

SERVER = """
import json, signal, threading
signal.signal(signal.SIGTERM, lambda *_: done.set())
done = threading.Event()
print(json.dumps({"url": "http://127.0.0.1:1"}), flush=True)
done.wait()
"""


def test_a_server_runs_until_it_is_no_longer_needed() -> None:
    with started([sys.executable, "-c", SERVER], processor=None) as server:
        os.kill(server.pid, 0)
        assert server.url == "http://127.0.0.1:1"

    with pytest.raises(ProcessLookupError):
        os.kill(server.pid, 0)


def test_why_a_server_did_not_start_is_what_it_said_last() -> None:
    with (
        pytest.raises(NotStarted, match="no port left"),
        started([sys.executable, "-c", "raise SystemExit('no port left')"], processor=None),
    ):
        pass
