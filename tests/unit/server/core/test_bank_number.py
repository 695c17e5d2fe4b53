"""Numbers of bank accounts in the US are taken as they are, or refused by name."""

import pytest

from linkspan.sandbank.brands import BRANDS
from linkspan.server.core.bank_number import checked, is_american
from linkspan.server.core.found import FoundNumber
from linkspan.server.core.refusals import BadParameter

# Digits to Python, and to no bank in the US.
ARABIC_DIGITS = "\N{ARABIC-INDIC DIGIT ONE}" * 9


@pytest.mark.parametrize("routing", ["110000000", "011000015", "021000021", "322271627"])
@pytest.mark.parametrize("account", ["0001", "000123456789", "12345678901234567"])
def test_numbers_that_banks_have_are_taken(routing: str, account: str) -> None:
    number = checked(routing, account, within="bank_account")

    assert (number.routing_number, number.account_number, number.tokenized) == (routing, account, False)


@pytest.mark.parametrize("routing", ["11000000", "1100000000", "11000000a", "110 00000", ARABIC_DIGITS, ""])
def test_a_routing_number_has_nine_digits(routing: str) -> None:
    with pytest.raises(BadParameter, match="must have 9 digits") as refused:
        checked(routing, "000123456789", within="bank_account")

    assert refused.value.param == "bank_account[routing_number]"
    assert refused.value.specific_code == "routing_number_invalid"


@pytest.mark.parametrize("last", "123456789")
def test_any_other_last_digit_of_a_routing_number_is_refused(last: str) -> None:
    with pytest.raises(BadParameter, match="last digit") as refused:
        checked(f"11000000{last}", "000123456789", within="bank_account")

    assert refused.value.specific_code == "routing_number_invalid"


@pytest.mark.parametrize(
    "account", ["123", "123456789012345678", "12a4", "1234 5678", "-1234", ARABIC_DIGITS, ""]
)
def test_an_account_number_has_four_to_seventeen_digits_and_is_never_repeated(account: str) -> None:
    with pytest.raises(BadParameter) as refused:
        checked("110000000", account, within="us_bank_account")

    assert refused.value.param == "us_bank_account[account_number]"
    assert refused.value.specific_code == "account_number_invalid"
    assert not account or account not in refused.value.message


def test_the_banks_of_the_demonstration_have_numbers_that_payments_can_use() -> None:
    numbers = [
        FoundNumber(routing_number=brand.routing_number, account_number="1", tokenized=False)
        for brand in BRANDS
    ]

    assert all(is_american(number) for number in numbers)


def test_a_number_of_another_country_is_not_american() -> None:
    assert not is_american(FoundNumber(routing_number="00012003", account_number="1", tokenized=False))
