"""FDX in, our words out: every trap a bank can lay in between."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.objects import Balance, CashBalance, CreditBalance, FrozenMap
from linkspan.server.connectors.fdx.mapping import (
    balance_from_fdx,
    display_name_from_fdx,
    is_open_from_fdx,
    kind_from_fdx,
    last4_from_fdx,
    numbers_from_fdx,
    owners_from_fdx,
)
from linkspan.server.core.found import FoundNumber, FoundOwner
from linkspan.server.core.money import InexactAmount, UnknownCurrency, UnreadableMoney
from linkspan.standards.fdx import (
    Account,
    read_account,
    read_contact,
    read_payment_networks,
)

NOW = 1_790_000_000.9
AS_OF = "2026-11-20T16:00:00.250-05:00"
AS_OF_SECONDS = 1_795_208_400


def account(category: str = "DEPOSIT_ACCOUNT", **fields: Any) -> Account:
    told = {"accountId": "a-1", "accountCategory": category, "currency": {"currencyCode": "USD"}, **fields}
    return read_account(json.dumps(told).encode())


def raw_account(text: str) -> Account:
    return read_account(text.encode())


def balance(told: Account) -> Balance | None:
    return balance_from_fdx(told, now=NOW)


def usd(amount: int) -> FrozenMap[int]:
    return FrozenMap({"usd": amount})


@pytest.mark.parametrize(
    ("category", "account_type", "expected"),
    [
        ("DEPOSIT_ACCOUNT", "CHECKING", ("cash", "checking")),
        ("DEPOSIT_ACCOUNT", "SAVINGS", ("cash", "savings")),
        ("DEPOSIT_ACCOUNT", "MONEYMARKET", ("cash", "savings")),
        ("DEPOSIT_ACCOUNT", "CD", ("cash", "savings")),
        ("DEPOSIT_ACCOUNT", "HIGHINTERESTSAVINGSACCOUNT", ("cash", "savings")),
        ("DEPOSIT_ACCOUNT", "FIRSTHOMESAVINGSACCOUNT", ("cash", "savings")),
        ("DEPOSIT_ACCOUNT", "ESCROW", ("cash", "other")),
        ("DEPOSIT_ACCOUNT", "OTHERDEPOSIT", ("cash", "other")),
        ("DEPOSIT_ACCOUNT", None, ("cash", "other")),
        ("DIGITAL_WALLET", "DIGITALWALLET", ("cash", "other")),
        ("LOC_ACCOUNT", "CREDITCARD", ("credit", "credit_card")),
        ("LOC_ACCOUNT", "CHARGE", ("credit", "credit_card")),
        ("LOC_ACCOUNT", "LINEOFCREDIT", ("credit", "line_of_credit")),
        ("LOC_ACCOUNT", "HOMELINEOFCREDIT", ("credit", "line_of_credit")),
        ("LOC_ACCOUNT", "NEWTHING", ("credit", "other")),
        ("LOAN_ACCOUNT", "MORTGAGE", ("credit", "mortgage")),
        ("LOAN_ACCOUNT", "AUTOLOAN", ("credit", "other")),
        ("INVESTMENT_ACCOUNT", "ROTH", ("investment", "other")),
        ("ANNUITY_ACCOUNT", "FIXEDANNUITY", ("investment", "other")),
        ("INSURANCE_ACCOUNT", "LIFE", ("other", "other")),
        ("COMMERCIAL_ACCOUNT", "CHECKING", ("other", "other")),
        ("SOMETHING_NEW", "CHECKING", ("other", "other")),
    ],
)
def test_each_type_has_its_place(category: str, account_type: str | None, expected: tuple[str, str]) -> None:
    assert kind_from_fdx(account(category, accountType=account_type)) == expected


def test_an_account_of_version_5_has_the_same_place() -> None:
    told = raw_account('{"loanAccount": {"accountId": "a", "accountType": "MORTGAGE"}}')

    assert kind_from_fdx(told) == ("credit", "mortgage")


def test_a_type_is_not_guessed_from_a_name() -> None:
    told = account("SOMETHING_NEW", nickname="My Savings", productName="Everyday Checking")

    assert kind_from_fdx(told) == ("other", "other")


def test_a_deposit_has_a_cash_balance() -> None:
    told = account(currentBalance=1234.5, availableBalance=1200, balanceAsOf=AS_OF)

    assert balance(told) == Balance(
        as_of=AS_OF_SECONDS, current=usd(123_450), type="cash", cash=CashBalance(available=usd(120_000))
    )


def test_an_overdrawn_deposit_is_negative() -> None:
    told = balance(account(currentBalance=-20.01))

    assert told is not None
    assert told.current == usd(-2001)


def test_what_a_bank_does_not_say_is_not_made_up() -> None:
    assert balance(account()) is None
    assert balance(account(availableBalance=5)) is None
    told = balance(account(currentBalance=5))
    assert told is not None
    assert told.cash == CashBalance(available=None)


def test_what_is_owed_on_a_card_becomes_negative() -> None:
    told = account("LOC_ACCOUNT", accountType="CREDITCARD", currentBalance=250.75, balanceAsOf=AS_OF)

    assert balance(told) == Balance(
        as_of=AS_OF_SECONDS, current=usd(-25_075), type="credit", credit=CreditBalance(used=usd(-25_075))
    )


def test_an_overpaid_card_is_in_the_holders_favor_with_nothing_used() -> None:
    told = balance(account("LOC_ACCOUNT", currentBalance=-40))

    assert told is not None
    assert (told.current, told.credit) == (usd(4000), CreditBalance(used=usd(0)))


def test_credit_left_on_a_card_is_neither_cash_nor_used() -> None:
    told = balance(account("LOC_ACCOUNT", currentBalance=100, availableCredit=900, creditLine=5000))

    assert told is not None
    assert told.credit == CreditBalance(used=usd(-10_000))
    assert not told.cash


def test_credit_left_alone_is_no_balance() -> None:
    assert balance(account("LOC_ACCOUNT", availableCredit=900, creditLine=1000)) is None


def test_a_mortgage_owes_its_principal() -> None:
    told = balance(
        account("LOAN_ACCOUNT", principalBalance=300_000.1, currentBalance=301_000, escrowBalance=5)
    )

    assert told is not None
    assert (told.type, told.current) == ("credit", usd(-30_000_010))


def test_a_loan_without_principal_owes_its_current_balance() -> None:
    told = balance(account("LOAN_ACCOUNT", currentBalance=10))

    assert told is not None
    assert told.current == usd(-1000)


def test_a_loan_paid_to_zero_owes_nothing() -> None:
    told = balance(account("LOAN_ACCOUNT", principalBalance=0, currentBalance=10))

    assert told is not None
    assert (told.current, told.credit) == (usd(0), CreditBalance(used=usd(0)))


def test_an_investment_is_worth_its_current_value() -> None:
    told = balance(account("INVESTMENT_ACCOUNT", currentValue=99.99, availableCashBalance=10))

    assert told is not None
    assert (told.type, told.current, told.cash) == ("cash", usd(9999), CashBalance(available=usd(1000)))


def test_an_account_of_another_kind_has_no_balance() -> None:
    assert balance(account("INSURANCE_ACCOUNT", currentBalance=5)) is None


@pytest.mark.parametrize(
    ("currency", "number", "minor"),
    [("JPY", "1500", 1500), ("KWD", "1.234", 1234), ("USD", "0.10", 10), ("USD", "1e3", 100_000)],
)
def test_amounts_follow_the_exponent_of_their_currency(currency: str, number: str, minor: int) -> None:
    told = raw_account(
        '{"accountId": "a", "accountCategory": "DEPOSIT_ACCOUNT",'
        f' "currency": {{"currencyCode": "{currency}"}}, "currentBalance": {number}}}'
    )

    read = balance(told)
    assert read is not None
    assert read.current == {currency.lower(): minor}


def test_amounts_are_read_from_their_text_and_never_from_a_float() -> None:
    # The nearest double prints as 90071992547409.94.
    told = raw_account(
        '{"accountId": "a", "accountCategory": "DEPOSIT_ACCOUNT", "currency": {"currencyCode": "USD"},'
        ' "currentBalance": 90071992547409.93}'
    )

    read = balance(told)
    assert read is not None
    assert read.current == usd(9_007_199_254_740_993)


@pytest.mark.parametrize(
    ("currency", "number", "refusal"),
    [("USD", 1.005, InexactAmount), ("JPY", 0.5, InexactAmount), ("BTC", 1, UnknownCurrency)],
)
def test_an_amount_that_would_have_to_be_rounded_is_refused(
    currency: str, number: float, refusal: type[UnreadableMoney]
) -> None:
    with pytest.raises(refusal):
        balance(account(currency={"currencyCode": currency}, currentBalance=number))


def test_a_currency_is_never_assumed() -> None:
    with pytest.raises(UnreadableMoney):
        balance(account(currency=None, currentBalance=1))


@pytest.mark.parametrize("told_as_of", [None, "2026-11-20T16:00:00"])
def test_without_an_instant_the_balance_is_of_the_moment_it_was_told(told_as_of: str | None) -> None:
    told = balance(account(currentBalance=1, balanceAsOf=told_as_of))

    assert told is not None
    assert told.as_of == 1_790_000_000


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("1234", "1234"),
        ("****1234", "1234"),
        ("xxxxxx0007", "0007"),
        ("XX-XX-4321", "4321"),
        ("...1234", "1234"),
        ("•••• 9876", "9876"),
        ("  1234 ", "1234"),
        (None, None),
        ("", None),
        ("****", None),
        ("123", None),
        ("****123", None),
        ("12345", None),
        ("****12345", None),
        ("123456789012", None),
        ("12-34", None),
        ("GB29NWBK60161331926819", None),
        ("**BK6819", None),
        ("****12X4", None),
        ("1234x", None),
        ("١٢٣٤", None),
        ("12341234", None),
    ],
)
def test_last4_is_exactly_four_digits_or_nothing(shown: str | None, expected: str | None) -> None:
    assert last4_from_fdx(account(accountNumberDisplay=shown)) == expected


@given(st.text(max_size=30))
def test_last4_of_any_text_is_four_ascii_digits_or_nothing(shown: str) -> None:
    last4 = last4_from_fdx(account(accountNumberDisplay=shown))

    assert last4 is None or (len(last4) == 4 and last4.isascii() and last4.isdigit())


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"nickname": "Rent", "productName": "Everyday Checking"}, "Rent"),
        ({"nickname": "  ", "productName": " Everyday\n Checking "}, "Everyday Checking"),
        ({}, None),
    ],
)
def test_an_account_is_called_as_its_holder_calls_it(names: dict[str, str], expected: str | None) -> None:
    assert display_name_from_fdx(account(**names)) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("OPEN", True),
        (None, True),
        ("RESTRICTED", True),
        ("DELINQUENT", True),
        ("PENDINGOPEN", True),
        ("PENDINGCLOSE", True),
        ("NEGATIVECURRENTBALANCE", True),
        ("CLOSED", False),
        ("PAID", False),
    ],
)
def test_only_an_ended_account_is_not_open(status: str | None, expected: bool) -> None:  # noqa: FBT001 - a column of the table above
    assert is_open_from_fdx(account(status=status)) is expected


def owners(**contact: Any) -> tuple[FoundOwner, ...]:
    return owners_from_fdx(read_contact(json.dumps(contact).encode()))


ADA = {"relationship": "PRIMARY_JOINT", "name": {"first": "Ada", "last": "Lovelace"}}
BEN = {"relationship": "SECONDARY", "name": {"first": "Ben", "middle": "Q", "last": "Ito", "suffix": "Jr."}}
REACH = {
    "emails": ["ada@mail.example", "other@mail.example"],
    "telephones": [{"type": "CELL", "country": "1", "number": "5552345678"}],
    "addresses": [
        {"line1": "PO Box 9", "city": "Reno", "region": "NV", "postalCode": "89501", "country": "US"},
        {
            "line1": "1 Main St",
            "line2": "Apt 2",
            "city": "Reno",
            "region": "NV",
            "postalCode": "89502",
            "country": "US",
            "primary": True,
        },
    ],
}


def test_the_only_holder_has_the_contact_details() -> None:
    assert owners(holders=[ADA], **REACH) == (
        FoundOwner(
            name="Ada Lovelace",
            email="ada@mail.example",
            phone="+1 5552345678",
            raw_address="1 Main St, Apt 2, Reno, NV 89502, US",
        ),
    )


def test_contact_details_of_several_holders_are_nobodys() -> None:
    two = owners(
        holders=[ADA, BEN], emails=["a@mail.example", "b@mail.example"], telephones=REACH["telephones"]
    )

    assert two == (
        FoundOwner(name="Ada Lovelace", email=None, phone=None, raw_address=None),
        FoundOwner(name="Ben Q Ito Jr.", email=None, phone=None, raw_address=None),
    )


def test_a_holder_without_a_name_still_makes_the_details_uncertain() -> None:
    assert owners(holders=[ADA, {"relationship": "SECONDARY"}], **REACH) == (
        FoundOwner(name="Ada Lovelace", email=None, phone=None, raw_address=None),
    )


def test_a_business_has_its_name_in_another_field() -> None:
    (owner,) = owners(holders=[{"type": "BUSINESS", "businessCustomer": {"name": "Blue Anchor LLC"}}])

    assert owner.name == "Blue Anchor LLC"


def test_contact_details_without_a_holder_make_no_owner() -> None:
    assert owners(**REACH) == ()


@pytest.mark.parametrize(
    ("telephone", "expected"),
    [
        ({"country": "+44", "number": "20 7946 0958"}, "+44 20 7946 0958"),
        ({"country": "1", "number": "+15552345678"}, "+15552345678"),
        ({"number": "555-2345"}, "555-2345"),
        ({"country": "US", "number": "5552345678"}, "5552345678"),
        ({"country": "1"}, None),
    ],
)
def test_a_telephone_is_written_as_it_was_told(telephone: dict[str, str], expected: str | None) -> None:
    (owner,) = owners(holders=[ADA], telephones=[telephone])

    assert owner.phone == expected


def numbers(*networks: dict[str, Any]) -> tuple[FoundNumber, ...]:
    return numbers_from_fdx(
        read_payment_networks(json.dumps({"paymentNetworks": networks}).encode()).payment_networks
    )


ACH = {
    "bankId": "110000000",
    "identifier": "000123456789",
    "type": "US_ACH",
    "transferIn": True,
    "transferOut": True,
}


def test_an_ach_number_is_found_with_its_leading_zeros() -> None:
    assert numbers(ACH) == (
        FoundNumber(routing_number="110000000", account_number="000123456789", tokenized=False),
    )


def test_a_stand_in_is_known_as_one() -> None:
    (number,) = numbers({**ACH, "identifierType": "TOKENIZED_ACCOUNT_NUMBER"})

    assert number.tokenized


def test_a_stand_in_that_moves_no_money_is_found_dead() -> None:
    stand_in = {**ACH, "identifierType": "TOKENIZED_ACCOUNT_NUMBER", "transferIn": False}

    assert [number.is_dead for number in numbers({**stand_in, "transferOut": False}, stand_in)] == [
        True,
        False,
    ]


def test_the_same_number_is_found_once() -> None:
    assert len(numbers(ACH, {**ACH, "transferIn": False})) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"type": "US_FEDWIRE"},
        {"type": "US_RTP"},
        {"type": "CA_ACSS"},
        {"type": None},
        {"bankId": "110000001"},
        {"bankId": "11000000"},
        {"bankId": "99900123"},
        {"bankId": "\uff11\uff11\uff10\uff10\uff10\uff10\uff10\uff10\uff10"},
        {"identifier": ""},
        {"identifier": "****6789"},
        {"identifier": "1" * 18},
        {"transferIn": False, "transferOut": False},
    ],
)
def test_a_number_that_no_ach_debit_could_use_is_left_out(change: dict[str, Any]) -> None:
    assert numbers({**ACH, **change}) == ()


def test_digits_do_not_show_themselves() -> None:
    assert "000123456789" not in repr(numbers(ACH))
    assert "110000000" not in repr(numbers(ACH))
