"""Anything the API writes is read as its own type, anything else is refused with its place."""

import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from linkspan.objects import (
    Account,
    ApiError,
    Authorization,
    ConnectedAccount,
    Customer,
    DecodeError,
    ErrorBody,
    Event,
    FrozenMap,
    List,
    Session,
    Transaction,
    decode,
    decode_as,
    encode,
)
from tests.unit.objects.any_json import ANY_JSON
from tests.unit.objects.samples import sample

TRANSACTION = {
    "id": "fctxn_1Q9cC2L8zK3vYw7RkN5tHb2M",
    "object": "financial_connections.transaction",
    "account": "fca_1Q9cC2L8zK3vYw7RkN5tHb2M",
    "amount": -300,
    "currency": "usd",
    "description": "Rocket Rides",
    "livemode": False,
    "status": "posted",
    "status_transitions": {"posted_at": 1789990000, "void_at": None},
    "transacted_at": 1789980000,
    "transaction_refresh": "fctxnref_1Q9cC2L8zK3vYw7RkN5tHb2M",
    "updated": 1789990000,
}
CUSTOMER = {"id": "cus_1Q9cC2L8zK3vYw7R", "object": "customer", "created": 1789980000, "livemode": False}
AUTHORIZATION = {
    "id": "fcauth_1Q9cC2L8zK3vYw7RkN5tHb2M",
    "object": "financial_connections.authorization",
    "institution_name": "Harbor Bank",
    "livemode": False,
    "status": "inactive",
    "status_details": {"inactive": {"action": "relink_required"}},
}


def page(*data: object) -> dict[str, object]:
    """Return a list of *data*."""
    return {"object": "list", "data": list(data), "has_more": False, "url": "/v1/financial_connections/x"}


def event(subject: object) -> dict[str, object]:
    """Return an event about *subject*."""
    return {
        "id": "evt_1Q9cC2L8zK3vYw7R",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": 1789990000,
        "data": {"object": subject},
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": None, "idempotency_key": None},
        "type": "financial_connections.account.created",
    }


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (sample("session_today"), Session),
        (sample("account_today"), Account),
        (sample("account_2022-05"), Account),
        (TRANSACTION, Transaction),
        (CUSTOMER, Customer),
        (AUTHORIZATION, Authorization),
        ({"object": "account", "id": "acct_1"}, ConnectedAccount),
        (event(TRANSACTION), Event),
        (page(), List),
    ],
)
def test_the_type_is_chosen_by_object(document: dict[str, object], kind: type) -> None:
    assert type(decode(document)) is kind


@pytest.mark.parametrize("form", [dict, json.dumps, lambda d: json.dumps(d).encode()])
def test_bytes_text_and_mappings_read_the_same(form: Callable[[Any], Any]) -> None:
    document = sample("account_today")

    assert decode(form(document)) == decode(bytearray(json.dumps(document), "utf-8"))


def test_each_element_of_a_list_has_its_own_type() -> None:
    read = decode(page(TRANSACTION, sample("account_today")))

    assert isinstance(read, List)
    assert [type(element) for element in read.data] == [Transaction, Account]


def test_a_caller_who_knows_the_type_names_it() -> None:
    read = decode_as(json.dumps(page(TRANSACTION)), List[Transaction])

    assert read.data[0].amount == -300


def test_a_type_other_than_the_named_one_is_refused() -> None:
    with pytest.raises(DecodeError) as refused:
        decode_as(TRANSACTION, Session)

    assert refused.value.path == "object"


def test_an_expanded_field_is_decoded_to_its_own_type() -> None:
    document = {**sample("account_today"), "account_holder": {"type": "customer", "customer": CUSTOMER}}

    read = decode_as(document, Account)

    assert read.account_holder is not None
    assert isinstance(read.account_holder.customer, Customer)


def test_the_subject_of_an_event_is_decoded_to_its_own_type() -> None:
    read = decode_as(event(sample("account_2022-05")), Event)

    assert isinstance(read.data.object, Account)
    assert read.data.object.created == 1655769999


def test_the_subject_of_another_api_is_kept_as_a_mapping() -> None:
    subject = {"object": "charge", "id": "ch_1", "amounts": [1, {"usd": 2}]}

    read = decode_as(json.dumps(event(subject)), Event)

    assert isinstance(read.data.object, FrozenMap)
    assert read.data.object["amounts"] == (1, {"usd": 2})
    assert read.to_dict() == event(subject)
    assert json.loads(encode(read)) == event(subject)


def test_an_unknown_enumeration_value_does_not_fail() -> None:
    read = decode_as({**TRANSACTION, "status": "reversed"}, Transaction)

    assert read.status == "reversed"


def test_an_error_body_is_read_with_what_is_null_left_out() -> None:
    body = {"error": {"type": "invalid_request_error", "message": "No such session", "param": "session"}}

    read = decode_as(body, ErrorBody)

    assert read.error == ApiError(
        type="invalid_request_error", message="No such session", param="session", code=None
    )
    assert json.loads(encode(read)) == read.to_dict() == body


def test_the_document_of_an_error_keeps_payment_objects_as_sent() -> None:
    body = {"error": {"type": "card_error", "payment_intent": {"id": "pi_1", "next": [1]}}}

    assert decode_as(body, ErrorBody).to_dict() == body


@pytest.mark.parametrize(
    ("data", "path", "reason"),
    [
        (b"", "", "not JSON"),
        (b"{", "", "not JSON"),
        (b'{"object":"\xff"}', "", "not JSON"),
        ("\ud800", "", "not JSON"),
        (b"[]", "", "Expected an object, got an array"),
        (b"null", "", "Expected an object, got null"),
        (b"true", "", "Expected an object, got a boolean"),
        (b"1.5", "", "Expected an object, got a number"),
        (b'"x"', "", "Expected an object, got text"),
        ({}, "object", "required, and missing"),
        ({"object": "charge"}, "object", "'charge' is not an object this library knows"),
        ({"object": ["list"]}, "object", "is not an object this library knows"),
        ({"object": "financial_connections.account"}, "", "missing required field"),
        (page({**TRANSACTION, "amount": 1.5}), "data[0].amount", "Expected `int`, got `float`"),
        (page({**TRANSACTION, "new": 1, "amount": "1"}), "data[0].amount", "Expected `int`, got `str`"),
        (page("fctxn_1"), "data[0]", "Expected `object`, got `str`"),
        ({**sample("account_today"), "balance": []}, "balance", "Expected `object | null`, got `array`"),
        (event({**TRANSACTION, "updated": None}), "data.object.updated", "Expected `int`, got `null`"),
        (event("fctxn_1"), "data.object", "Expected an object, got text"),
        ({**CUSTOMER, "metadata": {"order": 1}}, "metadata.order", "Expected `str`, got `int`"),
        ({**CUSTOMER, "metadata": []}, "metadata", "Expected an object, got an array"),
        (b'{"object":"list","new":1', "", "not JSON"),
        (b'{"object":"list","new":' + b"[" * 10_000, "", "nested too deeply"),
        (b'{"object":"customer","address":{"city":' + b"[" * 10_000, "", "nested too deeply"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(data: Any, path: str, reason: str) -> None:
    with pytest.raises(DecodeError) as refused:
        decode(data)

    assert refused.value.path == path
    assert reason in refused.value.reason
    assert str(refused.value).startswith(path)


@given(ANY_JSON)
def test_any_json_is_read_or_refused(document: object) -> None:
    try:
        read = decode(json.dumps(document))
    except DecodeError:
        return
    assert isinstance(document, dict)
    assert read.to_dict()["object"] == document["object"]


def test_what_is_no_object_of_the_api_cannot_be_encoded() -> None:
    with pytest.raises(TypeError, match="complex is not JSON"):
        encode(1j)


def test_a_refusal_survives_pickling() -> None:
    refused = pickle.loads(pickle.dumps(DecodeError("Expected `int`", path="data[0].amount")))

    assert (str(refused), refused.path) == ("data[0].amount: Expected `int`", "data[0].amount")
