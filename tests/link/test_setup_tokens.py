"""A bridge is linked with a token that a person pastes, once, and whose kinds of account they tell."""

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from linkspan.server.connectors.http import Request, Response
from linkspan.server.operations import refreshes
from linkspan.server.store.sqlite import open_store
from linkspan.standards.simplefin import read_setup_token
from tests.link.stage import CAUSEWAY, Modal, Stage, set_up
from tests.link.test_relinks import relink
from tests.link.wire import Deliver, Fault, down, silent

pytestmark = pytest.mark.anyio


async def at_the_form(stage: Stage, *more: tuple[str, str]) -> tuple[Modal, dict[str, Any]]:
    """A modal that asks for a setup token, with its Session."""
    session = await stage.session(*more)
    modal = stage.modal(session)
    view = await modal.to_login(CAUSEWAY)
    assert view["next_pane"] == "login_form"
    return modal, session


async def token_for(stage: Stage, modal: Modal, person: str = "sam") -> str:
    page = (await modal.view())["login_form"]["help"]["url"]
    return await stage.browser().get_setup_token(page, person)


def of_name(view: dict[str, Any], name: str) -> str:
    """The candidate with a name."""
    rows: list[dict[str, str]] = view["accounts"]["accounts"]
    return next(row["id"] for row in rows if row["display_name"] == name)


async def refreshed(stage: Stage, account: str, *features: str) -> dict[str, Any]:
    """The account after *features* were refreshed."""
    stage.hands.seconds += 1
    form = [("features[]", feature) for feature in features]
    answer = await stage.api("POST", f"financial_connections/accounts/{account}/refresh", form)
    assert answer.status == 200, answer.text
    await refreshes.carry_out(stage.context)
    shown: dict[str, Any] = (await stage.api("GET", f"financial_connections/accounts/{account}")).json()
    return shown


def word_of(token: str) -> str:
    """What makes a token good, once."""
    return read_setup_token(token).rpartition("/")[2]


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def answering(status: int, body: bytes = b"{}") -> Fault:
    async def answer(_request: Request, _deliver: Deliver) -> Response:
        return Response(status=status, body=body)

    return answer


async def test_a_pasted_token_links_accounts_of_the_kinds_their_holder_tells(stage: Stage) -> None:
    modal, session = await at_the_form(stage, ("permissions[]", "transactions"))

    view = await modal.answer(token=await token_for(stage, modal))
    rows = view["accounts"]["accounts"]
    by_name = {row["display_name"]: row for row in rows}
    assert all(row["asks_kind"] and row["subcategory"] == "other" for row in rows)
    chosen = by_name["Campus Checking"]["id"]
    view = await modal.choose([chosen], {chosen: "checking"})

    assert view["next_pane"] == "done"
    (account,) = await stage.accounts(session["id"])
    assert (account["category"], account["subcategory"]) == ("cash", "checking")
    assert account["balance"]["cash"]["available"] is not None
    assert account["supported_payment_method_types"] == []


async def test_credit_that_is_left_on_a_card_is_never_called_cash(stage: Stage) -> None:
    modal, session = await at_the_form(stage)
    view = await modal.answer(token=await token_for(stage, modal, "avery"))
    card = of_name(view, "Rewards Credit Card")

    await modal.choose([card], {card: "credit_card"})

    (account,) = await stage.accounts(session["id"])
    balance = (await refreshed(stage, account["id"], "balance"))["balance"]
    assert balance["type"] == "credit"
    assert balance["credit"]["used"] == balance["current"]
    assert balance["current"]["usd"] < 0


async def test_balances_and_transactions_are_refreshed_from_the_bridge(stage: Stage) -> None:
    modal, session = await at_the_form(stage, ("permissions[]", "transactions"))
    view = await modal.answer(token=await token_for(stage, modal, "avery"))
    card = of_name(view, "Rewards Credit Card")
    await modal.choose([card], {card: "credit_card"})
    (linked,) = await stage.accounts(session["id"])

    account = await refreshed(stage, linked["id"], "balance", "transactions")

    assert account["balance_refresh"]["status"] == account["transaction_refresh"]["status"] == "succeeded"
    listed = (
        await stage.api("GET", f"financial_connections/transactions?account={account['id']}&limit=100")
    ).json()
    assert {row["status"] for row in listed["data"]} == {"pending", "posted"}
    assert min(row["transacted_at"] for row in listed["data"]) > stage.hands.seconds - 181 * 86_400
    assert len(listed["data"]) > 30


@pytest.mark.parametrize("accepted", ["checking", "savings"])
async def test_a_session_for_some_kinds_takes_no_account_before_its_kind_is_said(
    stage: Stage, accepted: str
) -> None:
    modal, _ = await at_the_form(stage, ("filters[account_subcategories][]", accepted))
    view = await modal.answer(token=await token_for(stage, modal))
    accounts = view["accounts"]
    chosen = accounts["accounts"][0]["id"]

    assert (accounts["kinds"], accounts["must_say_kind"]) == ([accepted], True)
    for kinds, param in (({}, f"kinds[{chosen}]"), ({chosen: "mortgage"}, "accounts[0]")):
        answer = await modal.ask("POST", "accounts", {"accounts": [chosen], "kinds": kinds})
        assert (answer.status, answer.json()["error"]["param"]) == (400, param)
    view = await modal.choose([chosen], {chosen: accepted})
    assert view["next_pane"] == "done"


@pytest.mark.parametrize("kinds", [{"fccand_none": "checking"}, {"": ""}, [], {"x": 1}])
async def test_kinds_of_what_was_not_asked_are_refused(stage: Stage, kinds: object) -> None:
    modal, session = await at_the_form(stage)
    view = await modal.answer(token=await token_for(stage, modal))
    chosen = view["accounts"]["accounts"][0]["id"]

    answer = await modal.ask("POST", "accounts", {"accounts": [chosen], "kinds": kinds})

    assert answer.status == 400
    assert answer.json()["error"]["param"].startswith("kinds")
    assert await stage.accounts(session["id"]) == []


async def test_a_kind_the_bank_tells_is_the_banks_to_tell(stage: Stage) -> None:
    modal = stage.modal(await stage.session())
    view = await modal.to_accounts()
    chosen = view["accounts"]["accounts"][0]["id"]

    answer = await modal.ask("POST", "accounts", {"accounts": [chosen], "kinds": {chosen: "savings"}})

    assert answer.json()["error"]["param"] == f"kinds[{chosen}]"


async def test_a_token_claimed_twice_is_said_to_be_used_with_what_to_do(stage: Stage) -> None:
    modal, _ = await at_the_form(stage)
    token = await token_for(stage, modal)
    await modal.answer(token=token)

    other, _ = await at_the_form(stage)
    view = await other.answer(token=token)

    assert (view["next_pane"], view["error"]["reason"]) == ("error", "token_spent")
    assert "If it was not you" in view["error"]["message"]
    assert view["error"]["actions"] == ["retry", "another_bank", "close"]
    view = await other.step("retry")
    assert view["next_pane"] == "login_form"
    assert (await other.answer(token=await token_for(stage, other)))["next_pane"] == "accounts"


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("not a token", "This is not a setup token"),
        (b64encode(b"https://evil.example/claim/x").decode(), "from somewhere else"),
        (b64encode(b"http://169.254.169.254/latest").decode(), "from somewhere else"),
        (b64encode(b"https://[fe80::x]/claim/x").decode(), "This is not a setup token"),
        (b64encode(b"https://bank.example:99999/claim/x").decode(), "from somewhere else"),
        (b64encode(b"https://a..b/claim/x").decode(), "from somewhere else"),
        (b64encode(b"http://bank.example/causeway/simplefin/claim/x").decode(), "from somewhere else"),
    ],
)
async def test_what_is_no_token_of_the_bridge_is_asked_for_again_and_called_by_nobody(
    stage: Stage, token: str, said: str
) -> None:
    modal, _ = await at_the_form(stage)

    view = await modal.answer(token=token)

    assert view["next_pane"] == "login_form"
    assert said in view["login_form"]["problem"]
    assert stage.wire.asked == []


async def test_after_three_wrong_answers_the_bank_is_asked_no_more(stage: Stage) -> None:
    modal, _ = await at_the_form(stage)
    for _ in range(2):
        assert (await modal.answer(token="wrong"))["next_pane"] == "login_form"

    view = await modal.answer(token="wrong")

    assert (view["next_pane"], view["error"]["reason"]) == ("error", "too_many_tries")
    assert "retry" not in view["error"]["actions"]
    await modal.step("back")
    await modal.choose_bank(CAUSEWAY)
    await modal.step("consent")
    view = await modal.answer(token=await token_for(stage, modal))
    assert view["error"]["reason"] == "too_many_tries"
    assert stage.wire.asked == []


async def test_an_answer_to_another_view_than_the_one_shown_changes_nothing(stage: Stage) -> None:
    modal, _ = await at_the_form(stage)
    view = await modal.view()
    token = await token_for(stage, modal)

    for version in (view["version"] - 1, view["version"] + 1):
        answer = await modal.ask("POST", "answer", {"answer": {"token": token}, "version": version})
        assert answer.json() == view

    assert stage.wire.asked == []


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({"version": "now"}, "answer"),
        ({"answer": {}, "version": True}, "version"),
        ({"answer": {}}, "version"),
        ({"answer": {}, "version": 3}, "answer[token]"),
        ({"answer": {"token": 5}, "version": 3}, "answer[token]"),
        ({"answer": {"token": "x" * 4_097}, "version": 3}, "answer[token]"),
        ({"answer": {"token": "x", "more": "y"}, "version": 3}, "answer[more]"),
    ],
)
async def test_an_answer_of_another_shape_is_refused_by_name(
    stage: Stage, form: dict[str, object], param: str
) -> None:
    modal, _ = await at_the_form(stage)
    view = await modal.view()
    assert view["version"] == 3

    answer = await modal.ask("POST", "answer", form)

    assert (answer.status, answer.json()["error"]["param"]) == (400, param)
    assert await modal.view() == view


async def test_a_person_who_goes_back_while_the_bank_is_asked_links_nothing(stage: Stage) -> None:
    modal, session = await at_the_form(stage)
    token = await token_for(stage, modal)

    async def while_asked(request: Request, deliver: Deliver) -> Response:
        shown = await modal.view()
        assert shown["login_form"]["status"] == "checking"
        await modal.step("back")
        return await deliver(request)

    stage.wire.faults["/accounts"] = while_asked

    view = await modal.answer(token=token)

    assert view["next_pane"] == "bank"
    assert await stage.accounts(session["id"]) == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (down, "bank_down"),
        (silent, "bank_timeout"),
        (answering(200, b"no address"), "bank_unreadable"),
        (answering(200, b"https://u:p@evil.example/simplefin"), "bank_unreadable"),
        (answering(302), "bank_unreadable"),
        (answering(429), "bank_busy"),
    ],
    ids=["down", "silent", "no address", "elsewhere", "redirect", "busy"],
)
async def test_a_claim_that_fails_is_sent_once_and_said(stage: Stage, fault: Fault, reason: str) -> None:
    modal, _ = await at_the_form(stage)
    token = await token_for(stage, modal)
    stage.wire.faults[word_of(token)] = fault

    view = await modal.answer(token=token)

    assert view["error"]["reason"] == reason
    assert len(stage.wire.asked) == 1


@pytest.mark.parametrize(
    ("status", "reason"), [(402, "plan_lapsed"), (403, "login_refused"), (500, "bank_down")]
)
async def test_a_bridge_that_shows_no_accounts_says_why(stage: Stage, status: int, reason: str) -> None:
    modal, _ = await at_the_form(stage)
    token = await token_for(stage, modal)
    stage.wire.faults["/accounts"] = answering(status)

    view = await modal.answer(token=token)

    assert view["error"]["reason"] == reason


async def test_access_that_was_revoked_ends_the_account_and_a_lapsed_plan_does_not(stage: Stage) -> None:
    modal, session = await at_the_form(stage)
    view = await modal.answer(token=await token_for(stage, modal))
    chosen = view["accounts"]["accounts"][0]["id"]
    await modal.choose([chosen], {chosen: "checking"})
    (linked,) = await stage.accounts(session["id"])

    stage.wire.faults["/accounts"] = answering(402)
    account = await refreshed(stage, linked["id"], "balance")
    assert (account["status"], account["balance_refresh"]["status"]) == ("active", "failed")

    stage.wire.faults["/accounts"] = answering(403)
    account = await refreshed(stage, linked["id"], "balance")
    assert account["status"] == "inactive"


async def test_data_beside_an_error_is_kept_and_a_ledger_with_a_hole_is_not(stage: Stage) -> None:
    modal, session = await at_the_form(stage, ("permissions[]", "transactions"))
    view = await modal.answer(token=await token_for(stage, modal, "noor"))
    line, checking = of_name(view, "Personal Line of Credit"), of_name(view, "Everyday Checking")
    await modal.choose([line, checking], {line: "line_of_credit", checking: "checking"})
    linked = {each["display_name"]: each["id"] for each in await stage.accounts(session["id"])}

    stale = await refreshed(stage, linked["Personal Line of Credit"], "balance", "transactions")
    fresh = await refreshed(stage, linked["Everyday Checking"], "balance", "transactions")

    assert (stale["balance_refresh"]["status"], stale["transaction_refresh"]["status"]) == (
        "succeeded",
        "failed",
    )
    assert stale["balance"]["as_of"] < fresh["balance"]["as_of"]
    assert fresh["transaction_refresh"]["status"] == "succeeded"


async def test_a_currency_that_is_an_address_is_never_called(stage: Stage) -> None:
    modal, session = await at_the_form(stage, ("permissions[]", "transactions"))
    view = await modal.answer(token=await token_for(stage, modal))
    miles = next(row for row in view["accounts"]["accounts"] if row["display_name"] == "Causeway Miles")
    assert miles["balance"] is None

    await modal.choose([miles["id"]], {miles["id"]: "savings"})
    (linked,) = await stage.accounts(session["id"])
    account = await refreshed(stage, linked["id"], "balance", "transactions")

    assert account["balance_refresh"]["status"] == "failed"
    assert not [asked for asked in stage.wire.asked if "/currencies/" in asked.url]


async def test_token_and_access_url_are_kept_sealed_and_told_to_nobody(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "linkspan.db"))
    stage = set_up(store)
    modal, _ = await at_the_form(stage)
    token = await token_for(stage, modal)
    view = await modal.answer(token=token)
    chosen = view["accounts"]["accounts"][0]["id"]
    await modal.choose([chosen], {chosen: "checking"})

    access = next(asked.headers["authorization"] for asked in stage.wire.asked if "/accounts" in asked.url)
    at_rest = on_disk(tmp_path) + stage.log.getvalue()
    told = b"".join(repr(answer.headers).encode() + answer.body for answer in stage.answers)
    store.close()
    for secret in (token, word_of(token), access.removeprefix("Basic ")):
        assert secret.encode() not in at_rest
        assert secret.encode() not in told


async def test_the_same_accounts_are_known_again_by_a_new_token(stage: Stage) -> None:
    modal, session = await at_the_form(stage)
    view = await modal.answer(token=await token_for(stage, modal))
    rows = [row["id"] for row in view["accounts"]["accounts"]]
    await modal.choose(rows, dict.fromkeys(rows, "savings"))
    linked = {each["id"] for each in await stage.accounts(session["id"])}
    ((authorization,),) = await stage.rows("SELECT id FROM authorizations")

    again = stage.modal(await relink(stage, authorization))
    await again.open()
    await again.step("consent")
    view = await again.answer(token=await token_for(stage, again))
    done = await again.choose([row["id"] for row in view["accounts"]["accounts"] if row["eligible"]])

    assert {each["id"] for each in done["done"]["accounts"]} == linked
