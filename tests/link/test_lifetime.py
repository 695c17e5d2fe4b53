"""A Session goes on in whichever tab it is opened, is completed once, and ends when its time has passed."""

from functools import partial
from typing import Any, Final

import anyio
import pytest

from linkspan.server.core.session import EXTENSION_SECONDS, EXTENSIONS_MAX, LIFETIME_SECONDS
from linkspan.server.core.version import NEWEST_PREVIEW
from linkspan.server.operations.linking import lifetime
from tests.link.stage import FERRYDESK, NOW, Modal, Stage

pytestmark = pytest.mark.anyio

ENDS_AT: Final = NOW + LIFETIME_SECONDS


class Tab:
    """One of several tabs in which the modal of a Session stands open."""

    def __init__(self, modal: Modal, name: str) -> None:
        self.modal = modal
        self.name = name
        self.view: dict[str, Any] = {}

    async def open(self) -> dict[str, Any]:
        return await self._sent("open", {"host_origin": self.modal.origin, "key": self.modal.key})

    async def take(self, step: str, **form: Any) -> dict[str, Any]:
        """Take a step from the View this tab shows, and show what came of it."""
        return await self._sent(step, {**form, "version": self.view["version"]})

    async def _sent(self, step: str, form: dict[str, Any]) -> dict[str, Any]:
        answer = await self.modal.ask("POST", step, {**form, "tab": self.name})
        assert answer.status == 200, answer.text
        self.view = answer.json()
        return self.view


async def two_tabs(stage: Stage) -> tuple[Tab, Tab, dict[str, Any]]:
    """Two tabs in which one Session was opened, with it."""
    session = await stage.session()
    one, other = (Tab(stage.modal(session), name) for name in ("one", "other"))
    await one.open()
    await other.open()
    return one, other, session


async def now(stage: Stage, session: dict[str, Any]) -> dict[str, Any]:
    """The Session as previews show it."""
    path = f"financial_connections/sessions/{session['id']}"
    shown: dict[str, Any] = (await stage.api("GET", path, version=NEWEST_PREVIEW)).json()
    return shown


async def told(stage: Stage) -> list[dict[str, Any]]:
    """What was told of Sessions that ended."""
    happened = await stage.api(
        "GET", "events?type=financial_connections.session.updated", version=NEWEST_PREVIEW
    )
    events: list[dict[str, Any]] = happened.json()["data"]
    return events


async def test_another_tab_goes_on_where_the_first_one_stood(stage: Stage) -> None:
    one, other, _ = await two_tabs(stage)
    await one.take("bank", institution="fcinst_quillstone")

    view = await other.open()

    assert view["next_pane"] == "consent"
    assert not view["continued_elsewhere"]


async def test_a_tab_left_behind_agrees_to_nothing_it_does_not_show(stage: Stage) -> None:
    one, other, _ = await two_tabs(stage)
    await one.take("bank", institution="fcinst_quillstone")
    await other.open()
    await one.take("back")
    await one.take("bank", institution="fcinst_saltmeadow")

    view = await other.take("consent")

    assert view["continued_elsewhere"]
    assert (view["next_pane"], view["consent"]["institution"]["name"]) == ("consent", "Saltmeadow Trust")
    assert await stage.rows("SELECT id FROM consents") == []
    assert (await other.take("consent"))["next_pane"] == "login"


async def test_a_tab_left_behind_neither_enters_nor_leaves_anything(stage: Stage) -> None:
    one, other, _ = await two_tabs(stage)
    await one.take("bank", institution=FERRYDESK)
    await one.take("consent")
    old = await other.open()
    await one.take("answer", answer={"user_id": "sam", "password": "not the password"})
    asked = len(stage.wire.asked)

    view = await other.take("answer", answer={"user_id": "sam", "password": "not the password"})
    assert view["continued_elsewhere"]
    assert len(stage.wire.asked) == asked
    other.view = old
    view = await other.take("close")

    assert (view["continued_elsewhere"], view["next_pane"]) == (True, "login_form")
    assert view["result"]["financialConnectionsSession"]["accounts"] == []
    assert (await one.take("back"))["next_pane"] == "bank"


async def test_a_tab_whose_answer_got_lost_is_not_another_one(stage: Stage) -> None:
    one, _, _ = await two_tabs(stage)
    before = one.view
    await one.take("bank", institution="fcinst_quillstone")
    one.view = before

    view = await one.take("bank", institution="fcinst_quillstone")

    assert (view["continued_elsewhere"], view["next_pane"]) == (False, "consent")


async def test_two_tabs_that_complete_at_once_link_once(stage: Stage) -> None:
    one, other, session = await two_tabs(stage)
    view = await stage.modal(session).to_accounts("avery")
    ids = [row["id"] for row in view["accounts"]["accounts"] if row["eligible"]]
    await one.open()
    await other.open()

    async with anyio.create_task_group() as tasks:
        for tab, chosen in [(one, ids[:1]), (other, ids[1:3])] * 3:
            tasks.start_soon(partial(tab.take, "accounts", accounts=chosen, kinds={}))

    accounts = await stage.accounts(session["id"])
    assert len(accounts) in {1, 2}
    assert len(await stage.rows("SELECT id FROM authorizations")) == 1
    (ended,) = await told(stage)
    assert ended["data"]["object"]["status"] == "succeeded"
    assert {tab.view["next_pane"] for tab in (one, other)} == {"done"}
    results = [tab.view["result"]["financialConnectionsSession"]["accounts"] for tab in (one, other)]
    assert results[0] == results[1]
    assert {each["id"] for each in results[0]} == {each["id"] for each in accounts}


async def test_two_tabs_that_close_and_complete_at_once_end_it_once(stage: Stage) -> None:
    one, other, session = await two_tabs(stage)
    view = await stage.modal(session).to_accounts()
    await one.open()
    await other.open()
    ids = [view["accounts"]["accounts"][0]["id"]]

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(partial(one.take, "accounts", accounts=ids, kinds={}))
        tasks.start_soon(other.take, "close")

    assert len(await told(stage)) == 1
    status, accounts = (await now(stage, session))["status"], await stage.accounts(session["id"])
    assert (status, len(accounts)) in {("succeeded", 1), ("cancelled", 0)}


@pytest.mark.parametrize(
    ("name", "value", "param"),
    [("version", "3", "version"), ("version", True, "version"), ("tab", 3, "tab"), ("tab", "x" * 65, "tab")],
)
async def test_a_stamp_that_is_none_is_refused(stage: Stage, name: str, value: object, param: str) -> None:
    modal = stage.modal(await stage.session())
    await modal.open()

    answer = await modal.ask("POST", "bank", {"institution": "fcinst_quillstone", name: value})

    assert (answer.status, answer.json()["error"]["param"]) == (400, param)
    assert (await modal.view())["next_pane"] == "bank"


async def test_more_time_is_given_to_whoever_is_there_ten_times(stage: Stage) -> None:
    modal = stage.modal(await stage.session())
    view = await modal.to_login()
    assert (view["expires_at"], view["extensible"]) == (ENDS_AT, True)
    bridge = view["login"]["bridge_url"]

    for _ in range(EXTENSIONS_MAX):
        stage.hands.seconds = view["expires_at"] - 60
        view = await modal.step("extend")
        assert view["expires_at"] == stage.hands.seconds + EXTENSION_SECONDS
        assert view["login"]["bridge_url"] == bridge
    assert not view["extensible"]
    stage.hands.seconds = view["expires_at"] - 60
    assert (await modal.step("extend"))["expires_at"] == view["expires_at"]

    browser = stage.browser()
    await browser.visit(await browser.sign_in(bridge))
    assert (await modal.view())["next_pane"] == "accounts"


async def test_nobody_is_given_time_they_have(stage: Stage) -> None:
    modal = stage.modal(await stage.session())
    await modal.open()

    view = await modal.step("extend")

    assert (view["expires_at"], view["extensible"]) == (ENDS_AT, True)


async def test_what_was_agreed_to_holds_as_long_as_the_session(stage: Stage) -> None:
    modal = stage.modal(await stage.session())
    await modal.to_login()
    stage.hands.seconds = ENDS_AT - 60

    view = await modal.step("extend")

    (doc,) = await stage.rows("SELECT doc FROM consents")
    assert f'"until":{view["expires_at"]}'.encode() in doc[0]


@pytest.mark.parametrize("step", ["open", "extend", "view", "close"])
async def test_an_expired_session_says_so_and_what_becomes_of_it(stage: Stage, step: str) -> None:
    session = await stage.session()
    modal = stage.modal(session)
    await modal.open()
    stage.hands.seconds = ENDS_AT

    form = {"host_origin": modal.origin, "key": modal.key}
    answer = await modal.ask("GET" if step == "view" else "POST", step, None if step == "view" else form)

    assert (answer.status, answer.json()["error"]["code"]) == (400, "session_expired")
    ended = await now(stage, session)
    assert (ended["status"], ended["status_details"]) == ("cancelled", {"cancelled": {"reason": "other"}})


async def test_a_session_overtaken_in_its_middle_is_ended_and_told_of_once(stage: Stage) -> None:
    opened, never = await stage.session(), await stage.session()
    await stage.modal(opened).to_login()
    done = await stage.session()
    await stage.modal(done).to_done()
    before = len(await told(stage))
    assert not await stage.store.read(lambda tx: lifetime.is_any_over(tx, stage.context))

    stage.hands.seconds = ENDS_AT
    assert await stage.store.read(lambda tx: lifetime.is_any_over(tx, stage.context))
    assert [await lifetime.end_over(stage.context) for _ in range(2)] == [1, 0]

    events = await told(stage)
    assert len(events) == before + 1
    assert events[0]["data"]["object"]["id"] == opened["id"]
    assert events[0]["data"]["previous_attributes"] == {"status": "pending"}
    for session, status in ((opened, "cancelled"), (never, "cancelled"), (done, "succeeded")):
        assert (await now(stage, session))["status"] == status


async def test_old_news_is_no_news(stage: Stage) -> None:
    session = await stage.session()
    await stage.modal(session).to_login()
    stage.hands.seconds = ENDS_AT + LIFETIME_SECONDS

    assert await lifetime.end_over(stage.context) == 1

    assert await told(stage) == []
    assert (await now(stage, session))["status"] == "cancelled"
