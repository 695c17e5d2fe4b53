"""A key is good until its end, from where it may be used, for what it was made."""

from ipaddress import ip_network

import pytest

from linkspan.server.core.api_key import ApiKey, Kind, Network, check_wanted, prefix_of
from linkspan.server.core.refusals import BadParameter
from linkspan.server.core.scope import Scope

OFFICE = ip_network("192.0.2.0/24")


def a_key(
    *,
    kind: Kind = Kind.SECRET,
    rights: tuple[str, ...] = (),
    addresses: tuple[Network, ...] = (),
    expires_at: int | None = None,
    revoked_at: int | None = None,
) -> ApiKey:
    return ApiKey(
        id="key_1",
        scope=Scope("acct_1", livemode=False),
        kind=kind,
        hint="sk_test_****abcd",
        rights=frozenset(rights),
        addresses=addresses,
        created=100,
        expires_at=expires_at,
        revoked_at=revoked_at,
    )


def test_a_key_is_over_from_its_end_on() -> None:
    assert [a_key(expires_at=200).is_over(now) for now in (199.9, 200.0, 300.0)] == [False, True, True]


def test_a_key_without_an_end_is_never_over() -> None:
    assert not a_key().is_over(10.0**12)


def test_a_revoked_key_is_over_at_any_time() -> None:
    assert a_key(revoked_at=200, expires_at=300).is_over(100)


@pytest.mark.parametrize("address", ["192.0.2.1", "192.0.2.255", "::ffff:192.0.2.1"])
def test_an_address_within_is_admitted(address: str) -> None:
    assert a_key(addresses=(OFFICE,)).admits(address)


@pytest.mark.parametrize(
    "address", [None, "", "unix", "192.0.3.1", "2001:db8::1", "::ffff:192.0.3.1", "192.0.2.1.example"]
)
def test_anything_else_is_not(address: str | None) -> None:
    assert not a_key(addresses=(OFFICE,)).admits(address)


def test_one_of_several_networks_is_enough() -> None:
    assert a_key(addresses=(OFFICE, ip_network("2001:db8::/32"))).admits("2001:db8::1")


@pytest.mark.parametrize("address", [None, "192.0.2.1"])
def test_a_key_without_addresses_is_used_from_anywhere(address: str | None) -> None:
    assert a_key().admits(address)


def test_a_restricted_key_opens_what_its_rights_imply() -> None:
    access = a_key(kind=Kind.RESTRICTED, rights=("customer_write",)).access

    assert access.rights == frozenset({"customer_read", "customer_write"})


def test_a_secret_key_opens_everything_of_its_tenant() -> None:
    access = a_key().access

    assert (access.scope, access.key, access.rights) == (Scope("acct_1", livemode=False), "key_1", None)


def test_a_key_begins_with_its_kind_and_mode() -> None:
    prefixes = {prefix_of(kind, livemode=livemode) for kind in Kind for livemode in (False, True)}

    assert prefixes == {"sk_test", "sk_live", "rk_test", "rk_live", "pk_test", "pk_live"}


@pytest.mark.parametrize(
    ("kind", "rights", "addresses", "param"),
    [
        (Kind.RESTRICTED, (), (), "rights"),
        (Kind.SECRET, ("customer_read",), (), "rights"),
        (Kind.PUBLISHABLE, ("customer_read",), (), "rights"),
        (Kind.RESTRICTED, ("customer_read", "charge_read"), (), "rights"),
        (Kind.PUBLISHABLE, (), (OFFICE,), "addresses"),
    ],
)
def test_a_key_that_would_mean_something_else_is_refused(
    kind: Kind, rights: tuple[str, ...], addresses: tuple[Network, ...], param: str
) -> None:
    with pytest.raises(BadParameter) as refused:
        check_wanted(kind, rights, addresses)

    assert refused.value.param == param


def test_an_unknown_right_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(BadParameter, match=r"No such right: charge_read\. There are .*customer_read, "):
        check_wanted(Kind.RESTRICTED, ["charge_read"], [])
