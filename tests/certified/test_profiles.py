"""A bank that this project did not write completes links in twelve ways, and refuses what is weaker (R21)."""

from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from linkspan.server.operations import revocations
from tests.certified.profiles import PROFILES, entry
from tests.certified.stage import CertifiedBank, serving
from tests.conftest import Tally
from tests.link.stage import SERVER, Modal, Stage

pytestmark = [pytest.mark.anyio, pytest.mark.official_client("npm-oidc-provider")]

# What a profile asks for, and the setting without which it is not there.
REFUSED_WITHOUT: Final = {
    "pushed": "pushed_authorization_request_endpoint",
    "secret_dpop": "dpop_bound_access_tokens",
    "signed_request": "require_signed_request_object",
    "mtls_self_signed": "client_certificate",
    "key_es256": "token_endpoint_auth_method",
    "fapi2_security": "pushed_authorization_request_endpoint",
}


async def to_bank(stage: Stage, name: str) -> tuple[Modal, dict[str, Any]]:
    """Go as far as the link to the bank."""
    session = await stage.session()
    modal = stage.modal(session)
    return modal, {**await modal.to_login(f"fcinst_{name}"), "session": session["id"]}


@pytest.mark.parametrize("name", PROFILES)
async def test_a_link_is_completed_renewed_and_ended(bank: CertifiedBank, name: str, tally: Tally) -> None:
    async with serving(bank, entry(name, bank.issuer)) as stage:
        modal, view = await to_bank(stage, name)
        browser = stage.browser()
        address = await browser.leave_for_bank(view["login"]["bridge_url"])
        back = await bank.visit(address)
        answer = await browser.visit(back)
        assert answer.status == 200, answer.text
        view = await modal.view()
        assert view["next_pane"] == "accounts", view
        await modal.choose([each["id"] for each in view["accounts"]["accounts"]])
        (account,) = await stage.accounts(view["session"])

        assert (account["display_name"], account["last4"]) == ("Certified Checking", "6789")
        asked, told = parse_qs(urlsplit(address).query), parse_qs(urlsplit(back).query)
        assert ("request_uri" in asked) == ("PUSHED" in shapes(name))
        assert ("request" in asked) == ("SIGNED" in shapes(name) and "PUSHED" not in shapes(name))
        assert ("response" in told) == ("ANSWERS" in shapes(name))

        await stage.api("POST", f"financial_connections/accounts/{account['id']}/disconnect")
        assert await revocations.sweep(stage.context) == 0
        seen = await bank.seen(name)
        assert seen["authorization_code"] == 1
        assert seen["refresh_token"] >= 1  # a token that lasts as short as this bank's is renewed at once
        assert seen.get("pushed", 0) == ("PUSHED" in shapes(name))
        assert seen["refresh_token_destroyed"] >= 1
        tally(f"R21 {name}", links=1, renewals=seen["refresh_token"], revocations=1)


def shapes(name: str) -> set[str]:
    """What a profile does to the two addresses that a browser carries."""
    settings = entry(name, "https://bank.example")["settings"]
    return {
        shape
        for shape, setting in {
            "PUSHED": "pushed_authorization_request_endpoint",
            "SIGNED": "require_signed_request_object",
            "ANSWERS": "authorization_signed_response_alg",
        }.items()
        if setting in settings
    }


async def test_who_cannot_even_go_to_the_bank_is_told_in_the_modal(bank: CertifiedBank) -> None:
    closed = entry("pushed", bank.issuer)
    closed["settings"]["pushed_authorization_request_endpoint"] = "https://127.0.0.1:1/request"
    async with serving(bank, closed) as stage:
        modal, view = await to_bank(stage, "pushed")
        tab = await stage.browser().open(SERVER + view["login"]["bridge_url"])
        after = await modal.view()

        assert (tab.status, "ls-page-returned" in tab.text) == (200, True)
        assert (after["next_pane"], after["error"]["reason"]) == ("error", "bank_down")
        assert (await modal.step("retry"))["next_pane"] == "login"


@pytest.mark.parametrize("name", REFUSED_WITHOUT)
async def test_the_bank_takes_nothing_weaker(bank: CertifiedBank, name: str) -> None:
    weaker = entry(name, bank.issuer, without=REFUSED_WITHOUT[name])
    if name == "mtls_self_signed":
        weaker["settings"]["token_endpoint_auth_method"] = "none"
    async with serving(bank, weaker) as stage:
        modal, view = await to_bank(stage, name)
        browser = stage.browser()
        back = await bank.visit(await browser.leave_for_bank(view["login"]["bridge_url"]))
        if back.startswith("https://linkspan.example/"):
            await browser.visit(back)
            assert (await modal.view())["next_pane"] == "error", back
        else:
            assert back.startswith("400 "), back
