"""What an operator writes is read as it was meant, or refused by the name of its setting."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from ipaddress import ip_network

import pytest

from linkspan.server.config import (
    BadSetting,
    read_base_url,
    read_duration,
    read_networks,
    read_production_key,
)

RANDOM = sha256(b"as good as random").digest()


@pytest.mark.parametrize(
    ("text", "seconds"), [("0s", 0), ("90s", 90), ("30m", 1_800), ("24h", 86_400), ("7d", 604_800)]
)
def test_a_duration_is_a_number_with_its_unit(text: str, seconds: int) -> None:
    assert read_duration("--expires-in", text) == seconds


@pytest.mark.parametrize("text", ["", "7", "d", "-1d", "1.5h", "7 d", "1w", "1000000d"])
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(BadSetting, match=r"^--expires-in: "):
        read_duration("--expires-in", text)


def test_a_network_is_an_address_or_a_block_of_them() -> None:
    expected = (ip_network("192.0.2.7/32"), ip_network("2001:db8::/32"))

    assert read_networks("--address", ["192.0.2.7", "2001:db8::/32"]) == expected


@pytest.mark.parametrize("text", ["", "example.com", "192.0.2.7/24", "192.0.2.0/33"])
def test_anything_else_is_no_network(text: str) -> None:
    with pytest.raises(BadSetting, match=r"^--address: "):
        read_networks("--address", [text])


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://link.example", "https://link.example"),
        ("https://link.example:8443/", "https://link.example:8443"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ("http://localhost:12111", "http://localhost:12111"),
        ("http://127.0.0.1:12111", "http://127.0.0.1:12111"),
        ("http://[::1]:12111", "http://[::1]:12111"),
        (None, "http://127.0.0.1:1"),
    ],
)
def test_a_base_url_is_an_origin(url: str | None, origin: str) -> None:
    assert read_base_url(url, default="http://127.0.0.1:1") == origin


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "link.example",
        "ftp://link.example",
        "http://link.example",
        "http://localhost.example",
        "https://",
        "https://link.example/path",
        "https://link.example?query",
        "https://ada@link.example",
        "https://[::1",
        "https://link.example\n",
    ],
)
def test_anything_else_is_no_base_url(url: str | None) -> None:
    with pytest.raises(BadSetting, match=r"^--base-url: "):
        read_base_url(url, default=None)


def test_a_random_key_is_a_production_key() -> None:
    assert read_production_key(urlsafe_b64encode(RANDOM).decode()) == RANDOM


@pytest.mark.parametrize(
    "key",
    [
        b"correct horse battery staple, 32",
        bytes(range(32)),
        bytes(range(250, 256)) + bytes(range(26)),
        bytes(range(32, 0, -1)),
        RANDOM[:31],
        bytes(32),
        b"",
    ],
)
def test_a_key_that_a_person_made_up_is_not(key: bytes) -> None:
    with pytest.raises(BadSetting, match=r"^LINKSPAN_MASTER_KEY: .*openssl rand"):
        read_production_key(urlsafe_b64encode(key).decode())
