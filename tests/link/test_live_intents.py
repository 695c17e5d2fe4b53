"""In live mode nothing is done that money would have to be moved for, and whose an intent is stays so."""

from dataclasses import replace
from typing import Any, Final

import pytest

from linkspan.server.api.auth import StoredKeys
from linkspan.server.app import Server
from linkspan.server.core.api_key import Kind
from linkspan.server.core.scope import Scope
from linkspan.server.telemetry.log import Log
from tests.link.stage import SHOP, Modal, Stage
from tests.link.test_manual_entry import JENNY, PRICE
from tests.link.test_publishable_keys import make_key
from tests.link.wire import Answer

pytestmark = pytest.mark.anyio

OURS: Final = Scope("acct_ours", livemode=True)
THEIRS: Final = Scope("acct_theirs", livemode=True)
TYPED: Final = [
    ("payment_method_data[type]", "us_bank_account"),
    ("payment_method_data[us_bank_account][account_number]", "000123456789"),
    ("payment_method_data[us_bank_account][routing_number]", "110000000"),
    ("payment_method_data[billing_details][name]", "Jenny Rosen"),
]


class Shop:
    """A tenant with live keys."""

    def __init__(self, stage: Stage, secret: str, publishable: str) -> None:
        self.stage, self.secret, self.publishable = stage, secret, publishable

    async def post(self, path: str, *form: tuple[str, str]) -> Answer:
        return await self.stage.api("POST", path, form, self.secret)

    async def make(self, path: str, *form: tuple[str, str]) -> dict[str, Any]:
        answer = await self.post(path, *form)
        assert answer.status == 200, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def collecting(self, intent: dict[str, Any]) -> Modal:
        page = Modal(self.stage, intent["client_secret"], SHOP, self.publishable)
        kind = intent["object"].removesuffix("_intent")
        form = {"purpose": kind, "host_origin": SHOP, "key": self.publishable, "payment_method_data": JENNY}
        answer = await page.ask("POST", "collect", form)
        assert answer.status == 200, answer.text
        return replace(page, secret=answer.json()["client_secret"])


async def open_shop(stage: Stage, scope: Scope) -> Shop:
    log = Log(stage.context.world, stage.log)
    keyed = replace(stage, server=Server(stage.context, StoredKeys(stage.context), log))
    secret = await make_key(keyed, scope, Kind.SECRET)
    return Shop(keyed, secret.text, (await make_key(keyed, scope, Kind.PUBLISHABLE)).text)


@pytest.fixture
async def shop(stage: Stage) -> Shop:
    return await open_shop(stage, OURS)


async def linked(shop: Shop, intent: dict[str, Any]) -> None:
    """Link an account for an intent."""
    view = await (await shop.collecting(intent)).to_accounts()
    eligible = [each["id"] for each in view["accounts"]["accounts"] if each["eligible"]]
    modal = await shop.collecting(intent)
    await modal.choose(eligible[:1])


async def test_a_live_payment_collects_an_account_and_is_never_confirmed(shop: Shop) -> None:
    intent = await shop.make("payment_intents", *PRICE)
    await linked(shop, intent)

    refused = await shop.post(f"payment_intents/{intent['id']}/confirm")

    assert refused.status == 400
    assert "moves no money" in refused.json()["error"]["message"]
    after = (await shop.stage.api("GET", f"payment_intents/{intent['id']}", (), shop.secret)).json()
    assert (after["livemode"], after["status"]) == (True, "requires_confirmation")


async def test_a_live_setup_succeeds_with_an_account_that_was_linked(shop: Shop) -> None:
    customer = (await shop.make("customers"))["id"]
    intent = await shop.make("setup_intents", ("customer", customer))
    await linked(shop, intent)

    done = await shop.make(f"setup_intents/{intent['id']}/confirm")

    assert done["status"] == "succeeded"
    method = await shop.stage.api("GET", f"payment_methods/{done['payment_method']}", (), shop.secret)
    assert method.json()["customer"] == customer


async def test_a_live_setup_with_typed_numbers_is_refused(shop: Shop) -> None:
    intent = await shop.make("setup_intents", *TYPED)

    refused = await shop.post(f"setup_intents/{intent['id']}/confirm")

    assert (refused.status, "deposits" in refused.json()["error"]["message"]) == (400, True)


@pytest.mark.parametrize("kind", ["payment", "setup"])
async def test_nobody_is_asked_to_type_where_no_deposit_could_follow(shop: Shop, kind: str) -> None:
    intent = await shop.make(f"{kind}_intents", *(PRICE if kind == "payment" else ()))
    wanted = ("payment_method_options[us_bank_account][verification_method]", "microdeposits")

    view = await (await shop.collecting(intent)).open()
    refused = await shop.post(f"{kind}_intents", *(PRICE if kind == "payment" else ()), wanted)

    assert not view["bank"]["can_type"]
    assert (refused.status, "deposits" in refused.json()["error"]["message"]) == (400, True)


async def test_test_numbers_mean_nothing_in_live_mode(shop: Shop) -> None:
    refused = await shop.post("payment_intents", *PRICE, ("payment_method", "pm_usBankAccount_success"))

    assert (refused.status, refused.json()["error"]["code"]) == (400, "resource_missing")


async def test_a_page_of_another_tenant_reaches_no_intent(stage: Stage, shop: Shop) -> None:
    theirs = await open_shop(stage, THEIRS)
    intent = await shop.make("setup_intents")
    path = f"setup_intents/{intent['id']}?client_secret={intent['client_secret']}"

    seen = await shop.stage.api("GET", path, (), shop.publishable)
    refused = await shop.stage.api("GET", path, (), theirs.publishable)
    unknown = await shop.stage.api("GET", path, (), f"pk_live_{'a' * 40}")
    page = Modal(shop.stage, intent["client_secret"], SHOP, theirs.publishable)
    form = {"purpose": "setup", "host_origin": SHOP, "key": theirs.publishable, "payment_method_data": JENNY}
    collecting = await page.ask("POST", "collect", form)
    elsewhere = await page.ask(
        "POST", "collect", form | {"key": shop.publishable, "host_origin": "https://evil.example"}
    )

    assert seen.status == 200
    assert (refused.status, unknown.status, collecting.status) == (401, 401, 401)
    assert elsewhere.status == 403
