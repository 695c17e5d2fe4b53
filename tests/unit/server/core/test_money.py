"""Money is exact or refused."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.server.core.money import (
    MINOR_UNIT_EXPONENTS,
    InexactAmount,
    MalformedAmount,
    UnknownCurrency,
    UnreadableMoney,
    minor_units,
)


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("12.34", "USD", 1234),
        ("12.3", "usd", 1230),
        ("-0.01", "EUR", -1),
        ("007.50", "CAD", 750),
        ("1500", "JPY", 1500),
        ("1500.00", "JPY", 1500),
        ("1.234", "KWD", 1234),
        ("1.2345", "CLF", 12345),
        ("1.5e3", "USD", 150_000),
        ("-0", "USD", 0),
        (Decimal("1E+3"), "USD", 100_000),
        (Decimal("99999999999999999999999999.99"), "USD", 9999999999999999999999999999),
    ],
)
def test_an_amount_becomes_its_currencys_minor_units(
    amount: Decimal | str, currency: str, expected: int
) -> None:
    assert minor_units(amount, currency) == expected


@pytest.mark.parametrize(("amount", "currency"), [("0.001", "USD"), ("1.5", "JPY"), ("1.2345", "BHD")])
def test_more_decimals_than_the_currency_has_are_refused(amount: str, currency: str) -> None:
    with pytest.raises(InexactAmount):
        minor_units(amount, currency)


@pytest.mark.parametrize("currency", ["", "XAU", "BTC", "US", "https://example.com/points"])
def test_a_code_without_a_minor_unit_is_refused(currency: str) -> None:
    with pytest.raises(UnknownCurrency):
        minor_units("1", currency)


@pytest.mark.parametrize(
    "amount",
    ["", " 1", "1_000", "1,00", "+1", ".5", "1.", "NaN", "Infinity", "١٢", "1e999", "9" * 31, "1" * 5000],
)
def test_text_that_is_no_plain_number_is_refused(amount: str) -> None:
    with pytest.raises(MalformedAmount):
        minor_units(amount, "USD")


@pytest.mark.parametrize(
    "amount", [Decimal("NaN"), Decimal("-Infinity"), Decimal("1e999999"), Decimal("1e-999999")]
)
def test_a_decimal_without_a_sensible_size_is_refused(amount: Decimal) -> None:
    with pytest.raises(MalformedAmount):
        minor_units(amount, "USD")


@given(st.integers(-(10**25), 10**25), st.sampled_from(sorted(MINOR_UNIT_EXPONENTS)))
def test_every_whole_number_of_minor_units_survives_being_written_as_a_decimal(
    minor: int, currency: str
) -> None:
    exponent = MINOR_UNIT_EXPONENTS[currency]
    digits = str(abs(minor)).rjust(exponent + 1, "0")
    text = digits if exponent == 0 else f"{digits[:-exponent]}.{digits[-exponent:]}"

    assert minor_units(f"-{text}" if minor < 0 else text, currency) == minor


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = minor_units(text, "USD")
    except UnreadableMoney:
        return
    assert Fraction(text.strip()) * 100 == read


def test_currencies_differ_in_their_decimals() -> None:
    assert {MINOR_UNIT_EXPONENTS[code] for code in ("jpy", "usd", "kwd", "clf")} == {0, 2, 3, 4}
