"""Watches the write lock of a SQLite file in WAL mode from outside, without ever taking it."""

import fcntl
import multiprocessing
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

# sqlite.org/walformat.html, section 2.3.1: whoever writes locks this byte of the shared memory's file.
_WRITE_LOCK: Final = 120
# fcntl(2), struct flock: type, whence, start, length, process.
_FLOCK: Final = "hhqqi0q"
_LOOK_SECONDS: Final = 0.000_1


@dataclass(slots=True)
class Held:
    """How long the lock was held at the longest, in milliseconds; two holds with no look between are one."""

    longest: float = 0.0


@contextmanager
def watched(database: Path) -> Iterator[Held]:
    """Look at the lock ten thousand times a second while the block runs."""
    held = Held()
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_watch, args=(f"{database}-shm", there))
    process.start()
    here.recv()  # it looks
    try:
        yield held
    finally:
        here.send(None)
        held.longest = here.recv()
        process.join()


def _watch(path: str, pipe: Connection) -> None:
    longest, since = 0.0, 0.0
    file = os.open(path, os.O_RDWR)
    pipe.send(None)
    while not pipe.poll():
        now = time.perf_counter()
        since = (since or now) if _is_locked(file) else 0.0
        longest = max(longest, (now - since) * 1_000 if since else 0.0)
        time.sleep(_LOOK_SECONDS)
    os.close(file)
    pipe.send(longest)


def _is_locked(file: int) -> bool:
    """Ask the kernel what would be in the way of a lock."""
    asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, _WRITE_LOCK, 1, 0)
    kind, *_ = struct.unpack(_FLOCK, fcntl.fcntl(file, fcntl.F_GETLK, asked))
    return bool(kind != fcntl.F_UNLCK)
