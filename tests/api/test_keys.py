"""Keys in the store open what they were made for, and nothing once they are over."""

from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest

from linkspan.server.core.api_key import Kind
from linkspan.server.core.refusals import BadParameter, NoSuchObject
from linkspan.server.core.scope import Scope
from linkspan.server.operations import keys
from linkspan.server.operations.keys import NewKey, digest_of
from linkspan.server.store import keys as key_rows
from tests.api.conftest import Server, assert_error, done, make_server
from tests.api.keys import LIVE, OURS, keyed, make_key, revoke

OFFICE = ip_network("192.0.2.0/24")


def roll(server: Server, key: NewKey, seconds: int) -> NewKey:
    new, _ = done(server.store.write(lambda tx: keys.roll(tx, server.context, key.kept.id, seconds=seconds)))
    return new


def is_good(server: Server, key: NewKey) -> bool:
    return server.get("/v1/customers", key=key.text).status == 200


def is_expired(server: Server, key: NewKey) -> bool:
    error = server.get("/v1/customers", key=key.text).json.get("error", {"code": None})
    return (error["code"], error.get("message")) == (
        "api_key_expired",
        f"Expired API Key provided: {key.kept.hint}",
    )


@pytest.fixture
def ours(server: Server) -> Server:
    """A server that takes the keys in its store."""
    return keyed(server)


@pytest.mark.parametrize("scope", [OURS, LIVE], ids=["test", "live"])
def test_a_secret_key_opens_its_tenant_in_its_mode(ours: Server, scope: Scope) -> None:
    key = make_key(ours, scope)

    customer = ours.post("/v1/customers", key=key.text).json

    assert customer["livemode"] is scope.livemode
    assert ours.query("SELECT tenant, livemode FROM customers") == [(scope.tenant, int(scope.livemode))]


def test_two_keys_of_a_tenant_open_the_same(ours: Server) -> None:
    customer = ours.post("/v1/customers", key=make_key(ours).text).json

    answer = ours.get(f"/v1/customers/{customer['id']}", key=make_key(ours).text)

    assert answer.json == customer


def test_only_its_digest_is_kept(ours: Server) -> None:
    key = make_key(ours)

    assert is_good(ours, key)

    kept = str(ours.query("SELECT * FROM keys")).encode() + ours.log.getvalue() + repr(key).encode()
    assert key.text.encode() not in kept
    assert key.text[-12:].encode() not in kept
    assert key.kept.hint == f"sk_test_****{key.text[-4:]}"


def test_a_key_nobody_made_is_refused(ours: Server) -> None:
    make_key(ours)

    answer = ours.get("/v1/customers", key="sk_test_" + "a" * 40)

    assert_error(answer, 401, message="Invalid API Key provided: sk_test_****aaaa")


def test_a_key_kept_a_moment_after_it_was_refused_is_good(ours: Server) -> None:
    key = make_key(make_server())
    assert not is_good(ours, key)
    digest = digest_of(ours.context.digests, key.text)
    done(ours.store.write(lambda tx: key_rows.insert(tx, OURS, key.kept, digest=digest)))

    ours.clock.pass_(0.5)

    assert is_good(ours, key)


@pytest.mark.parametrize("scope", [OURS, LIVE], ids=["test", "live"])
def test_a_publishable_key_reads_and_writes_nothing(ours: Server, scope: Scope) -> None:
    key = make_key(ours, scope, Kind.PUBLISHABLE)

    answers = [ours.get("/v1/customers", key=key.text), ours.post("/v1/customers", key=key.text)]

    for answer in answers:
        assert_error(answer, 401, code="secret_key_required", message="This API call cannot be made")


def test_a_restricted_key_does_what_it_may(ours: Server) -> None:
    key = make_key(ours, OURS, Kind.RESTRICTED, rights=["customer_read"])

    answers = [ours.get("/v1/customers", key=key.text), ours.post("/v1/customers", key=key.text)]

    assert [answer.status for answer in answers] == [200, 403]


@pytest.mark.parametrize(
    ("client", "status"), [(("192.0.2.9", 1), 200), (("192.0.3.9", 1), 401), (None, 401)]
)
def test_a_key_is_used_from_where_it_may_be(ours: Server, client: Any, status: int) -> None:
    key = make_key(ours, addresses=[OFFICE])
    there = replace(ours, client=client)

    answers = [there.get("/v1/customers", key=key.text) for _ in range(2)]

    assert [answer.status for answer in answers] == [status, status]
    if status == 401:
        assert_error(answers[0], 401, message="The API key provided does not allow requests from your IP")


def test_an_address_is_judged_though_the_key_was_just_used_from_another(ours: Server) -> None:
    key = make_key(ours, addresses=[OFFICE])
    inside, outside = replace(ours, client=("192.0.2.9", 1)), replace(ours, client=("192.0.3.9", 1))

    assert [is_good(inside, key), is_good(outside, key), is_good(inside, key)] == [True, False, True]


def test_a_key_ends_at_its_time_to_the_second(ours: Server) -> None:
    key = make_key(ours, seconds=60)

    ours.clock.pass_(59.9)
    assert is_good(ours, key)
    ours.clock.pass_(0.1)

    assert is_expired(ours, key)


def test_a_revoked_key_is_refused_by_every_process_within_a_second(server: Server) -> None:
    processes = [keyed(server) for _ in range(3)]
    key = make_key(server)
    for process in processes:
        assert is_good(process, key)
        server.clock.pass_(0.1)

    revoke(server, key)
    server.clock.pass_(0.9)

    assert [is_expired(process, key) for process in processes] == [True] * 3


def test_a_clock_that_is_set_back_makes_no_key_last(ours: Server) -> None:
    key = make_key(ours)
    assert is_good(ours, key)
    revoke(ours, key)

    ours.clock.pass_(-3600)

    assert is_expired(ours, key)


def test_what_is_known_is_not_looked_up_again(ours: Server) -> None:
    key = make_key(ours)
    assert is_good(ours, key)
    ours.change("DELETE FROM keys")

    ours.clock.pass_(0.4)

    assert is_good(ours, key)
    ours.clock.pass_(0.1)
    assert not is_good(ours, key)


def test_a_rolled_key_is_good_for_a_while_beside_its_successor(ours: Server) -> None:
    old = make_key(ours, OURS, Kind.RESTRICTED, name="report", rights=["customer_read"], addresses=[OFFICE])
    ours = replace(ours, client=("192.0.2.9", 1))

    new = roll(ours, old, 3600)

    expected = replace(old.kept, id=new.kept.id, hint=new.kept.hint, created=new.kept.created)
    assert new.kept == expected
    assert is_good(ours, old)
    assert is_good(ours, new)
    ours.clock.pass_(3600)
    assert is_expired(ours, old)
    assert is_good(ours, new)


def test_a_key_rolled_at_once_is_over_at_once(ours: Server) -> None:
    old = make_key(ours)

    new = roll(ours, old, 0)

    assert is_expired(ours, old)
    assert is_good(ours, new)


def test_rolling_prolongs_nothing(ours: Server) -> None:
    old = make_key(ours, seconds=60)

    new = roll(ours, old, 3600)

    ours.clock.pass_(60)
    assert is_expired(ours, old)
    assert is_expired(ours, new)


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_a_key_that_is_over_cannot_be_rolled(ours: Server, how: str) -> None:
    key = make_key(ours, seconds=0 if how == "expired" else None)
    if how == "revoked":
        revoke(ours, key)
    before = ours.rows()

    with pytest.raises(BadParameter, match="over already"):
        roll(ours, key, 60)

    assert ours.rows() == before


def test_revoking_again_changes_nothing(ours: Server) -> None:
    key = make_key(ours)
    first = revoke(ours, key)
    ours.clock.pass_(60)

    assert revoke(ours, key) == first


def test_a_key_that_is_not_there_cannot_be_ended(ours: Server) -> None:
    with pytest.raises(NoSuchObject, match="No such API key: 'key_none'"):
        done(ours.store.write(lambda tx: keys.revoke(tx, ours.context, "key_none")))


def test_every_key_is_listed_those_that_are_over_as_well(ours: Server) -> None:
    made = [make_key(ours), make_key(ours, LIVE), make_key(ours, OURS, Kind.PUBLISHABLE)]
    over = revoke(ours, made[0])

    listed = done(ours.store.read(keys.list_))

    assert {key.id for key in listed} == {key.kept.id for key in made}
    assert over in listed
