"""The banks that the demonstration bank pretends to be."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from linkspan.sandbank.brand import Brand, Conduct, Lesson, Scopes, Standard
from linkspan.sandbank.trials import TRIALS

_SHORT_SCOPES: Final = Scopes("accounts", "customers", "transactions")

BANKS: Final = (
    Brand(
        slug="test-oauth",
        name="Test (OAuth)",
        tagline="The bank for trying things out.",
        color="#4b3fd1",
        mark="rings",
        aliases=("Test OAuth Institution",),
        routing_number="110000000",
        conduct=Conduct(has_test_accounts=True),
        lesson=Lesson(
            "shows the accounts of Stripe's test bank", "checking accounts that end in 6789, 1116 and 2227"
        ),
    ),
    Brand(
        slug="bank-oauth",
        name="Bank (OAuth)",
        tagline="Closest to a bank in the wild.",
        color="#0b6b53",
        mark="arch",
        aliases=("Sandbox Bank (OAuth)", "Sandbox Bank"),
        routing_number="130010009",
        lesson=Lesson("has people choose what they share, as banks do", "the accounts that were shared"),
    ),
    Brand(
        slug="quillstone",
        name="Quillstone Bank",
        tagline="Steady since the first ledger.",
        color="#1d3f72",
        mark="wing",
        aliases=("Quill Stone", "QSB"),
        routing_number="130020002",
    ),
    Brand(
        slug="saltmeadow",
        name="Saltmeadow Trust",
        tagline="Money with room to breathe.",
        color="#2d6a2e",
        mark="leaf",
        aliases=("Salt Meadow",),
        routing_number="130030005",
    ),
    Brand(
        slug="oldferry",
        name="Oldferry Savings",
        tagline="The long way across, safely.",
        color="#8a2f1d",
        mark="sail",
        aliases=("Old Ferry Savings Bank",),
        version="5",
        routing_number="130040008",
        scopes=_SHORT_SCOPES,
    ),
    Brand(
        slug="copperfinch",
        name="Copperfinch",
        tagline="Banking that keeps up.",
        color="#a1430c",
        mark="dot",
        aliases=("Copper Finch",),
        routing_number="130050001",
        has_tokenized_numbers=True,
        has_consent_records=True,
    ),
    Brand(
        slug="tidewrack",
        name="Tidewrack Credit Union",
        tagline="Owned by the people who use it.",
        color="#0a6478",
        mark="tide",
        aliases=("Tidewrack CU", "TWCU"),
        routing_number="130060004",
    ),
    Brand(
        slug="maple-quay",
        name="Maple Quay Bank",
        tagline="At home on both sides of the border.",
        color="#a3123f",
        mark="peak",
        countries=("CA", "US"),
        aliases=("Banque du Quai",),
        routing_number="130070007",
    ),
    Brand(
        slug="larkmere",
        name="Larkmere Wealth",
        tagline="Patience, compounded.",
        color="#5b2a7a",
        mark="crest",
        aliases=("Larkmere Investments",),
        routing_number="130080000",
    ),
    Brand(
        slug="brackenholt",
        name="Brackenholt Commercial",
        tagline="For the people behind the counter.",
        color="#3f4652",
        mark="bars",
        aliases=("Brackenholt Business",),
        featured=False,
        routing_number="130090003",
        consent_days=30,
        has_consent_records=True,
    ),
    Brand(
        slug="undertow",
        name="Undertow Federal",
        tagline="It all comes out in the end.",
        color="#7a2e52",
        mark="swirl",
        aliases=("Nasty Histories",),
        featured=False,
        routing_number="130120009",
        is_unsteady=True,
    ),
    Brand(
        slug="causeway",
        name="Causeway Bridge",
        tagline="One token for everything you hold.",
        color="#2f5d50",
        mark="bridge",
        aliases=("Causeway SimpleFIN", "Test (token)"),
        speaks="simplefin",
        routing_number="130100003",
    ),
    Brand(
        slug="ferrydesk",
        name="Ferrydesk Bank",
        tagline="A desk by the water since 1911.",
        color="#6b3f1d",
        mark="bell",
        aliases=("Ferry Desk", "Test (credentials)"),
        speaks="ofx",
        routing_number="130110006",
    ),
)

BRANDS: Final = (*BANKS, *TRIALS)

BY_SLUG: Final[Mapping[str, Brand]] = {brand.slug: brand for brand in BRANDS}


def directory(base_url: str) -> list[dict[str, Any]]:
    """Describe every bank behind *base_url* to one who wants to link to it."""
    return [_entry(brand, base_url.rstrip("/")) for brand in BRANDS]


# Any: a JSON object, ready for whoever imports the directory.
def _entry(brand: Brand, base_url: str) -> dict[str, Any]:
    return {
        "slug": brand.slug,
        "name": brand.name,
        "color": brand.color,
        "url": f"https://{brand.slug}.example",
        "countries": list(brand.countries),
        "routing_numbers": [brand.routing_number],
        "aliases": list(brand.aliases),
        "featured": brand.featured,
        "connector": brand.speaks,
        **_SETTINGS[brand.speaks](brand, base_url),
    }


def _fdx_settings(brand: Brand, base_url: str) -> dict[str, str]:
    issuer = brand.issuer(base_url)
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": f"{issuer}/oauth/token",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "base_url": brand.fdx_url(base_url),
        "scope": " ".join(brand.scopes.all()),
        "version": brand.version,
    }


def _simplefin_settings(brand: Brand, base_url: str) -> dict[str, str]:
    return {"root": brand.simplefin_url(base_url)}


def _ofx_settings(brand: Brand, base_url: str) -> dict[str, str]:
    return {
        "server_url": brand.ofx_url(base_url),
        "organization": brand.slug.upper(),
        "institution_id": brand.routing_number,
        "version": "203",
    }


_SETTINGS: Final[Mapping[Standard, Callable[[Brand, str], dict[str, str]]]] = {
    "fdx": _fdx_settings,
    "ofx": _ofx_settings,
    "simplefin": _simplefin_settings,
}
