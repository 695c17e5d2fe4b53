"""Decimal amounts turned into whole minor units, exactly or not at all."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final


class UnreadableMoney(ValueError):
    """An amount that has no exact number of minor units.

    UnreadableMoney
    ├── UnknownCurrency   the code has no minor unit in ISO 4217
    ├── InexactAmount     more decimals than the currency has
    └── MalformedAmount   not a finite decimal number of sensible length
    """


class UnknownCurrency(UnreadableMoney):
    """The code is not a currency of ISO 4217, or one without a minor unit (gold, test codes)."""


class InexactAmount(UnreadableMoney):
    """The amount has more decimals than its currency; rounding would invent money."""


class MalformedAmount(UnreadableMoney):
    """The text is not a finite decimal number of sensible length."""


# ISO 4217, list one, column "minor unit", as currency codes grouped by that number.
# Codes without a minor unit (XAU, XDR, XTS, XXX …) are left out on purpose. ANG,
# BGN and HRK are withdrawn and stay: past transactions still carry them.
_BY_EXPONENT: Final[Mapping[int, str]] = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD "
        "CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
        "GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD "
        "LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN "
        "PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB "
        "TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

MINOR_UNIT_EXPONENTS: Final[Mapping[str, int]] = {
    code.lower(): exponent for exponent, codes in _BY_EXPONENT.items() for code in codes.split()
}
"""How many decimals each currency has, by lower-case ISO 4217 code."""

# JSON's number grammar (RFC 8259, section 6) with leading zeros allowed, as banks
# pad; Decimal alone would also take underscores, spaces and other scripts' digits.
_AMOUNT: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
# Ten to the 30th is beyond all money in the world; the bound keeps a hostile
# exponent from becoming gigabytes of digits.
_DIGITS_MAX: Final = 30


def minor_units(amount: Decimal | str, currency: str) -> int:
    """Return *amount* as a whole number of the smallest unit of *currency*.

    ``minor_units("12.34", "USD")`` is 1234. Nothing is ever rounded: an amount
    that does not fit is refused with one of the family of `UnreadableMoney`.
    """
    exponent = MINOR_UNIT_EXPONENTS.get(currency.lower())
    if exponent is None:
        raise UnknownCurrency("The currency has no minor unit in ISO 4217")
    sign, digits, places = _parts(amount)
    shift = places + exponent
    scale: int = 10 ** abs(shift)
    whole, rest = (digits * scale, 0) if shift >= 0 else divmod(digits, scale)
    if rest:
        raise InexactAmount(f"The amount has more than the {exponent} decimals of its currency")
    return -whole if sign else whole


def _parts(amount: Decimal | str) -> tuple[int, int, int]:
    """Return sign, digits and exponent of *amount*, all of them bounded."""
    if isinstance(amount, str):
        if len(amount) > 2 * _DIGITS_MAX or _AMOUNT.fullmatch(amount) is None:
            raise MalformedAmount("The amount is not a decimal number")
        amount = Decimal(amount)
    sign, digits, places = amount.as_tuple()
    if not isinstance(places, int):
        raise MalformedAmount("The amount is not a finite number")
    if len(digits) > _DIGITS_MAX or abs(places) > _DIGITS_MAX:
        raise MalformedAmount(f"The amount has more than {_DIGITS_MAX} digits")
    return sign, int("".join(map(str, digits))), places
