"""A digest stands for one secret in one purpose under one key."""

from hypothesis import given
from hypothesis import strategies as st

from linkspan.server.vault.digests import Digests

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
# BLAKE2 fills a short purpose up with zeros, so none may end with one.
PURPOSES = st.binary(max_size=16).filter(lambda purpose: not purpose.endswith(b"\0"))


def test_a_digest_is_always_the_same_32_bytes() -> None:
    digest = Digests(KEY).of(b"bridge", "secret")

    assert len(digest) == 32
    assert digest == Digests(KEY).of(b"bridge", "secret")


@given(st.lists(st.tuples(PURPOSES, st.text()), unique=True, max_size=20))
def test_digests_differ_by_purpose_and_by_secret(asked: list[tuple[bytes, str]]) -> None:
    digests = Digests(KEY)

    assert len({digests.of(purpose, secret) for purpose, secret in asked}) == len(asked)


def test_digests_differ_by_key() -> None:
    assert Digests(KEY).of(b"bridge", "secret") != Digests(OTHER_KEY).of(b"bridge", "secret")


def test_no_key_is_in_the_repr() -> None:
    digests = Digests(KEY)
    digests.of(b"bridge", "secret")

    assert repr(digests) == "Digests()"
