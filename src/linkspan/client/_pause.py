"""Waits for real; tests pass something quicker."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

Pause = Callable[[float], None]
AsyncPause = Callable[[float], Awaitable[None]]


def pause(seconds: float) -> None:
    """Wait in this thread."""
    time.sleep(seconds)


async def pause_async(seconds: float) -> None:
    """Wait in this task."""
    # Most programs use one of the two clients, and asyncio is a third of what
    # importing this package would cost.
    import asyncio  # noqa: PLC0415

    await asyncio.sleep(seconds)
