"""The order in which things are asked of a bank that speaks OFX."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import ClassVar, Final

import msgspec
from msgspec.structs import replace

from linkspan.server.connectors.base import AskPerson, Grant, SendToBank
from linkspan.server.connectors.failures import (
    AccountLocked,
    AnswerRejected,
    CredentialsRejected,
    InstitutionBrokeProtocol,
    InstitutionUnavailable,
    NotSupported,
)
from linkspan.server.connectors.http import Transport
from linkspan.server.connectors.manifest import Manifest, manifest_of
from linkspan.server.connectors.ofx.client import CHALLENGE_NEEDED, CHALLENGE_WRONG, OfxClient, told
from linkspan.server.connectors.ofx.mapping import (
    account_from_ofx,
    account_of,
    source_id_of,
    transaction_from_ofx,
)
from linkspan.server.connectors.settings import address, choice, only_known, text
from linkspan.server.core.forms import Field, Form, FormProblem, plain
from linkspan.server.core.found import FoundAccount, FoundTransaction
from linkspan.server.core.institution import Institution
from linkspan.server.core.money import UnreadableMoney
from linkspan.standards.ofx import (
    VERSIONS,
    AccountInfoRequest,
    AccountsTold,
    ChallengeAnswer,
    ChallengeRequest,
    ChallengesTold,
    ListedAccount,
    Response,
    StatementRequest,
    StatementTold,
    Version,
)

_SETTINGS: Final = frozenset({"server_url", "organization", "institution_id", "version", "help_url"})
_CLIENT_UID_BYTES: Final = 16
# OFX 2.2 section 2.5.4.5: what a program knows better than the person who uses it.
_OURS_TO_ANSWER: Final = frozenset({"MFA101", "MFA102", "MFA103", "MFA104", "MFA105", "MFA106", "MFA107"})
_CHALLENGE_SECONDS: Final = 300
_USER_AGENT: Final = "Linkspan"


class _Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """The inside of a grant, and of what is kept while a bank asks back."""

    client_uid: str
    """By this the bank knows the installation again, and asks no more."""
    user_id: str = ""
    password: str = ""
    ours: tuple[str, ...] = ()
    """Questions of the challenge under way that are not the person's to answer."""

    def __repr__(self) -> str:
        """Show nothing: it is as good as the person themselves."""
        return "_Credentials(…)"


@dataclass(frozen=True, slots=True)
class OfxConnector:
    """Speaks OFX Direct Connect with a bank whose address, organization and id an operator knows."""

    transport: Transport
    manifest: ClassVar[Manifest] = manifest_of("ofx")

    def check(self, institution: Institution) -> None:
        """Refuse settings that cannot work, with `InvalidSetting`."""
        only_known(institution, _SETTINGS)
        address(institution, "server_url")
        text(institution, "organization")
        text(institution, "institution_id")
        _version(institution)
        if institution.settings.get("help_url"):
            address(institution, "help_url")

    def called(self, institution: Institution) -> Sequence[str]:
        """Return the address of the bank's OFX server."""
        return (address(institution, "server_url"),)

    def begin(
        self,
        institution: Institution,
        *,
        redirect_uri: str,
        state: str,
        random_bytes: Callable[[int], bytes],
    ) -> AskPerson:
        """Ask for what the person signs in with."""
        del redirect_uri, state  # nobody is sent anywhere
        fields = (Field(name="user_id", kind="text"), Field(name="password", kind="password"))
        kept = _Credentials(client_uid=random_bytes(_CLIENT_UID_BYTES).hex())
        form = Form(about="credentials", fields=fields, help_url=_help(institution))
        return AskPerson(form=form, kept=msgspec.json.encode(kept))

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
    ) -> Grant | AskPerson:
        """Sign on; return the credentials as the grant, or what the bank asks before it lets them in."""
        del redirect_uri
        known = msgspec.json.decode(kept, type=_Credentials)
        if not known.user_id:
            known = replace(known, user_id=answer["user_id"], password=answer["password"])
            answers: tuple[ChallengeAnswer, ...] = ()
        else:
            answers = _answers(known, answer, now=now)
        client = self._client(institution, known)
        said = await client.ask([AccountInfoRequest(transaction_uid=_uid(now, 0))], now=now, answers=answers)
        if (failure := client.refusal(said)) is not None:
            raise failure
        if said.sign_on.code == CHALLENGE_NEEDED:
            return await _ask_back(institution, client, known, now=now, problem=None)
        if said.sign_on.code == CHALLENGE_WRONG:
            return await _ask_back(institution, client, known, now=now, problem="challenge_wrong")
        return Grant(msgspec.json.encode(replace(known, ours=())))

    async def renew(
        self, institution: Institution, grant: Grant, *, now: float, is_refused: bool = False
    ) -> Grant:
        """Return *grant*, which has no end of its own; one that is refused has no successor."""
        del institution, now
        if is_refused:
            raise CredentialsRejected("A sign-on that is refused is not renewed")
        return grant

    async def accounts(
        self, institution: Institution, grant: Grant, *, now: float, only: Collection[str] | None = None
    ) -> tuple[tuple[FoundAccount, ...], Grant]:
        """Return the accounts with their balances: one document lists them, another tells of them all."""
        client = self._client(institution, msgspec.json.decode(grant, type=_Credentials))
        said = await client.ask([AccountInfoRequest(transaction_uid=_uid(now, 0))], now=now)
        listed = _listed(client, _signed_on(client, said))
        wanted = [one for one in listed if only is None or source_id_of(one.account) in only]
        asked = [
            StatementRequest(transaction_uid=_uid(now, place), account=one.account, has_transactions=False)
            for place, one in enumerate(wanted, start=1)
        ]
        shown: dict[str, StatementTold] = {}
        if asked:
            statements = told(_signed_on(client, await client.ask(asked, now=now)), StatementTold)
            shown = {one.transaction_uid: one for one in statements}
        uids = {
            source_id_of(one.account): each.transaction_uid for one, each in zip(wanted, asked, strict=True)
        }
        return tuple(_found(one, shown.get(uids.get(source_id_of(one.account), ""))) for one in listed), grant

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
        """Yield the movements of one account, all in one statement."""
        client = self._client(institution, msgspec.json.decode(grant, type=_Credentials))
        start, end = datetime.combine(from_on, time(), UTC), datetime.combine(to_on, time(23, 59, 59), UTC)
        asked = StatementRequest(transaction_uid="1", account=account_of(source_id), start=start, end=end)
        # A walk knows no clock: the last day it asks for has begun, and banks allow for wrong clocks.
        begun = datetime.combine(to_on, time(), UTC)
        said = _signed_on(client, await client.ask([asked], now=begun.timestamp()))
        statement = next((one.statement for one in told(said, StatementTold) if one.statement), None)
        if statement is None:
            raise NotSupported(f"{client.host} gives no statement of the account")
        try:
            yield tuple(transaction_from_ofx(row, currency=currency) for row in statement.transactions)
        except UnreadableMoney as broken:
            raise InstitutionBrokeProtocol(
                f"{client.host} sent a transaction that cannot be read: {broken}"
            ) from None

    async def end(self, institution: Institution, grant: Grant) -> None:
        """Forget the credentials: the standard has no call that ends them."""

    def _client(self, institution: Institution, known: _Credentials) -> OfxClient:
        return OfxClient(
            transport=self.transport,
            url=address(institution, "server_url"),
            version=_version(institution),
            organization=text(institution, "organization"),
            institution_id=text(institution, "institution_id"),
            user_id=known.user_id,
            password=known.password,
            client_uid=known.client_uid,
        )


def _version(institution: Institution) -> Version:
    chosen = choice(institution, "version", VERSIONS, default="203")
    return next(version for version in VERSIONS if version == chosen)


def _help(institution: Institution) -> str | None:
    return institution.settings.get("help_url") or institution.url


async def _ask_back(
    institution: Institution,
    client: OfxClient,
    known: _Credentials,
    *,
    now: float,
    problem: FormProblem | None,
) -> AskPerson:
    """Return the bank's questions as a form, but for those that a program answers."""
    request = ChallengeRequest(transaction_uid=_uid(now, 0), client_at=datetime.fromtimestamp(int(now), UTC))
    said = await client.ask([request], now=now)
    if (failure := client.refusal(said)) is not None:
        raise failure
    challenges = [challenge for one in told(said, ChallengesTold) for challenge in one.challenges]
    ours = tuple(one.phrase_id for one in challenges if one.phrase_id in _OURS_TO_ANSWER)
    fields = tuple(
        Field(name=one.phrase_id, kind="text", label=plain(one.label or "") or None)
        for one in challenges
        if one.phrase_id not in _OURS_TO_ANSWER
    )
    if not fields:
        raise InstitutionBrokeProtocol(f"{client.host} asks back, and has no question for the person")
    form = Form(
        about="challenge",
        fields=fields,
        said=plain(said.sign_on.message or "") or None,
        help_url=_help(institution),
        ends_at=int(now) + _CHALLENGE_SECONDS,
        problem=problem,
    )
    return AskPerson(form=form, kept=msgspec.json.encode(replace(known, ours=ours)))


def _answers(known: _Credentials, answer: Mapping[str, str], *, now: float) -> tuple[ChallengeAnswer, ...]:
    moment = datetime.fromtimestamp(int(now), UTC).strftime("%Y%m%d%H%M%S")
    ours = {one: moment if one == "MFA101" else _USER_AGENT for one in known.ours}
    return tuple(ChallengeAnswer(phrase_id=name, answer=said) for name, said in {**answer, **ours}.items())


def _signed_on(client: OfxClient, said: Response) -> Response:
    """Return an answer whose sign-on was taken; later than at linking nobody is there to be asked."""
    failure = client.refusal(said)
    if isinstance(failure, AnswerRejected | AccountLocked) or said.sign_on.code in {
        CHALLENGE_NEEDED,
        CHALLENGE_WRONG,
    }:
        raise CredentialsRejected(f"{client.host} answered {said.sign_on.code} to the sign-on")
    if failure is not None:
        raise failure
    return said


def _listed(client: OfxClient, said: Response) -> list[ListedAccount]:
    answers = told(said, AccountsTold)
    if not answers or answers[0].status.severity == "ERROR":
        code = answers[0].status.code if answers else "nothing"
        raise InstitutionUnavailable(f"{client.host} answered {code} instead of accounts")
    return list({source_id_of(one.account): one for one in answers[0].accounts}.values())


def _found(listed: ListedAccount, shown: StatementTold | None) -> FoundAccount:
    if shown is None or shown.statement is None:
        problem = None if shown is None else f"statement: {shown.status.code}"
        return account_from_ofx(listed, None, problem)
    return account_from_ofx(listed, shown.statement, None)


def _uid(now: float, place: int) -> str:
    """Return an id for one message, unlike any other of this person's."""
    return f"{int(now)}-{place}"
