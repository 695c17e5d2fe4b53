"""The secure way for a program to let its users link their accounts."""

from typing import ClassVar, Final, Literal, TypeAlias, get_args

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from linkspan.objects._base import ApiObject
from linkspan.objects._open import Open
from linkspan.objects.account import Account, Permission
from linkspan.objects.account_holder import AccountHolder
from linkspan.objects.dialects import Spelling
from linkspan.objects.filters import Filters
from linkspan.objects.hosted import Hosted
from linkspan.objects.limits import Limits
from linkspan.objects.list import List
from linkspan.objects.manual_entry import ManualEntry
from linkspan.objects.relink import RelinkOptions, RelinkResult
from linkspan.objects.session_status import SessionStatus, SessionStatusDetails
from linkspan.objects.token import Token

Prefetch: TypeAlias = Literal["balances", "inferred_balances", "ownership", "transactions"]
PREFETCHES: Final[tuple[Prefetch, ...]] = get_args(Prefetch)
UiMode: TypeAlias = Literal["hosted", "modal"]
UI_MODES: Final[tuple[UiMode, ...]] = get_args(UiMode)
_HIDDEN: Final = "****"


class Session(ApiObject, frozen=True, kw_only=True, tag_field="object", tag="financial_connections.session"):
    """A Financial Connections Session: one run of the browser modal in which a user links accounts."""

    in_2022_05: ClassVar[Spelling] = Spelling(
        name="link_account_session",
        keys={"account_holder": "accountholder", "accounts": "linked_accounts"},
    )
    """The object, its holder and its accounts had other names."""

    object: ClassVar[Literal["financial_connections.session"]] = "financial_connections.session"
    """Type of the object. Since 2022-05."""

    id: str
    """Identifier, ``fcsess_…``. Since 2022-05."""

    account_holder: AccountHolder | None
    """Whom accounts are collected for; null when that is gone. Since 2022-05."""

    accounts: List[Account]
    """The accounts collected so far. Since 2022-05."""

    client_secret: str | None
    """What opens the modal, for the browser of this one end user; null for hosted sessions. Since 2022-05,
    nullable since 2025-11-17.clover."""

    livemode: bool
    """True in live mode, false in test mode. Since 2022-05."""

    permissions: tuple[Open[Permission], ...]
    """What the end user is asked to permit, text. Since 2022-05."""

    bank_account_token: Token | UnsetType = UNSET
    """Token of the linked account; absent unless the flow made one. Since 2026-07-29.dahlia."""

    filters: Filters | UnsetType = UNSET
    """Which accounts can be linked; absent when none were asked for. Since 2022-05."""

    limits: Limits | UnsetType = UNSET
    """How many accounts can be linked; absent when there is no limit. Since 2026-07-29.dahlia."""

    manual_entry: ManualEntry | UnsetType = UNSET
    """How manual entry is offered; absent from earlier versions. Since 2026-07-29.dahlia."""

    prefetch: tuple[Open[Prefetch], ...] | UnsetType | None = UNSET
    """What is fetched as soon as an account is linked, text; null or empty when nothing is, absent from
    earlier versions. Since 2023-08-24."""

    return_url: str | UnsetType = UNSET
    """Where a web view returns to after the bank; absent unless given. Since 2022-05."""

    hosted: Hosted | UnsetType | None = UNSET
    """What is particular to a hosted Session; null for others, absent outside of preview versions. Since
    2026-03-25.preview."""

    relink_options: RelinkOptions | UnsetType = UNSET
    """What it is to repair; absent unless it relinks, and outside of preview versions. Since
    2026-01-28.preview."""

    relink_result: RelinkResult | UnsetType = UNSET
    """What was repaired; absent until that is known, and outside of preview versions. Since
    2026-01-28.preview."""

    status: Open[SessionStatus] | UnsetType = UNSET
    """``pending``, ``succeeded``, ``failed`` or ``cancelled``; absent outside of preview versions. Since
    2026-01-28.preview."""

    status_details: SessionStatusDetails | UnsetType = UNSET
    """More about ``status``; absent when there is nothing to say, and outside of preview versions. Since
    2026-01-28.preview."""

    ui_mode: Open[UiMode] | UnsetType = UNSET
    """``modal`` in the program's own page, or ``hosted`` by the server; absent outside of preview versions.
    Since 2026-03-25.preview."""

    url: str | UnsetType | None = UNSET
    """Where the end user of a hosted Session goes; null once it is over, and for others; absent outside of
    preview versions. Since 2026-03-25.preview."""

    def __repr__(self) -> str:
        """Show everything but the client secret and the address, either of which opens the Session."""
        shown = replace(self, client_secret=_HIDDEN) if self.client_secret else self
        shown = replace(shown, url=_HIDDEN) if shown.url else shown
        return super(Session, shown).__repr__()
