"""Every way a request is understood and declined, so that the caller can act.

::

    Refusal
    ├── BadParameter        a value is not acceptable
    │   ├── MissingParameter
    │   ├── UnknownParameter
    │   └── ExclusiveParameters
    ├── NoSuchObject        the id names nothing the caller owns
    │   └── NoSuchReference the same, where the id is a parameter
    ├── NoSuchRoute
    ├── BodyTooLarge
    ├── UnknownVersion
    ├── NotAuthenticated
    │   ├── NoKey
    │   ├── InvalidKey
    │   ├── ExpiredKey      the key was revoked, or its time has passed
    │   ├── AddressNotAllowed  the key may not be used from there
    │   └── SecretKeyRequired
    ├── LacksRight          a restricted key may not do that
    ├── RateLimited         the key asks more often than it may
    ├── NoAccessToAccount   the key may not act for that account
    ├── TooManyWebhookEndpoints  a tenant has as many as it may
    ├── PlatformRequired    only a platform has connected accounts
    ├── IdempotencyInUse    a request with the key is under way
    ├── IdempotencyMismatch the key was used for another request
    ├── AccountInactive     the bank gives nothing more of an account
    ├── AccountNumbersUnavailable       the bank gave no numbers to pay from
    ├── UnexpectedPaymentMethodState    it is attached, or is not, or never may be again
    ├── UnexpectedPaymentIntentState    a PaymentIntent does not stand so that it can be done
    ├── UnexpectedSetupIntentState      the same of a SetupIntent
    ├── MovesNoMoney        in live mode nothing is paid, and no small deposits are sent
    ├── DepositsRefused     what was told of small deposits is wrong, or too late
    ├── NoSuccessfulTransactionRefresh  nothing of an account can be listed yet
    ├── SessionOver         the Session was already completed or left
    ├── SessionExpired
    ├── InvalidClientSecret a client secret names no Session, and no intent
    ├── WrongOrigin         another site than the one that first opened it
    ├── UnlistedOrigin      a site that the publishable key does not list
    ├── TooManyAttempts     a Session was sent to banks too often
    ├── WayClosed           an address to a bank was used, or is too old
    └── StrayReturn         an answer from a bank that nobody here waits for

Stripe's words and codes where they are known (Stripe API reference, "Errors");
nothing here knows HTTP: ``api/errors.py`` holds the one table of statuses.
"""

from typing import ClassVar

from linkspan.server.core.rights import label


class Refusal(Exception):
    """Understood and declined; the caller can act."""

    code: ClassVar[str | None] = None

    def __init__(self, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param


class BadParameter(Refusal):
    """A value is not acceptable; ``code`` names the kind where Stripe has one."""

    def __init__(self, message: str, *, param: str, code: str | None = None) -> None:
        super().__init__(message, param=param)
        self.specific_code = code


class MissingParameter(BadParameter):
    """A required parameter was not sent."""

    def __init__(self, param: str) -> None:
        super().__init__(f"Missing required param: {param}.", param=param, code="parameter_missing")


class UnknownParameter(BadParameter):
    """A parameter was sent that the route does not have."""

    def __init__(self, param: str) -> None:
        super().__init__(f"Received unknown parameter: {param}", param=param, code="parameter_unknown")


class ExclusiveParameters(BadParameter):
    """Two parameters were sent that exclude each other."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(
            f"Received both {first} and {second} parameters. Please pass in only one.",
            param=second,
            code="parameters_exclusive",
        )


class NoSuchObject(Refusal):
    """The id names nothing the caller owns; a foreign id answers the same."""

    code = "resource_missing"

    def __init__(self, noun: str, object_id: str, *, param: str) -> None:
        super().__init__(f"No such {noun}: '{object_id}'", param=param)


class NoSuchReference(NoSuchObject):
    """A parameter names an object the caller does not own."""


class NoSuchRoute(Refusal):
    """The address is not served."""

    def __init__(self, method: str, path: str) -> None:
        super().__init__(f"Unrecognized request URL ({method}: {path}).")


class BodyTooLarge(Refusal):
    """The body is longer than any request this API has."""


class UnknownVersion(Refusal):
    """``Stripe-Version`` names no version this server speaks."""


class NotAuthenticated(Refusal):
    """Who is asking is not established."""


class NoKey(NotAuthenticated):
    """No API key came with the request."""

    def __init__(self) -> None:
        super().__init__(
            "You did not provide an API key. You need to provide your API key in the Authorization header, "
            "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        )


class InvalidKey(NotAuthenticated):
    """The API key is not one this server knows."""

    def __init__(self, redacted: str) -> None:
        super().__init__(f"Invalid API Key provided: {redacted}")


class ExpiredKey(NotAuthenticated):
    """The API key was revoked, or its time has passed."""

    code = "api_key_expired"

    def __init__(self, redacted: str) -> None:
        super().__init__(f"Expired API Key provided: {redacted}")


class AddressNotAllowed(NotAuthenticated):
    """The API key may not be used from the caller's address."""

    def __init__(self) -> None:
        super().__init__("The API key provided does not allow requests from your IP address.")


class SecretKeyRequired(NotAuthenticated):
    """A publishable key cannot do this."""

    code = "secret_key_required"

    def __init__(self) -> None:
        super().__init__(
            "This API call cannot be made with a publishable API key. Please use a secret API key.",
        )


class LacksRight(Refusal):
    """A restricted key lacks the right to do this."""

    code = "more_permissions_required"

    def __init__(self, redacted_key: str, account: str, right: str) -> None:
        super().__init__(
            f"Permission denied. The provided key '{redacted_key}' does not have the required permissions "
            f"for this endpoint on account '{account}'. Enabling \"{label(right)}\" ('{right}') permissions "
            "on this key would allow this request to continue.",
        )


class RateLimited(Refusal):
    """The key asks more often than it may."""

    code = "rate_limit"

    def __init__(self, tenant: str, *, livemode: bool) -> None:
        super().__init__(
            "Request rate limit exceeded. Ask again a little later, and less often."
            if livemode
            else "Testmode request rate limit exceeded, the rate limits in testmode are lower than livemode. "
            "Ask again a little later, and less often.",
        )
        self.tenant = tenant
        """Whose key it is, for the log."""


class NoAccessToAccount(Refusal):
    """The key may not act for an account, or there is no such account; both read the same."""

    code = "account_invalid"

    def __init__(self, account: str, redacted_key: str | None = None) -> None:
        key = "key" if redacted_key is None else f"key '{redacted_key}'"
        super().__init__(
            f"The provided {key} does not have access to account '{account}' (or that account does not "
            "exist). Application access may have been revoked.",
        )


class PlatformRequired(Refusal):
    """A connected account has no connected accounts of its own."""

    code = "platform_account_required"

    def __init__(self) -> None:
        super().__init__("Only platforms can create connected accounts. Leave out the Stripe-Account header.")


class TooManyWebhookEndpoints(Refusal):
    """The tenant has as many webhook endpoints as it may."""

    def __init__(self, most: int, *, livemode: bool) -> None:
        mode = "live" if livemode else "test"
        super().__init__(f"You have reached the maximum of {most} {mode} webhook endpoints.")


class IdempotencyInUse(Refusal):
    """Another request with the idempotency key has begun and not ended."""

    code = "idempotency_key_in_use"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"There is currently another in-progress request using the idempotency key '{key}'. "
            "Please try again later.",
        )


class IdempotencyMismatch(Refusal):
    """The idempotency key was first used with another route or other parameters."""

    def __init__(self, key: str) -> None:
        super().__init__(
            "Keys for idempotent requests can only be used with the same parameters "
            "they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request.",
        )


class AccountInactive(Refusal):
    """The bank gives nothing more of an account; a new Session can restore it."""

    code = "financial_connections_account_inactive"

    def __init__(self, account_id: str, *, status: str, done: str, param: str = "account") -> None:
        super().__init__(
            f"The account {account_id} is {status}, so it cannot be {done}. Link it again with a new "
            "Financial Connections Session.",
            param=param,
        )


class AccountNumbersUnavailable(Refusal):
    """The bank gave no numbers of an account that payments can use."""

    code = "financial_connections_account_unavailable_account_numbers"

    def __init__(self, account_id: str, *, param: str) -> None:
        super().__init__(
            f"The bank gives no account number of the account {account_id} that payments can use. Ask for "
            "another account with a new Financial Connections Session.",
            param=param,
        )


class UnexpectedPaymentMethodState(Refusal):
    """A PaymentMethod is not in a state in which that can be done."""

    code = "payment_method_unexpected_state"

    def __init__(self, message: str) -> None:
        super().__init__(message, param="payment_method")


class UnexpectedPaymentIntentState(Refusal):
    """A PaymentIntent does not stand so that it can be done."""

    code = "payment_intent_unexpected_state"


class UnexpectedSetupIntentState(Refusal):
    """A SetupIntent does not stand so that it can be done."""

    code = "setup_intent_unexpected_state"


class MovesNoMoney(Refusal):
    """In live mode nothing is paid and no small deposits are sent: this server moves no money."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"This server moves no money: in live mode {what}. What was collected can be read, and paid from "
            "elsewhere.",
        )


class DepositsRefused(Refusal):
    """What was told of small deposits is wrong, comes too late, or came too often."""

    def __init__(self, message: str, *, code: str, param: str | None = None) -> None:
        super().__init__(message, param=param)
        self.specific_code = code


class NoSuccessfulTransactionRefresh(Refusal):
    """No refresh of an account's transactions has succeeded yet, so nothing of it can be listed."""

    code = "financial_connections_no_successful_transaction_refresh"

    def __init__(self, account_id: str, *, may_refresh: bool) -> None:
        standing = f"The transactions of the account {account_id} have not been refreshed successfully yet"
        way_on = (
            ". Refresh its `transactions` feature, and list them once the refresh has succeeded."
            if may_refresh
            else ", and cannot be: it is disconnected, or was linked without the `transactions` permission. "
            "Link it with a new Financial Connections Session that asks for that permission."
        )
        super().__init__(standing + way_on, param="account")


class SessionOver(Refusal):
    """The Session has been completed or left; it cannot be opened again."""

    code = "financial_connections_session_already_used"

    def __init__(self) -> None:
        super().__init__(
            "This Financial Connections Session has already been used. Create a new Session and try again.",
            param="client_secret",
        )


class SessionExpired(Refusal):
    """The time to use the Session has passed."""

    code = "session_expired"

    def __init__(self) -> None:
        super().__init__(
            "This Financial Connections Session has expired. Create a new Session and try again.",
            param="client_secret",
        )


class InvalidClientSecret(Refusal):
    """The client secret names no Session, and no intent."""

    def __init__(self, noun: str = "Financial Connections Session") -> None:
        super().__init__(
            f"The client_secret provided does not match any {noun} of this account. "
            "Ensure that the publishable key belongs to the account that created it.",
            param="client_secret",
        )


class WrongOrigin(Refusal):
    """A Session opened by one site was presented by another."""

    def __init__(self) -> None:
        super().__init__(
            "This Financial Connections Session was opened by another site and cannot be opened here.",
            param="client_secret",
        )


class UnlistedOrigin(Refusal):
    """A site opens the modal that its publishable key does not list."""

    def __init__(self, origin: str) -> None:
        super().__init__(
            f"The publishable key does not list {origin}; `linkspan keys origins` lists it.",
            param="key",
        )


class TooManyAttempts(Refusal):
    """The Session was sent to banks more often than a person would."""

    def __init__(self) -> None:
        super().__init__(
            "This Financial Connections Session has tried to sign in too often. Create a new one.",
        )


class WayClosed(Refusal):
    """An address to a bank was already used, or is too old."""

    def __init__(self) -> None:
        super().__init__("This link to your bank was already used or is too old.")


class StrayReturn(Refusal):
    """An answer from a bank that this browser does not wait for, or that was already taken."""

    def __init__(self) -> None:
        super().__init__(
            "This answer from your bank does not belong to a sign-in that began in this browser.",
        )
