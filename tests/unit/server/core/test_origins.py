"""Only the sites a publishable key lists may show the modal, and nothing that only looks like them."""

import pytest

from linkspan.server.core.origins import ANYWHERE, LOOPBACK, is_listed, read_site
from linkspan.server.core.refusals import BadParameter


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://shop.example", "https://shop.example"),
        ("https://Shop.Example/", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("https://*.shop.example", "https://*.shop.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:*", "http://127.0.0.1:*"),
    ],
)
def test_a_site_is_read_as_browsers_serialize_it(written: str, read: str) -> None:
    assert read_site(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "shop.example",
        "https://",
        "https://*",
        "https://*.*.example",
        "https://shop.*",
        "https://shop.example/path",
        "https://shop.example?x",
        "https://user@shop.example",
        "https://shop.example:*",
        "https://shop.example:123456",
        "https://shop.example; script-src *",
        "https://shop.example https://evil.example",
        "https://shop.example\nx",
        "http://shop.example",
        "http://localhost.evil.example",
        "ftp://shop.example",
        "null",
        "'self'",
    ],
)
def test_what_is_no_site_is_refused(text: str) -> None:
    with pytest.raises(BadParameter) as refused:
        read_site(text)

    assert refused.value.param == "origins"


@pytest.mark.parametrize(
    ("site", "origin", "is_shown"),
    [
        ("https://shop.example", "https://shop.example", True),
        ("https://shop.example", "http://shop.example", False),
        ("https://shop.example", "https://shop.example:8443", False),
        ("https://shop.example", "https://evil.shop.example", False),
        ("https://shop.example", "https://shop.example.evil.example", False),
        ("https://shop.example", "https://shopxexample", False),
        ("https://shop.example", "null", False),
        ("https://*.shop.example", "https://a.shop.example", True),
        ("https://*.shop.example", "https://a.b.shop.example", True),
        ("https://*.shop.example", "https://shop.example", False),
        ("https://*.shop.example", "https://evilshop.example", False),
        ("http://localhost:*", "http://localhost", True),
        ("http://localhost:*", "http://localhost:3000", True),
        ("http://localhost:*", "http://localhost:3000.evil.example", False),
        ("http://localhost:*", "http://evil.example", False),
    ],
)
def test_a_site_stands_for_itself_and_no_other(site: str, origin: str, is_shown: object) -> None:
    assert is_listed(origin, [site]) is is_shown


def test_loopback_is_this_machine_and_anywhere_is_everywhere() -> None:
    assert is_listed("http://127.0.0.1:8000", LOOPBACK)
    assert not is_listed("https://shop.example", LOOPBACK)
    assert is_listed("null", ANYWHERE)
    assert not is_listed("https://shop.example", ())
