"""The directory of brands, and how they look."""

import pytest

from linkspan.sandbank import directory
from linkspan.sandbank.brand import Brand
from linkspan.sandbank.brands import BANKS, BRANDS
from linkspan.sandbank.marks import MARKS
from linkspan.sandbank.trials import TRIALS
from tests.sandbank.visitor import World, make_world

ABOUT = {
    "slug",
    "name",
    "color",
    "url",
    "countries",
    "routing_numbers",
    "aliases",
    "featured",
    "connector",
}
SETTINGS = {
    "fdx": {
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "revocation_endpoint",
        "base_url",
        "scope",
        "version",
    },
    "ofx": {"server_url", "organization", "institution_id", "version"},
    "simplefin": {"root"},
}


def luminance(color: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_directory_is_served_as_it_is_called(world: World) -> None:
    served = world.visitor().get("https://bank.test/directory.json").json

    assert served == directory("https://bank.test") == directory("https://bank.test/")
    assert all(set(entry) == ABOUT | SETTINGS[entry["connector"]] for entry in served)


def test_the_names_that_stripe_gives_its_test_banks_come_first() -> None:
    assert [brand.name for brand in BRANDS[:2]] == ["Test (OAuth)", "Bank (OAuth)"]


def test_brands_differ_in_slug_name_and_routing_number() -> None:
    for field in ("slug", "name", "routing_number"):
        values = [getattr(brand, field) for brand in BRANDS]
        assert len(values) == len(set(values)), field


def test_banks_differ_in_color_and_mark_and_trials_share_one() -> None:
    for field in ("color", "mark"):
        values = [getattr(brand, field) for brand in BANKS]
        assert len(values) == len(set(values)), field
        assert len({getattr(brand, field) for brand in TRIALS} - set(values)) == 1


def test_both_versions_are_spoken() -> None:
    assert {brand.version for brand in BRANDS} == {"5", "6"}


@pytest.mark.parametrize("brand", BRANDS, ids=lambda brand: brand.slug)
def test_white_text_is_readable_on_every_color(brand: Brand) -> None:
    assert 1.05 / (luminance(brand.color) + 0.05) >= 4.5


@pytest.mark.parametrize("brand", BRANDS, ids=lambda brand: brand.slug)
def test_routing_numbers_check_and_belong_to_nobody(brand: Brand) -> None:
    digits = [int(digit) for digit in brand.routing_number]

    total = sum(weight * digit for weight, digit in zip([3, 7, 1] * 3, digits, strict=True))

    assert total % 10 == 0
    assert brand.routing_number == "110000000" or 13 <= int(brand.routing_number[:2]) <= 20


@pytest.mark.parametrize(
    "brand",
    [one for one in BANKS if one.speaks == "fdx"],
    ids=lambda brand: brand.slug,
)
def test_every_brand_links_an_account(brand: Brand) -> None:
    world = make_world(brand.slug)

    token = world.tokens("noor-savings", person="noor")["access_token"]

    assert world.fdx("/accounts/noor-savings", token).status == 200


@pytest.mark.parametrize(
    ("path", "kind", "text"),
    [
        ("bank.css", "text/css; charset=utf-8", "prefers-color-scheme"),
        ("brands/quillstone.css", "text/css; charset=utf-8", "#1d3f72"),
        ("icons/quillstone.svg", "image/svg+xml", MARKS["wing"]),
    ],
)
def test_style_and_signs_are_served(world: World, path: str, kind: str, text: str) -> None:
    answer = world.visitor().get(f"https://bank.test/assets/{path}")

    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert text in answer.text


@pytest.mark.parametrize("brand", BRANDS)
def test_a_brand_tells_who_comes_by_themselves_where_people_come_from(world: World, brand: Brand) -> None:
    answer = world.visitor().get(f"https://bank.test/{brand.slug}/")

    assert answer.status == 200
    assert "Come here from an app" in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_the_address_of_the_bank_leads_to_one_of_its_brands(world: World) -> None:
    answer = world.visitor().get("https://bank.test/")

    assert answer.location == f"https://bank.test/{BRANDS[0].slug}/"
