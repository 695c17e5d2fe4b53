"""Where a program is told of events."""

from typing import ClassVar, Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.frozen_map import FrozenMap

WebhookEndpointStatus: TypeAlias = Literal["disabled", "enabled"]
WEBHOOK_ENDPOINT_STATUSES: Final[tuple[WebhookEndpointStatus, ...]] = get_args(WebhookEndpointStatus)


class WebhookEndpoint(ApiObject, frozen=True, kw_only=True, tag_field="object", tag="webhook_endpoint"):
    """An address that is sent a signed request for each event it asked for."""

    object: ClassVar[Literal["webhook_endpoint"]] = "webhook_endpoint"
    """Type of the object. Since 2022-05."""

    id: str
    """Identifier, ``we_…``. Since 2022-05."""

    api_version: str | None
    """API version that its events are written in; null for the account's own. Since 2022-05."""

    application: str | None
    """Id of the Connect application that made it; null when none did. Since 2022-05."""

    created: int
    """When it was made, in Unix seconds. Since 2022-05."""

    description: str | None
    """The merchant's own words about it; null when not given. Since 2022-05."""

    enabled_events: tuple[str, ...]
    """The types it is told of; ``*`` stands for all but those that must be named. Since 2022-05."""

    livemode: bool
    """True in live mode, false in test mode. Since 2022-05."""

    metadata: FrozenMap[str]
    """The merchant's own keys and values, both text. Since 2022-05."""

    status: Open[WebhookEndpointStatus]
    """Whether it is told of events. Since 2022-05."""

    url: str
    """Where the requests go. Since 2022-05."""

    secret: str | UnsetType = UNSET
    """What its requests are signed with, ``whsec_…``; absent but in the answer that makes it. Since
    2022-05."""


class DeletedWebhookEndpoint(
    ApiObject, frozen=True, kw_only=True, tag_field="object", tag="webhook_endpoint"
):
    """A WebhookEndpoint that was deleted; nothing of it is kept but that."""

    object: ClassVar[Literal["webhook_endpoint"]] = "webhook_endpoint"
    """Type of the object. Since 2022-05."""

    id: str
    """Identifier, ``we_…``. Since 2022-05."""

    deleted: Literal[True]
    """Always true. Since 2022-05."""
