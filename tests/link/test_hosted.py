"""A hosted Session is a page of the server's own, and preview versions tell how any Session ended."""

from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
import pytest

from linkspan.server.api.versions.published import PREVIEWS
from linkspan.server.core.version import NEWEST, NEWEST_PREVIEW
from linkspan.server.store import events as event_rows
from linkspan.server.telemetry.redact import redact
from tests.link.stage import KEY, SERVER, SHOP, Modal, Stage

pytestmark = pytest.mark.anyio

ROOT: Final = "financial_connections"
HOSTED: Final = [("ui_mode", "hosted"), ("hosted[return_url]", f"{SHOP}/back")]


async def create(stage: Stage, *more: tuple[str, str], version: str = NEWEST_PREVIEW) -> dict[str, Any]:
    """A Session as a preview version makes it."""
    customer = (await stage.api("POST", "customers", [("name", "Robin Park")])).json()
    form = [
        ("account_holder[type]", "customer"),
        ("account_holder[customer]", customer["id"]),
        ("permissions[]", "balances"),
        *more,
    ]
    answer = await stage.api("POST", f"{ROOT}/sessions", form, version=version)
    created: dict[str, Any] = answer.json()
    return created


async def session_now(stage: Stage, session: str, version: str = NEWEST_PREVIEW) -> dict[str, Any]:
    shown: dict[str, Any] = (await stage.api("GET", f"{ROOT}/sessions/{session}", version=version)).json()
    return shown


def page_of(stage: Stage, session: dict[str, Any], *, origin: str = SERVER) -> Modal:
    """What runs in the page of a hosted Session."""
    return Modal(stage, urlsplit(session["url"]).fragment, origin, "pk_test")


async def endings(stage: Stage) -> list[dict[str, Any]]:
    """The events that tell of Sessions that ended."""
    scope = (await stage.server._api._keys.look_up(KEY, None)).scope
    docs = await stage.store.read(lambda tx: event_rows.all_of_tenant(tx, scope, limit=1000))
    found = [msgspec.json.decode(doc) for doc in docs]
    return [event for event in found if event["type"] == f"{ROOT}.session.updated"]


async def test_a_hosted_session_has_an_address_and_no_client_secret(stage: Stage) -> None:
    session = await create(stage, *HOSTED)

    assert session["client_secret"] is None
    assert session["url"].startswith(f"{SERVER}/link/hosted#fcsess_hosted_secret_")
    assert (session["ui_mode"], session["status"]) == ("hosted", "pending")
    assert session["hosted"] == {"return_url": f"{SHOP}/back"}
    assert await session_now(stage, session["id"]) == session


async def test_what_opens_a_hosted_session_is_kept_nowhere_and_logged_nowhere(stage: Stage) -> None:
    session = await create(stage, *HOSTED)
    word = urlsplit(session["url"]).fragment

    await page_of(stage, session).to_done()

    kept = await stage.rows("SELECT doc FROM events UNION ALL SELECT doc FROM sessions")
    assert not [doc for (doc,) in kept if word.encode() in doc]
    assert redact(f"GET /link/hosted#{word}") == "GET /link/hosted#fcsess_hosted_secret_****"


async def test_the_page_is_no_other_pages_to_show(stage: Stage) -> None:
    answer = await stage.ask("GET", "/link/hosted")

    assert answer.status == 200
    assert "frame-ancestors 'none'" in answer.header("content-security-policy")
    assert "/link/static/app.js" in answer.text


async def test_accounts_are_linked_in_the_page(stage: Stage) -> None:
    session = await create(stage, *HOSTED)

    view = await page_of(stage, session).to_done()

    assert view["hosted"] == {"return_url": f"{SHOP}/back"}
    ended = await session_now(stage, session["id"])
    assert (ended["status"], ended["url"]) == ("succeeded", None)
    assert len(ended["accounts"]["data"]) == 2


async def test_what_opens_a_hosted_session_opens_it_in_its_own_page_only(stage: Stage) -> None:
    session = await create(stage, *HOSTED)
    page = page_of(stage, session, origin=SHOP)

    answer = await page.ask("POST", "open", {"locale": "en", "host_origin": SHOP, "key": "pk_test"})

    assert answer.status == 403
    assert (await page_of(stage, session).open())["next_pane"] == "bank"


async def test_other_versions_read_a_hosted_session_without_what_previews_show(stage: Stage) -> None:
    session = await create(stage, *HOSTED)

    newest = await session_now(stage, session["id"], NEWEST)

    assert newest["client_secret"] is None
    assert not newest.keys() & {"hosted", "status", "ui_mode", "url"}


async def test_the_bank_sends_nobody_past_the_page(stage: Stage) -> None:
    session = await create(stage, ("ui_mode", "hosted"), ("return_url", f"{SHOP}/back"))
    view = await page_of(stage, session).to_login()
    browser = stage.browser()

    answer = await browser.visit(await browser.sign_in(view["login"]["bridge_url"]))

    assert answer.status == 200
    assert session["hosted"]["return_url"] == f"{SHOP}/back"


async def test_an_address_is_gone_when_its_time_is_over(stage: Stage) -> None:
    session = await create(stage, *HOSTED)

    stage.hands.seconds += 24 * 60 * 60

    assert (await session_now(stage, session["id"]))["url"] is None


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ([("ui_mode", "hosted"), ("hosted[return_url]", "http://shop.example")], "hosted[return_url]"),
        ([("hosted[return_url]", f"{SHOP}/back")], "hosted"),
        ([("ui_mode", "window")], "ui_mode"),
        ([("ui_mode", "hosted"), ("hosted[delivery_method]", "email")], "hosted[delivery_method]"),
    ],
)
async def test_a_page_that_cannot_be_is_refused_by_name(
    stage: Stage, more: list[tuple[str, str]], param: str
) -> None:
    refused = await create(stage, *more)

    assert refused["error"]["param"] == param


@pytest.mark.parametrize("version", [NEWEST, "2026-02-25.preview"])
async def test_a_version_without_hosted_sessions_does_not_know_the_parameter(
    stage: Stage, version: str
) -> None:
    refused = await create(stage, ("ui_mode", "hosted"), version=version)

    assert refused["error"]["code"] == "parameter_unknown"


@pytest.mark.parametrize("version", PREVIEWS)
async def test_every_preview_tells_how_a_session_stands(stage: Stage, version: str) -> None:
    session = await create(stage, version=version)

    assert session["status"] == "pending"
    assert ("ui_mode" in session) == (version >= "2026-03-25")
    assert session["client_secret"]


async def test_a_session_of_another_version_ends_as_previews_tell(stage: Stage) -> None:
    session = await stage.session()

    await stage.modal(session).to_done()

    shown = await session_now(stage, session["id"])
    assert (shown["status"], shown["ui_mode"], shown["hosted"]) == ("succeeded", "modal", None)
    (event,) = await endings(stage)
    assert event["api_version"] == NEWEST_PREVIEW
    assert event["data"]["previous_attributes"] == {"status": "pending"}
    told = event["data"]["object"]
    assert told["accounts"]["data"]
    assert told | {"accounts": None} == shown | {"accounts": None, "client_secret": None}


async def test_who_leaves_cancels(stage: Stage) -> None:
    session = await stage.session()
    modal = stage.modal(session)
    await modal.to_accounts()

    await modal.step("close")

    shown = await session_now(stage, session["id"])
    assert (shown["status"], shown["status_details"]) == ("cancelled", {"cancelled": {"reason": "other"}})
    assert len(await endings(stage)) == 1


async def test_who_could_not_go_on_fails(stage: Stage) -> None:
    session = await stage.session()
    modal = stage.modal(session)
    bridge = (await modal.to_login())["login"]["bridge_url"]
    browser = stage.browser()
    await browser.visit(await browser.sign_in(bridge, choice="deny"))

    await modal.step("close")

    shown = await session_now(stage, session["id"])
    assert shown["status"] == "failed"
    assert "status_details" not in shown


async def test_closing_what_was_linked_changes_nothing(stage: Stage) -> None:
    session = await stage.session()
    modal = stage.modal(session)
    await modal.to_done()

    await modal.step("close")

    assert (await session_now(stage, session["id"]))["status"] == "succeeded"
    assert len(await endings(stage)) == 1
