"""A linked account becomes a PaymentMethod without anybody seeing its digits."""

from typing import Any, Final

import msgspec
import pytest

from linkspan.server.connectors.http import Request, Response
from tests.link.stage import Stage
from tests.link.test_refreshes import happened
from tests.link.test_sightings import COPPERFINCH, refreshed, renumbered
from tests.link.wire import Answer, Deliver

pytestmark = pytest.mark.anyio

NAME: Final = ("billing_details[name]", "Avery Ellis")
US_BANK_ACCOUNT: Final = ("type", "us_bank_account")
PARAM: Final = "us_bank_account[financial_connections_account]"


async def linked(stage: Stage, person: str = "sam", *, subcategory: str = "checking") -> dict[str, Any]:
    """An account of a person, linked a moment ago with permission to pay from it."""
    session = await stage.session()
    await stage.modal(session).to_done(person)
    accounts = await stage.accounts(session["id"])
    return next(account for account in accounts if account["subcategory"] == subcategory)


async def made_from(stage: Stage, account: str, *more: tuple[str, str]) -> Answer:
    return await stage.api("POST", "payment_methods", [US_BANK_ACCOUNT, NAME, (PARAM, account), *more])


def digits_of(stage: Stage, path: str) -> tuple[str, str]:
    """The routing and account number of an account, as the bank gave them."""
    (given,) = (answers for name, answers in stage.wire.answered.items() if name.endswith(path))
    (network,) = given[0]["paymentNetworks"]
    return network["bankId"], network["identifier"]


async def without_numbers(_request: Request, _deliver: Deliver) -> Response:
    """A bank that keeps its numbers to itself."""
    body = msgspec.json.encode({"page": {}, "paymentNetworks": []})
    return Response(status=200, headers={"content-type": "application/json"}, body=body)


async def test_a_payment_method_names_the_account_it_was_made_from(stage: Stage) -> None:
    account = await linked(stage)

    answer = await made_from(stage, account["id"])

    routing, _ = digits_of(stage, "sam-checking/payment-networks")
    bank = answer.json()["us_bank_account"]
    assert bank | {"fingerprint": ""} == {
        "account_holder_type": None,
        "account_type": "checking",
        "bank_name": account["institution_name"],
        "financial_connections_account": account["id"],
        "fingerprint": "",
        "last4": account["last4"],
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "routing_number": routing,
        "status_details": {},
    }


async def test_a_linked_account_and_its_typed_numbers_have_one_fingerprint(stage: Stage) -> None:
    account = await linked(stage)
    routing, digits = digits_of(stage, "sam-checking/payment-networks")
    form = [
        US_BANK_ACCOUNT,
        NAME,
        ("us_bank_account[routing_number]", routing),
        ("us_bank_account[account_number]", digits),
    ]

    from_account = (await made_from(stage, account["id"])).json()
    typed = (await stage.api("POST", "payment_methods", form)).json()

    assert from_account["us_bank_account"]["fingerprint"] == typed["us_bank_account"]["fingerprint"]


async def test_the_digits_are_in_no_answer_and_nowhere_at_rest(stage: Stage) -> None:
    account = await linked(stage)
    _, digits = digits_of(stage, "sam-checking/payment-networks")

    method = (await made_from(stage, account["id"])).json()
    await stage.api("POST", "tokens", [("bank_account[payment_method]", method["id"])])

    rows = [await stage.rows(f"SELECT * FROM {table}") for table in ("payment_methods", "tokens", "accounts")]
    assert digits not in repr(rows)
    assert [answer for answer in stage.answers if digits in answer.text] == []
    assert digits.encode() not in stage.log.getvalue()


async def test_a_payment_method_outlives_the_link_it_was_made_from(stage: Stage) -> None:
    account = await linked(stage)
    method = (await made_from(stage, account["id"])).json()
    customer = account["account_holder"]["customer"]

    await stage.api("POST", f"financial_connections/accounts/{account['id']}/disconnect")
    attached = await stage.api("POST", f"payment_methods/{method['id']}/attach", [("customer", customer)])
    token = await stage.api(
        "POST", "tokens", [("bank_account[payment_method]", method["id"]), ("customer", customer)]
    )

    assert attached.json() == method | {"customer": customer}
    assert token.json()["bank_account"]["last4"] == account["last4"]


async def test_an_account_that_is_disconnected_cannot_be_paid_from(stage: Stage) -> None:
    account = await linked(stage)
    await stage.api("POST", f"financial_connections/accounts/{account['id']}/disconnect")

    refused = await made_from(stage, account["id"])

    error = refused.json()["error"]
    assert (refused.status, error["param"]) == (400, PARAM)
    assert error["code"] == "financial_connections_account_inactive"
    assert "is disconnected, so it cannot be used to pay" in error["message"]


async def test_an_account_without_the_permission_cannot_be_paid_from(stage: Stage) -> None:
    customer = (await stage.api("POST", "customers")).json()["id"]
    form = [("account_holder[type]", "customer"), ("account_holder[customer]", customer)]
    form.append(("permissions[]", "balances"))
    session = (await stage.api("POST", "financial_connections/sessions", form)).json()
    await stage.modal(session).to_done()
    account = (await stage.accounts(session["id"]))[0]

    refused = await made_from(stage, account["id"])

    assert (refused.status, refused.json()["error"]["param"]) == (400, PARAM)
    assert "`payment_method` permission" in refused.json()["error"]["message"]


@pytest.mark.parametrize("subcategory", ["credit_card", "mortgage"])
async def test_a_card_or_a_loan_cannot_be_paid_from(stage: Stage, subcategory: str) -> None:
    account = await linked(stage, "avery", subcategory=subcategory)

    refused = await made_from(stage, account["id"])

    assert (refused.status, refused.json()["error"]["param"]) == (400, PARAM)
    assert "neither a checking nor a savings account" in refused.json()["error"]["message"]


async def test_a_bank_that_gives_no_numbers_is_told_of_by_stripes_code(stage: Stage) -> None:
    stage.wire.faults["/payment-networks"] = without_numbers
    account = await linked(stage)

    refused = await made_from(stage, account["id"])

    error = refused.json()["error"]
    assert (refused.status, error["param"]) == (400, PARAM)
    assert error["code"] == "financial_connections_account_unavailable_account_numbers"


async def test_another_tenants_account_cannot_be_paid_from(stage: Stage) -> None:
    account = await linked(stage)
    form = [US_BANK_ACCOUNT, NAME, (PARAM, account["id"])]

    refused = await stage.api("POST", "payment_methods", form, key="sk_test_of_another_tenant")

    error = refused.json()["error"]
    assert (refused.status, error["code"], error["param"]) == (400, "resource_missing", PARAM)


async def linked_with_a_stand_in(stage: Stage) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two accounts at a bank that gives numbers which work for us alone."""
    session = await stage.session()
    await stage.modal(session).to_done(bank=COPPERFINCH)
    stage.hands.seconds += 1
    first, second = await stage.accounts(session["id"])
    return first, second


async def blocked(stage: Stage, method: str) -> dict[str, Any] | None:
    """Why a PaymentMethod cannot be paid with, as the API tells it."""
    shown = (await stage.api("GET", f"payment_methods/{method}")).json()
    found: dict[str, Any] | None = shown["us_bank_account"]["status_details"].get("blocked")
    return found


async def test_a_payment_method_is_blocked_while_its_stand_in_is_no_more(stage: Stage) -> None:
    account, _ = await linked_with_a_stand_in(stage)
    method = (await made_from(stage, account["id"])).json()

    stage.wire.faults["/payment-networks"] = renumbered("000111222333")
    await refreshed(stage, account["id"])
    then = await blocked(stage, method["id"])
    stage.wire.faults.clear()
    await refreshed(stage, account["id"])
    again = await blocked(stage, method["id"])

    assert then == {"network_code": None, "reason": "tokenized_account_number_deactivated"}
    assert again is None
    told = await happened(stage, method["id"])
    assert [event["type"] for event in told] == ["payment_method.automatically_updated"] * 2
    before = told[0]["data"]["previous_attributes"]["us_bank_account"]
    assert before == method["us_bank_account"]
    customer = account["account_holder"]["customer"]
    attached = await stage.api("POST", f"payment_methods/{method['id']}/attach", [("customer", customer)])
    assert attached.status == 200


async def test_a_true_number_that_changed_blocks_nothing(stage: Stage) -> None:
    account = await linked(stage)
    method = (await made_from(stage, account["id"])).json()
    stage.hands.seconds += 1

    stage.wire.faults["/payment-networks"] = renumbered("000111222333", "ACCOUNT_NUMBER")
    await refreshed(stage, account["id"])

    assert await blocked(stage, method["id"]) is None
    assert await happened(stage, method["id"]) == []


async def test_a_detached_payment_method_is_left_as_it_is(stage: Stage) -> None:
    account, _ = await linked_with_a_stand_in(stage)
    method = (await made_from(stage, account["id"])).json()["id"]
    customer = account["account_holder"]["customer"]
    await stage.api("POST", f"payment_methods/{method}/attach", [("customer", customer)])
    await stage.api("POST", f"payment_methods/{method}/detach")

    stage.wire.faults["/payment-networks"] = renumbered("000111222333")
    await refreshed(stage, account["id"])

    assert await blocked(stage, method) is None
