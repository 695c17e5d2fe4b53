"""The holder of an account tells of the deposit in it on a page without a script."""

import re
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import pytest

from tests.link.stage import Stage
from tests.link.test_manual_entry import PRICE, make_intent, now
from tests.link.wire import Answer

pytestmark = pytest.mark.anyio

TYPED: Final = [
    ("payment_method_data[type]", "us_bank_account"),
    ("payment_method_data[us_bank_account][account_number]", "000123456789"),
    ("payment_method_data[us_bank_account][routing_number]", "110000000"),
    ("payment_method_data[billing_details][name]", "Jenny Rosen"),
    ("confirm", "true"),
]


async def waiting(stage: Stage, kind: str = "payment") -> tuple[dict[str, Any], str]:
    """An intent that waits for a deposit to be told of, and the address of the page for it."""
    intent = await make_intent(stage, kind, *TYPED)
    url: str = intent["next_action"]["verify_with_microdeposits"]["hosted_verification_url"]
    return intent, urlsplit(url).path


async def tell(stage: Stage, page: str, code: str, **headers: str) -> Answer:
    return await stage.ask("POST", page, headers, urlencode({"code": code}).encode())


def kind_of(answer: Answer) -> str:
    found = re.search(r'data-testid="ls-page-(\w+)"', answer.text)
    assert found is not None, answer.text
    return found[1]


@pytest.mark.parametrize("kind", ["payment", "setup"])
async def test_the_code_in_the_statement_verifies(stage: Stage, kind: str) -> None:
    intent, page = await waiting(stage, kind)

    shown = await stage.ask("GET", page)
    told = await tell(stage, page, " sm11aa ")

    assert (kind_of(shown), kind_of(told)) == ("deposits", "verified")
    assert "6789" in shown.text
    assert (await now(stage, intent))["status"] == ("processing" if kind == "payment" else "succeeded")
    assert kind_of(await stage.ask("GET", page)) == "verified"


async def test_a_wrong_code_is_asked_for_again_until_it_was_wrong_too_often(stage: Stage) -> None:
    intent, page = await waiting(stage)

    shown = [await tell(stage, page, "SMXXXX") for _ in range(3)]

    assert [kind_of(each) for each in shown] == ["deposits", "deposits", "unverified"]
    assert 'role="alert"' in shown[0].text
    assert (await now(stage, intent))["status"] == "requires_payment_method"
    assert kind_of(await tell(stage, page, "SM11AA")) == "unverified"


async def test_the_page_speaks_the_readers_language(stage: Stage) -> None:
    _, page = await waiting(stage)

    shown = await stage.ask("GET", page, {"accept-language": "he"})

    assert '<html lang="he" dir="rtl">' in shown.text


async def test_an_address_that_is_guessed_shows_nothing(stage: Stage) -> None:
    intent, page = await waiting(stage)
    secret = intent["client_secret"]

    for word in (page.rpartition("/")[2][:-1] + "_", secret, "nothing"):
        for answer in (
            await stage.ask("GET", f"/link/deposits/{word}"),
            await tell(stage, f"/link/deposits/{word}", "SM11AA"),
        ):
            assert (answer.status, kind_of(answer)) == (404, "refused")
    assert (await now(stage, intent))["status"] == "requires_action"


async def test_the_address_opens_nothing_else(stage: Stage) -> None:
    intent, page = await waiting(stage)
    word = page.rpartition("/")[2]

    answer = await stage.api(
        "GET", f"payment_intents/{intent['id']}?client_secret={word}", (), "pk_test_shop"
    )

    assert answer.status == 401


async def test_nothing_runs_or_frames_the_page_and_its_form_goes_nowhere_else(stage: Stage) -> None:
    _, page = await waiting(stage)

    policy = (await stage.ask("GET", page)).header("content-security-policy")

    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy


async def test_a_page_for_an_intent_that_waits_for_nothing_says_so(stage: Stage) -> None:
    form = [*PRICE, ("payment_method", "pm_usBankAccount_failMicrodeposits"), ("confirm", "true")]
    intent = (await stage.api("POST", "payment_intents", form)).json()
    page = urlsplit(intent["next_action"]["verify_with_microdeposits"]["hosted_verification_url"]).path

    await stage.api("POST", f"payment_intents/{intent['id']}/cancel")

    assert kind_of(await stage.ask("GET", page)) == "unverified"
