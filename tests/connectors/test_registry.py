"""Institutions are read whole or refused by name."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from linkspan.server import connectors as room
from linkspan.server.connectors.http import Request, Response
from linkspan.server.connectors.registry import (
    Institutions,
    InvalidInstitution,
    connectors_over,
    institutions_from,
    read_institutions,
)
from linkspan.server.core.institution import Institution
from linkspan.server.core.quota import Limit
from linkspan.server.core.world import World


class NoNetwork:
    async def send(self, request: Request) -> Response:
        raise AssertionError(request)


CONNECTORS = connectors_over(NoNetwork(), World(lambda: 0.0, bytes))
DOCUMENT = """
[[institution]]
id = "fcinst_harbor"
name = "Harbor Bank"
countries = ["US"]
connector = "fdx"
url = "https://www.harbor.example"
color = "#0A5C7A"
aliases = ["Harbour Bank"]

[institution.settings]
issuer = "https://harbor.example"
authorization_endpoint = "https://harbor.example/authorize"
token_endpoint = "https://harbor.example/token"
base_url = "https://api.harbor.example/fdx/v6"
client_id = "linkspan"
client_secret = "canary-77"
scope = "accounts"
"""
ENTRY: dict[str, Any] = tomllib.loads(DOCUMENT)["institution"][0]


def refused(entry: dict[str, Any]) -> str:
    with pytest.raises(InvalidInstitution) as caught:
        institutions_from([entry], CONNECTORS)
    return str(caught.value)


def test_a_document_becomes_institutions() -> None:
    (institution,) = read_institutions(DOCUMENT, CONNECTORS)

    assert institution == Institution(
        id="fcinst_harbor",
        name="Harbor Bank",
        countries=("US",),
        connector="fdx",
        url="https://www.harbor.example",
        color="#0A5C7A",
        aliases=("Harbour Bank",),
        settings=ENTRY["settings"],
    )


def test_an_institution_cannot_be_changed_and_shows_no_credentials() -> None:
    (institution,) = read_institutions(DOCUMENT, CONNECTORS)

    assert "canary-77" not in repr(institution)
    assert not hasattr(institution.settings, "__setitem__")
    assert {institution}


def test_an_empty_document_has_no_institutions() -> None:
    assert read_institutions("", CONNECTORS) == ()


@pytest.mark.parametrize(
    "document", ["[[institution]", "institution = 5", "[institution]\nid = 'x'", "[[bank]]\nid = 'x'"]
)
def test_a_document_of_another_shape_is_refused(document: str) -> None:
    with pytest.raises(InvalidInstitution, match="The institutions"):
        read_institutions(document, CONNECTORS)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"id": "harbor"}, "id"),
        ({"id": "fcinst_a b"}, "id"),
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": 5}, "name"),
        ({"countries": []}, "countries"),
        ({"countries": ["us"]}, "countries"),
        ({"countries": "US"}, "countries"),
        ({"connector": "ebics"}, "connector"),
        ({"color": "blue"}, "color"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "http://harbor.example"}, "url"),
        ({"logo": "x.png"}, "logo"),
        ({"logo": "data:image/svg+xml;base64,PHN2Zy8+"}, "logo"),
        ({"domains": ["Harbor.example"]}, "domains"),
        ({"routing_numbers": ["123456789"]}, "routing_numbers"),
        ({"takes_seconds": 0}, "takes_seconds"),
        ({"bank": True}, "bank"),
        ({"settings": {**ENTRY["settings"], "issuer": ""}}, "settings.issuer"),
        ({"settings": {**ENTRY["settings"], "version": 6}}, "settings"),
        ({"settings": {}}, "settings."),
    ],
)
def test_an_institution_that_cannot_work_is_refused_by_field(change: dict[str, Any], named: str) -> None:
    reason = refused({**ENTRY, **change})

    assert named in reason
    assert "canary-77" not in reason


@pytest.mark.parametrize("field", ["id", "name", "countries", "connector"])
def test_a_field_that_must_be_there_is_named_when_it_is_not(field: str) -> None:
    assert field in refused({name: value for name, value in ENTRY.items() if name != field})


def test_a_quota_is_read_as_an_operator_writes_it() -> None:
    document = """
    [[institution]]
    id = "fcinst_harbor"
    name = "Harbor Bank"
    countries = ["US"]
    connector = "fdx"

    [[institution.quota]]
    times = 4
    hours = 24

    [[institution.quota]]
    times = 1000
    days = 30
    per = "sign_in"
    kind = "transactions"

    [institution.settings]
    """
    settings = "\n".join(f'{name} = "{value}"' for name, value in ENTRY["settings"].items())

    (institution,) = read_institutions(document + settings, CONNECTORS)

    assert institution.quota == (
        Limit(times=4, seconds=86_400),
        Limit(times=1000, seconds=30 * 86_400, per="sign_in", kind="transactions"),
    )


@pytest.mark.parametrize(
    "quota",
    [
        {"times": 0, "hours": 1},
        {"times": 4},
        {"times": 4, "hours": 0},
        {"times": 4, "hours": -1},
        {"times": 4, "days": 367},
        {"times": 4, "minutes": 5},
        {"times": 4, "hours": 24, "per": "bank"},
        {"times": 4, "hours": 24, "kind": "balance"},
        {"hours": 24},
    ],
)
def test_a_quota_that_cannot_be_kept_is_refused_by_name(quota: dict[str, Any]) -> None:
    assert "quota" in refused(ENTRY | {"quota": [quota]})


def test_an_id_is_used_once() -> None:
    with pytest.raises(InvalidInstitution, match="used twice"):
        institutions_from([ENTRY, ENTRY], CONNECTORS)


def test_every_family_has_its_manifest_and_its_place_in_the_table() -> None:
    (home,) = room.__path__
    folders = {path.parent.name for path in Path(home).glob("*/connector.py")}
    manifests = {path.parent.name for path in Path(home).glob("*/manifest.toml")}

    assert folders == manifests == set(CONNECTORS)


def test_a_family_has_the_files_that_every_family_has() -> None:
    (home,) = room.__path__
    for family in CONNECTORS:
        files = {path.name for path in (Path(home) / family).iterdir() if path.name != "__pycache__"}
        assert files == {
            "__init__.py",
            "manifest.toml",
            "connector.py",
            "client.py",
            "mapping.py",
            "README.md",
        }
        manifest = tomllib.loads((Path(home) / family / "manifest.toml").read_text())
        assert manifest["family"] == family


def named(name: str, **fields: Any) -> Institution:
    slug = name.lower().replace(" ", "")
    return Institution(
        **{
            "id": f"fcinst_{slug}",
            "name": name,
            "countries": ("US",),
            "connector": "fdx",
            "url": f"https://www.{slug}.example/",
            "color": "#000000",
            **fields,
        }
    )


BANKS = Institutions.of(
    [
        named("Harbor Bank", aliases=("Harbour Bank",)),
        named("First Harbor Savings"),
        named("Crédit Maritime"),
        named("Bank of Tides", url="https://tidal.example"),
        named("Union Trust", featured=False, url=None),
        named("United Savings", url="https://us-online.example"),
    ]
)


def test_a_long_list_is_cut_to_one_screen() -> None:
    many = Institutions.of([named(f"Bank {number}") for number in range(60)])

    assert len(many.featured()) == 24


def test_an_institution_is_known_by_its_id() -> None:
    institution = BANKS.get("fcinst_uniontrust")

    assert institution is not None
    assert institution.name == "Union Trust"
    assert BANKS.get("fcinst_other") is None


def test_the_institution_in_the_guide_is_one() -> None:
    guide = Path(__file__).parents[2] / "docs" / "how-to" / "serve-real-banks.md"
    _, _, rest = guide.read_text(encoding="utf-8").partition("```toml\n")

    (institution,) = read_institutions(rest.partition("```")[0], CONNECTORS)

    assert institution.name == "Harbor Bank"
