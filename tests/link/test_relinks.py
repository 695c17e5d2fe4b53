"""A Session repairs what was linked before: the same accounts, under the ids they have."""

from typing import Any, Final

import pytest

from linkspan.server.core.version import NEWEST_PREVIEW
from linkspan.server.operations import refreshes
from tests.link.stage import EVERYTHING, Modal, Stage
from tests.link.test_hosted import create, session_now
from tests.link.test_previews import account_now, authorization_now, linked, lose_access

pytestmark = pytest.mark.anyio

ROOT: Final = "financial_connections"


async def relink(
    stage: Stage, authorization: str, *more: tuple[str, str], version: str = NEWEST_PREVIEW
) -> Any:
    """A Session that is to repair an authorization; it names no holder."""
    form = [("permissions[]", "balances"), ("relink_options[authorization]", authorization), *more]
    return (await stage.api("POST", f"{ROOT}/sessions", form, version=version)).json()


async def broken(stage: Stage) -> list[dict[str, Any]]:
    """Accounts whose bank takes their grant no more, and is well again."""
    accounts = await linked(stage)
    await lose_access(stage, accounts[0]["id"])
    del stage.wire.faults["/accounts"]
    stage.hands.seconds += 1
    return accounts


async def to_accounts(
    stage: Stage, session: dict[str, Any], person: str = "sam", *, shared: slice = EVERYTHING
) -> tuple[Modal, dict[str, Any]]:
    """Sign in anew and come back."""
    modal = stage.modal(session)
    assert (await modal.open())["next_pane"] == "consent"
    bridge = (await modal.step("consent"))["login"]["bridge_url"]
    browser = stage.browser()
    await browser.visit(await browser.sign_in(bridge, person, shared=shared))
    return modal, await modal.view()


def eligible(view: dict[str, Any]) -> list[str]:
    return [each["id"] for each in view["accounts"]["accounts"] if each["eligible"]]


async def test_accounts_work_again_under_the_ids_they_have(stage: Stage) -> None:
    accounts = await broken(stage)
    session = await relink(stage, accounts[0]["authorization"])

    modal, view = await to_accounts(stage, session)
    done = await modal.choose(eligible(view))

    assert {each["id"] for each in done["done"]["accounts"]} == {each["id"] for each in accounts}
    ended = await session_now(stage, session["id"])
    assert ended["status"] == "succeeded"
    assert ended["relink_result"] == {
        "account": None,
        "authorization": accounts[0]["authorization"],
        "failure_reason": None,
    }
    assert {each["status"] for each in ended["accounts"]["data"]} == {"active"}
    assert (await authorization_now(stage, accounts[0]["authorization"])).status == "active"
    assert len(await stage.rows("SELECT id FROM accounts")) == len(accounts)
    happened = await stage.rows("SELECT type FROM events WHERE type LIKE '%.account.reactivated'")
    assert len(happened) == len(accounts)


async def test_what_was_repaired_can_be_refreshed(stage: Stage) -> None:
    (account, *_) = await broken(stage)
    modal, view = await to_accounts(stage, await relink(stage, account["authorization"]))
    await modal.choose(eligible(view))

    path = f"{ROOT}/accounts/{account['id']}/refresh"
    started = await stage.api("POST", path, [("features[]", "balance")])
    await refreshes.carry_out(stage.context)

    assert started.json()["balance_refresh"]["status"] == "pending"
    assert (await account_now(stage, account["id"]))["balance_refresh"]["status"] == "succeeded"


async def test_the_holder_is_whose_accounts_they_are(stage: Stage) -> None:
    (account, *_) = await broken(stage)

    session = await relink(stage, account["authorization"])
    other = (await stage.api("POST", "customers")).json()["id"]
    refused = await relink(
        stage,
        account["authorization"],
        ("account_holder[type]", "customer"),
        ("account_holder[customer]", other),
    )

    assert session["account_holder"] == account["account_holder"]
    assert session["relink_options"] == {"account": None, "authorization": account["authorization"]}
    assert refused["error"]["param"] == "account_holder"


async def test_one_account_alone_may_be_repaired(stage: Stage) -> None:
    account, other = await broken(stage)
    only = ("relink_options[account]", account["id"])

    session = await relink(stage, account["authorization"], only)
    modal, view = await to_accounts(stage, session)
    await modal.choose(eligible(view))

    ended = await session_now(stage, session["id"])
    assert [each["id"] for each in ended["accounts"]["data"]] == [account["id"]]
    assert ended["relink_result"]["account"] == account["id"]
    assert (await account_now(stage, account["id"]))["status"] == "active"
    assert (await account_now(stage, other["id"]))["status"] == "inactive"


@pytest.mark.parametrize("shared", [slice(0, 1), slice(1, 2)])
async def test_an_account_that_was_not_shared_again_is_no_account(stage: Stage, shared: slice) -> None:
    accounts = await broken(stage)
    missing = next(
        account
        for account in accounts
        if account["display_name"] != ("Campus Checking", "Guitar")[shared.start]
    )
    only = ("relink_options[account]", missing["id"])
    session = await relink(stage, missing["authorization"], only)

    modal, view = await to_accounts(stage, session, shared=shared)
    await modal.step("close")

    assert (view["error"]["reason"], view["error"]["actions"]) == ("account_not_shown", ["retry", "close"])
    ended = await session_now(stage, session["id"])
    assert ended["status"] == "failed"
    assert ended["relink_result"] == {
        "account": None,
        "authorization": None,
        "failure_reason": "no_account",
    }


async def test_another_persons_accounts_are_never_taken_for_these(stage: Stage) -> None:
    (account, *_) = await broken(stage)
    session = await relink(stage, account["authorization"])

    modal, view = await to_accounts(stage, session, "avery")
    await modal.step("close")

    assert view["error"]["reason"] == "other_accounts"
    ended = await session_now(stage, session["id"])
    assert ended["relink_result"]["failure_reason"] == "no_authorization"
    assert (await account_now(stage, account["id"]))["status"] == "inactive"


async def test_who_could_not_sign_in_repaired_nothing(stage: Stage) -> None:
    (account, *_) = await broken(stage)
    session = await relink(stage, account["authorization"])
    modal = stage.modal(session)
    await modal.open()
    bridge = (await modal.step("consent"))["login"]["bridge_url"]
    browser = stage.browser()
    await browser.visit(await browser.sign_in(bridge, choice="deny"))

    await modal.step("close")

    assert (await session_now(stage, session["id"]))["relink_result"]["failure_reason"] == "other"


async def test_who_leaves_has_no_result(stage: Stage) -> None:
    (account, *_) = await broken(stage)
    session = await relink(stage, account["authorization"])
    modal, _ = await to_accounts(stage, session)

    await modal.step("close")

    ended = await session_now(stage, session["id"])
    assert ended["status"] == "cancelled"
    assert "relink_result" not in ended


async def test_an_account_is_shown_by_every_session_that_linked_it(stage: Stage) -> None:
    first = await stage.session()
    await stage.modal(first).to_done()
    (account, *_) = await stage.accounts(first["id"])
    authorization = (await account_now(stage, account["id"]))["authorization"]
    second = await relink(stage, authorization)
    modal, view = await to_accounts(stage, second)
    await modal.choose(eligible(view))

    await stage.api("POST", f"{ROOT}/accounts/{account['id']}/disconnect")

    for session in (first, second):
        assert account["id"] in {each["id"] for each in await stage.accounts(session["id"])}
        shown = (await session_now(stage, session["id"]))["accounts"]["data"]
        (one,) = (each for each in shown if each["id"] == account["id"])
        assert (one["status"], one["balance"]) == ("disconnected", None)


async def test_a_grant_that_still_worked_is_ended_for_its_successor(stage: Stage) -> None:
    (account, *_) = await linked(stage)
    modal, view = await to_accounts(stage, await relink(stage, account["authorization"]))

    await modal.choose(eligible(view))

    assert len(await stage.rows("SELECT id FROM authorizations WHERE status = 'revoking'")) == 1
    assert await stage.sweep() == 0
    path = f"{ROOT}/accounts/{account['id']}/refresh"
    stage.hands.seconds += 1
    await stage.api("POST", path, [("features[]", "balance")])
    await refreshes.carry_out(stage.context)
    assert (await account_now(stage, account["id"]))["balance_refresh"]["status"] == "succeeded"


async def test_a_relink_adds_to_what_is_permitted(stage: Stage) -> None:
    (account, *_) = await broken(stage)
    session = await relink(
        stage, account["authorization"], ("permissions[]", "transactions"), ("prefetch[]", "transactions")
    )

    modal, view = await to_accounts(stage, session)
    await modal.choose(eligible(view))

    shown = await account_now(stage, account["id"])
    assert set(shown["permissions"]) == {*account["permissions"], "transactions"}
    assert shown["transaction_refresh"]["status"] == "pending"


async def test_a_page_may_repair(stage: Stage) -> None:
    (account, *_) = await broken(stage)

    session = await relink(
        stage, account["authorization"], ("ui_mode", "hosted"), ("hosted[delivery_method]", "url")
    )

    assert session["hosted"] == {"delivery_method": "url", "return_url": None}
    assert session["url"]


@pytest.mark.parametrize("version", ["2026-10-28.endive", "2026-06-24.dahlia"])
async def test_other_versions_cannot_repair(stage: Stage, version: str) -> None:
    (account, *_) = await linked(stage)

    refused = await relink(stage, account["authorization"], version=version)

    assert refused["error"]["code"] in {"parameter_unknown", "parameter_missing"}


async def test_what_cannot_be_repaired_is_refused_by_name(stage: Stage) -> None:
    (account, other) = await linked(stage)
    (stranger, *_) = await linked(stage)
    authorization = account["authorization"]
    await stage.api("POST", f"{ROOT}/accounts/{other['id']}/disconnect")

    def refusal(answer: dict[str, Any]) -> tuple[str, str]:
        return answer["error"]["param"], answer["error"].get("code", "")

    unknown = await relink(stage, "fcauth_none")
    assert refusal(unknown) == ("relink_options[authorization]", "resource_missing")
    no_account = await relink(stage, authorization, ("relink_options[account]", "fca_none"))
    assert refusal(no_account) == ("relink_options[account]", "resource_missing")
    for one in (stranger, other):
        refused = await relink(stage, authorization, ("relink_options[account]", one["id"]))
        assert refusal(refused)[0] == "relink_options[account]"
    both = await relink(stage, authorization, ("filters[institution]", "fcinst_quillstone"))
    assert refusal(both) == ("filters[institution]", "parameters_exclusive")
    await stage.api("POST", f"{ROOT}/accounts/{account['id']}/disconnect")
    ended = await relink(stage, authorization)
    assert refusal(ended)[0] == "relink_options[authorization]"
    nothing = await create(stage, ("ui_mode", "hosted"), ("hosted[delivery_method]", "url"))
    assert refusal(nothing)[0] == "hosted[delivery_method]"


async def test_the_authorization_of_another_tenant_cannot_be_repaired(stage: Stage) -> None:
    (account, *_) = await linked(stage)
    form = [("permissions[]", "balances"), ("relink_options[authorization]", account["authorization"])]

    answer = await stage.api(
        "POST", f"{ROOT}/sessions", form, key="sk_test_somebody_else", version=NEWEST_PREVIEW
    )

    assert (answer.status, answer.json()["error"]["code"]) == (400, "resource_missing")
