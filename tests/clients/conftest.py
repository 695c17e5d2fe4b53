"""Gives the programs of the official clients one server to speak to."""

from collections.abc import Iterator

import pytest

from tests.acceptance.programs import running


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server with its bank."""
    with running("dev", "--port", "0") as program:
        yield program.facts["url"]
