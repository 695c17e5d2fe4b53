"""The bank's tab: an answer counts once, in the browser that went, while somebody waits for it."""

from typing import Any
from urllib.parse import urlencode, urljoin

import pytest

from linkspan.server.connectors.http import Request, Response
from tests.link.stage import BANK, CALLBACK, SERVER, Browser, Modal, Stage
from tests.link.wire import Answer, Fault, query_of

pytestmark = pytest.mark.anyio


class Trip:
    """A modal whose person has signed in and is about to be sent back."""

    def __init__(
        self, stage: Stage, modal: Modal, browser: Browser, bridge: str, answer: dict[str, str]
    ) -> None:
        self.stage, self.modal, self.browser, self.bridge, self.answer = stage, modal, browser, bridge, answer

    async def come_back(self, browser: Browser | None = None, **changes: str | None) -> Answer:
        """Bring the bank's answer, changed; a change to None leaves the parameter out."""
        changed = {name: value for name, value in (self.answer | changes).items() if value is not None}
        return await (browser or self.browser).visit(f"{CALLBACK}?{urlencode(changed)}")

    async def pane(self) -> str:
        view = await self.modal.view()
        return str(view["next_pane"])


@pytest.fixture
async def trip(stage: Stage) -> Trip:
    return await set_out(stage)


async def set_out(stage: Stage) -> Trip:
    modal, browser = stage.modal(await stage.session()), stage.browser()
    bridge = (await modal.to_login())["login"]["bridge_url"]
    return Trip(stage, modal, browser, bridge, query_of(await browser.sign_in(bridge)))


def is_refused(answer: Answer) -> bool:
    return (answer.status, "ls-page-refused" in answer.text) == (400, True)


async def test_an_answer_that_is_brought_back_leads_to_the_accounts(trip: Trip) -> None:
    answer = await trip.come_back()

    assert (answer.status, await trip.pane()) == (200, "accounts")


@pytest.mark.parametrize("state", [None, "", "fcstate_nobody", "fcstate_" + "0" * 24])
async def test_an_answer_with_another_state_is_refused(trip: Trip, state: str | None) -> None:
    answer = await trip.come_back(state=state)

    assert is_refused(answer)
    assert (await trip.pane(), trip.stage.wire.asked) == ("login", [])


async def test_an_answer_is_taken_once(trip: Trip) -> None:
    cookies = dict(trip.browser.cookies)
    await trip.come_back()

    again = await trip.come_back(Browser(trip.stage, cookies))

    assert is_refused(again)
    assert (await trip.pane(), trip.stage.wire.count("/oauth/token")) == ("accounts", 1)


async def test_a_browser_without_the_cookie_brings_nothing(trip: Trip) -> None:
    answer = await trip.come_back(trip.stage.browser())

    assert is_refused(answer)
    assert (await trip.pane(), trip.stage.wire.asked) == ("login", [])


async def test_a_browser_with_the_cookie_of_another_way_brings_nothing(trip: Trip) -> None:
    other = await set_out(trip.stage)
    (theirs,) = (value for (host, _), value in other.browser.cookies.items() if host == "linkspan.example")
    stranger = trip.stage.browser()
    name = next(key for key in trip.browser.cookies if key[0] == "linkspan.example")
    stranger.cookies[name] = theirs

    answer = await trip.come_back(stranger)

    assert is_refused(answer)
    assert (await trip.pane(), trip.stage.wire.asked) == ("login", [])


async def test_the_cookie_is_kept_from_scripts_and_from_plain_http(stage: Stage) -> None:
    modal, browser = stage.modal(await stage.session()), stage.browser()
    bridge = (await modal.to_login())["login"]["bridge_url"]

    answer = await browser.open(urljoin(SERVER, bridge))

    attributes = {part.strip().lower() for part in answer.header("set-cookie").split(";")[1:]}
    assert {"httponly", "secure", "samesite=lax", "path=/link/callback"} <= attributes


async def test_a_bridge_leads_to_the_bank_once(trip: Trip) -> None:
    assert is_refused(await trip.browser.open(urljoin(SERVER, trip.bridge)))


async def test_a_modal_offers_a_fresh_bridge_after_one_was_used(trip: Trip) -> None:
    view = await trip.modal.view()

    assert view["login"]["status"] == "opened"
    assert view["login"]["bridge_url"] != trip.bridge
    assert (await trip.browser.leave_for_bank(view["login"]["bridge_url"])).startswith(BANK)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
async def test_a_bridge_opens_only_from_our_own_frame(stage: Stage, site: str) -> None:
    modal, browser = stage.modal(await stage.session()), stage.browser()
    bridge = (await modal.to_login())["login"]["bridge_url"]

    answer = await browser.open(urljoin(SERVER, bridge), site=site)

    assert is_refused(answer)
    assert browser.cookies == {}
    assert (await browser.leave_for_bank(bridge)).startswith(BANK)


async def test_asking_for_the_head_uses_nothing_up(trip: Trip) -> None:
    fresh = (await trip.modal.view())["login"]["bridge_url"]
    cookies = {"cookie": "; ".join(f"{name}={value}" for (_, name), value in trip.browser.cookies.items())}

    heads = [
        await trip.stage.ask("HEAD", fresh),
        await trip.stage.ask("HEAD", f"/link/callback?{urlencode(trip.answer)}", cookies),
    ]

    assert [head.status for head in heads] == [405, 405]
    assert (await trip.browser.leave_for_bank(fresh)).startswith(BANK)
    assert (await trip.come_back()).status == 200


async def test_a_bridge_to_nowhere_is_refused(stage: Stage) -> None:
    assert is_refused(await stage.browser().open(f"{SERVER}/link/bridge/fcbridge_nobody"))


async def test_a_bridge_ends_with_its_session(stage: Stage) -> None:
    modal = stage.modal(await stage.session())
    bridge = (await modal.to_login())["login"]["bridge_url"]
    stage.hands.seconds += 24 * 60 * 60

    assert is_refused(await stage.browser().open(urljoin(SERVER, bridge)))


async def test_an_answer_that_comes_too_late_is_refused(trip: Trip) -> None:
    trip.stage.hands.seconds += 600

    assert is_refused(await trip.come_back())
    assert (await trip.pane(), trip.stage.wire.asked) == ("login", [])


async def test_no_bank_is_asked_for_a_session_that_has_ended(stage: Stage) -> None:
    modal, browser = stage.modal(await stage.session()), stage.browser()
    bridge = (await modal.to_login())["login"]["bridge_url"]
    stage.hands.seconds += 24 * 60 * 60 - 1
    back = await browser.sign_in(bridge)
    stage.hands.seconds += 2

    assert is_refused(await browser.visit(back))
    assert stage.wire.asked == []


async def test_a_session_that_ends_while_the_bank_speaks_keeps_no_grant(stage: Stage) -> None:
    modal, browser = stage.modal(await stage.session()), stage.browser()
    bridge = (await modal.to_login())["login"]["bridge_url"]
    stage.hands.seconds += 24 * 60 * 60 - 1
    back = await browser.sign_in(bridge)
    stage.wire.faults["/accounts"] = passing(stage, seconds=2)

    await browser.visit(back)
    await stage.sweep()

    (token,) = stage.wire.tokens()
    assert not stage.is_good_at_the_bank(token)


def passing(stage: Stage, *, seconds: int) -> Fault:
    """A bank that takes its time."""

    async def slow(request: Request, deliver: Any) -> Response:
        stage.hands.seconds += seconds
        answer: Response = await deliver(request)
        return answer

    return slow


@pytest.mark.parametrize("issuer", [None, "", f"{BANK}/oldferry", "https://evil.example"])
async def test_an_answer_of_another_issuer_is_not_used(trip: Trip, issuer: str | None) -> None:
    await trip.come_back(iss=issuer)

    view = await trip.modal.view()
    assert (view["next_pane"], view["error"]["reason"]) == ("error", "login_refused")
    assert trip.stage.wire.asked == []


async def test_a_refusal_of_another_issuer_is_not_believed(trip: Trip) -> None:
    await trip.come_back(error="access_denied", iss="https://evil.example", code=None)

    assert (await trip.modal.view())["error"]["reason"] == "login_refused"


async def test_a_code_of_another_session_links_nothing(trip: Trip) -> None:
    victim = await set_out(trip.stage)

    await trip.come_back(code=victim.answer["code"])

    view = await trip.modal.view()
    assert (view["next_pane"], view["error"]["reason"]) == ("error", "login_refused")
    assert trip.stage.wire.tokens() == []


@pytest.mark.parametrize("name", ["state", "code", "iss", "unknown"])
async def test_a_parameter_sent_twice_is_no_answer(trip: Trip, name: str) -> None:
    pairs = [*trip.answer.items(), (name, "other"), (name, "another")]

    assert is_refused(await trip.browser.visit(f"{CALLBACK}?{urlencode(pairs)}"))
    assert (await trip.pane(), trip.stage.wire.asked) == ("login", [])


@pytest.mark.parametrize(
    "query", [f"code={'x' * 4001}", "&".join(f"p{number}=1" for number in range(21)), "", "%ff=%00&state=%ff"]
)
async def test_what_is_no_answer_is_refused(trip: Trip, query: str) -> None:
    assert is_refused(await trip.browser.visit(f"{CALLBACK}?{query}&state={trip.answer['state']}&state="))
    assert is_refused(await trip.browser.visit(f"{CALLBACK}?{query}"))


@pytest.mark.parametrize("step", ["back", "close"])
async def test_nobody_comes_back_to_what_was_left(trip: Trip, step: str) -> None:
    left = await trip.modal.step(step)

    assert is_refused(await trip.come_back())
    assert await trip.pane() == left["next_pane"]
    assert trip.stage.wire.asked == []


@pytest.mark.parametrize("step", ["back", "close"])
async def test_a_grant_that_arrives_after_leaving_is_ended_at_the_bank(trip: Trip, step: str) -> None:
    async def leave_meanwhile(request: Request, deliver: Any) -> Response:
        answer: Response = await deliver(request)
        await trip.modal.step(step)
        return answer

    trip.stage.wire.faults["/oauth/token"] = leave_meanwhile

    await trip.come_back()
    await trip.stage.sweep()

    (token,) = trip.stage.wire.tokens()
    assert not trip.stage.is_good_at_the_bank(token)
    assert await trip.pane() == {"back": "bank", "close": "closed"}[step]


async def test_of_two_tabs_that_return_the_first_one_counts(trip: Trip) -> None:
    second = (await trip.modal.view())["login"]["bridge_url"]
    late = await trip.browser.sign_in(second, "avery")
    raced: list[Answer] = []

    async def overtaken(request: Request, deliver: Any) -> Response:
        trip.stage.wire.faults.clear()
        raced.append(await trip.browser.visit(late))
        answer: Response = await deliver(request)
        return answer

    trip.stage.wire.faults["/oauth/token"] = overtaken
    await trip.come_back()
    await trip.stage.sweep()

    view = await trip.modal.view()
    names = {each["display_name"] for each in view["accounts"]["accounts"]}
    first, lost = trip.stage.wire.tokens()
    assert raced[0].status == 200
    assert "Household" in names
    assert [trip.stage.is_good_at_the_bank(each) for each in (first, lost)] == [True, False]


async def test_a_tab_that_returns_when_accounts_were_found_asks_no_bank(trip: Trip) -> None:
    second = (await trip.modal.view())["login"]["bridge_url"]
    late = await trip.browser.sign_in(second)
    await trip.come_back()

    assert is_refused(await trip.browser.visit(late))
    assert (await trip.pane(), trip.stage.wire.count("/oauth/token")) == ("accounts", 1)


async def test_saying_no_in_one_tab_does_not_undo_yes_in_the_other(trip: Trip) -> None:
    second = (await trip.modal.view())["login"]["bridge_url"]
    no = await trip.browser.sign_in(second, choice="deny")

    await trip.browser.visit(no)
    denied = await trip.pane()
    await trip.come_back()

    assert (denied, await trip.pane()) == ("error", "accounts")


async def test_a_person_is_sent_on_to_the_page_their_merchant_named(stage: Stage) -> None:
    modal = stage.modal(await stage.session(("return_url", "rocketrides://linked")))
    browser = stage.browser()
    back = await browser.sign_in((await modal.to_login())["login"]["bridge_url"])

    answer = await browser.visit(back)

    assert (answer.status, answer.header("location")) == (303, "rocketrides://linked")


async def test_what_the_bank_answers_never_decides_where_a_person_goes(trip: Trip) -> None:
    answer = await trip.come_back(return_url="https://evil.example", redirect_uri="//evil.example")

    assert (answer.status, answer.header("location")) == (200, "")
