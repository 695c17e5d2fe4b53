"""Writes amounts as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_SYMBOLS: Final[Mapping[str, str]] = {"usd": "$", "cad": "CA$", "eur": "€", "gbp": "£", "jpy": "¥"}

# Digits after the point, where they are not two (ISO 4217, table A.1).
_EXPONENTS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("bif", "clp", "djf", "gnf", "isk", "jpy", "kmf", "krw", "pyg", "rwf"), 0),
    **dict.fromkeys(("ugx", "uyi", "vnd", "vuv", "xaf", "xof", "xpf"), 0),
    **dict.fromkeys(("bhd", "iqd", "jod", "kwd", "lyd", "omr", "tnd"), 3),
}


def amount_text(minor: int, currency: str) -> str:
    """Return *minor* units of *currency*, such as $1,234.56 or CHF 12.00, with a true minus sign."""
    exponent = _EXPONENTS.get(currency, 2)
    whole, part = divmod(abs(minor), 10**exponent)
    digits = f"{whole:,}" + (f".{part:0{exponent}}" if exponent else "")
    symbol = _SYMBOLS.get(currency, f"{currency.upper()}\N{NO-BREAK SPACE}")
    return ("\N{MINUS SIGN}" if minor < 0 else "") + symbol + digits
