"""The steps of the modal: each answers what to show next, and nothing takes one out of turn."""

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.link.stage import CAUSEWAY, QUILLSTONE, Modal, Stage

pytestmark = pytest.mark.anyio

CONTRACT = Path(__file__).parents[2] / "contract" / "link"
STEPS: Mapping[str, Mapping[str, Any]] = {
    "bank": {"institution": QUILLSTONE},
    "consent": {},
    "back": {},
    "retry": {},
    "answer": {"answer": {"token": ""}, "version": 1},
    "accounts": {"accounts": []},
    "manual": {},
    "numbers": {"routing_number": "110000000", "account_number": "000123456789", "account_type": "checking"},
    "close": {},
}
# The steps each pane offers; the others must leave it as it is.
OFFERED = {
    "bank": {"bank", "close"},
    "consent": {"consent", "back", "close"},
    "login": {"back", "close"},
    "login_form": {"answer", "back", "close"},
    "accounts": {"accounts", "back", "close"},
    "manual": {"numbers", "back", "close"},
    "done": {"close"},
    "error": {"retry", "back", "close"},
    "closed": {"close"},
}


async def at(stage: Stage, pane: str) -> tuple[Modal, dict[str, Any]]:
    """A modal that shows *pane*, with its View."""
    if pane == "manual":
        return await at_typing(stage)
    modal = stage.modal(await stage.session())
    ways: Mapping[str, Callable[[], Awaitable[dict[str, Any]]]] = {
        "bank": modal.open,
        "consent": modal.choose_bank,
        "login": modal.to_login,
        "login_form": partial(modal.to_login, CAUSEWAY),
        "accounts": modal.to_accounts,
        "done": modal.to_done,
        "closed": partial(modal.step, "close"),
        "error": partial(to_error, modal),
    }
    await modal.open()
    view = await ways[pane]()
    assert view["next_pane"] == pane
    return modal, view


async def to_error(modal: Modal) -> dict[str, Any]:
    """Go as far as a sign-in that failed."""
    browser = modal.stage.browser()
    bridge = (await modal.to_login())["login"]["bridge_url"]
    await browser.visit(await browser.sign_in(bridge, choice="deny"))
    return await modal.view()


async def at_typing(stage: Stage) -> tuple[Modal, dict[str, Any]]:
    """The same for the pane that only some programs let people come to."""
    modal = stage.modal(await stage.session(("manual_entry[mode]", "automatic")))
    await modal.open(purpose="token")
    return modal, await modal.step("manual")


def shape(value: Any) -> Any:
    """The keys of a value, all the way down; a list has the shape of its first element."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items() if name != "result"}
    return [shape(inner) for inner in value[:1]] if isinstance(value, list) else None


async def test_the_steps_lead_from_a_bank_to_linked_accounts(stage: Stage) -> None:
    session = await stage.session()

    view = await stage.modal(session).to_done()

    linked = await stage.accounts(session["id"])
    assert view["next_pane"] == "done"
    assert len(linked) == 2
    result = view["result"]["financialConnectionsSession"]["accounts"]
    assert sorted(result, key=lambda each: each["id"]) == linked[::-1]


@pytest.mark.parametrize("pane", OFFERED)
async def test_a_view_has_the_keys_of_its_example(stage: Stage, pane: str) -> None:
    _, view = await at(stage, pane)

    example = json.loads((CONTRACT / f"{pane}.json").read_text())
    assert shape(view) == shape(example)
    assert ("result" in view) == ("result" in example)


@pytest.mark.parametrize("pane", OFFERED)
async def test_a_step_that_does_not_fit_changes_nothing(stage: Stage, pane: str) -> None:
    modal, view = await at(stage, pane)

    for name in STEPS.keys() - OFFERED[pane]:
        answer = await modal.ask("POST", name, STEPS[name])

        assert (name, answer.status, answer.json()) == (name, 200, view)


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer nobody", "Basic bm9ib2R5"])
async def test_no_client_secret_is_refused_in_stripes_words(stage: Stage, authorization: str | None) -> None:
    headers = {} if authorization is None else {"authorization": authorization}

    answer = await stage.ask("GET", "/link/view", headers)

    assert answer.status == 401
    assert answer.json()["error"]["param"] == "client_secret"
    assert answer.header("request-id").startswith("req_")


async def test_an_address_that_is_not_served_is_said_so(stage: Stage) -> None:
    answer = await stage.ask("GET", "/link/nowhere")

    assert answer.status == 404
    assert answer.json()["error"]["message"] == "Unrecognized request URL (GET: /link/nowhere)."


@pytest.mark.parametrize("body", [b"[]", b"{", b"null", b"\xff"])
async def test_a_body_that_is_no_object_is_refused(stage: Stage, body: bytes) -> None:
    session = await stage.session()
    headers = {"authorization": f"Bearer {session['client_secret']}"}

    answer = await stage.ask("POST", "/link/open", headers, body)

    assert (answer.status, answer.json()["error"]["type"]) == (400, "invalid_request_error")


async def test_a_body_larger_than_any_step_is_refused(stage: Stage) -> None:
    modal, _ = await at(stage, "bank")

    answer = await modal.ask("POST", "bank", {"institution": "x" * 70_000})

    assert answer.status == 413


async def test_a_session_opens_in_one_site_only(stage: Stage) -> None:
    session = await stage.session()
    await stage.modal(session).open()

    opening = {"locale": "en", "host_origin": "https://evil.example", "key": "pk_test"}
    answer = await stage.modal(session).ask("POST", "open", opening)

    assert answer.status == 403
    assert (await stage.modal(session).open())["next_pane"] == "bank"


@pytest.mark.parametrize(
    "origin", ["", "javascript:alert(1)", "https://", "https://a b", "https://shop.example/x"]
)
async def test_an_origin_that_is_none_opens_nothing(stage: Stage, origin: str) -> None:
    session = await stage.session()

    answer = await stage.modal(session).ask("POST", "open", {"host_origin": origin})

    assert (answer.status, answer.json()["error"]["param"]) == (400, "host_origin")
    assert (await stage.modal(session).view())["version"] == 0


async def test_a_closed_session_is_not_opened_again(stage: Stage) -> None:
    modal, view = await at(stage, "closed")

    answer = await modal.ask("POST", "open", {"host_origin": modal.origin})

    assert answer.status == 400
    assert answer.json()["error"]["code"] == "financial_connections_session_already_used"
    assert await modal.view() == view


async def test_a_session_ends_after_a_day(stage: Stage) -> None:
    modal, view = await at(stage, "login")
    stage.hands.seconds = view["expires_at"]

    answers = [await modal.ask("GET", "view"), await modal.ask("POST", "back", {})]

    assert [answer.json()["error"]["code"] for answer in answers] == ["session_expired"] * 2


async def test_one_client_secret_shows_nothing_of_another_session(stage: Stage) -> None:
    await at(stage, "done")
    other = await stage.session()

    view = await stage.modal(other).view()

    assert (view["session"], view["next_pane"]) == (other["id"], "bank")


async def test_an_institution_nobody_offers_is_refused_by_name(stage: Stage) -> None:
    modal, _ = await at(stage, "bank")

    answer = await modal.ask("POST", "bank", {"institution": "fcinst_nobody"})

    assert (answer.status, answer.json()["error"]["param"]) == (400, "institution")


async def refused_choice(modal: Modal, chosen: list[Any]) -> str:
    """The parameter that a choice is refused for; the pane must stay."""
    before = await modal.view()
    answer = await modal.ask("POST", "accounts", {"accounts": chosen})
    assert answer.status == 400
    assert await modal.view() == before
    return str(answer.json()["error"]["param"])


async def test_a_session_for_one_account_takes_one(stage: Stage) -> None:
    session = await stage.session(("limits[accounts]", "1"))
    modal = stage.modal(session)
    view = await modal.to_accounts()
    shown = view["accounts"]["accounts"]
    first, second = (each["id"] for each in shown)

    assert (view["multiple"], view["accounts"]["limit"]) == (False, 1)
    assert [each["selected"] for each in shown] == [True, False]
    assert await refused_choice(modal, [first, second]) == "accounts"
    assert (await modal.choose([second]))["next_pane"] == "done"
    assert len(await stage.accounts(session["id"])) == 1


async def test_an_account_that_may_not_be_linked_is_refused_by_place(stage: Stage) -> None:
    modal = stage.modal(await stage.session(("filters[account_subcategories][]", "savings")))
    shown = (await modal.to_accounts())["accounts"]["accounts"]
    savings, checking = shown

    assert [each["eligible"] for each in shown] == [True, False]
    assert checking["reason"] == "Only these kinds can be linked here: Savings."
    assert await refused_choice(modal, [savings["id"], checking["id"]]) == "accounts[1]"


async def test_an_account_is_not_chosen_twice(stage: Stage) -> None:
    modal, view = await at(stage, "accounts")
    first = view["accounts"]["accounts"][0]["id"]

    assert await refused_choice(modal, [first, first]) == "accounts[1]"


async def test_candidates_of_another_session_cannot_be_chosen(stage: Stage) -> None:
    _, theirs = await at(stage, "accounts")
    modal, _ = await at(stage, "accounts")

    assert await refused_choice(modal, [theirs["accounts"]["accounts"][0]["id"]]) == "accounts[0]"


@pytest.mark.parametrize("chosen", [[], [1], ["fccand_nobody"], [None]])
async def test_a_choice_that_is_none_is_refused(stage: Stage, chosen: list[Any]) -> None:
    modal, _ = await at(stage, "accounts")

    assert (await refused_choice(modal, chosen)).startswith("accounts")


async def test_choosing_again_links_nothing_more(stage: Stage) -> None:
    modal, view = await at(stage, "accounts")
    ids = [each["id"] for each in view["accounts"]["accounts"]]
    done = await modal.choose(ids)

    assert await modal.choose(ids) == done
    assert len(await stage.accounts(view["session"])) == len(ids)


async def test_no_session_is_sent_to_banks_without_end(stage: Stage) -> None:
    modal, _ = await at(stage, "login")

    for _ in range(99):
        await modal.step("back")
        await modal.choose_bank()
        await modal.step("consent")
    await modal.step("back")
    await modal.choose_bank()

    assert (await modal.ask("POST", "consent", {})).status == 429


async def test_a_balance_is_what_can_be_spent_else_what_is_posted(stage: Stage) -> None:
    session = await stage.session()
    modal = stage.modal(session)
    shown = (await modal.to_accounts("avery"))["accounts"]["accounts"]

    await modal.choose([each["id"] for each in shown if each["eligible"]])

    amounts = {each["display_name"]: each["balance"]["amount"] for each in shown}
    kept = {each["display_name"]: each["balance"] for each in await stage.accounts(session["id"])}
    checking, card = kept["Household"], kept["Rewards Credit Card"]
    assert checking["cash"]["available"] != checking["current"]
    assert amounts["Household"] == checking["cash"]["available"]["usd"]
    assert amounts["Rewards Credit Card"] == card["current"]["usd"]
