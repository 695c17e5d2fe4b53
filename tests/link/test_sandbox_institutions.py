"""Each institution of the sandbox does what its row of the table says, over HTTP, and is told apart by it."""

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest

from linkspan.sandbank.brand import Brand
from linkspan.sandbank.brands import BRANDS
from linkspan.sandbank.trials import MINUTE, TRIALS
from linkspan.server.core.version import NEWEST_PREVIEW
from linkspan.server.operations import endings, refreshes
from tests.link.stage import Modal, Stage, set_up
from tests.link.test_relinks import relink
from tests.link.test_setup_tokens import refreshed

pytestmark = pytest.mark.anyio

_DAY: Final = 24 * 3600
# The outward code of each reason that a row names (Stripe's client libraries have no other ones).
CODES: Final = {
    "account_locked": "authorization_failed",
    "bank_busy": "institution_unavailable_unplanned",
    "bank_down": "institution_unavailable_unplanned",
    "bank_maintenance": "institution_unavailable_planned",
    "bank_misconfigured": "unexpected_error",
    "bank_timeout": "institution_timeout",
    "bank_unreadable": "unexpected_error",
    "login_denied": "authorization_failed",
    "login_refused": "authorization_failed",
    "no_accounts": "accounts_unavailable",
    "none_eligible": "no_eligible_accounts",
    "none_payable": "no_debitable_account",
    "numbers_unavailable": "account_numbers_unavailable",
    "other_accounts": "accounts_unavailable",
    "plan_lapsed": "authorization_failed",
    "token_spent": "authorization_failed",
    "too_many_tries": "authorization_failed",
}
# What a Session must ask for to meet the reason; elsewhere its accounts are linked.
NEEDS: Final = {
    "none_payable": ("filters[require_payment_method_support]", "all"),
    "numbers_unavailable": ("filters[require_payment_method_support]", "all"),
}


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A server and a bank in which nothing has happened; what banks do, no store sees otherwise."""
    made = set_up()
    yield made
    await made.store.aclose()


def id_of(name: str) -> str:
    """The institution with a name."""
    (slug,) = (brand.slug for brand in BRANDS if brand.name == name)
    return f"fcinst_{slug.replace('-', '_')}"


async def signed_in(stage: Stage, modal: Modal, person: str = "sam") -> dict[str, Any]:
    """Sign in as the institution asks, once the person has agreed to it."""
    view = await modal.view()
    if view["next_pane"] == "login":
        browser = stage.browser()
        left = await browser.leave_for_bank(view["login"]["bridge_url"])
        await browser.visit(await browser.at_the_bank(left, person))
    elif view["login_form"]["about"] == "token":
        page = view["login_form"]["help"]["url"]
        await modal.answer(token=await stage.browser().get_setup_token(page, person))
    else:
        await modal.answer(user_id=person, password="whatever it was")
    return await modal.view()


async def arrived(stage: Stage, name: str, *more: tuple[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Go to an institution and sign in; return the Session and what is shown then."""
    session = await stage.session(*more)
    modal = stage.modal(session)
    await modal.to_login(id_of(name))
    return session, await signed_in(stage, modal)


async def linked(stage: Stage, name: str, *more: tuple[str, str]) -> list[dict[str, Any]]:
    """Link everything an institution shows; return the Accounts."""
    session, view = await arrived(stage, name, *more)
    rows = view["accounts"]["accounts"]
    done = await stage.modal(session).choose([each["id"] for each in rows if each["eligible"]])
    assert done["next_pane"] == "done"
    return await stage.accounts(session["id"])


async def relinking(stage: Stage, account: str) -> dict[str, Any]:
    """A Session that is to repair the sign-in behind an Account."""
    path = f"financial_connections/accounts/{account}"
    shown = (await stage.api("GET", path, version=NEWEST_PREVIEW)).json()
    session: dict[str, Any] = await relink(stage, shown["authorization"])
    return session


async def told(stage: Stage) -> list[str]:
    """The types of the events there were, oldest first, without what stands before each."""
    listed = (await stage.api("GET", "events?limit=100")).json()["data"]
    return [each["type"].rpartition(".")[2] for each in reversed(listed)]


def test_the_table_has_more_than_twenty_rows_and_every_failure_once() -> None:
    reasons = [brand.lesson.reason for brand in TRIALS if brand.lesson and brand.lesson.reason]

    assert len(TRIALS) > 20
    assert set(reasons) == set(CODES)
    assert all(brand.lesson is not None for brand in TRIALS)


@pytest.mark.parametrize(
    "brand",
    [
        one
        for one in TRIALS
        if one.lesson and one.lesson.reason not in {None, "other_accounts", "too_many_tries"}
    ],
    ids=lambda brand: brand.slug,
)
async def test_an_institution_fails_for_the_reason_of_its_row(stage: Stage, brand: Brand) -> None:
    assert brand.lesson is not None
    reason = brand.lesson.reason or ""

    _, view = await arrived(stage, brand.name, *([NEEDS[reason]] if reason in NEEDS else []))

    assert view["next_pane"] == "error"
    assert (view["error"]["reason"], view["error"]["code"]) == (reason, CODES[reason])


async def test_a_maintenance_says_until_when_and_an_outage_does_not(stage: Stage) -> None:
    _, planned = await arrived(stage, "Down (Scheduled)")
    _, unplanned = await arrived(stage, "Down (Unscheduled)")

    back_at = planned["error"]["back_at"]
    assert 0 < back_at - stage.hands.seconds <= 2 * 3600
    assert back_at % 3600 == 0
    assert unplanned["error"]["back_at"] is None


async def test_who_has_no_account_that_would_do_is_told_how_many_there_are(stage: Stage) -> None:
    _, none = await arrived(stage, "Zero Accounts")
    _, two = await arrived(stage, "None Eligible")

    assert (none["error"]["found"], two["error"]["found"]) == (None, 2)


@pytest.mark.parametrize("name", ["Test (Non-OAuth)", "Test (OAuth)"])
async def test_the_test_banks_show_the_accounts_that_programs_look_for(stage: Stage, name: str) -> None:
    accounts = await linked(stage, name)

    shown = {each["last4"]: each["display_name"] for each in accounts}
    assert {"6789", "1116", "2227"} <= set(shown)
    assert (shown["6789"], shown["2227"]) == ("Success", "Insufficient Funds")


async def test_a_keyword_is_what_is_asked_next_and_may_be_answered_with_another(stage: Stage) -> None:
    modal = stage.modal(await stage.session())
    await modal.to_login(id_of("Bank (Non-OAuth)"))

    view = await modal.answer(user_id="anybody", password="options")
    assert [field["name"] for field in view["login_form"]["fields"]] == ["SBOPTIONS"]
    view = await modal.answer(SBOPTIONS="mfa")
    assert [field["name"] for field in view["login_form"]["fields"]] == ["SBCODE"]
    view = await modal.answer(SBCODE="confirm_mfa")
    assert [field["name"] for field in view["login_form"]["fields"]] == ["SBCONFIRM"]
    view = await modal.answer(SBCONFIRM="security_question")
    assert [field["name"] for field in view["login_form"]["fields"]] == ["MFA19"]
    view = await modal.answer(MFA19="incorrect")
    assert view["login_form"]["problem"] is not None
    view = await modal.answer(MFA19="Lyme")

    assert view["next_pane"] == "accounts"


async def test_what_is_incorrect_may_be_tried_again_and_error_ends_the_sign_in(stage: Stage) -> None:
    modal = stage.modal(await stage.session())
    await modal.to_login(id_of("Bank (Non-OAuth)"))

    view = await modal.answer(user_id="sam", password="incorrect")
    assert (view["next_pane"], view["login_form"]["about"]) == ("login_form", "credentials")
    view = await modal.answer(user_id="sam", password="mfa")
    assert view["login_form"]["about"] == "challenge"
    view = await modal.answer(SBCODE="error")

    assert view["next_pane"] == "error"
    assert view["error"]["code"] == "institution_unavailable_unplanned"


async def test_answers_that_come_too_late_are_asked_for_until_it_is_too_often(stage: Stage) -> None:
    modal = stage.modal(await stage.session())
    await modal.to_login(id_of("Expired Challenge"))
    view = await modal.answer(user_id="sam", password="whatever it was")

    for _ in range(3):
        assert view["login_form"]["about"] == "challenge"
        view = await modal.answer(**{field["name"]: "123456" for field in view["login_form"]["fields"]})

    assert (view["error"]["reason"], view["error"]["code"]) == ("too_many_tries", CODES["too_many_tries"])


async def test_owners_are_as_the_institution_names_them(stage: Stage) -> None:
    accounts = {each["display_name"]: each for each in await linked(stage, "Ownership Accounts")}

    owners = {}
    for name, account in accounts.items():
        listed = await stage.api(
            "GET", f"financial_connections/accounts/{account['id']}/owners?ownership={account['ownership']}"
        )
        owners[name] = [each["name"] for each in listed.json().get("data", ())]
    assert owners["One Owner"] == ["Samuel Okafor-Reyes Jr."]
    assert owners["Two Owners"] == ["Avery Ellis", "Jordan M. Ellis"]
    assert owners["A Business"] == ["Harbor & Finch Coffee LLC"]
    assert owners["No Owner Told"] == owners["Unreadable Owners"] == []


async def test_accounts_without_a_way_to_pay_are_linked_where_none_is_needed(stage: Stage) -> None:
    for name in ("Invalid Payment Accounts", "Number Unavailable"):
        for account in await linked(stage, name):
            assert account["supported_payment_method_types"] == []
            assert not account["account_numbers"]


async def test_stand_ins_die_at_once_in_a_month_and_in_a_minute(stage: Stage) -> None:
    accounts = {each["display_name"]: each for each in await linked(stage, "Tokenized Account Number")}
    numbers = {name: each["account_numbers"][0] for name, each in accounts.items()}
    begun = stage.hands.seconds

    assert {each["identifier_type"] for each in numbers.values()} == {"tokenized_account_number"}
    assert numbers["Expired"]["status"] == "deactivated"
    assert accounts["Expired"]["supported_payment_method_types"] == []
    assert numbers["Eventually Expiring"]["status"] == "transactable"
    assert numbers["Eventually Expiring"]["expected_expiry_date"] == begun + 30 * _DAY
    await endings.warn(stage.context)
    assert "upcoming_account_number_expiry" in await told(stage)

    stage.hands.seconds += MINUTE
    account = await refreshed(stage, accounts["Immediately Expiring"]["id"], "balance")
    assert account["account_numbers"][0]["status"] == "deactivated"
    assert "account_numbers_updated" in await told(stage)


@pytest.mark.parametrize(
    ("name", "days"), [("Inactive Accounts", None), ("Immediately Requires Reauthentication", 1)]
)
async def test_a_first_consent_is_taken_back_and_relinking_mends_it(
    stage: Stage, name: str, days: int | None
) -> None:
    (account, *_) = await linked(stage, name)
    stage.hands.seconds += MINUTE
    account = await refreshed(stage, account["id"], "balance")
    assert account["status"] == "inactive"

    session = await relinking(stage, account["id"])
    modal = stage.modal(session)
    await modal.open()
    await modal.step("consent")
    view = await signed_in(stage, modal)
    await modal.choose([each["id"] for each in view["accounts"]["accounts"] if each["eligible"]])
    stage.hands.seconds += MINUTE
    mended = await refreshed(stage, account["id"], "balance")

    assert (mended["status"], mended["balance_refresh"]["status"]) == ("active", "succeeded")
    end = mended.get("status_details", {}).get("active", {}).get("expected_deactivation_date")
    assert (end is None) == (days is None)
    assert end is None or 0 < end - stage.hands.seconds <= _DAY


@pytest.mark.parametrize(
    ("name", "days"), [("Eventually Requires Reauthentication", 30), ("Consent That Ends", 1)]
)
async def test_a_consent_ends_on_its_day_after_a_warning(stage: Stage, name: str, days: int) -> None:
    (account, *_) = await linked(stage, name)
    assert account["status_details"]["active"]["expected_deactivation_date"] == (
        stage.hands.seconds + days * _DAY
    )

    await endings.warn(stage.context)
    stage.hands.seconds += days * _DAY
    account = await refreshed(stage, account["id"], "balance")

    assert "upcoming_deactivation" in await told(stage)
    assert account["status"] == "inactive"


async def test_a_slow_institution_takes_its_time_and_shows_accounts(stage: Stage) -> None:
    begun = stage.hands.seconds

    _, view = await arrived(stage, "Slow Bank")

    assert view["next_pane"] == "accounts"
    assert stage.hands.seconds == begun + 6


async def test_where_nobody_is_sent_back_the_modal_waits_and_may_open_it_again(stage: Stage) -> None:
    modal, browser = stage.modal(await stage.session()), stage.browser()
    view = await modal.to_login(id_of("Dead End"))
    await browser.open(await browser.leave_for_bank(view["login"]["bridge_url"]))

    view = await modal.view()

    assert (view["next_pane"], view["login"]["status"]) == ("login", "opened")
    again = await browser.leave_for_bank(view["login"]["bridge_url"])
    assert "A dead end" in (await browser.open(again)).text
    assert (await modal.step("back"))["next_pane"] == "bank"


async def test_who_is_taken_for_somebody_else_cannot_relink(stage: Stage) -> None:
    (account, *_) = await linked(stage, "Wrong User")

    modal = stage.modal(await relinking(stage, account["id"]))
    await modal.open()
    await modal.step("consent")
    view = await signed_in(stage, modal)

    assert (view["error"]["reason"], view["error"]["code"]) == ("other_accounts", CODES["other_accounts"])


async def test_ids_that_change_with_each_sign_in_hide_no_account(stage: Stage) -> None:
    first = await linked(stage, "Duplicate Link")
    second = await linked(stage, "Duplicate Link")
    await refreshes.carry_out(stage.context)

    ids = {
        row["accountId"]
        for path, answers in stage.wire.answered.items()
        if path.endswith("/accounts")
        for answer in answers
        for row in answer["accounts"]
    }
    assert len(ids) == len(first) + len(second)
    assert {each["last4"] for each in first} == {each["last4"] for each in second}
