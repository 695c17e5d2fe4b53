"""The server describes itself, to programs and to people, without anything from elsewhere."""

import re
from html.parser import HTMLParser
from typing import Final

import pytest

from linkspan.server.api.error_codes import CODES
from linkspan.server.api.routes import ROUTES
from linkspan.server.core.version import NEWEST
from tests.link.stage import SERVER, Stage

pytestmark = pytest.mark.anyio

# Elements that have no end.
VOID: Final = {"meta", "link"}


class Reader(HTMLParser):
    """Notes what a page is made of, and refuses one whose elements do not end where they should."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        assert not {name for name in named if name.startswith("on") or name == "style"}
        assert tag != "script"
        self.ids += [named["id"] or ""] if "id" in named else []
        self.links += [named[name] or "" for name in ("href", "src", "action") if name in named]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))
    return reader


async def test_programs_are_given_the_document_of_the_version_they_ask_for(stage: Stage) -> None:
    newest = await stage.ask("GET", "/openapi.json")
    older = await stage.ask("GET", "/openapi.json?version=2022-08-01")

    assert (newest.status, older.status) == (200, 200)
    assert newest.header("content-type") == "application/json"
    assert newest.json()["info"]["version"] == NEWEST
    assert newest.json()["servers"] == [{"url": SERVER}]
    assert older.json()["info"]["version"] == "2022-08-01"


@pytest.mark.parametrize("path", ["/openapi.json", "/docs"])
async def test_a_version_that_was_never_published_is_refused(stage: Stage, path: str) -> None:
    answer = await stage.ask("GET", f"{path}?version=2021-01-01")

    assert answer.status == 400
    assert "Invalid Stripe API version: 2021-01-01" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "path", ["/docs", "/docs?version=2020-08-27", "/docs/errors", "/docs/requests/req_1"]
)
async def test_a_page_needs_nothing_from_elsewhere_and_no_script(stage: Stage, path: str) -> None:
    answer = await stage.ask("GET", path)
    page = read(answer.text)

    assert answer.status == 200
    assert answer.header("content-security-policy").startswith("default-src 'none'; style-src 'self'")
    assert [link for link in page.links if not link.startswith(("/docs", "/openapi.json", "#"))] == []


async def test_every_link_of_the_page_leads_somewhere(stage: Stage) -> None:
    page = read((await stage.ask("GET", "/docs")).text)

    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    for link in {link for link in page.links if link.startswith("/")}:
        assert (await stage.ask("GET", link)).status == 200


async def test_every_method_of_the_newest_version_is_on_the_page(stage: Stage) -> None:
    page = read((await stage.ask("GET", "/docs")).text)
    routes = [route for route in ROUTES if not route.is_preview]

    assert [route.name for route in routes if route.name.replace(".", "_") not in page.ids] == []
    assert [route.name for route in routes if f"{route.method} {route.template}" not in page.text] == []


async def test_an_error_leads_to_the_place_that_explains_its_code(stage: Stage) -> None:
    error = (await stage.api("GET", "financial_connections/accounts/fca_none")).json()["error"]
    page, _, anchor = error["doc_url"].removeprefix(SERVER).partition("#")

    assert anchor in read((await stage.ask("GET", page)).text).ids
    assert anchor in CODES


async def test_every_code_has_a_place_of_its_own(stage: Stage) -> None:
    page = read((await stage.ask("GET", "/docs/errors")).text)

    assert set(CODES) <= set(page.ids)


async def test_an_error_leads_to_a_page_about_its_request(stage: Stage) -> None:
    answer = await stage.api("GET", "financial_connections/accounts/fca_none")
    url = answer.json()["error"]["request_log_url"].removeprefix(SERVER)

    page = await stage.ask("GET", url)

    assert page.status == 200
    assert f'"request":"{answer.header("request-id")}"' in read(page.text).text


@pytest.mark.parametrize("request_id", ["evt_1", "req_", "req_%3Cb%3E", "req_1%2F2", "req_" + "1" * 65])
async def test_what_is_no_request_id_has_no_page(stage: Stage, request_id: str) -> None:
    answer = await stage.ask("GET", f"/docs/requests/{request_id}")

    assert answer.status == 404
    assert answer.header("content-type") == "application/json"


async def test_the_style_has_light_and_dark_colors(stage: Stage) -> None:
    style = (await stage.ask("GET", "/docs/page.css")).text

    assert "color-scheme: light dark" in style
    assert re.search(r"url\(|@import", style) is None
