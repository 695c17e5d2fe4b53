"""Why a bank gives nothing more, and whether the end user can change that, as a table."""

from collections.abc import Mapping
from typing import Final

from linkspan.objects import DeactivationAction, InactiveCause

# Signing in again restores everything but an account that is gone.
ACTIONS: Final[Mapping[InactiveCause, DeactivationAction]] = {
    "access_denied": "relink_required",
    "access_expired": "relink_required",
    "account_closed": "none",
    "account_unavailable": "relink_required",
    "institution_requirement": "relink_required",
    "unspecified": "relink_required",
}


def action_after(cause: InactiveCause) -> DeactivationAction:
    """Return what an end user can do about *cause*."""
    return ACTIONS[cause]
