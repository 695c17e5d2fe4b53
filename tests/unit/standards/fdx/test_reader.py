"""What the FDX reader makes of a bank's answers, good and bad."""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.standards.fdx import (
    DepositAccount,
    LoanAccount,
    MalformedField,
    OtherAccount,
    PaymentNetworks,
    read_account,
    read_accounts,
    read_contact,
    read_customer,
    read_error,
    read_payment_networks,
    read_transactions,
)

READERS: tuple[Callable[[bytes], object], ...] = (
    read_account,
    read_accounts,
    read_contact,
    read_customer,
    read_error,
    read_payment_networks,
    read_transactions,
)
FLAT = b"""{"accountCategory": "DEPOSIT_ACCOUNT", "accountId": "a1", "accountType": "CHECKING",
 "currency": {"currencyCode": "USD"}, "status": "OPEN", "currentBalance": 1399.020, "availableBalance": 12}"""
WRAPPED = b"""{"depositAccount": {"accountId": "a1", "accountType": "CHECKING", "status": "OPEN",
 "currency": {"currencyCode": "USD"}, "currentBalance": 1399.020, "availableBalance": 12}}"""
TRANSACTION = b"""{"accountCategory": "LOC_ACCOUNT", "transactionId": "t2", "referenceTransactionId": "t1",
 "transactionTimestamp": "2026-03-01T23:30:00.000-05:00", "debitCreditMemo": "DEBIT",
 "status": "POSTED", "amount": 0.80}"""


def test_both_forms_of_an_account_read_alike() -> None:
    flat, wrapped = read_account(FLAT), read_account(WRAPPED)

    assert flat == wrapped
    assert isinstance(flat, DepositAccount)
    assert flat.available_balance == 12


def test_an_amount_keeps_every_digit_of_its_text() -> None:
    text = "123456789012345.670000000001"

    account = read_account(
        b'{"accountCategory": "LOAN_ACCOUNT", "accountId": "a", "principalBalance": %s}' % text.encode()
    )

    assert isinstance(account, LoanAccount)
    assert account.principal_balance == Decimal(text)


@pytest.mark.parametrize("number", ["1e18", "1e-13", "-1e999999", '"NaN"', '"Infinity"', "true", "{}"])
def test_an_implausible_amount_is_refused_with_its_name(number: str) -> None:
    data = b'{"accountCategory": "DEPOSIT_ACCOUNT", "accountId": "a", "currentBalance": %s}' % number.encode()

    with pytest.raises(MalformedField, match="currentBalance") as refused:
        read_account(data)

    assert refused.value.field == "currentBalance"


@pytest.mark.parametrize("category", ["ANNUITY_ACCOUNT", "FROM_A_LATER_VERSION"])
def test_a_category_without_a_record_is_kept_by_name(category: str) -> None:
    account = read_account(b'{"accountCategory": "%s", "accountId": "a"}' % category.encode())

    assert account == OtherAccount(account_category=category, account_id="a")


def test_a_wrapper_of_a_later_version_is_kept_by_its_key() -> None:
    account = read_account(b'{"gemstoneAccount": {"accountId": "a"}}')

    assert account == OtherAccount(account_category="gemstoneAccount", account_id="a")


def test_a_list_keeps_the_order_and_the_next_page_of_the_bank() -> None:
    page = b'{"page": {"nextPageKey": "k2", "totalElements": 3}, "accounts": [%s, %s]}' % (FLAT, WRAPPED)

    found = read_accounts(page)

    assert [a.account_id for a in found.accounts] == ["a1", "a1"]
    assert found.page.next_query == ("pageKey", "k2")


@pytest.mark.parametrize(
    ("page", "query"),
    [
        (b'{"nextOffset": "o2"}', ("offset", "o2")),
        (b'{"nextOffset": "o2", "nextPageKey": "k2"}', ("pageKey", "k2")),
        (b'{"nextOffset": ""}', None),
        (b"{}", None),
    ],
)
def test_the_next_page_is_asked_for_as_the_bank_named_it(page: bytes, query: tuple[str, str] | None) -> None:
    found = read_transactions(b'{"page": %s, "transactions": []}' % page)

    assert found.page.next_query == query


def test_both_forms_of_a_transaction_read_alike() -> None:
    inner = TRANSACTION.replace(b'"accountCategory": "LOC_ACCOUNT", ', b"")

    found = read_transactions(b'{"transactions": [%s, {"locTransaction": %s}]}' % (TRANSACTION, inner))

    assert found.transactions[0] == found.transactions[1]
    assert found.transactions[0].account_category == "LOC_ACCOUNT"
    assert found.transactions[0].amount == Decimal("0.80")


def test_a_timestamp_keeps_its_instant() -> None:
    found = read_transactions(b'{"transactions": [%s]}' % TRANSACTION)

    assert found.transactions[0].transaction_timestamp == datetime(2026, 3, 2, 4, 30, tzinfo=UTC)


def test_an_unknown_direction_is_refused_since_its_sign_cannot_be_known() -> None:
    data = b'{"transactions": [%s]}' % TRANSACTION.replace(b"DEBIT", b"SIDEWAYS")

    with pytest.raises(MalformedField) as refused:
        read_transactions(data)

    assert (refused.value.standard, refused.value.field) == ("fdx", "transactions[0].debitCreditMemo")
    assert refused.value.content == '"SIDEWAYS"'


def test_a_wrapped_element_is_named_with_its_wrapper() -> None:
    with pytest.raises(MalformedField) as refused:
        read_accounts(b'{"accounts": [{"depositAccount": {"accountId": 7}}]}')

    assert refused.value.field == "accounts[0].depositAccount.accountId"


def test_the_message_shows_the_shape_of_the_content_only() -> None:
    with pytest.raises(MalformedField) as refused:
        read_payment_networks(b'{"paymentNetworks": [{"bankId": 110000000, "identifier": "1"}]}')

    assert refused.value.content == "110000000"
    assert "110000000" not in str(refused.value)
    assert "999999999" in str(refused.value)


def test_an_empty_body_means_no_payment_networks() -> None:
    assert read_payment_networks(b"") == PaymentNetworks()


def test_the_text_of_a_payment_network_shows_no_digits() -> None:
    found = read_payment_networks(
        b'{"paymentNetworks": [{"bankId": "110000000", "identifier": "000123456789", "type": "US_ACH"}]}'
    )

    assert found.payment_networks[0].identifier == "000123456789"
    assert "6789" not in repr(found)
    assert "1100" not in repr(found)


def test_contact_lists_are_read_side_by_side() -> None:
    contact = read_contact(
        b"""{"holders": [{"name": {"first": "A", "last": "B"}}, {"businessCustomer": {"name": "C LLC"}}],
        "emails": [], "addresses": [], "telephones": [{"number": "1"}, {"number": "2"}, {"number": "3"}]}"""
    )

    assert [len(contact.holders), len(contact.telephones)] == [2, 3]
    assert contact.holders[1].business_customer is not None


@pytest.mark.parametrize("code", [b"703", b'"703"'])
def test_an_error_code_reads_alike_as_number_and_as_text(code: bytes) -> None:
    assert read_error(b'{"code": %s, "message": "m"}' % code).code == 703


JSON = st.recursive(
    st.none() | st.booleans() | st.integers().map(str) | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
WHOLE = (FLAT, WRAPPED, b'{"transactions": [%s]}' % TRANSACTION, b'{"accounts": [%s]}' % WRAPPED)
WRECKED = st.builds(
    lambda data, cut, patch: data[:cut] + patch + data[cut + len(patch) :],
    st.sampled_from(
        [FLAT, WRAPPED, b'{"transactions": [%s]}' % TRANSACTION, b'{"accounts": [%s]}' % WRAPPED]
    ),
    st.integers(0, 250),
    st.binary(max_size=6),
)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@given(data=st.binary() | WRECKED | JSON.map(lambda value: repr(value).replace("'", '"').encode()))
def test_any_bytes_are_read_or_refused_as_malformed(reader: Callable[[bytes], object], data: bytes) -> None:
    with contextlib.suppress(MalformedField):
        assert reader(data) is not None


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"accounts":' * 50_000])
def test_bytes_made_to_hurt_are_malformed(reader: Callable[[bytes], object], data: bytes) -> None:
    with pytest.raises(MalformedField):
        reader(data)


def test_text_that_is_not_utf_8_is_malformed() -> None:
    with pytest.raises(MalformedField, match="UTF-8"):
        read_customer(b'{"customerId": "\xff"}')


def test_a_missing_field_is_named() -> None:
    with pytest.raises(MalformedField) as refused:
        read_accounts(b'{"accounts": [{"accountCategory": "LOC_ACCOUNT"}]}')

    assert refused.value.field == "accounts[0].accountId"
