"""What the SimpleFIN reader makes of a server's answers, good and bad, and what the writer makes of both."""

import contextlib
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.standards.simplefin import (
    Account,
    AccountSet,
    Connection,
    MalformedField,
    Organization,
    Transaction,
    Trouble,
    known_code,
    read_account_set,
    read_info,
)
from linkspan.standards.simplefin.writer import write_account_set, write_info

ACCOUNT: Mapping[str, Any] = {
    "id": "2930002",
    "name": "Savings",
    "currency": "USD",
    "balance": "100.23",
    "available-balance": "75.23",
    "balance-date": 978366153,
    "transactions": [
        {"id": "12394832938403", "posted": 793090572, "amount": "-33293.43", "description": "Bait Shop"}
    ],
    "extra": {"account-open-date": 978360153},
}
FIRST = {
    "errors": ["You must reauthenticate."],
    "accounts": [{**ACCOUNT, "org": {"domain": "mybank.com", "sfin-url": "https://sfin.mybank.com"}}],
}
SECOND = {
    "errlist": [{"code": "con.auth", "msg": "Sign in again.", "conn_id": "CON-1"}],
    "connections": [{"conn_id": "CON-1", "name": "My Bank", "org_id": "INST-1"}],
    "accounts": [{**ACCOUNT, "conn_id": "CON-1"}],
}


def read(document: object) -> AccountSet:
    return read_account_set(json.dumps(document).encode())


def test_protocol_1_is_read_by_its_own_words() -> None:
    found = read(FIRST)

    (account,) = found.accounts
    assert found.version == "1"
    assert found.troubles == (Trouble(code="gen.", msg="You must reauthenticate."),)
    assert account.org == Organization(sfin_url="https://sfin.mybank.com", domain="mybank.com")
    assert (account.balance, account.available_balance) == ("100.23", "75.23")
    assert account.transactions == (
        Transaction(id="12394832938403", posted=793090572, amount="-33293.43", description="Bait Shop"),
    )


def test_protocol_2_is_read_by_its_own_words() -> None:
    found = read(SECOND)

    assert found.version == "2"
    assert found.troubles == (Trouble(code="con.auth", msg="Sign in again.", conn_id="CON-1"),)
    assert found.connections == (Connection(conn_id="CON-1", name="My Bank", org_id="INST-1"),)
    assert found.accounts[0].conn_id == "CON-1"


@pytest.mark.parametrize("document", [FIRST, SECOND], ids=["1", "2"])
def test_what_is_written_reads_the_same(document: object) -> None:
    found = read(document)

    assert read_account_set(write_account_set(found)) == found


def test_an_account_without_its_institution_is_not_written() -> None:
    account = Account(id="1", name="A", currency="USD", balance="1", balance_date=1)

    for version in ("1", "2"):
        with pytest.raises(ValueError, match="is missing on account 1"):
            write_account_set(AccountSet(version=version, accounts=(account,)))


@pytest.mark.parametrize(
    "text",
    ["1e5", "1.", ".5", "NaN", "1_000", "", " 1", "1\n", "+1", "٣", "1" * 19, "0.0000000000001", 5, None],
)
def test_an_amount_is_an_exact_decimal_or_refused(text: object) -> None:
    with pytest.raises(MalformedField) as caught:
        read({"errors": [], "accounts": [{**ACCOUNT, "balance": text}]})

    assert caught.value.field == "accounts[0].balance"


def test_an_amount_keeps_every_digit() -> None:
    text = "-123456789012345678.123456789012"

    assert read({"errors": [], "accounts": [{**ACCOUNT, "balance": text}]}).accounts[0].balance == text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": ""}, "accounts[0].id"),
        ({"id": None}, "accounts[0].id"),
        ({"name": "x" * 4_097}, "accounts[0].name"),
        ({"balance-date": -1}, "accounts[0].balance-date"),
        ({"balance-date": 10**15}, "accounts[0].balance-date"),
        ({"balance-date": "today"}, "accounts[0].balance-date"),
        ({"transactions": [{"id": "1"}]}, "accounts[0].transactions[0].posted"),
        ({"conn_id": ""}, "accounts[0].conn_id"),
    ],
)
def test_a_field_that_breaks_the_standard_is_named(change: Mapping[str, object], field: str) -> None:
    with pytest.raises(MalformedField) as caught:
        read({"errors": [], "accounts": [{**ACCOUNT, **change}]})

    assert caught.value.field == field


def test_more_accounts_than_anybody_holds_are_refused() -> None:
    with pytest.raises(MalformedField):
        read({"errors": [], "accounts": [ACCOUNT] * 1_001})


def test_the_message_of_a_refusal_shows_no_content() -> None:
    with pytest.raises(MalformedField) as caught:
        read({"errors": [], "accounts": [{**ACCOUNT, "balance": "secret 123"}]})

    assert "secret" not in str(caught.value)
    assert "123" not in str(caught.value)


@given(
    st.binary() | st.recursive(st.none() | st.text(), st.lists).map(lambda each: json.dumps(each).encode())
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read_one in (read_account_set, read_info):
        with contextlib.suppress(MalformedField):
            read_one(data)


def test_a_document_nested_too_deep_is_refused() -> None:
    with pytest.raises(MalformedField):
        read_account_set(b'{"accounts": [], "x": ' + b"[" * 100_000)


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("gen.auth", "gen.auth"),
        ("act.failed", "act.failed"),
        ("act.failed.timeout", "act.failed"),
        ("con.weather", "con."),
        ("con", "con."),
        ("con.", "con."),
        ("", "gen."),
        ("odd", "gen."),
    ],
)
def test_a_code_that_is_not_known_means_what_its_prefix_means(code: str, meaning: str) -> None:
    assert known_code(code) == meaning


def test_the_versions_a_server_speaks_are_read_and_written() -> None:
    assert read_info(write_info(["1.0", "2.0"])) == ("1.0", "2.0")
