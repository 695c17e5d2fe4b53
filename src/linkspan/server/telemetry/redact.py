"""The hiding of secrets in anything that is written to a log."""

import re
from typing import Final

# Stripe-shaped secrets wherever they stand: API keys, client secrets, webhook
# secrets. What follows the prefix is dropped but for the last four characters
# of an API key, which Stripe's own messages show too.
_API_KEY: Final = re.compile(r"\b([spr]k_(?:test|live)_)([A-Za-z0-9_]+)")
_CLIENT_SECRET: Final = re.compile(r"\b((?:[a-z]+_)+secret_|whsec_)[A-Za-z0-9_]+")
# RFC 9110 section 11.4: a scheme, then credentials, whatever the scheme is.
_AUTHORIZATION: Final = re.compile(
    r"(?i)\b((?:proxy-)?authorization[\"']?\s*[:=]\s*[\"']?[a-z0-9!#$%&'*+.^_`|~-]+\s+)[^\s\"',}]+",
)
_FIELDS: Final = re.compile(
    r"(?i)([\"']?\b(?:access_token|refresh_token|id_token|client_secret|code_verifier|code|state|password)"
    r"[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,}]+",
)


def redact_key(key: str) -> str:
    """Return an API key as Stripe's messages show it: prefix, stars, last four."""
    match = _API_KEY.fullmatch(key)
    if match is None:
        return "****"
    tail = match[2]
    return f"{match[1]}****{tail[-4:]}" if len(tail) > 8 else f"{match[1]}****"  # noqa: PLR2004 - twice the four shown


def redact(text: str) -> str:
    """Return *text* without the secrets it may hold."""
    text = _AUTHORIZATION.sub(r"\1****", text)
    text = _API_KEY.sub(lambda match: redact_key(match[0]), text)
    text = _CLIENT_SECRET.sub(r"\1****", text)
    return _FIELDS.sub(r"\1****", text)
