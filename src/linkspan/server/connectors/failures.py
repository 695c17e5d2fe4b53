"""What can go wrong at a bank, as a closed set by what can be done next.

ConnectorFailure
├── InstitutionUnavailable      the bank is down or out of reach: retry later
├── InstitutionTimeout          the bank did not answer in time: retry later
├── ListChanged                 a list changed while it was read: read it again from its beginning
├── RateLimited                 the bank asks for fewer calls: retry at the time it names
├── CredentialsRejected         the bank no longer accepts the grant: sign in again
├── ConsentEnded                the person's permission is over: link again
├── SignInDenied                the person said no at the bank: offer another try
├── AnswerRejected              what the person entered is not taken: let them enter it again
├── AccountLocked               the bank lets this person in no more: only the bank can help
├── TokenSpent                  the pasted token is used up, perhaps by another: get a new one
├── PlanLapsed                  the person's plan with the service is over: they renew it there
├── AuthorizationRefused        the answer that came back cannot be trusted: begin again
├── InstitutionBrokeProtocol    the bank's answer makes no sense: tell the maintainers
├── InstitutionMisconfigured    the bank rejects our settings: the operator must act
└── NotSupported                the bank does not offer this: do without

Messages name hosts, fields and codes of the protocol. They never carry what a
bank sent as free text, an address's path or query, or anything secret.
"""

from linkspan.server.core.forms import FormProblem


class ConnectorFailure(Exception):
    """The bank could not do what was asked."""


class InstitutionUnavailable(ConnectorFailure):
    """The bank is down, out of reach, or says so itself."""

    def __init__(
        self, message: str, *, is_planned: bool = False, retry_after_seconds: int | None = None
    ) -> None:
        super().__init__(message)
        self.is_planned = is_planned
        self.retry_after_seconds = retry_after_seconds


class InstitutionTimeout(ConnectorFailure):
    """The bank did not answer in time; whether it acted is unknown."""


class ListChanged(ConnectorFailure):
    """The bank gave a page of a list and takes its key to the next one no more."""


class RateLimited(ConnectorFailure):
    """The bank asks for fewer calls."""

    def __init__(self, message: str, *, retry_after_seconds: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class CredentialsRejected(ConnectorFailure):
    """The bank no longer accepts the grant; the person has to sign in again."""


class ConsentEnded(ConnectorFailure):
    """The person's permission at the bank has ended; the accounts have to be linked again."""


class SignInDenied(ConnectorFailure):
    """The person said no at the bank."""


class AnswerRejected(ConnectorFailure):
    """The bank does not take what the person entered, or what was pasted is no token at all."""

    def __init__(self, message: str, problem: FormProblem) -> None:
        super().__init__(message)
        self.problem: FormProblem = problem


class AccountLocked(ConnectorFailure):
    """The bank has locked this person out, for a while or until they have spoken with it."""


class TokenSpent(ConnectorFailure):
    """The token was used before or never was one; if the person did not use it, somebody else did."""


class PlanLapsed(ConnectorFailure):
    """The person's plan with the service is over; it answers again once they renew it."""


class AuthorizationRefused(ConnectorFailure):
    """The answer that came back from the bank is not acceptable."""


class InstitutionBrokeProtocol(ConnectorFailure):
    """The bank's answer is not what its protocol allows."""


class InstitutionMisconfigured(ConnectorFailure):
    """The bank cannot be used with the settings the operator gave."""


class NotSupported(ConnectorFailure):
    """The bank does not offer what was asked."""
