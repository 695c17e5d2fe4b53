"""Why a bank gives nothing more, and whether the end user can change that."""

from typing import Final

from linkspan.objects import DeactivationAction, InactiveCause

# Signing in again restores everything but an account that is gone.
_BEYOND_REPAIR: Final[frozenset[InactiveCause]] = frozenset({"account_closed"})


def action_after(cause: str) -> DeactivationAction:
    """Return what an end user can do about *cause*."""
    return "none" if cause in _BEYOND_REPAIR else "relink_required"
