"""What is written in one turn of the loop leaves in one piece, and nothing is lost at the end."""

import asyncio
from typing import Any, cast

from linkspan.cli.corked import Cork


class Wire:
    """A transport that keeps what it was given."""

    def __init__(self) -> None:
        self.given: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes) -> None:
        assert not self.is_closed
        self.given.append(data)

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    def get_extra_info(self, name: str) -> str:
        return f"the {name}"


def corked(wire: Wire) -> Cork:
    return Cork(cast("asyncio.Transport", wire), asyncio.get_running_loop())


async def turn() -> None:
    """Let the loop go round once."""
    await asyncio.sleep(0)


def test_the_writes_of_a_turn_are_one_and_those_of_two_turns_are_two() -> None:
    wire = Wire()

    async def write() -> None:
        cork = corked(wire)
        cork.write(b"head ")
        cork.write(b"body")
        assert wire.given == []
        await turn()
        cork.write(b"more")
        await turn()

    asyncio.run(write())

    assert wire.given == [b"head body", b"more"]


def test_closing_writes_what_is_held_first() -> None:
    wire = Wire()

    async def write() -> None:
        cork = corked(wire)
        cork.write(b"the end")
        cork.close()
        await turn()

    asyncio.run(write())

    assert (wire.given, wire.is_closed) == ([b"the end"], True)


def test_nothing_is_written_to_a_connection_that_was_lost_meanwhile() -> None:
    wire = Wire()

    async def write() -> None:
        corked(wire).write(b"too late")
        wire.close()
        await turn()

    asyncio.run(write())

    assert wire.given == []


def test_everything_else_is_the_transports_own() -> None:
    async def peer() -> Any:  # Any: what the transport says
        return corked(Wire()).get_extra_info("peer")

    assert asyncio.run(peer()) == "the peer"
