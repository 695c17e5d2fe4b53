"""The hiding of secrets in anything that is written to a log."""

import re
from typing import Final

# Stripe-shaped secrets wherever they stand, even glued to an escape such as
# `%3D`: API keys, client secrets, webhook secrets. What follows the prefix is
# dropped but for the last four characters of an API key, which Stripe's own
# messages show too.
_API_KEY: Final = re.compile(r"([spr]k_(?:test|live)_)([A-Za-z0-9_]+)")
_CLIENT_SECRET: Final = re.compile(r"((?:_secret|whsec)_)[A-Za-z0-9+/=]{8,}")

# What stands between a name and its value: in a header, a form, an encoded form,
# JSON, JSON within JSON, and a list of pairs.
_IS: Final = r"""(?:\\*["']?\s*[:=]|\\*["']\s*,|%3[AaDd])\s*"""
# A value in quotation marks ends at its own; one that is escaped, at one escaped as often.
_QUOTED: Final = r"""(b?")(?:[^"\\]|\\.)*|(b?')(?:[^'\\]|\\.)*|(\\+["'])(?:(?!(?<!\\)\4).)*"""
# RFC 9110 section 11.4: a scheme, then whatever that scheme says, to the end of the
# line. The name of a scheme may begin with an apostrophe, so what opens like a
# quotation must end like one.
_AUTHORIZATION: Final = re.compile(
    rf"(?is)(authorization{_IS})(?:(?>{_QUOTED})(?=\\*[\"']?\s*(?:[,}}\])]|$))|[^\r\n]*)",
)
_FIELDS: Final = re.compile(
    r"(?is)((?:\b|(?<=%[0-9a-f]{2}))"
    r"(?:(?:[a-z]+_)*(?:token|secret|assertion|verifier|password)|code|state|api_?key|account_?number)"
    rf"{_IS})(?:{_QUOTED}|[^\s&\"']*)",
)
# Credentials of the usual schemes where no header's name stands before them.
_CREDENTIALS: Final = re.compile(r"(?i)\b((?:basic|bearer|digest|dpop)\s+)[A-Za-z0-9._~+/=-]{8,}")


def redact_key(key: str) -> str:
    """Return an API key as Stripe's messages show it: prefix, stars, last four."""
    match = _API_KEY.fullmatch(key)
    if match is None:
        return "****"
    tail = match[2]
    return f"{match[1]}****{tail[-4:]}" if len(tail) > 8 else f"{match[1]}****"  # noqa: PLR2004 - twice the four shown


def redact(text: str) -> str:
    """Return *text* without the secrets it may hold."""
    text = _AUTHORIZATION.sub(_hidden, text)
    text = _API_KEY.sub(lambda match: redact_key(match[0]), text)
    text = _CLIENT_SECRET.sub(r"\1****", text)
    text = _FIELDS.sub(_hidden, text)
    return _CREDENTIALS.sub(r"\1****", text)


def _hidden(found: re.Match[str]) -> str:
    """Return a name and the quotation mark that opens its value, without the value."""
    return f"{found[1]}{found[2] or found[3] or found[4] or ''}****"
