"""What the FDX writer puts on the wire, in either version."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.standards.fdx import (
    AccountContact,
    AccountHolder,
    Currency,
    Customer,
    CustomerName,
    DepositAccount,
    Error,
    LineOfCreditAccount,
    OtherAccount,
    PaymentNetwork,
    Transaction,
    read_account,
    read_accounts,
    read_contact,
    read_customer,
    read_error,
    read_payment_networks,
    read_transactions,
)
from linkspan.standards.fdx.writer import (
    Version,
    write_account,
    write_accounts,
    write_contact,
    write_customer,
    write_error,
    write_payment_networks,
    write_transactions,
)

CHECKING = DepositAccount(
    account_id="a1", currency=Currency(currency_code="USD"), current_balance=Decimal("10.50")
)
PURCHASE = Transaction(
    account_category="LOC_ACCOUNT",
    transaction_id="t1",
    transaction_timestamp=datetime(2026, 3, 1, tzinfo=UTC),
    debit_credit_memo="DEBIT",
    status="PENDING",
    amount=Decimal("0.80"),
)


def test_version_6_is_flat_with_its_category() -> None:
    assert write_account(CHECKING, version="6") == (
        b'{"accountCategory":"DEPOSIT_ACCOUNT","accountId":"a1",'
        b'"currency":{"currencyCode":"USD"},"currentBalance":10.50}'
    )


def test_version_5_is_wrapped_without_a_category() -> None:
    written = json.loads(write_account(CHECKING, version="5"))

    assert list(written) == ["depositAccount"]
    assert "accountCategory" not in written["depositAccount"]


@pytest.mark.parametrize(("version", "key"), [("6", "nextPageKey"), ("5", "nextOffset")])
def test_the_next_page_is_named_as_the_version_does(version: Version, key: str) -> None:
    assert json.loads(write_accounts([], version=version, next_page="p2"))["page"] == {key: "p2"}


def test_the_last_page_names_no_next_one() -> None:
    assert json.loads(write_transactions([], version="6"))["page"] == {}


def test_a_transaction_of_no_category_is_not_written() -> None:
    bare = Transaction(transaction_id="t9", debit_credit_memo="DEBIT", status="POSTED", amount=Decimal(1))

    with pytest.raises(ValueError, match="t9"):
        write_transactions([bare], version="6")


@pytest.mark.parametrize("version", ["5", "6"])
@given(amount=st.decimals(min_value="-99999999999", max_value="99999999999", places=4))
def test_what_is_written_reads_back_exactly(version: Version, amount: Decimal) -> None:
    card = LineOfCreditAccount(account_id="c1", current_balance=amount)

    assert read_account(write_account(card, version=version)) == card


@pytest.mark.parametrize("version", ["5", "6"])
def test_every_list_reads_back(version: Version) -> None:
    wallet = OtherAccount(account_category="DIGITAL_WALLET", account_id="w1")
    network = PaymentNetwork(bank_id="110000000", identifier="000123456789", type="US_ACH", transfer_in=True)

    accounts = read_accounts(write_accounts([CHECKING, wallet], version=version, next_page="n"))
    rows = read_transactions(write_transactions([PURCHASE], version=version, next_page="n"))
    networks = read_payment_networks(write_payment_networks([network], version=version, next_page="n"))

    assert accounts.accounts == (CHECKING, wallet)
    assert rows.transactions == (PURCHASE,)
    assert networks.payment_networks == (network,)
    assert accounts.page == rows.page == networks.page


def test_contact_customer_and_error_read_back() -> None:
    contact = AccountContact(
        holders=(AccountHolder(name=CustomerName(first="A", last="B")),), emails=("a@example.com",)
    )
    error = Error(code=703, message="Invalid date range", debug_message="startDate is after endDate")

    assert read_contact(write_contact(contact)) == contact
    assert read_customer(write_customer(Customer(customer_id="c"))) == Customer(customer_id="c")
    assert read_error(write_error(error)) == error
