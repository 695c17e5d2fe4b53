"""A key is found by its digest or its id, ends when it is told to, and is nobody else's."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from linkspan.server.core.api_key import ApiKey, Kind
from linkspan.server.core.scope import Scope
from linkspan.server.store import keys
from linkspan.server.store.driver import Store
from tests.store.conftest import FOREIGN, OURS, run

KEY = ApiKey(
    id="key_1",
    scope=OURS,
    kind=Kind.RESTRICTED,
    hint="rk_test_****abcd",
    name="the nightly report",
    rights=frozenset({"customer_read", "financial_connections_account_write"}),
    addresses=(ip_network("192.0.2.0/24"), ip_network("2001:db8::/32")),
    created=100,
    expires_at=200,
)


@pytest.fixture
def kept(store: Store) -> Store:
    """A store with one key."""
    run(store.write(lambda tx: keys.insert(tx, OURS, KEY, digest=b"digest")))
    return store


def found(store: Store) -> ApiKey | None:
    return run(store.read(lambda tx: keys.by_id(tx, KEY.id)))


def test_a_key_is_found_as_it_was_kept(kept: Store) -> None:
    assert run(kept.read(lambda tx: keys.by_digest(tx, b"digest"))) == KEY
    assert found(kept) == KEY


def test_what_is_not_known_is_not_found(kept: Store) -> None:
    assert run(kept.read(lambda tx: keys.by_digest(tx, b"another"))) is None
    assert run(kept.read(lambda tx: keys.by_id(tx, "key_2"))) is None


def test_every_key_is_listed_with_those_of_its_tenant(kept: Store) -> None:
    theirs = replace(KEY, id="key_0", scope=FOREIGN["another tenant"], expires_at=None)
    newer = replace(KEY, id="key_2", kind=Kind.SECRET, rights=frozenset(), addresses=(), name=None)
    run(kept.write(lambda tx: keys.insert(tx, theirs.scope, theirs, digest=b"theirs")))
    run(kept.write(lambda tx: keys.insert(tx, OURS, newer, digest=b"newer")))

    assert run(kept.read(keys.everybodys)) == [KEY, newer, theirs]


def test_an_end_is_kept(kept: Store) -> None:
    run(kept.write(lambda tx: keys.expire(tx, OURS, KEY.id, expires_at=150)))

    assert found(kept) == replace(KEY, expires_at=150)


def test_the_first_revocation_counts(kept: Store) -> None:
    run(kept.write(lambda tx: keys.revoke(tx, OURS, KEY.id, revoked_at=150)))
    run(kept.write(lambda tx: keys.revoke(tx, OURS, KEY.id, revoked_at=160)))

    assert found(kept) == replace(KEY, revoked_at=150)


@pytest.mark.parametrize("scope", FOREIGN.values(), ids=FOREIGN)
def test_across_a_border_nothing_ends(kept: Store, scope: Scope) -> None:
    run(kept.write(lambda tx: keys.expire(tx, scope, KEY.id, expires_at=150)))
    run(kept.write(lambda tx: keys.revoke(tx, scope, KEY.id, revoked_at=150)))

    assert found(kept) == KEY
