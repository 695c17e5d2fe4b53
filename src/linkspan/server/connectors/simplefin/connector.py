"""The order in which things are asked of a SimpleFIN server."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar, Final

from linkspan.server.connectors.base import AskPerson, Grant, InvalidSetting, SendToBank
from linkspan.server.connectors.failures import (
    AnswerRejected,
    CredentialsRejected,
    InstitutionBrokeProtocol,
    InstitutionUnavailable,
    NotSupported,
)
from linkspan.server.connectors.http import Transport
from linkspan.server.connectors.manifest import Manifest, manifest_of
from linkspan.server.connectors.settings import address, only_known
from linkspan.server.connectors.simplefin.client import SimplefinClient, claim
from linkspan.server.connectors.simplefin.mapping import (
    account_from_simplefin,
    id_within,
    source_id,
    transaction_from_simplefin,
    troubles_of,
)
from linkspan.server.core.forms import Field, Form
from linkspan.server.core.found import FoundAccount, FoundTransaction
from linkspan.server.core.institution import Institution
from linkspan.server.core.money import UnreadableMoney
from linkspan.server.outbound.egress import destination_of
from linkspan.server.outbound.failures import Refused
from linkspan.standards.simplefin import (
    AccountSet,
    MalformedField,
    known_code,
    read_access_url,
    read_setup_token,
)
from linkspan.standards.simplefin.tokens import write_access_url

_SETTINGS: Final = frozenset({"root", "hosts"})

# SimpleFIN Bridge answers no longer stretch of time at once.
_WINDOW: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class SimplefinConnector:
    """Speaks SimpleFIN 1 and 2 with a bridge, or with a bank that has a server of its own."""

    transport: Transport
    manifest: ClassVar[Manifest] = manifest_of("simplefin")

    def check(self, institution: Institution) -> None:
        """Refuse settings that cannot work, with `InvalidSetting`."""
        only_known(institution, _SETTINGS)
        address(institution, "root")
        _origins(institution)

    def called(self, institution: Institution) -> Sequence[str]:
        """Return the root of the server's resources."""
        return (address(institution, "root"),)

    def begin(
        self,
        institution: Institution,
        *,
        redirect_uri: str,
        state: str,
        random_bytes: Callable[[int], bytes],
    ) -> AskPerson:
        """Ask for a setup token, which the server's own page gives."""
        del redirect_uri, state, random_bytes  # nobody is sent anywhere
        page = f"{address(institution, 'root').rstrip('/')}/create"
        form = Form(about="token", fields=(Field(name="token", kind="token"),), help_url=page)
        return AskPerson(form=form, kept=b"")

    async def set_out(self, institution: Institution, *, state: str, kept: bytes) -> SendToBank:
        """Refuse: people sign in within the modal."""
        del state, kept
        raise NotSupported(f"{institution.id} has no page to send anybody to")

    async def finish(
        self,
        institution: Institution,
        *,
        redirect_uri: str,
        kept: bytes,
        answer: Mapping[str, str],
        now: float,
    ) -> Grant:
        """Claim the token for an access URL, which is the grant.

        The token holds an address that the person may have from anybody, so
        none but the institution's own is called.
        """
        del redirect_uri, kept, now
        try:
            claim_url = read_setup_token(answer["token"])
        except MalformedField:
            raise AnswerRejected("What was pasted is no setup token", "token_unreadable") from None
        if not _is_of(institution, claim_url):
            raise AnswerRejected("The setup token is of another server", "token_of_another")
        access = await claim(self.transport, claim_url)
        if not _is_of(institution, access.root):
            raise InstitutionBrokeProtocol("The access URL leads to another server")
        return Grant(write_access_url(access))

    async def renew(
        self, institution: Institution, grant: Grant, *, now: float, is_refused: bool = False
    ) -> Grant:
        """Return *grant*, which has no end of its own; one that is refused has no successor."""
        del institution, now
        if is_refused:
            raise CredentialsRejected("An access URL that is refused is not renewed")
        return grant

    async def accounts(
        self, institution: Institution, grant: Grant, *, now: float, only: Collection[str] | None = None
    ) -> tuple[tuple[FoundAccount, ...], Grant]:
        """Return the accounts with their balances, each with what went wrong about it.

        One answer tells of them all, so *only* some would be no question less.
        """
        del institution, now, only
        client = self._client(grant)
        told = await client.account_set({"balances-only": "1"})
        _check_readable(told, client.host)
        found = {source_id(each): account_from_simplefin(each, told.troubles) for each in told.accounts}
        return tuple(found.values()), grant

    async def transactions(
        self,
        institution: Institution,
        grant: Grant,
        *,
        source_id: str,
        currency: str,
        from_on: date,
        to_on: date,
    ) -> AsyncIterator[tuple[FoundTransaction, ...]]:
        """Yield the movements of one account, a window of the standard at a time.

        A window that the server calls incomplete is a failure: a ledger with a
        hole looks complete.
        """
        del institution
        client = self._client(grant)
        for start, end in _windows(from_on, to_on):
            window = {"start-date": str(start), "end-date": str(end), "pending": "1"}
            told = await client.account_set({"account": id_within(source_id), **window})
            yield _movements(told, client.host, source=source_id, currency=currency)

    async def end(self, institution: Institution, grant: Grant) -> None:
        """Forget the access URL: the standard has no call that ends it."""

    def _client(self, grant: Grant) -> SimplefinClient:
        return SimplefinClient(self.transport, read_access_url(grant))


def _movements(told: AccountSet, host: str, *, source: str, currency: str) -> tuple[FoundTransaction, ...]:
    _check_readable(told, host)
    account = next((each for each in told.accounts if source_id(each) == source), None)
    if account is None:
        raise NotSupported(f"{host} shows the account no more")
    wrong = [known_code(trouble.code) for trouble in troubles_of(account, told.troubles)]
    if wrong:
        raise InstitutionUnavailable(f"{host} says that transactions may be missing: {wrong[0]}")
    try:
        return tuple(transaction_from_simplefin(row, currency=currency) for row in account.transactions)
    except UnreadableMoney as broken:
        raise InstitutionBrokeProtocol(f"{host} sent a transaction that cannot be read: {broken}") from None


def _check_readable(told: AccountSet, host: str) -> None:
    """Refuse an answer that is of no use as a whole."""
    codes = [known_code(trouble.code) for trouble in told.troubles]
    if "gen.auth" in codes:
        raise CredentialsRejected(f"{host} no longer takes the access URL")
    if codes and not told.accounts:
        raise InstitutionUnavailable(f"{host} shows no accounts: {codes[0]}")


def _windows(from_on: date, to_on: date) -> list[tuple[int, int]]:
    """Return the days from *from_on* to *to_on* as pairs of Unix seconds, the second of each excluded."""
    end = to_on + timedelta(days=1)
    starts = [from_on]
    while starts[-1] + _WINDOW < end:
        starts.append(starts[-1] + _WINDOW)
    return [(_midnight(start), _midnight(min(start + _WINDOW, end))) for start in starts]


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), tzinfo=UTC).timestamp())


def _origins(institution: Institution) -> set[str]:
    """Return where tokens may be claimed and accounts read: the root, and hosts the operator names."""
    origins = {_origin(address(institution, "root"))}
    for host in institution.settings.get("hosts", "").split():
        try:
            origins.add(_origin(f"https://{host}"))
        except Refused:
            raise InvalidSetting(institution.id, "hosts", "must be host names with spaces between") from None
    return origins


def _is_of(institution: Institution, url: str) -> bool:
    """Tell whether an address is one of the institution's own; one that nobody can call is not."""
    try:
        return _origin(url) in _origins(institution)
    except Refused:
        return False


def _origin(url: str) -> str:
    there = destination_of(url)
    return f"{there.scheme}://{there.host}:{there.port}"
