"""An entry of the directory holds nothing that cannot be shown or searched."""

from base64 import b64encode
from typing import Any

import pytest
from msgspec.structs import replace

from linkspan.server.core.listed import Listed, picture_of, wrong_field

GOOD = Listed(
    id="fcinst_harbor",
    name="Harbor Bank",
    aliases=("Harbour",),
    countries=("US", "CA"),
    domains=("harbor.example",),
    routing_numbers=("110000000",),
    place="Boston, MA",
    color="#0a5c7a",
    logo="data:image/png;base64,iVBORw0KGgo=",
    sign_in="redirect",
    takes_seconds=60,
    size=5,
)
LARGE = "data:image/png;base64," + b64encode(bytes(24 * 1024 + 1)).decode()


def test_a_good_entry_is_taken() -> None:
    assert wrong_field(GOOD) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "harbor"),
        ("name", " "),
        ("name", "a\nb"),
        ("name", "x" * 121),
        ("aliases", ("",)),
        ("aliases", ("x",) * 51),
        ("countries", ()),
        ("countries", ("us",)),
        ("domains", ("www.harbor.example",)),
        ("domains", ("Harbor.example",)),
        ("domains", ("https://harbor.example",)),
        ("domains", ("harbor",)),
        ("routing_numbers", ("110000001",)),
        ("routing_numbers", ("11000000",)),
        ("place", ""),
        ("color", "blue"),
        ("logo", "https://harbor.example/logo.png"),
        ("logo", "data:image/svg+xml;base64,PHN2Zy8+"),
        ("logo", "data:image/png;base64,a"),
        ("logo", LARGE),
        ("takes_seconds", 0),
        ("takes_seconds", 3601),
        ("size", -1),
    ],
)
def test_a_field_that_breaks_its_rule_is_named(field: str, value: Any) -> None:
    wrong = wrong_field(replace(GOOD, **{field: value}))

    assert wrong is not None
    assert wrong[0] == field


def test_a_picture_is_what_was_written() -> None:
    picture = picture_of(GOOD.logo or "")

    assert picture is not None
    assert (picture.media_type, picture.content) == ("image/png", b"\x89PNG\r\n\x1a\n")
