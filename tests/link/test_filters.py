"""What a Session is for, where the accounts are to be, decides what is offered."""

from typing import Any, Final

import pytest

from linkspan.server.core.version import NEWEST_PREVIEW
from tests.link.stage import QUILLSTONE, Modal, Stage
from tests.link.test_hosted import create

pytestmark = pytest.mark.anyio

MAPLE_QUAY: Final = "fcinst_maple_quay"
PRESET: Final = ("filters[institution]", QUILLSTONE)


def ids(institutions: list[dict[str, Any]]) -> set[str]:
    return {each["id"] for each in institutions}


async def search(modal: Modal, query: str) -> set[str]:
    return ids((await modal.ask("GET", f"institutions?query={query}")).json()["data"])


async def test_a_country_leaves_the_institutions_that_serve_it(stage: Stage) -> None:
    modal = stage.modal(await stage.session(("filters[country]", "CA")))

    offered = (await modal.open())["bank"]["featured"]

    assert ids(offered) == {MAPLE_QUAY}
    assert await search(modal, "bank") == {MAPLE_QUAY}
    assert await search(modal, "quillstone") == set()


async def test_without_a_country_every_institution_is_offered(stage: Stage) -> None:
    modal = stage.modal(await stage.session())

    offered = (await modal.open())["bank"]["featured"]

    assert {MAPLE_QUAY, QUILLSTONE} <= ids(offered)
    assert QUILLSTONE in await search(modal, "quillstone")


async def test_an_institution_elsewhere_cannot_be_chosen(stage: Stage) -> None:
    modal = stage.modal(await stage.session(("filters[country]", "CA")))
    await modal.open()

    elsewhere = await modal.ask("POST", "bank", {"institution": QUILLSTONE})

    assert (elsewhere.status, elsewhere.json()["error"]["param"]) == (400, "institution")
    assert (await modal.choose_bank(MAPLE_QUAY))["next_pane"] == "consent"


async def test_the_first_of_several_countries_counts(stage: Stage) -> None:
    customer = (await stage.api("POST", "customers")).json()["id"]
    form = [
        ("account_holder[type]", "customer"),
        ("account_holder[customer]", customer),
        ("permissions[]", "balances"),
        ("filters[countries][]", "CA"),
        ("filters[countries][]", "US"),
    ]
    session = (
        await stage.api("POST", "financial_connections/sessions", form, version="2025-03-31.basil")
    ).json()

    assert ids((await stage.modal(session).open())["bank"]["featured"]) == {MAPLE_QUAY}


async def test_where_the_program_chose_the_bank_nobody_is_asked(stage: Stage) -> None:
    session = await create(stage, PRESET)
    modal = stage.modal(session)

    view = await modal.open()

    assert session["filters"]["institution"] == QUILLSTONE
    assert (view["next_pane"], view["one_bank"]) == ("consent", True)
    assert view["consent"]["institution"]["id"] == QUILLSTONE
    assert (await modal.step("back"))["next_pane"] == "consent"


async def test_where_the_program_chose_the_bank_people_start_over_there(stage: Stage) -> None:
    modal = stage.modal(await create(stage, PRESET))
    await modal.open()
    bridge = (await modal.step("consent"))["login"]["bridge_url"]
    browser = stage.browser()
    await browser.visit(await browser.sign_in(bridge, choice="deny"))

    denied = await modal.view()
    again = await modal.step("back")

    assert denied["error"]["actions"] == ["retry", "close"]
    assert denied["error"]["message"].endswith("Nothing was shared. You can try again.")
    assert (again["next_pane"], again["consent"]["institution"]["id"]) == ("consent", QUILLSTONE)


async def test_where_the_program_chose_the_bank_accounts_are_linked_there(stage: Stage) -> None:
    session = await create(stage, PRESET)
    modal = stage.modal(session)
    await modal.open()
    bridge = (await modal.step("consent"))["login"]["bridge_url"]
    browser = stage.browser()
    await browser.visit(await browser.sign_in(bridge))
    found = (await modal.view())["accounts"]["accounts"]

    view = await modal.choose([each["id"] for each in found if each["eligible"]])

    assert view["next_pane"] == "done"
    assert {each["institution_name"] for each in await stage.accounts(session["id"])} == {"Quillstone Bank"}


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ([("filters[institution]", "fcinst_none")], "filters[institution]"),
        ([PRESET, ("filters[country]", "CA")], "filters[institution]"),
        ([("filters[country]", "Canada")], "filters[country]"),
    ],
)
async def test_an_institution_that_is_not_there_is_refused_by_name(
    stage: Stage, more: list[tuple[str, str]], param: str
) -> None:
    assert (await create(stage, *more))["error"]["param"] == param


async def test_other_versions_do_not_know_how_to_choose_the_bank(stage: Stage) -> None:
    refused = await create(stage, PRESET, version="2026-10-28.endive")
    session = await create(stage, PRESET)

    newest = (await stage.api("GET", f"financial_connections/sessions/{session['id']}")).json()

    assert refused["error"]["param"] == "filters[institution]"
    assert "institution" not in newest["filters"]


async def test_manual_entry_of_the_programs_own_is_for_previews(stage: Stage) -> None:
    custom = ("manual_entry[mode]", "custom")

    preview = await create(stage, custom)
    refused = await create(stage, custom, version="2026-10-28.endive")

    assert preview["manual_entry"] == {"mode": "custom"}
    assert refused["error"]["param"] == "manual_entry[mode]"


async def test_a_connected_account_may_be_a_customer(stage: Stage) -> None:
    connected = (await stage.api("POST", "accounts", [("type", "custom"), ("country", "US")])).json()["id"]
    form = [
        ("account_holder[type]", "customer"),
        ("account_holder[customer_account]", connected),
        ("permissions[]", "balances"),
    ]

    session = await stage.api("POST", "financial_connections/sessions", form)
    before = await stage.api("POST", "financial_connections/sessions", form, version="2025-11-17.clover")
    form[1] = ("account_holder[customer_account]", "acct_none")
    unknown = await stage.api("POST", "financial_connections/sessions", form, version=NEWEST_PREVIEW)

    assert session.json()["account_holder"] == {"customer_account": connected, "type": "customer"}
    assert before.json()["error"]["param"] == "account_holder[customer_account]"
    assert unknown.json()["error"]["param"] == "account_holder[customer_account]"
