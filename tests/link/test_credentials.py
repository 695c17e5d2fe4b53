"""A bank is linked with what people sign in with; what they enter is kept sealed, and not for long."""

from pathlib import Path
from typing import Any, Final

import pytest

from linkspan.sandbank.people import PASSWORD
from linkspan.sandbank.sign_ons import LOCKED_SECONDS
from linkspan.server.operations import refreshes
from linkspan.server.store.sqlite import open_store
from tests.link.stage import FERRYDESK, Modal, Stage, set_up
from tests.link.test_relinks import relink
from tests.link.test_setup_tokens import answering, of_name, on_disk, refreshed
from tests.link.wire import Fault, down, silent

pytestmark = pytest.mark.anyio

_WRONG: Final = "not the password"


async def at_the_form(stage: Stage, *more: tuple[str, str]) -> tuple[Modal, dict[str, Any]]:
    """A modal that asks for user id and password, with its Session."""
    session = await stage.session(*more)
    modal = stage.modal(session)
    view = await modal.to_login(FERRYDESK)
    assert (view["next_pane"], view["login_form"]["about"]) == ("login_form", "credentials")
    return modal, session


async def signed_in(modal: Modal, person: str = "avery", password: str = PASSWORD) -> dict[str, Any]:
    return await modal.answer(user_id=person, password=password)


async def answered(stage: Stage, modal: Modal, person: str = "avery", **wrong: str) -> dict[str, Any]:
    """Answer the challenge, as the person of the bank would."""
    right = {"MFA19": "Lyme", "FDCODE": stage.bank.sign_ons.code("ferrydesk", person)}
    return await modal.answer(**{**right, **wrong})


async def to_accounts(stage: Stage, person: str = "avery") -> tuple[Modal, dict[str, Any], dict[str, Any]]:
    modal, session = await at_the_form(stage, ("permissions[]", "transactions"))
    await signed_in(modal, person)
    return modal, session, await answered(stage, modal, person)


async def test_the_bank_asks_back_and_shows_accounts_in_stripes_words(stage: Stage) -> None:
    modal, session = await at_the_form(stage)

    view = await signed_in(modal)
    form = view["login_form"]
    assert (form["about"], form["problem"]) == ("challenge", None)
    assert [field["name"] for field in form["fields"]] == ["MFA19", "FDCODE"]
    assert "Lyme" in form["fields"][0]["label"]

    view = await answered(stage, modal)
    shown = {row["display_name"]: row for row in view["accounts"]["accounts"]}
    assert {name: row["subcategory"] for name, row in shown.items()} == {
        "Everyday Checking": "checking",
        "Growth Savings": "savings",
        "Rewards Credit Card": "credit_card",
        "Brokerage Account": "other",
    }
    assert not any(row["asks_kind"] for row in shown.values())
    await modal.choose([row["id"] for row in shown.values() if row["eligible"]])
    assert {each["last4"] is not None for each in await stage.accounts(session["id"])} == {True}


async def test_balances_and_transactions_are_refreshed_without_being_asked_again(stage: Stage) -> None:
    modal, session, view = await to_accounts(stage)
    await modal.choose([of_name(view, "Everyday Checking"), of_name(view, "Rewards Credit Card")])
    linked = {each["display_name"]: each["id"] for each in await stage.accounts(session["id"])}

    checking = await refreshed(stage, linked["Everyday Checking"], "balance", "transactions")
    card = await refreshed(stage, linked["Rewards Credit Card"], "balance")

    assert checking["balance_refresh"]["status"] == checking["transaction_refresh"]["status"] == "succeeded"
    assert checking["balance"]["cash"]["available"]["usd"] <= checking["balance"]["current"]["usd"]
    assert (card["balance"]["type"], card["balance"]["current"]) == (
        "credit",
        card["balance"]["credit"]["used"],
    )
    listed = await stage.api("GET", f"financial_connections/transactions?account={checking['id']}&limit=100")
    assert {row["status"] for row in listed.json()["data"]} == {"posted"}
    assert len(listed.json()["data"]) > 30


async def test_a_wrong_password_is_asked_for_again_and_the_third_is_the_last(stage: Stage) -> None:
    modal, _ = await at_the_form(stage)

    for _ in range(2):
        view = await signed_in(modal, password=_WRONG)
        assert view["next_pane"] == "login_form"
        assert "did not accept this" in view["login_form"]["problem"]
    view = await signed_in(modal, password=_WRONG)

    assert (view["error"]["reason"], view["error"]["actions"]) == (
        "too_many_tries",
        ["another_bank", "close"],
    )
    asked = len(stage.wire.asked)
    await modal.step("back")
    await modal.choose_bank(FERRYDESK)
    await modal.step("consent")
    assert (await signed_in(modal))["error"]["reason"] == "too_many_tries"
    assert len(stage.wire.asked) == asked


async def test_a_locked_account_is_said_to_be_and_opens_again_in_time(stage: Stage) -> None:
    first, _ = await at_the_form(stage)
    for _ in range(3):
        await signed_in(first, password=_WRONG)
    modal, _ = await at_the_form(stage)

    view = await signed_in(modal)

    assert (view["next_pane"], view["error"]["reason"]) == ("error", "account_locked")
    assert view["error"]["actions"] == ["retry", "another_bank", "close"]
    stage.hands.seconds += LOCKED_SECONDS
    await modal.step("retry")
    assert (await signed_in(modal))["login_form"]["about"] == "challenge"


async def test_a_wrong_answer_gets_the_questions_again(stage: Stage) -> None:
    modal, _ = await at_the_form(stage)
    await signed_in(modal)

    view = await answered(stage, modal, MFA19="Dover")

    assert view["login_form"]["about"] == "challenge"
    assert "did not accept that answer" in view["login_form"]["problem"]
    assert (await answered(stage, modal))["next_pane"] == "accounts"


async def test_a_challenge_that_has_expired_is_told_and_the_bank_is_not(stage: Stage) -> None:
    modal, _ = await at_the_form(stage)
    view = await signed_in(modal)
    asked = len(stage.wire.asked)
    stage.hands.seconds = view["login_form"]["ends_at"]

    view = await answered(stage, modal)

    assert (view["error"]["reason"], view["error"]["actions"][0]) == ("challenge_timeout", "retry")
    assert len(stage.wire.asked) == asked
    await modal.step("retry")
    await signed_in(modal)
    assert (await answered(stage, modal))["next_pane"] == "accounts"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (down, "bank_down"),
        (silent, "bank_timeout"),
        (answering(200, b"<html>maintenance</html>"), "bank_unreadable"),
        (answering(400), "bank_misconfigured"),
        (answering(503), "bank_down"),
    ],
    ids=["down", "silent", "unreadable", "refused", "unwell"],
)
async def test_a_bank_that_fails_is_said_so(stage: Stage, fault: Fault, reason: str) -> None:
    modal, _ = await at_the_form(stage)
    stage.wire.faults["/ofx"] = fault

    view = await signed_in(modal)

    assert view["error"]["reason"] == reason


async def test_a_password_that_was_changed_at_the_bank_ends_the_account_after_one_try(stage: Stage) -> None:
    modal, session, view = await to_accounts(stage)
    await modal.choose([of_name(view, "Everyday Checking")])
    (linked,) = await stage.accounts(session["id"])
    for _ in range(3):
        stage.bank.sign_ons.judge("ferrydesk", "avery", _WRONG, installation=None, answers={})
    asked = stage.wire.count("/ofx")

    account = await refreshed(stage, linked["id"], "balance")

    assert account["status"] == "inactive"
    assert stage.wire.count("/ofx") == asked + 1


async def test_accounts_are_repaired_by_signing_in_anew(stage: Stage) -> None:
    modal, session, view = await to_accounts(stage)
    await modal.choose([of_name(view, "Everyday Checking"), of_name(view, "Growth Savings")])
    linked = {each["id"] for each in await stage.accounts(session["id"])}
    ((authorization,),) = await stage.rows("SELECT id FROM authorizations")

    again = stage.modal(await relink(stage, authorization))
    await again.open()
    await again.step("consent")
    await signed_in(again)
    view = await answered(stage, again)
    done = await again.choose([row["id"] for row in view["accounts"]["accounts"] if row["eligible"]])

    assert {each["id"] for each in done["done"]["accounts"]} == linked


async def test_what_was_entered_is_sealed_and_gone_when_it_is_not_needed(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "linkspan.db"))
    stage = set_up(store)
    modal, _ = await at_the_form(stage)
    await signed_in(modal, password=_WRONG)
    await signed_in(modal)
    view = await answered(stage, modal)
    await modal.choose([of_name(view, "Everyday Checking")])
    await refreshes.carry_out(stage.context)

    at_rest = on_disk(tmp_path) + stage.log.getvalue()
    told = b"".join(repr(answer.headers).encode() + answer.body for answer in stage.answers)
    kept = await stage.rows("SELECT kept FROM attempts")
    store.close()
    for secret in (PASSWORD, _WRONG):
        assert secret.encode() not in at_rest
        assert secret.encode() not in told
    assert {bytes(row[0]) for row in kept} == {b""}
    assert not any(PASSWORD in asked.url for asked in stage.wire.asked)
