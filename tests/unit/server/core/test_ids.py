"""Identifiers follow time, meet nobody, and tell nothing."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.server.core.ids import new_id, new_secret, secret_from, time_in, timed_secret_from
from linkspan.server.core.world import World

NOON = 1_790_000_000.0
UNTIL_YEAR_8000 = 190_000_000_000_000  # milliseconds since 2020, whose end is where ids would no longer sort


def world_at(now: float, seed: int = 1) -> World:
    return World(lambda: now, random.Random(seed).randbytes)


def test_an_id_is_its_prefix_and_24_characters() -> None:
    assert re.fullmatch(r"fca_[0-9A-Za-z]{24}", new_id("fca", world_at(NOON)))


def test_ids_of_one_world_are_all_different() -> None:
    world = world_at(NOON)

    ids = {new_id("fca", world) for _ in range(10_000)}

    assert len(ids) == 10_000


@given(st.integers(0, UNTIL_YEAR_8000), st.integers(1, 10_000_000_000))
def test_a_later_millisecond_always_sorts_later(milliseconds: int, passed: int) -> None:
    then = 1_577_836_800 + milliseconds / 1000
    later = then + passed / 1000 + 0.001  # a float of this size is exact to a few microseconds

    assert new_id("fca", world_at(then, seed=1)) < new_id("fca", world_at(later, seed=2))


@given(st.integers(0, 62**9 - 1_000_000))
def test_the_time_part_is_the_microseconds_in_base_62(microseconds: int) -> None:
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    now = 1_577_836_800 + microseconds / 1_000_000

    written = new_id("fca", world_at(now)).removeprefix("fca_")[:9]

    value = 0
    for letter in written:
        value = value * 62 + alphabet.index(letter)
    assert value == int((now - 1_577_836_800) * 1_000_000)


def test_ids_of_one_millisecond_share_all_but_their_random_part() -> None:
    world = world_at(NOON)

    first, second = new_id("fca", world), new_id("fca", world)

    assert first[:12] == second[:12]
    assert first[12:] != second[12:]


def test_the_same_world_gives_the_same_ids() -> None:
    assert new_id("fca", world_at(NOON, seed=7)) == new_id("fca", world_at(NOON, seed=7))


def test_a_secret_is_its_prefix_and_24_characters_that_do_not_follow_time() -> None:
    first = new_secret("whsec", world_at(NOON, seed=1))
    second = new_secret("whsec", world_at(NOON, seed=2))

    assert re.fullmatch(r"whsec_[0-9A-Za-z]{24}", first)
    assert first[6:10] != second[6:10]


def test_a_secret_from_a_digest_is_always_the_same() -> None:
    digest = bytes(range(32))

    assert secret_from("x", digest) == secret_from("x", digest)


@pytest.mark.parametrize("changed", range(24))
def test_a_secret_depends_on_each_of_the_24_bytes_it_stands_for(changed: int) -> None:
    digest = bytearray(range(32))
    digest[changed] ^= 1

    assert secret_from("x", bytes(digest)) != secret_from("x", bytes(range(32)))


def test_a_timed_secret_begins_as_its_identifier_does_and_ends_as_its_digest_says() -> None:
    identifier = new_id("fcsess", world_at(NOON))
    secret = timed_secret_from("fcsess_client_secret", identifier, bytes(range(32)))
    other = timed_secret_from("fcsess_client_secret", identifier, bytes(range(1, 33)))

    assert re.fullmatch(r"fcsess_client_secret_[0-9A-Za-z]{24}", secret)
    assert time_in(secret) == time_in(identifier) == time_in(other)
    assert all(one != another for one, another in zip(secret[-15:], other[-15:], strict=True))


def test_every_byte_has_a_letter_and_every_letter_a_byte() -> None:
    letters = {secret_from("x", bytes([byte]) * 24)[2] for byte in range(256)}

    assert len(letters) == 62


def test_the_world_tells_time_as_the_api_writes_it() -> None:
    assert world_at(1_790_000_000.999).seconds() == 1_790_000_000
