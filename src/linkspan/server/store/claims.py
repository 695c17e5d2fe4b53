"""Names that the writes of several processes claim from one another, at the price of two system calls.

A claim is a lock on one byte of an empty file beside the database. The kernel lets
go of it when its process ends, however it ends, so no name is ever left behind.
"""

from hashlib import blake2b
from io import FileIO
from types import ModuleType
from typing import Final

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows: the second writer waits for the first
    fcntl = None

_SUFFIX: Final = "-claims"


class Claims:
    """The names that writes to the database in *path* hold.

    Within this process a name may be held more than once: it is other processes
    that it is claimed from.
    """

    __slots__ = ("_file", "_held")

    def __init__(self, path: str) -> None:
        self._file = FileIO(f"{path}{_SUFFIX}", "a")
        self._held: dict[int, int] = {}

    def take(self, name: str) -> int | None:
        """Claim *name*; return by what it is given back, none when another process has it."""
        place = _place_of(name)
        held = self._held.get(place, 0)
        if not held and not self._lock(place):
            return None
        self._held[place] = held + 1
        return place

    def give_back(self, place: int) -> None:
        """Let others have a name, unless another write of this process has claimed it as well."""
        held = self._held.pop(place) - 1
        if held:
            self._held[place] = held
        elif fcntl is not None:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, place)

    def close(self) -> None:
        """Let others have everything."""
        self._file.close()

    def _lock(self, place: int) -> bool:
        if fcntl is None:
            return True
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except (BlockingIOError, PermissionError):  # which of them depends on the system
            return False
        return True


def _place_of(name: str) -> int:
    """Return the byte that stands for *name*; that two names share one is a chance of one in 2**62."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) >> 2
