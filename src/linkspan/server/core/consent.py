"""What an end user agreed to, as it can be shown to whoever asks later."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from msgspec import Struct
from msgspec.structs import replace


class Ending(StrEnum):
    """Why a consent, or what it says of one account, holds no more."""

    WITHDRAWN = "withdrawn"
    """The person went back, or closed the modal, before anything was linked."""
    EXPIRED = "expired"
    """The Session's time passed before anything was linked."""
    DISCONNECTED = "disconnected"
    """The program disconnected the account."""
    ENDED_BY_INSTITUTION = "ended_by_institution"
    """The bank takes the grant no more."""
    RENEWED = "renewed"
    """The person agreed anew, which is a consent of its own."""


class Words(Struct, frozen=True):
    """What the person read before they agreed."""

    language: str
    version: str
    """Of the templates; equal for equal words, whoever asks and whichever bank it is."""
    text: str


class Covered(Struct, frozen=True):
    """One account that is shared by a consent."""

    id: str
    ended_at: int | None = None
    ended_because: Ending | None = None


class Consent(Struct, frozen=True, kw_only=True):
    """One person's agreement; it holds ids and no names, so that it can outlive what it was about."""

    id: str
    session: str
    holder: str | None
    """The Customer or connected account the Session was for."""
    merchant: str
    institution: str
    institution_name: str
    permissions: tuple[str, ...]
    words: Words
    agreed_at: int
    until: int | None
    """When it ends by itself; none once accounts are linked, which holds until somebody ends it."""
    authorization: str | None = None
    accounts: tuple[Covered, ...] = ()
    ended_at: int | None = None
    ended_because: Ending | None = None

    def linked(self, authorization: str, accounts: Iterable[str]) -> Self:
        """Return the consent as it is with the accounts that were chosen."""
        return replace(self, until=None, authorization=authorization, accounts=tuple(map(Covered, accounts)))

    def prolonged(self, until: int) -> Self:
        """Return the consent as it is where it ends by itself later."""
        return replace(self, until=until)

    def ended(self, at: int, because: Ending) -> Self:
        """Return the consent as it is when nothing of it holds any more."""
        accounts = tuple(_ended(one, at, because) for one in self.accounts)
        return replace(self, accounts=accounts, ended_at=at, ended_because=because)

    def without(self, account: str, at: int, because: Ending) -> Self:
        """Return the consent as it is without one account; without its last one it has ended."""
        left = tuple(_ended(one, at, because) if one.id == account else one for one in self.accounts)
        if left == self.accounts:
            return self
        if all(one.ended_at is not None for one in left):
            return replace(self, accounts=left, ended_at=at, ended_because=because)
        return replace(self, accounts=left)

    def as_of(self, now: int) -> Self:
        """Return the consent as it is at an instant: one that nobody used in time has expired."""
        if self.ended_at is None and self.until is not None and self.until <= now:
            return self.ended(self.until, Ending.EXPIRED)
        return self


def _ended(one: Covered, at: int, because: Ending) -> Covered:
    return one if one.ended_at is not None else Covered(one.id, at, because)
