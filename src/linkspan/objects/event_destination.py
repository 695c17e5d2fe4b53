"""Where a program is told of events, as the second generation of the API sees it."""

from typing import ClassVar, Final, Literal, TypeAlias, get_args

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.frozen_map import FrozenMap

EventPayload: TypeAlias = Literal["snapshot", "thin"]
EVENT_PAYLOADS: Final[tuple[EventPayload, ...]] = get_args(EventPayload)
EventSource: TypeAlias = Literal["@accounts", "@self"]
EVENT_SOURCES: Final[tuple[EventSource, ...]] = get_args(EventSource)
EventDestinationStatus: TypeAlias = Literal["disabled", "enabled"]
EVENT_DESTINATION_STATUSES: Final[tuple[EventDestinationStatus, ...]] = get_args(EventDestinationStatus)


class EventDestinationDisabled(ApiObject, frozen=True, kw_only=True):
    """Why a destination is told of nothing."""

    reason: Open[Literal["user"]]
    """Who disabled it: the user, or what answers there. Since 2024-10-28.acacia."""


class EventDestinationStatusDetails(ApiObject, frozen=True, kw_only=True):
    """More about the status of a destination."""

    disabled: EventDestinationDisabled | None
    """Why it is disabled; null when it is not. Since 2024-10-28.acacia."""


class EventDestinationWebhook(ApiObject, frozen=True, kw_only=True):
    """The address of a destination; both are null unless they were asked for with ``include``."""

    signing_secret: str | None
    """What its requests are signed with, ``whsec_…``; null but in the answer that makes it. Since
    2024-10-28.acacia."""

    url: str | None
    """Where the requests go; null unless included. Since 2024-10-28.acacia."""


class EventDestination(
    ApiObject, frozen=True, kw_only=True, tag_field="object", tag="v2.core.event_destination"
):
    """An address that is sent a signed request for each event it asked for, whole or thin."""

    object: ClassVar[Literal["v2.core.event_destination"]] = "v2.core.event_destination"
    """Type of the object. Since 2024-10-28.acacia."""

    id: str
    """Identifier, ``ed_…``; ``we_…`` when it was made as a WebhookEndpoint. Since 2024-10-28.acacia."""

    created: str
    """When it was made, in RFC 3339 with UTC. Since 2024-10-28.acacia."""

    description: str
    """The merchant's own words about it; empty when not given. Since 2024-10-28.acacia."""

    enabled_events: tuple[str, ...]
    """The types it is told of. Since 2024-10-28.acacia."""

    event_payload: Open[EventPayload]
    """Whether it is told of events with the object they happened to, or thin. Since 2024-10-28.acacia."""

    events_from: tuple[Open[EventSource], ...]
    """Whose events it is told of: the account's own, or its connected accounts'. Since
    2024-10-28.acacia."""

    livemode: bool
    """True in live mode, false in test mode. Since 2024-10-28.acacia."""

    metadata: FrozenMap[str]
    """The merchant's own keys and values, both text. Since 2024-10-28.acacia."""

    name: str
    """What the merchant calls it; empty when it was made as a WebhookEndpoint. Since 2024-10-28.acacia."""

    snapshot_api_version: str | None
    """API version that whole events are written in; null for the account's own, and for thin ones. Since
    2024-10-28.acacia."""

    status: Open[EventDestinationStatus]
    """Whether it is told of events. Since 2024-10-28.acacia."""

    status_details: EventDestinationStatusDetails | None
    """More about the status; null while enabled. Since 2024-10-28.acacia."""

    type: Open[Literal["webhook_endpoint"]]
    """How it is told. Since 2024-10-28.acacia."""

    updated: str
    """When it was changed last, in RFC 3339 with UTC. Since 2024-10-28.acacia."""

    webhook_endpoint: EventDestinationWebhook | None
    """The address; null for other ways of telling. Since 2024-10-28.acacia."""


class DeletedEventDestination(
    ApiObject, frozen=True, kw_only=True, tag_field="object", tag="v2.core.event_destination"
):
    """An EventDestination that was deleted; nothing of it is kept."""

    object: ClassVar[Literal["v2.core.event_destination"]] = "v2.core.event_destination"
    """Type of the object. Since 2024-10-28.acacia."""

    id: str
    """Identifier of what was deleted. Since 2024-10-28.acacia."""
