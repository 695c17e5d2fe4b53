"""A sealed value opens with its key, in its place, unchanged; in no other way."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.server.core.scope import Scope
from linkspan.server.vault.sealed import CannotOpen, Place, Vault, WeakKey

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
SECRET = b"refresh-token-canary"
HOME = Place("attempts", "granted", "fcattempt_1", Scope("acct_1", livemode=False))
ELSEWHERE = {
    "table": replace(HOME, table="authorizations"),
    "column": replace(HOME, column="found"),
    "row": replace(HOME, row="fcattempt_2"),
    "tenant": replace(HOME, scope=Scope("acct_2", livemode=False)),
    "mode": replace(HOME, scope=Scope("acct_1", livemode=True)),
}


def vault(key: bytes = KEY, seed: int = 1) -> Vault:
    return Vault(key, random.Random(seed).randbytes)


SEALED = vault().seal(SECRET, HOME)


def opens(sealed: bytes, place: Place = HOME, key: bytes = KEY) -> bool:
    try:
        vault(key).open(sealed, place)
    except CannotOpen:
        return False
    return True


@given(st.binary(max_size=2_000))
def test_what_was_sealed_is_opened(secret: bytes) -> None:
    assert vault().open(vault().seal(secret, HOME), HOME) == secret


@pytest.mark.parametrize("place", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_value_moved_elsewhere_does_not_open(place: Place) -> None:
    assert opens(SEALED)
    assert not opens(SEALED, place)


PARTS = st.text(max_size=8)


@given(st.tuples(PARTS, PARTS, PARTS, PARTS), st.tuples(PARTS, PARTS, PARTS, PARTS))
def test_no_two_places_are_bound_by_the_same_text(
    first: tuple[str, str, str, str], second: tuple[str, str, str, str]
) -> None:
    def bound(parts: tuple[str, str, str, str]) -> bytes:
        table, column, row, tenant = parts
        return Place(table, column, row, Scope(tenant, livemode=False)).bound_to(b"")

    assert (bound(first) == bound(second)) is (first == second)


def test_parts_that_run_together_alike_are_different_places() -> None:
    here = Place("ab", "c", "r", HOME.scope)
    there = Place("a", "bc", "r", HOME.scope)

    assert not opens(vault().seal(SECRET, here), there)


def flipped(bit: int) -> bytes:
    changed = bytearray(SEALED)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_a_flipped_bit_anywhere_fails_closed() -> None:
    assert [bit for bit in range(len(SEALED) * 8) if opens(flipped(bit))] == []


def test_a_value_cut_short_fails_closed() -> None:
    assert [length for length in range(len(SEALED)) if opens(SEALED[:length])] == []


def test_a_value_with_more_behind_it_fails_closed() -> None:
    assert not opens(SEALED + b"\0")


@given(st.binary(max_size=300))
def test_bytes_that_were_never_sealed_fail_closed(stray: bytes) -> None:
    assert not opens(stray)


def test_halves_of_two_values_do_not_open_together() -> None:
    other = vault(seed=2).seal(SECRET, HOME)
    wrapped_end = 1 + 4 + 12 + 48

    assert not opens(SEALED[:wrapped_end] + other[wrapped_end:])


def test_a_value_of_an_unknown_key_does_not_open() -> None:
    assert not opens(SEALED, key=OTHER_KEY)


def test_a_value_says_which_key_sealed_it() -> None:
    again = vault(seed=2).seal(b"", HOME)

    assert again[:5] == SEALED[:5]
    assert vault(OTHER_KEY).seal(SECRET, HOME)[1:5] != SEALED[1:5]


def test_sealing_twice_gives_different_bytes() -> None:
    one = vault()

    assert one.seal(SECRET, HOME) != one.seal(SECRET, HOME)


def test_the_secret_is_not_in_what_is_sealed() -> None:
    assert SECRET not in SEALED


@pytest.mark.parametrize(
    "key",
    [b"", b"k" * 16, bytes(range(31)), bytes(range(33)), bytes(32), b"ab" * 16, b"changeme" * 4],
    ids=["empty", "short", "31 bytes", "33 bytes", "zeros", "two bytes repeated", "a word repeated"],
)
def test_a_weak_key_is_refused(key: bytes) -> None:
    with pytest.raises(WeakKey):
        vault(key)


def test_a_refused_key_is_not_in_the_message() -> None:
    with pytest.raises(WeakKey) as caught:
        vault(b"changeme" * 4)

    assert "changeme" not in str(caught.value)


def test_no_key_is_in_the_repr() -> None:
    shown = repr(vault())

    assert KEY.hex() not in shown
    assert KEY.hex()[:16] not in shown
    assert repr(KEY)[2:-1] not in shown
