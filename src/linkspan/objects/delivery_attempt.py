"""One try to tell a webhook endpoint of an event."""

from typing import ClassVar, Literal

from linkspan.objects._base import ApiObject


class DeliveryAttempt(
    ApiObject, frozen=True, kw_only=True, tag_field="object", tag="linkspan.delivery_attempt"
):
    """One request to a WebhookEndpoint, and what came of it. A Linkspan's alone."""

    object: ClassVar[Literal["linkspan.delivery_attempt"]] = "linkspan.delivery_attempt"
    """Type of the object. Since 2026-10-28.endive."""

    id: str
    """Identifier, ``whatt_…``. Since 2026-10-28.endive."""

    answer: str
    """The beginning of the answer's body; empty where no answer came. Since 2026-10-28.endive."""

    created: int
    """When the request was sent, in Unix seconds. Since 2026-10-28.endive."""

    event: str
    """Id of the Event, ``evt_…``. Since 2026-10-28.endive."""

    http_status: int | None
    """What was answered, an HTTP status; null where nothing was. Since 2026-10-28.endive."""

    milliseconds: int
    """How long it took, in milliseconds. Since 2026-10-28.endive."""

    problem: str | None
    """Why no answer came; null where one did. Since 2026-10-28.endive."""

    webhook_endpoint: str
    """Id of the WebhookEndpoint, ``we_…``. Since 2026-10-28.endive."""
