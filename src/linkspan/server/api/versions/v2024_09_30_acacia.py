"""2024-09-30.acacia: a Session can ask for some kinds of accounts only."""

from typing import Final

from linkspan.server.api.versions.change import PAYMENT_INTENT, SESSION, SETUP_INTENT, Change

_COLLECTING: Final = ("payment_method_options", "us_bank_account", "financial_connections", "filters")
_SENT: Final = f"{_COLLECTING[0]}{''.join(f'[{name}]' for name in _COLLECTING[1:])}"
# What says how a bank account is collected.
_TAKING: Final = (
    *("payment_intents.confirm", "payment_intents.create", "payment_intents.update"),
    *("setup_intents.confirm", "setup_intents.create", "setup_intents.update"),
)

CHANGE: Final = Change(
    version="2024-09-30.acacia",
    summary="Sessions, and intents that collect an account, have `filters.account_subcategories`.",
    parameters={
        "sessions.create": ("filters[account_subcategories]",),
        **dict.fromkeys(_TAKING, (_SENT,)),
    },
    fields={
        SESSION: ("filters.account_subcategories",),
        PAYMENT_INTENT: (".".join(_COLLECTING),),
        SETUP_INTENT: (".".join(_COLLECTING),),
    },
)
