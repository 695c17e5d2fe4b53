"""The tokens of a grant, read strictly from the authorization server's answer."""

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

import msgspec

from linkspan.server.connectors.base import Grant
from linkspan.server.connectors.failures import InstitutionBrokeProtocol
from linkspan.server.connectors.http import Response

TOKEN_ANSWER_BYTES_MAX: Final = 65_536
"""A token answer holds a few tokens, which may be signed documents; more is not one."""

_TEXT_LENGTH_MAX: Final = 256
# Ten years: a larger expires_in is a mistake (milliseconds, an instant).
_EXPIRES_IN_MAX: Final = 315_576_000


class Tokens(msgspec.Struct, frozen=True, omit_defaults=True):
    """The inside of a grant."""

    access_token: str
    refresh_token: str | None
    expires_at: int | None
    """Unix seconds; None when the bank does not tell."""
    scope: str | None
    held: str | None = None
    """The private key that the tokens are bound to (RFC 9449), where they are."""
    members: dict[str, str] = {}
    """What else of the answer a standard gives a meaning to, by its name there."""

    def __repr__(self) -> str:
        """Show nothing: both tokens are as good as the person's signature."""
        return "Tokens(…)"


class _TokenAnswer(msgspec.Struct, frozen=True):
    """RFC 6749, section 5.1. Unknown members are ignored, as it asks."""

    access_token: str
    token_type: str
    expires_in: int | None = None
    refresh_token: str | None = None
    scope: str | None = None


def grant_of(tokens: Tokens) -> Grant:
    """Return the grant that holds *tokens*."""
    return Grant(msgspec.json.encode(tokens))


def tokens_of(grant: Grant) -> Tokens:
    """Return the tokens inside *grant*."""
    return msgspec.json.decode(grant, type=Tokens)


def read_token_answer(
    response: Response,
    endpoint: str,
    *,
    now: float,
    members: Collection[str] = (),
    is_bound: bool = False,
) -> Tokens:
    """Read a token answer strictly: what is wrong is named, never shown.

    Tokens that were to be bound to a key (RFC 9449) are no good when they are not.

    Of its other *members* those are kept that are texts.
    """
    host = urlsplit(endpoint).hostname or ""
    if len(response.body) > TOKEN_ANSWER_BYTES_MAX:
        raise InstitutionBrokeProtocol(
            f"{host} sent a token answer of more than {TOKEN_ANSWER_BYTES_MAX} bytes"
        )
    try:
        answer = msgspec.json.decode(response.body, type=_TokenAnswer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise InstitutionBrokeProtocol(f"{host} sent a token answer that cannot be read") from None
    wrong = _wrong_member(answer, "dpop" if is_bound else "bearer")
    if wrong is not None:
        raise InstitutionBrokeProtocol(f"{host} sent a token answer with an unusable {wrong}")
    return Tokens(
        access_token=answer.access_token,
        refresh_token=answer.refresh_token,
        expires_at=None if answer.expires_in is None else int(now) + answer.expires_in,
        scope=answer.scope,
        members=_texts(response.body, members),
    )


def _texts(body: bytes, names: Collection[str]) -> dict[str, str]:
    """Return the members of an answer that are named so, and are texts of sensible length."""
    if not names:
        return {}
    told = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    texts = {name: msgspec.json.decode(told[name]) for name in names if name in told}
    return {
        name: text for name, text in texts.items() if isinstance(text, str) and len(text) <= _TEXT_LENGTH_MAX
    }


def _wrong_member(answer: _TokenAnswer, token_type: str) -> str | None:
    """Name the first member of *answer* that RFC 6749 (sections 5.1 and A.12 ff.) does not allow."""
    if answer.token_type.lower() != token_type:
        return "token_type"
    if not _is_token(answer.access_token):
        return "access_token"
    if answer.refresh_token is not None and not _is_token(answer.refresh_token):
        return "refresh_token"
    if answer.expires_in is not None and not 0 < answer.expires_in <= _EXPIRES_IN_MAX:
        return "expires_in"
    return None


def _is_token(text: str) -> bool:
    """Whether *text* can stand in a header: visible ASCII, no space (RFC 6750, section 2.1)."""
    return bool(text) and all("!" <= character <= "~" for character in text)
