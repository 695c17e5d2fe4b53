"""What is told thin is what Stripe tells thin, of the things there are here."""

from typing import Final

from stripe.events._event_classes import _V2_EVENT_CLASS_LOOKUP

from linkspan.objects import THIN_EVENT_TYPES
from linkspan.server.core.event_types import THIN_ONLY, TYPES

ACCOUNT: Final = "v1.financial_connections.account."
# What no connector reads.
NOT_READ: Final = {f"{ACCOUNT}risk_intelligence_refresh_{status}" for status in ("failed", "succeeded")}


def test_every_thin_type_of_the_official_package_is_told_where_its_thing_is() -> None:
    official = {name for name in _V2_EVENT_CLASS_LOOKUP if name.startswith("v1.")}

    of_ours = {name for name in official if name.removeprefix("v1.") in TYPES or name.startswith(ACCOUNT)}

    assert {*THIN_EVENT_TYPES} == of_ours - NOT_READ


def test_how_a_refresh_ended_is_told_thin_alone() -> None:
    features = ("balance", "inferred_balances", "ownership", "transactions")

    assert {f"financial_connections.account.{each}_refresh_failed" for each in features} < THIN_ONLY
    assert all("_refresh_" in name for name in THIN_ONLY)
