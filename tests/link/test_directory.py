"""People find every institution of the directory, and are told where nobody can link."""

import gzip
import json
from pathlib import Path
from typing import Any, Final

import pytest

from linkspan.server.core.listed import Listed
from linkspan.server.store import directories, institutions
from linkspan.server.store.driver import Tx
from tests.link.stage import Modal, Stage
from tests.link.wire import Answer, ask

pytestmark = pytest.mark.anyio

CONTRACT: Final = Path(__file__).parents[2] / "contract" / "link"
PIXEL: Final = "data:image/png;base64,iVBORw0KGgo="
ELSEWHERE: Final = Listed(
    id="fcinst_elsewhere",
    name="Saltmeadow of Elsewhere",
    aliases=("Elsewhere Savings",),
    domains=("elsewhere.example",),
    routing_numbers=("130130002",),
    place="Elsewhere, OH",
    logo=PIXEL,
    takes_seconds=120,
)
ABROAD: Final = Listed(id="fcinst_abroad", name="Saltmeadow Abroad", countries=("GB",))


async def fill(stage: Stage, *listed: Listed) -> None:
    async def work(tx: Tx) -> None:
        await institutions.save(tx, "a file", listed)
        await directories.change(tx)

    await stage.store.write(work)


async def opened(stage: Stage, *more: tuple[str, str]) -> Modal:
    modal = stage.modal(await stage.session(*more))
    await modal.open()
    return modal


async def search(modal: Modal, query: str) -> list[dict[str, Any]]:
    listed = await modal.ask("GET", f"institutions?query={query}")
    rows: list[dict[str, Any]] = listed.json()["data"]
    return rows


async def index(modal: Modal, **headers: str) -> Answer:
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return await modal.stage.ask("GET", "/link/index", {**modal.headers, **more})


async def test_a_search_finds_what_can_be_linked_before_what_cannot(stage: Stage) -> None:
    await fill(stage, ELSEWHERE)
    modal = await opened(stage)

    rows = await search(modal, "saltmeadow")

    assert [(row["id"], row["linkable"]) for row in rows] == [
        ("fcinst_saltmeadow", True),
        ("fcinst_elsewhere", False),
    ]
    assert rows[1].keys() == rows[0].keys() == example("institutions")["data"][0].keys()
    assert (rows[1]["place"], rows[1]["url"], rows[1]["takes_seconds"], rows[1]["logo"]) == (
        "Elsewhere, OH",
        "https://elsewhere.example",
        120,
        "/link/logos/fcinst_elsewhere",
    )


async def test_who_chooses_a_bank_nobody_can_link_at_is_told_so_and_chooses_another(stage: Stage) -> None:
    await fill(stage, ELSEWHERE)
    modal = await opened(stage)

    view = await modal.choose_bank("fcinst_elsewhere")

    error = view["error"]
    assert (error["reason"], error["actions"]) == ("not_linkable", ["another_bank", "close"])
    assert "Saltmeadow of Elsewhere" in error["title"]
    assert error["institution"]["id"] == "fcinst_elsewhere"
    assert (await modal.step("retry"))["next_pane"] == "error"
    assert (await modal.step("back"))["next_pane"] == "bank"
    assert (await modal.choose_bank())["next_pane"] == "consent"


@pytest.mark.parametrize("institution", ["fcinst_nowhere", "fcinst_abroad", "fcinst_gone"])
async def test_a_bank_that_is_not_for_the_session_is_no_bank(stage: Stage, institution: str) -> None:
    await fill(stage, ABROAD, Listed(id="fcinst_gone", name="Gone"))
    await stage.store.write(lambda tx: institutions.mark_gone(tx, ["fcinst_gone"], at=1))
    modal = await opened(stage, ("filters[country]", "US"))
    before = await modal.view()

    refused = await modal.ask("POST", "bank", {"institution": institution})

    assert (refused.status, refused.json()["error"]["param"]) == (400, "institution")
    assert await modal.view() == before


async def test_the_index_has_what_may_be_searched_a_list_for_each_field(stage: Stage) -> None:
    await fill(stage, ELSEWHERE, ABROAD)

    sent = (await index(await opened(stage))).json()
    in_us = (await index(await opened(stage, ("filters[country]", "US")))).json()

    assert sent.keys() == example("index").keys()
    place = sent["ids"].index("fcinst_elsewhere")
    assert place >= sent["linkable"] == len(sent["colors"])
    assert (sent["names"][place], sent["aliases"][place], sent["numbers"][place]) == (
        "Saltmeadow of Elsewhere",
        "Elsewhere Savings",
        "130130002",
    )
    assert (sent["logos"], sent["takes"]) == ([place], [[place, 120]])
    assert set(sent["ids"]) - set(in_us["ids"]) == {"fcinst_abroad"}


async def test_an_index_that_a_browser_has_is_not_sent_again_until_it_changes(stage: Stage) -> None:
    modal = await opened(stage)
    first = await index(modal)

    again = await index(modal, if_none_match=first.header("etag"))
    await fill(stage, ELSEWHERE)
    changed = await index(modal, if_none_match=first.header("etag"))

    assert (again.status, again.text) == (304, "")
    assert changed.status == 200
    assert "fcinst_elsewhere" in changed.json()["ids"]
    assert first.header("cache-control") == "private, no-cache"


async def test_an_index_is_packed_for_who_can_unpack_it(stage: Stage) -> None:
    modal = await opened(stage)
    plain = await index(modal)

    packed = await index(modal, accept_encoding="gzip, br")

    assert packed.header("content-encoding") == "gzip"
    assert gzip.decompress(packed.body) == plain.body


async def test_an_index_is_for_a_session(stage: Stage) -> None:
    refused = await stage.ask("GET", "/link/index", {"authorization": "Bearer fcsess_client_secret_nobodys"})

    assert refused.status in {401, 404}


async def test_with_a_bank_that_the_program_chose_no_other_is_in_the_index(stage: Stage) -> None:
    await fill(stage, ELSEWHERE)
    session = await stage.session(("filters[institution]", "fcinst_quillstone"), version="2026-10-28.preview")
    modal = stage.modal(session)

    assert (await index(modal)).json()["ids"] == ["fcinst_quillstone"]
    assert [row["id"] for row in await search(modal, "salt")] == ["fcinst_quillstone"]


async def test_a_logo_is_a_picture_and_nothing_else(stage: Stage) -> None:
    await fill(stage, ELSEWHERE)

    logo = await ask(stage.app, "GET", "https://linkspan.example/link/logos/fcinst_elsewhere", {})
    none = await ask(stage.app, "GET", "https://linkspan.example/link/logos/fcinst_quillstone", {})

    assert (logo.status, logo.header("content-type"), logo.body) == (200, "image/png", b"\x89PNG\r\n\x1a\n")
    assert "sandbox" in logo.header("content-security-policy")
    assert none.status == 404


async def test_a_routing_number_with_a_mistake_in_it_is_said_to_be_wrong(stage: Stage) -> None:
    modal = await opened(stage)

    problems = [
        (await modal.ask("GET", f"institutions?query={number}")).json()["problem"]
        for number in ("130020002", "130020003", "quill")
    ]

    assert problems == [None, "routing_number", None]


def example(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((CONTRACT / f"{name}.json").read_text(encoding="utf-8"))
    return document
