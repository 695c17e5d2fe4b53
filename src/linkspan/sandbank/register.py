"""What the bank granted, kept in memory for as long as it runs.

    Visit ──allow──▶ Code ──redeem──▶ Grant ──▶ access and refresh tokens

A grant is a family: every token that ever came from one consent. A code or a
refresh token that is presented twice was stolen from somebody, so its second
use ends the family (RFC 6749 section 10.5, RFC 9700 section 4.14.2). Secrets are
kept as digests only, and looked up by digest, so timing tells nothing.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

# RFC 6749 section 4.1.2 advises ten minutes at most; a redirect needs seconds.
CODE_SECONDS: Final = 60
ACCESS_SECONDS: Final = 15 * 60
REFRESH_SECONDS: Final = 30 * 24 * 3600
_DAY: Final = 24 * 3600
# Long enough to look for a password.
VISIT_SECONDS: Final = 15 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A person on the way through sign-in and consent, in one browser.

    ``form_token`` stands in the page's forms, ``browser`` is the digest of a
    cookie: a form counts only with both (CSRF, and signing somebody else in).
    """

    id: str
    brand: str
    client_id: str
    redirect_uri: str
    state: str | None
    challenge: str
    scopes: frozenset[str]
    form_token: str
    browser: bytes
    ends_at: float
    username: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What one person allowed one client."""

    brand: str
    client_id: str
    username: str
    scopes: frozenset[str]
    accounts: frozenset[str]
    days: int
    """For how many days."""
    kept_seconds: int | None = None
    """After how long the bank takes it back all the same; None where it keeps to its word."""


@dataclass(slots=True, kw_only=True)
class Grant:
    """A consent in force, until its end or until it is revoked."""

    id: str
    consent: Consent
    begins_at: float
    ends_at: float
    taken_back_at: int | None = None
    is_revoked: bool = False

    def is_good(self, now: float) -> bool:
        """Tell whether anything may be read by it."""
        is_kept = self.taken_back_at is None or now < self.taken_back_at
        return is_kept and not self.is_revoked and now < self.ends_at


@dataclass(slots=True, kw_only=True)
class Code:
    """An authorization code, bound to client, redirect URI and challenge."""

    consent: Consent
    redirect_uri: str
    challenge: str
    ends_at: float
    is_spent: bool = False
    grant: Grant | None = None


@dataclass(slots=True, kw_only=True)
class Token:
    """An access or refresh token."""

    grant: Grant
    ends_at: float
    is_spent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A fresh pair of tokens, in clear for the only time."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    scopes: frozenset[str]
    consent_id: str


class InvalidGrant(Exception):
    """The code or token presented is worth nothing (RFC 6749 section 5.2)."""


class Register:
    """Visits, codes, tokens; each method is one step of the drawing above."""

    def __init__(self, now: Callable[[], float], random_bytes: Callable[[int], bytes]) -> None:
        self._now = now
        self._random_bytes = random_bytes
        self._visits: dict[str, Visit] = {}
        self._codes: dict[bytes, Code] = {}
        self._access: dict[bytes, Token] = {}
        self._refresh: dict[bytes, Token] = {}
        self._consented: set[tuple[str, str]] = set()

    def secret(self) -> str:
        """Return 256 bits that nobody guesses, as URL-safe text."""
        return base64.urlsafe_b64encode(self._random_bytes(32)).rstrip(b"=").decode()

    def open_visit(
        self,
        *,
        brand: str,
        client_id: str,
        redirect_uri: str,
        state: str | None,
        challenge: str,
        scopes: frozenset[str],
    ) -> tuple[Visit, str]:
        """Begin a visit; return it with the cookie that ties it to the browser."""
        self._forget_what_ended()
        cookie = self.secret()
        visit = Visit(
            id=self.secret(),
            brand=brand,
            client_id=client_id,
            redirect_uri=redirect_uri,
            state=state,
            challenge=challenge,
            scopes=scopes,
            form_token=self.secret(),
            browser=_digest(cookie),
            ends_at=self._now() + VISIT_SECONDS,
        )
        self._visits[visit.id] = visit
        return visit, cookie

    def visit(self, visit_id: str, cookie: str) -> Visit | None:
        """Return the visit if it is still open and *cookie* is of its browser."""
        visit = self._visits.get(visit_id)
        if visit is None or visit.ends_at <= self._now():
            return None
        return visit if hmac.compare_digest(visit.browser, _digest(cookie)) else None

    def sign_in(self, visit: Visit, username: str) -> tuple[Visit, str]:
        """Note who signed in; return the visit with a new cookie and form token.

        The old ones end here, so whoever planted them is left outside.
        """
        cookie = self.secret()
        signed_in = replace(visit, username=username, browser=_digest(cookie), form_token=self.secret())
        self._visits[visit.id] = signed_in
        return signed_in, cookie

    def deny(self, visit: Visit) -> None:
        """End the visit without a grant."""
        self._visits.pop(visit.id, None)

    def has_consented(self, brand: str, username: str) -> bool:
        """Tell whether a person has ever consented to anything at a brand."""
        return (brand, username) in self._consented

    def allow(
        self, visit: Visit, accounts: frozenset[str], *, days: int, kept_seconds: int | None = None
    ) -> str:
        """End the visit with a code for *accounts*, good for so many *days*; the visit must be signed in."""
        if visit.username is None:
            raise ValueError("visit: nobody has signed in")
        self._visits.pop(visit.id, None)
        self._consented.add((visit.brand, visit.username))
        code = self.secret()
        self._codes[_digest(code)] = Code(
            consent=Consent(
                brand=visit.brand,
                client_id=visit.client_id,
                username=visit.username,
                scopes=visit.scopes,
                accounts=accounts,
                days=days,
                kept_seconds=kept_seconds,
            ),
            redirect_uri=visit.redirect_uri,
            challenge=visit.challenge,
            ends_at=self._now() + CODE_SECONDS,
        )
        return code

    def redeem(self, code: str, *, brand: str, client_id: str, redirect_uri: str, verifier: str) -> Issued:
        """Exchange a code for tokens, once; raise InvalidGrant for everything else.

        Any attempt of the client it was made for spends the code. Another
        client's attempt does not, or whoever glimpses a code could spoil it.
        """
        found = self._codes.get(_digest(code))
        if found is None or (found.consent.brand, found.consent.client_id) != (brand, client_id):
            raise InvalidGrant("code is not known")
        if found.is_spent:
            if found.grant is not None:
                found.grant.is_revoked = True
            raise InvalidGrant("code was used before")
        found.is_spent = True
        if found.ends_at <= self._now():
            raise InvalidGrant("code has expired")
        if found.redirect_uri != redirect_uri:
            raise InvalidGrant("redirect_uri is not the one of the authorization request")
        if found.challenge != challenge_of(verifier):
            raise InvalidGrant("code_verifier does not fit the challenge")
        now, kept_seconds = self._now(), found.consent.kept_seconds
        found.grant = Grant(
            id=self._random_bytes(8).hex(),
            consent=found.consent,
            begins_at=now,
            ends_at=now + found.consent.days * _DAY,
            taken_back_at=None if kept_seconds is None else int(now) + kept_seconds,
        )
        return self._issue(found.grant)

    def refresh(self, token: str, *, brand: str, client_id: str) -> Issued:
        """Exchange a refresh token for a new pair, once."""
        found = self._refresh.get(_digest(token))
        if found is None or not _belongs(found.grant, brand, client_id):
            raise InvalidGrant("refresh_token is not known")
        if found.is_spent:
            found.grant.is_revoked = True
            raise InvalidGrant("refresh_token was used before")
        if not self._is_good(found):
            raise InvalidGrant("refresh_token has ended")
        found.is_spent = True
        return self._issue(found.grant)

    def revoke(self, token: str, *, brand: str, client_id: str) -> None:
        """End the family of *token* of either kind; a token not known is already ended."""
        found = self._refresh.get(_digest(token)) or self._access.get(_digest(token))
        if found is None:
            return
        if not _belongs(found.grant, brand, client_id):
            raise InvalidGrant("token was not issued to this client")
        found.grant.is_revoked = True

    def consent_of(self, access_token: str) -> Consent | None:
        """Return what *access_token* allows; None if it does not (any longer)."""
        grant = self.grant_of(access_token)
        return None if grant is None else grant.consent

    def grant_of(self, access_token: str) -> Grant | None:
        """Return the consent in force that *access_token* came from; None if it is good no more."""
        found = self._access.get(_digest(access_token))
        return found.grant if found is not None and self._is_good(found) else None

    def _issue(self, grant: Grant) -> Issued:
        issued = Issued(
            access_token=self.secret(),
            refresh_token=self.secret(),
            scopes=grant.consent.scopes,
            consent_id=grant.id,
        )
        now = self._now()
        self._access[_digest(issued.access_token)] = Token(grant=grant, ends_at=now + ACCESS_SECONDS)
        self._refresh[_digest(issued.refresh_token)] = Token(grant=grant, ends_at=now + REFRESH_SECONDS)
        return issued

    def _is_good(self, token: Token) -> bool:
        now = self._now()
        return now < token.ends_at and token.grant.is_good(now)

    def _forget_what_ended(self) -> None:
        """Drop what can no longer be used; a spent code is kept as long as its grant.

        Else a code replayed late would be unknown, and its tokens would live on.
        """
        now = self._now()
        self._visits = {k: v for k, v in self._visits.items() if now < v.ends_at}
        self._access = {k: t for k, t in self._access.items() if self._is_good(t)}
        self._refresh = {k: t for k, t in self._refresh.items() if self._is_good(t)}
        self._codes = {
            k: c
            for k, c in self._codes.items()
            if (now < c.ends_at if c.grant is None else c.grant.is_good(now))
        }


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier (RFC 7636 section 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _belongs(grant: Grant, brand: str, client_id: str) -> bool:
    return (grant.consent.brand, grant.consent.client_id) == (brand, client_id)
