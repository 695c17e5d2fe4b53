"""People type an account's numbers where a program lets them, and what a page's call wants comes of it."""

from typing import Any, Final

import pytest

from tests.link.stage import SHOP, Modal, Stage

pytestmark = pytest.mark.anyio

TYPING: Final = [("manual_entry[mode]", "automatic")]
PREVIEW: Final = "2026-10-28.preview"
DIGITS: Final = "000123456789"
PRICE: Final = [("amount", "5000"), ("currency", "usd")]
JENNY: Final = {"billing_details": {"name": "Jenny Rosen", "email": "jenny@example.com"}}
BOTH: Final = pytest.mark.parametrize("kind", ["payment", "setup"])


async def make_intent(stage: Stage, kind: str = "payment", *more: tuple[str, str]) -> dict[str, Any]:
    """An intent of a new customer, as the API answers it."""
    customer = (await stage.api("POST", "customers")).json()["id"]
    form = [*(PRICE if kind == "payment" else ()), ("customer", customer), *more]
    answer = await stage.api("POST", f"{kind}_intents", form)
    assert answer.status == 200, answer.text
    intent: dict[str, Any] = answer.json()
    return intent


async def begin(stage: Stage, intent: dict[str, Any], **changes: Any) -> Any:
    """What a page is answered that begins to collect an account for an intent."""
    page = Modal(stage, intent["client_secret"], SHOP, "pk_test")
    kind = intent["object"].removesuffix("_intent")
    form = {"purpose": kind, "host_origin": SHOP, "key": "pk_test", "payment_method_data": JENNY}
    return await page.ask("POST", "collect", form | changes)


async def collecting(stage: Stage, intent: dict[str, Any], **changes: Any) -> Modal:
    """The modal that collects an account for an intent."""
    answer = await begin(stage, intent, **changes)
    assert answer.status == 200, answer.text
    modal = Modal(stage, answer.json()["client_secret"], SHOP, "pk_test")
    await modal.open()
    return modal


async def now(stage: Stage, made: dict[str, Any]) -> dict[str, Any]:
    """An intent as it is now."""
    found: dict[str, Any] = (await stage.api("GET", f"{made['object']}s/{made['id']}")).json()
    return found


async def method_of(stage: Stage, intent: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await stage.api("GET", f"payment_methods/{intent['payment_method']}")).json()
    return found


async def test_typed_numbers_become_a_token_of_the_session(stage: Stage) -> None:
    session = await stage.session(*TYPING)
    modal = stage.modal(session)
    assert (await modal.open(purpose="token"))["bank"]["can_type"]

    asked = await modal.step("manual")
    view = await modal.type_numbers()

    assert asked["manual"] == {
        "test": {"routing_number": "110000000", "account_number": DIGITS},
        "has_deposits": False,
        "has_banks": True,
    }
    assert view["done"]["typed"] == {"last4": "6789", "bank_name": "STRIPE TEST BANK"}
    assert not view["done"]["has_deposits"]
    result = view["result"]
    assert result["financialConnectionsSession"]["accounts"] == []
    kept = (await stage.api("GET", f"financial_connections/sessions/{session['id']}")).json()
    assert kept["bank_account_token"] == result["token"]
    token = (await stage.api("GET", f"tokens/{result['token']['id']}")).json()
    assert token == result["token"]
    assert token["bank_account"]["last4"] == "6789"
    assert (await modal.step("close"))["result"] == result


async def test_a_linked_account_becomes_a_token_too_and_only_one_is_taken(stage: Stage) -> None:
    session = await stage.session()
    modal = stage.modal(session)
    await modal.open(purpose="token")

    view = await modal.to_accounts()
    accounts = view["accounts"]["accounts"]
    payable = [each["id"] for each in accounts if each["eligible"]]
    assert (view["multiple"], view["accounts"]["limit"]) == (False, 1)
    two = await modal.ask("POST", "accounts", {"accounts": payable[:2], "kinds": {}})
    done = await modal.choose(payable[:1])

    assert (two.status, two.json()["error"]["param"]) == (400, "accounts")
    (account,) = done["result"]["financialConnectionsSession"]["accounts"]
    assert done["result"]["token"]["bank_account"]["last4"] == account["last4"]


async def test_a_token_needs_a_session_that_may_see_numbers(stage: Stage) -> None:
    customer = (await stage.api("POST", "customers")).json()["id"]
    holder = [("account_holder[type]", "customer"), ("account_holder[customer]", customer)]
    form = [*holder, ("permissions[]", "balances")]
    session = (await stage.api("POST", "financial_connections/sessions", form)).json()
    opening = {"host_origin": SHOP, "key": "pk_test", "purpose": "token"}

    refused = await stage.modal(session).ask("POST", "open", opening)

    assert (refused.status, refused.json()["error"]["param"]) == (400, "client_secret")


@pytest.mark.parametrize(
    ("mode", "purpose", "is_offered"),
    [
        ("disabled", "token", False),
        ("automatic", "accounts", False),
        ("automatic", "token", True),
        ("custom", "accounts", True),
    ],
)
async def test_typing_is_offered_where_program_and_call_allow_it(
    stage: Stage,
    mode: str,
    purpose: str,
    is_offered: bool,  # noqa: FBT001 - a case of the table above
) -> None:
    session = await stage.session(("manual_entry[mode]", mode), version=PREVIEW)
    modal = stage.modal(session)

    view = await modal.open(purpose=purpose)
    after = await modal.step("manual")

    assert view["bank"]["can_type"] is is_offered
    assert (after["next_pane"] == "bank") is not is_offered


async def test_a_program_that_asks_by_itself_is_handed_the_person(stage: Stage) -> None:
    session = await stage.session(("manual_entry[mode]", "custom"), version=PREVIEW)
    modal = stage.modal(session)
    await modal.open()

    view = await modal.step("manual")

    handed = {"cancelled": {"reason": "custom_manual_entry"}}
    result = view["result"]["financialConnectionsSession"]
    assert (result["accounts"], result["status"], result["status_details"]) == ([], "cancelled", handed)
    path = f"financial_connections/sessions/{session['id']}"
    kept = (await stage.api("GET", path, version=PREVIEW)).json()
    assert (kept["status"], kept["status_details"]) == ("cancelled", handed)


async def test_who_could_not_sign_in_may_type_instead(stage: Stage) -> None:
    modal, browser = stage.modal(await stage.session(*TYPING)), stage.browser()
    await modal.open(purpose="token")
    bridge = (await modal.to_login())["login"]["bridge_url"]
    await browser.visit(await browser.sign_in(bridge, choice="deny"))

    failed = await modal.view()
    typing = await modal.step("manual")

    assert failed["error"]["actions"] == ["retry", "another_bank", "manual", "close"]
    assert typing["next_pane"] == "manual"
    assert (await modal.step("back"))["next_pane"] == "bank"


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"routing_number": "110000001"}, "us_bank_account[routing_number]"),
        ({"routing_number": ""}, "routing_number"),
        ({"account_number": "12"}, "us_bank_account[account_number]"),
        ({"account_number": 12}, "account_number"),
        ({"account_type": "other"}, "account_type"),
    ],
)
async def test_numbers_that_cannot_be_are_refused_by_name(
    stage: Stage, changes: dict[str, Any], param: str
) -> None:
    modal = await collecting(stage, await make_intent(stage))
    typing = await modal.step("manual")
    numbers = {"routing_number": "110000000", "account_number": DIGITS, "account_type": "checking"}

    refused = await modal.ask("POST", "numbers", numbers | changes)

    assert (refused.status, refused.json()["error"]["param"]) == (400, param)
    assert await modal.view() == typing


@BOTH
async def test_a_linked_account_is_what_an_intent_goes_on_with(stage: Stage, kind: str) -> None:
    intent = await make_intent(stage, kind)
    modal = await collecting(stage, intent)

    view = await modal.to_accounts()
    (payable, *_) = [each["id"] for each in view["accounts"]["accounts"] if each["eligible"]]
    done = await modal.choose([payable])

    after = await now(stage, intent)
    assert after["status"] == "requires_confirmation"
    shown = done["result"][f"{kind}Intent"]
    assert (shown["id"], shown["status"]) == (intent["id"], "requires_confirmation")
    assert shown["client_secret"] == intent["client_secret"]
    assert "metadata" not in shown
    method = await method_of(stage, after)
    assert method["us_bank_account"]["financial_connections_account"].startswith("fca_")
    assert method["billing_details"]["email"] == "jenny@example.com"
    confirmed = await stage.api("POST", f"{kind}_intents/{intent['id']}/confirm")
    assert confirmed.json()["status"] == ("processing" if kind == "payment" else "succeeded")


@BOTH
async def test_typed_numbers_are_what_an_intent_goes_on_with_and_deposits_follow(
    stage: Stage, kind: str
) -> None:
    intent = await make_intent(stage, kind)
    data = {**JENNY, "metadata": {"order": "1"}}
    modal = await collecting(stage, intent, payment_method_data=data, shows_method=True)
    await modal.step("manual")

    view = await modal.type_numbers()

    assert view["done"]["has_deposits"]
    shown = view["result"][f"{kind}Intent"]
    assert shown["payment_method"] == await method_of(stage, await now(stage, intent))
    assert shown["payment_method"]["us_bank_account"]["financial_connections_account"] is None
    assert shown["payment_method"]["metadata"] == {"order": "1"}
    confirmed = await stage.api("POST", f"{kind}_intents/{intent['id']}/confirm")
    assert confirmed.json()["status"] == "requires_action"


@BOTH
async def test_who_leaves_leaves_the_intent_as_it_was(stage: Stage, kind: str) -> None:
    intent = await make_intent(stage, kind)

    view = await (await collecting(stage, intent)).step("close")

    assert view["result"][f"{kind}Intent"]["status"] == "requires_payment_method"
    assert await now(stage, intent) == intent


async def test_an_intent_asks_for_what_its_options_say(stage: Stage) -> None:
    session = "payment_method_options[us_bank_account][financial_connections]"
    wanted = [
        (f"{session}[permissions][]", "payment_method"),
        (f"{session}[permissions][]", "balances"),
        (f"{session}[prefetch][]", "balances"),
        (f"{session}[filters][account_subcategories][]", "savings"),
    ]
    intent = await make_intent(stage, "payment", *wanted)

    view = await (await collecting(stage, intent)).to_accounts()

    assert view["accounts"]["kinds"] == ["savings"]
    (session_id,) = (await stage.rows("SELECT id FROM sessions"))[0]
    kept = (await stage.api("GET", f"financial_connections/sessions/{session_id}")).json()
    assert (kept["permissions"], kept["prefetch"]) == (["payment_method", "balances"], ["balances"])
    assert kept["account_holder"]["customer"] == intent["customer"]


async def test_a_page_that_is_loaded_again_goes_on_with_the_session_under_way(stage: Stage) -> None:
    intent = await make_intent(stage)
    first = await collecting(stage, intent)
    await first.choose_bank()

    again = await begin(stage, intent)

    assert again.json()["client_secret"] == first.secret
    await first.step("close")
    assert (await begin(stage, intent)).json()["client_secret"] != first.secret


@pytest.mark.parametrize(
    ("way", "pane", "can_type"),
    [("automatic", "bank", True), ("instant", "bank", False), ("microdeposits", "manual", True)],
)
async def test_the_way_an_account_is_verified_decides_where_the_flow_begins(
    stage: Stage,
    way: str,
    pane: str,
    can_type: bool,  # noqa: FBT001 - a case of the table above
) -> None:
    option = ("payment_method_options[us_bank_account][verification_method]", way)
    modal = await collecting(stage, await make_intent(stage, "payment", option))

    view = await modal.view()

    assert view["next_pane"] == pane
    if pane == "bank":
        assert view["bank"]["can_type"] is can_type
    else:
        assert not view["manual"]["has_banks"]
        assert await modal.step("back") == view


@pytest.mark.parametrize(
    ("changes", "status", "param"),
    [
        ({"purpose": "setup"}, 401, "client_secret"),
        ({"payment_method_data": {}}, 400, "payment_method_data[billing_details][name]"),
        ({"payment_method_data": []}, 400, "payment_method_data"),
        ({"payment_method_data": {"billing_details": {"name": 1}}}, 400, "name"),
    ],
)
async def test_a_call_that_cannot_be_is_refused(
    stage: Stage, changes: dict[str, Any], status: int, param: str
) -> None:
    intent = await make_intent(stage)

    refused = await begin(stage, intent, **changes)

    assert (refused.status, refused.json()["error"]["param"]) == (status, param)
    assert await stage.rows("SELECT id FROM sessions") == []


async def test_an_intent_that_is_over_collects_nothing(stage: Stage) -> None:
    intent = await make_intent(stage)
    await stage.api("POST", f"payment_intents/{intent['id']}/cancel")

    refused = await begin(stage, intent)

    assert (refused.status, refused.json()["error"]["code"]) == (400, "payment_intent_unexpected_state")


async def test_a_guessed_secret_collects_nothing(stage: Stage) -> None:
    intent = await make_intent(stage)

    refused = await begin(stage, intent | {"client_secret": intent["client_secret"][:-1] + "_"})

    assert refused.status == 401


async def test_digits_are_in_no_row_event_or_line(stage: Stage) -> None:
    modal = await collecting(stage, await make_intent(stage))
    await modal.step("manual")
    await modal.type_numbers("40815162342")

    for table in ("payment_methods", "intents", "links", "sessions", "events", "tokens"):
        assert "40815162342" not in repr(await stage.rows(f"SELECT * FROM {table}"))
    assert b"40815162342" not in stage.log.getvalue()
