"""Every reason to give nothing more says what can be done about it."""

from linkspan.objects import DEACTIVATION_ACTIONS, INACTIVE_CAUSES
from linkspan.server.core.deactivation import ACTIONS, action_after


def test_every_cause_has_an_action() -> None:
    assert set(ACTIONS) == set(INACTIVE_CAUSES)
    assert set(ACTIONS.values()) == set(DEACTIVATION_ACTIONS)


def test_only_an_account_that_is_gone_cannot_be_repaired() -> None:
    assert [cause for cause in INACTIVE_CAUSES if action_after(cause) == "none"] == ["account_closed"]
