"""A bank for every test."""

import pytest

from tests.sandbank.visitor import World, make_world


@pytest.fixture
def world() -> World:
    """Bank (OAuth), speaking FDX 6."""
    return make_world()


@pytest.fixture
def old_world() -> World:
    """Oldferry Savings, speaking FDX 5."""
    return make_world("oldferry")
