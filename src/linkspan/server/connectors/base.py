"""What every connector family offers to the linking operations."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NewType, Protocol

from linkspan.server.connectors.manifest import Manifest
from linkspan.server.core.forms import Form
from linkspan.server.core.found import FoundAccount, FoundTransaction
from linkspan.server.core.institution import Institution

Grant = NewType("Grant", bytes)
"""What the bank entrusted to us, opaque to everyone but its connector. Always sealed at rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendToBank:
    """The person must visit *url*; *kept* must be given back when they return."""

    url: str
    kept: bytes = field(repr=False)
    """Secret (a PKCE verifier): sealed by the caller, used once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOutLater:
    """The person must visit an address that is made when they leave; *kept* must be given back then."""

    kept: bytes = field(repr=False)
    """Secret: sealed by the caller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPerson:
    """The person must fill in *form* in the modal; *kept* must be given back with what they entered."""

    form: Form
    kept: bytes = field(repr=False)
    """Secret (credentials, while a challenge is answered): sealed by the caller."""


class InvalidSetting(ValueError):
    """A setting of an institution is missing or unusable; found before anything is sent."""

    def __init__(self, institution_id: str, setting: str, reason: str) -> None:
        super().__init__(f"{institution_id}: settings.{setting} {reason}")
        self.institution_id = institution_id
        self.setting = setting


class Connector(Protocol):
    """One family of institutions.

    Every coroutine may raise a `ConnectorFailure` and nothing else; none is
    called while a database transaction is open.
    """

    @property
    def manifest(self) -> Manifest:
        """What the family declares: the way of signing in, capabilities, quota."""
        ...

    def check(self, institution: Institution) -> None:
        """Refuse settings that cannot work, with `InvalidSetting`."""

    def called(self, institution: Institution) -> Sequence[str]:
        """Return the addresses at the bank that the server itself calls."""
        ...

    def begin(
        self,
        institution: Institution,
        *,
        redirect_uri: str,
        state: str,
        random_bytes: Callable[[int], bytes],
    ) -> SendToBank | SetOutLater | AskPerson:
        """Return where the person signs in, or what they enter here.

        *state* comes back in a bank's answer, unchanged.
        """

    async def set_out(self, institution: Institution, *, state: str, kept: bytes) -> SendToBank:
        """After `SetOutLater`, tell the bank that a person is about to come, and return where they go."""
        ...

    async def finish(
        self,
        institution: Institution,
        *,
        redirect_uri: str,
        kept: bytes,
        answer: Mapping[str, str],
        now: float,
    ) -> Grant | AskPerson:
        """Turn the *answer* into a grant, or into what the bank asks back.

        After `SendToBank` it is the query of the callback: the caller has
        matched ``state`` to the browser and has consumed it. After `AskPerson`
        it is what the person entered, with exactly the form's fields. What is
        good for one use is sent once: after any failure but `AnswerRejected`
        the person has to sign in again.
        """

    async def renew(
        self, institution: Institution, grant: Grant, *, now: float, is_refused: bool = False
    ) -> Grant:
        """Return *grant* while it is good for a while yet, otherwise its successor.

        One that *is_refused* is good no more, whatever the clock says.
        A successor usually ends its predecessor, so it is stored before it is used.
        """

    async def accounts(
        self, institution: Institution, grant: Grant, *, now: float, only: Collection[str] | None = None
    ) -> tuple[tuple[FoundAccount, ...], Grant]:
        """Return every account the grant covers beside the grant to keep from now on.

        Of accounts that are not among *only*, by the bank's ids, no more is
        asked than a list of accounts tells (`FoundAccount.is_whole`). A bank
        that tells all at once is asked for all.

        A grant that is about to expire is renewed on the way. A caller whose
        grant is not fresh calls `renew` first: were the reading to fail here,
        the successor would be lost.
        """

    def transactions(
        self,
        institution: Institution,
        grant: Grant,
        *,
        source_id: str,
        currency: str,
        from_on: date,
        to_on: date,
    ) -> AsyncIterator[tuple[FoundTransaction, ...]]:
        """Yield what moved on one account between two days, both included, page by page.

        Only a walk that ends without a failure was complete. Its pages may
        repeat a row that moved between them while they were read. `ListChanged`
        asks for another walk, from the beginning.
        """
        ...

    async def end(self, institution: Institution, grant: Grant) -> None:
        """End the grant at the bank. A bank without a way to do so is no failure."""
