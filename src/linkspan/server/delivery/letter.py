"""The request that tells an endpoint of an event."""

from collections.abc import Sequence

from linkspan.server.outbound.exchange import Request
from linkspan.webhooks import standard_headers, stripe_header


def letter(url: str, payload: bytes, secrets: Sequence[str], *, event: str, timestamp: int) -> Request:
    """Return the request with a signature of this moment for each of *secrets*, in both schemes."""
    headers = {
        "accept": "*/*",
        "cache-control": "no-cache",
        "content-type": "application/json; charset=utf-8",
        "stripe-signature": stripe_header(payload, secrets, timestamp),
        "user-agent": "Linkspan/1.0 (webhooks)",
        **standard_headers(payload, secrets, timestamp, message_id=event),
    }
    return Request(method="POST", url=url, headers=headers, body=payload)
