"""What a Session is taken to ask for where it says nothing, by version and kind of holder."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from linkspan.server.core.session import ACCOUNT_SUBCATEGORIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What a Session asks for unless it says otherwise."""

    accounts_max: int | None = None
    """How many accounts it takes; None is any number."""
    account_subcategories: tuple[str, ...] = ACCOUNT_SUBCATEGORIES
    country: str | None = None
    """None offers every institution of the operator's."""
    manual_entry_mode: str = "disabled"
    require_payment_method_support: str = "none"


# Until then the kind of holder implied them: whoever is paid out needs one account.
BEFORE_ENDIVE: Final[Mapping[str, Defaults]] = {
    "account": Defaults(accounts_max=1),
    "customer": Defaults(),
}
# Since 2026-09-30.endive they are the same for both.
SINCE_ENDIVE: Final = Defaults()
