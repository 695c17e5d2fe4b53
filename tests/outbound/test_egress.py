"""The server calls public addresses over https and what the operator allows."""

import ipaddress

import pytest

from linkspan.server.outbound.egress import Destination, Egress, destination_of
from linkspan.server.outbound.failures import Refused


def checked(egress: Egress, address: str, url: str = "https://bank.example/") -> None:
    egress.check(destination_of(url), ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["9.9.9.9", "2620:fe::fe", "::ffff:9.9.9.9", "64:ff9b::909:909"])
def test_a_public_address_may_be_called(address: str) -> None:
    checked(Egress(), address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "224.0.0.251",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:db8::1",
        "fc00::1",
        "fe80::1",
        "ff02::1",
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="not public"):
        checked(Egress(), address)


def test_plain_http_is_refused_even_to_a_public_address() -> None:
    with pytest.raises(Refused, match="https"):
        checked(Egress(), "9.9.9.9", "http://bank.example/")


@pytest.mark.parametrize("allowed", ["127.0.0.1", "127.0.0.0/8", "bank.example"])
def test_what_the_operator_allows_may_be_private_and_plain(allowed: str) -> None:
    checked(Egress.allowing(allowed), "127.0.0.1", "http://bank.example/")


def test_allowing_one_host_allows_no_other() -> None:
    egress = Egress.allowing("bank.example", "10.1.0.0/16")

    with pytest.raises(Refused):
        checked(egress, "10.2.0.1", "https://evil.bank.example/")


@pytest.mark.parametrize("entry", ["", "bank example", "10.0.0.1/8", "300.1.1.1", "http://bank.example"])
def test_an_entry_that_is_no_host_and_no_network_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match="neither a host name nor a network"):
        Egress.allowing(entry)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "bank.example",
        "ftp://bank.example/",
        "https:///path",
        "https:bank.example",
        "https://user@bank.example/",
        "https://bank.example\\@evil.example/",
        "https://bank.example#@evil.example/",
        "https://bank.example /",
        "https://bank.example/\r\nx: y",
        "https://bank.example/\t",
        "https://bänk.example/",
        "https://ban\u212a.example/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://0177.0.0.1/",
        "https://[::1%25eth0]/",
        "https://bank.example:99999/",
    ],
)
def test_an_address_that_two_parsers_could_read_differently_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        destination_of(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Bank.Example/a?b=c%20d", ("https", "bank.example", 443)),
        ("http://127.0.0.1:8080", ("http", "127.0.0.1", 8080)),
        ("https://[2620:fe::fe]:444/x", ("https", "2620:fe::fe", 444)),
    ],
)
def test_a_plain_address_is_taken_apart(url: str, expected: tuple[str, str, int]) -> None:
    scheme, host, port = expected

    assert destination_of(url) == Destination(scheme=scheme, host=host, port=port)


def test_a_host_that_no_parser_can_read_is_refused() -> None:
    with pytest.raises(Refused):
        destination_of("https://[127.0.0.1]/")
