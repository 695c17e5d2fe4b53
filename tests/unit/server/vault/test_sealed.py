"""A sealed value opens with its key, in its place, unchanged; in no other way."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from linkspan.server.core.scope import Scope
from linkspan.server.vault import first_format
from linkspan.server.vault.data_keys import DataKey, id_in
from linkspan.server.vault.masters import MasterKey
from linkspan.server.vault.sealed import KNOWN_SECONDS, CannotOpen, Place, Vault, WeakKey, purpose_of
from tests.first_format import sealed_at_first

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
KEY_ID = b"8 bytes."
SECRET = b"refresh-token-canary"
HOME = Place("attempts", "granted", "fcattempt_1", Scope("acct_1", livemode=False))
ELSEWHERE = {
    "table": replace(HOME, table="authorizations"),
    "column": replace(HOME, column="found"),
    "row": replace(HOME, row="fcattempt_2"),
    "tenant": replace(HOME, scope=Scope("acct_2", livemode=False)),
    "mode": replace(HOME, scope=Scope("acct_1", livemode=True)),
}


def sealed_by(key: bytes = KEY, secret: bytes = SECRET, place: Place = HOME, seed: int = 1) -> bytes:
    return DataKey(KEY_ID, key).seal(secret, place, random.Random(seed).randbytes(24))


SEALED = sealed_by()


def opens(sealed: bytes, place: Place = HOME, key: bytes = KEY) -> bool:
    try:
        DataKey(KEY_ID, key).open(sealed, place)
    except CannotOpen:
        return False
    return True


@pytest.mark.parametrize(
    ("key", "place", "expected"),
    [
        (b"\1" * 32, b"", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"),
        (b"\3" * 32, b"c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"),
    ],
)
def test_values_are_sealed_as_the_specification_of_xaes_says(key: bytes, place: bytes, expected: str) -> None:
    """The vectors of C2SP's XAES-256-GCM, one for each way the subkey is doubled."""

    class Bare(Place, frozen=True):
        def bound_to(self, header: bytes) -> bytes:  # noqa: ARG002 - the vectors have no header
            return place

    here = Bare("", "", "", HOME.scope)
    sealed = DataKey(KEY_ID, key).seal(b"XAES-256-GCM", here, b"ABCDEFGHIJKLMNOPQRSTUVWX")

    assert sealed[1 + 8 + 24 :].hex() == expected


@given(st.binary(max_size=2_000))
def test_what_was_sealed_is_opened(secret: bytes) -> None:
    assert DataKey(KEY_ID, KEY).open(sealed_by(secret=secret), HOME) == secret


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

    assert not opens(sealed_by(place=here), there)


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
    other = sealed_by(seed=2)
    nonce_end = 1 + 8 + 24

    assert not opens(SEALED[:nonce_end] + other[nonce_end:])


def test_a_value_of_an_unknown_key_does_not_open() -> None:
    assert not opens(SEALED, key=OTHER_KEY)


def test_a_value_says_which_key_sealed_it() -> None:
    assert id_in(SEALED) == KEY_ID
    assert SEALED[:9] == b"\x02" + KEY_ID


def test_the_secret_is_not_in_what_is_sealed() -> None:
    assert SECRET not in SEALED


def vault(key: bytes = KEY, *, former: tuple[bytes, ...] = ()) -> Vault:
    return Vault(key, random.Random(1).randbytes, former=former)


def test_sealing_twice_gives_different_bytes() -> None:
    one, key = vault(), DataKey(KEY_ID, KEY)

    assert one.seal(key, SECRET, HOME) != one.seal(key, SECRET, HOME)


def test_a_wrapped_key_is_unwrapped_by_its_master_key_for_its_own_tenant_mode_and_id() -> None:
    one, purpose = vault(), purpose_of(HOME.scope, KEY_ID)
    wrapped = one.wrap(one.master.id, OTHER_KEY, purpose)

    assert one.unwrap(one.master.id, wrapped, purpose) == OTHER_KEY
    others = [purpose_of(place.scope, KEY_ID) for place in ELSEWHERE.values() if place.scope != HOME.scope]
    for other in (*others, purpose_of(HOME.scope, b"another.")):
        with pytest.raises(CannotOpen):
            one.unwrap(one.master.id, wrapped, other)


def test_a_flipped_bit_of_a_wrapped_key_fails_closed() -> None:
    one, purpose = vault(), purpose_of(HOME.scope, KEY_ID)
    wrapped = one.wrap(one.master.id, OTHER_KEY, purpose)
    for bit in range(len(wrapped) * 8):
        changed = bytearray(wrapped)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(CannotOpen):
            one.unwrap(one.master.id, bytes(changed), purpose)


def test_a_former_master_key_unwraps_and_the_newest_wraps() -> None:
    before, after = vault(), vault(OTHER_KEY, former=(KEY,))
    wrapped = before.wrap(before.master.id, SECRET, b"")

    assert after.unwrap(before.master.id, wrapped, b"") == SECRET
    assert after.master.id == vault(OTHER_KEY).master.id
    with pytest.raises(CannotOpen, match=f"the master key {before.master.id.hex()} is not here"):
        vault(OTHER_KEY).unwrap(before.master.id, wrapped, b"")


def test_what_seals_is_known_for_two_seconds_and_however_the_clock_jumps() -> None:
    one, key = vault(), DataKey(KEY_ID, KEY)
    one.remember(HOME.scope, key, current_at=100.0)

    assert one.current(HOME.scope, 100.0 + KNOWN_SECONDS - 0.1) is key
    assert [one.current(HOME.scope, now) for now in (100.0 + KNOWN_SECONDS, 0.0, 1e9)] == [None] * 3
    assert one.known(HOME.scope, KEY_ID) is key
    assert one.current(ELSEWHERE["mode"].scope, 100.0) is None


AT_FIRST = sealed_at_first(KEY, SECRET, HOME, random.Random(1).randbytes)


def opens_first(sealed: bytes, place: Place = HOME, key: bytes = KEY) -> bool:
    try:
        return first_format.opened(MasterKey(key), sealed, place) == SECRET
    except CannotOpen:
        return False


def test_a_value_of_the_first_format_opens_where_it_was_sealed() -> None:
    assert vault(OTHER_KEY, former=(KEY,)).open_first_format(AT_FIRST, HOME) == SECRET
    assert id_in(AT_FIRST) is None
    assert [opens_first(AT_FIRST, place) for place in ELSEWHERE.values()] == [False] * len(ELSEWHERE)
    assert not opens_first(AT_FIRST, key=OTHER_KEY)


def test_a_value_of_the_first_format_that_was_changed_fails_closed() -> None:
    for bit in range(len(AT_FIRST) * 8):
        changed = bytearray(AT_FIRST)
        changed[bit // 8] ^= 1 << bit % 8
        assert not opens_first(bytes(changed))
    assert [length for length in range(len(AT_FIRST)) if opens_first(AT_FIRST[:length])] == []


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
    for shown in map(repr, (vault(), MasterKey(KEY), DataKey(KEY_ID, KEY))):
        assert KEY.hex()[:16] not in shown
        assert repr(KEY)[2:-1] not in shown
