"""Signs webhook payloads as Stripe does, and tells signed ones from all others.

Two schemes are written: Stripe's own header (Stripe documentation, "Verify
webhook signatures manually"), and that of Standard Webhooks 1.0, whose readers
exist where there is no library of Stripe's.
"""

import hmac
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from typing import Final, final

from linkspan.objects import Event, ThinEvent, decode_as

TOLERANCE_SECONDS: Final = 300
_SCHEME: Final = "v1"
_PREFIX: Final = "whsec_"
# A secret being rolled signs twice; a header with more than this is no header of ours.
_SIGNATURES_MAX: Final = 32


class SignatureVerificationError(Exception):
    """The payload was not signed with the secret, or not lately; the message says which."""

    def __init__(self, message: str, *, header: str) -> None:
        super().__init__(message)
        self.message: Final = message
        self.header: Final = header
        """The signatures that came with the payload."""

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuilt, (self.message, self.header)


@final
class Webhook:
    """What a program needs to take webhooks, and to make some for its own tests."""

    @staticmethod
    def construct_event(
        payload: bytes | str,
        header: str,
        secret: str,
        tolerance: int | None = TOLERANCE_SECONDS,
        *,
        now: Callable[[], float] = time.time,
    ) -> Event:
        """Return the Event that *payload*, the body exactly as it came, holds.

        *header* is the request's ``Stripe-Signature``, *secret* the endpoint's
        ``whsec_…``. Raises `SignatureVerificationError` unless one signature is
        the secret's and at most *tolerance* seconds old (0 or None: of any
        age), and `DecodeError` where what was signed is no Event.
        """
        body = payload.encode() if isinstance(payload, str) else payload
        _verify(body, header, secret, tolerance, now)
        return decode_as(body, Event)

    @staticmethod
    def parse_event_notification(
        payload: bytes | str,
        header: str,
        secret: str,
        tolerance: int | None = TOLERANCE_SECONDS,
        *,
        now: Callable[[], float] = time.time,
    ) -> ThinEvent:
        """Return the ThinEvent that *payload*, the body exactly as it came, holds.

        Arguments and errors are those of `construct_event`, which takes what a
        destination of whole events is sent; each refuses the other's payloads.
        """
        body = payload.encode() if isinstance(payload, str) else payload
        _verify(body, header, secret, tolerance, now)
        return decode_as(body, ThinEvent)

    @staticmethod
    def sign(payload: bytes | str, secret: str, timestamp: int | None = None) -> str:
        """Return the ``Stripe-Signature`` of *payload*, signed now or at *timestamp* (Unix seconds)."""
        body = payload.encode() if isinstance(payload, str) else payload
        return stripe_header(body, [secret], int(time.time()) if timestamp is None else timestamp)


def stripe_header(payload: bytes, secrets: Sequence[str], timestamp: int) -> str:
    """Return the value of ``Stripe-Signature``, with one signature for each of *secrets*."""
    signed = (f"{_SCHEME}={_signature(payload, secret, str(timestamp))}" for secret in secrets)
    return ",".join((f"t={timestamp}", *signed))


def standard_headers(
    payload: bytes, secrets: Sequence[str], timestamp: int, *, message_id: str
) -> dict[str, str]:
    """Return the headers of Standard Webhooks; the key is what follows ``whsec_``, decoded from base64."""
    signed = f"{message_id}.{timestamp}.".encode() + payload
    digests = [hmac.digest(b64decode(secret.removeprefix(_PREFIX)), signed, "sha256") for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"{_SCHEME},{b64encode(digest).decode()}" for digest in digests),
    }


def _verify(
    payload: bytes, header: str, secret: str, tolerance: int | None, now: Callable[[], float]
) -> None:
    # The messages are Stripe's, so that a program moves over with what it searches its logs for.
    parts = [part.partition("=") for part in header.split(",", _SIGNATURES_MAX)]
    timestamp = next((value for name, _, value in parts if name == "t"), "")
    if not (timestamp.isascii() and timestamp.isdigit()):
        raise SignatureVerificationError(
            "Unable to extract timestamp and signatures from header", header=header
        )
    signatures = [value for name, _, value in parts if name == _SCHEME]
    if not signatures:
        raise SignatureVerificationError(f"No signatures found with expected scheme {_SCHEME}", header=header)
    if not any(_are_equal(_signature(payload, secret, timestamp), signatures)):
        raise SignatureVerificationError(
            "No signatures found matching the expected signature for payload", header=header
        )
    if tolerance and int(timestamp[:18]) < now() - tolerance:
        raise SignatureVerificationError(f"Timestamp outside the tolerance zone ({timestamp})", header=header)


def _signature(payload: bytes, secret: str, timestamp: str) -> str:
    return hmac.digest(secret.encode(), f"{timestamp}.".encode() + payload, "sha256").hex()


def _are_equal(expected: str, signatures: Sequence[str]) -> Iterator[bool]:
    """Compare in constant time; as bytes, since a text beyond ASCII would be refused."""
    return (hmac.compare_digest(expected.encode(), signature.encode()) for signature in signatures)


def _rebuilt(message: str, header: str) -> SignatureVerificationError:
    return SignatureVerificationError(message, header=header)
