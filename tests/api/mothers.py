"""Servers and workers that live one after another and are killed, each in a process of its own."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.dying import ROOT


class Mother:
    """Lets children live one after another, forked from a process that is prepared."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._asked, self._told = process.stdin, process.stdout
        self._process = process
        self._child: int | None = None
        self.deaths = 0
        self.by_themselves = 0
        """Those of them that came at a commit."""

    async def bear(self, born: int, *, dies_at: int = 0) -> asyncio.Task[None]:
        """Let a child live from *born* to its commit *dies_at*, or until it is killed; return its death."""
        self._asked.write(f"{born} {dies_at}\n".encode())
        self._child = int(await self._told.readline())
        return asyncio.create_task(self._death())

    async def kill(self, death: asyncio.Task[None]) -> None:
        """Kill the child, if it is not dead by itself."""
        self.by_themselves += death.done()
        self._kill()
        await death

    async def aclose(self) -> None:
        """Leave nobody alive."""
        self._kill()
        self._asked.close()
        await self._process.wait()

    def _kill(self) -> None:
        if self._child is not None:
            with suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)

    async def _death(self) -> None:
        assert int(await self._told.readline()) == -signal.SIGKILL
        self._child = None
        self.deaths += 1


@asynccontextmanager
async def mother(database: str, *listening: int) -> AsyncIterator[Mother]:
    """Lend who bears servers, or workers where there is nothing to listen at."""
    program = ("-m", "tests.api.mortal_server", database, *map(str, listening))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *program,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        pass_fds=listening,
        cwd=ROOT,
    )
    made = Mother(process)
    try:
        yield made
    finally:
        await made.aclose()
