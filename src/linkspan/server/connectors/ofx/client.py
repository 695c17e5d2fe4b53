"""The one call of OFX Direct Connect, and what the status of a sign-on means."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final, TypeVar
from urllib.parse import urlsplit

from linkspan.server.connectors.failures import (
    AccountLocked,
    AnswerRejected,
    ConnectorFailure,
    InstitutionBrokeProtocol,
    InstitutionMisconfigured,
    InstitutionUnavailable,
)
from linkspan.server.connectors.http import Request, Transport, service_failure
from linkspan.standards.ofx import (
    ChallengeAnswer,
    MalformedField,
    SignOn,
    Version,
    read_response,
    write_request,
)
from linkspan.standards.ofx import Request as Document
from linkspan.standards.ofx import Response as Answer
from linkspan.standards.ofx.records import AnyRequest

# OFX 2.2, appendix A: codes that a sign-on may get.
CHALLENGE_NEEDED: Final = 3000
CHALLENGE_WRONG: Final = 3001
SIGN_ON_INVALID: Final = 15500
_LOCKED_OUT: Final = 15502
_UNKNOWN_TO_THE_BANK: Final = frozenset({13504, 15503, 15510})
_APP_ID: Final = "LNKSP"
_APP_VERSION: Final = "0100"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfxClient:
    """One bank's server, asked as one person."""

    transport: Transport
    url: str
    version: Version
    organization: str
    institution_id: str
    user_id: str = field(repr=False)
    password: str = field(repr=False)
    client_uid: str = field(repr=False)

    @property
    def host(self) -> str:
        """The host asked, the one part of the address that messages may name."""
        return urlsplit(self.url).hostname or ""

    async def ask(
        self, messages: Sequence[AnyRequest], *, now: float, answers: Sequence[ChallengeAnswer] = ()
    ) -> Answer:
        """Send one document and return the bank's, whatever its sign-on says.

        A bank that answers another HTTP status than 200 has not read it: OFX
        tells what is wrong with a request inside an answer.
        """
        sign_on = SignOn(
            user_id=self.user_id,
            password=self.password,
            client_at=datetime.fromtimestamp(int(now), UTC),
            app_id=_APP_ID,
            app_version=_APP_VERSION,
            organization=self.organization,
            institution_id=self.institution_id,
            client_uid=self.client_uid,
            challenge_answers=tuple(answers),
        )
        body = write_request(Document(version=self.version, sign_on=sign_on, messages=tuple(messages)))
        headers = {"content-type": "application/x-ofx", "accept": "*/*, application/x-ofx"}
        response = await self.transport.send(Request(method="POST", url=self.url, headers=headers, body=body))
        failure = service_failure(response, self.host)
        if failure is not None:
            raise failure
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise InstitutionMisconfigured(f"{self.host} answered {response.status} to OFX")
        try:
            return read_response(response.body)
        except MalformedField as broken:
            raise InstitutionBrokeProtocol(
                f"{self.host} sent OFX that cannot be read: {broken.field}"
            ) from None

    def refusal(self, answer: Answer) -> ConnectorFailure | None:
        """Return what the status of a sign-on says is wrong, a challenge left aside."""
        code = answer.sign_on.code
        if code == SIGN_ON_INVALID:
            return AnswerRejected(f"{self.host} knows no such sign-on", "credentials_wrong")
        if code == _LOCKED_OUT:
            return AccountLocked(f"{self.host} has locked the sign-on")
        if code in _UNKNOWN_TO_THE_BANK:
            return InstitutionMisconfigured(f"{self.host} answered {code} to the sign-on")
        if answer.sign_on.severity == "ERROR" and code not in {CHALLENGE_NEEDED, CHALLENGE_WRONG}:
            return InstitutionUnavailable(f"{self.host} answered {code} to the sign-on")
        return None


def told(answer: Answer, kind: type[T]) -> list[T]:
    """Return the messages of one kind."""
    return [message for message in answer.messages if isinstance(message, kind)]
