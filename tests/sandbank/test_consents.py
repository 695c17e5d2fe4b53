"""A bank that keeps records of consents says which one a token came from, and shows it to nobody else."""

from datetime import UTC, datetime

import pytest

from linkspan.standards.fdx import ConsentGrant, read_consent, read_error
from tests.sandbank.visitor import World, make_world

DAY = 24 * 60 * 60


def shown(world: World, consent: str, token: str) -> ConsentGrant:
    return read_consent(world.fdx(f"/consents/{consent}", token).body)


@pytest.mark.parametrize(("slug", "days"), [("brackenholt", 30), ("copperfinch", 365)])
def test_the_record_says_until_when_and_to_what(slug: str, days: int) -> None:
    world = make_world(slug)
    tokens = world.tokens("avery-card", "avery-checking")

    record = shown(world, tokens["fdxConsentId"], tokens["access_token"])

    now = datetime.fromtimestamp(int(world.clock.seconds), UTC)
    assert record.created_time == now
    assert record.expiration_time is not None
    assert (record.expiration_time - now).days == record.duration_period == days
    assert (record.id, record.status, record.duration_type) == (
        tokens["fdxConsentId"],
        "ACTIVE",
        "TIME_BOUND",
    )
    assert [each.resource_id for each in record.resources] == ["avery-card", "avery-checking"]


def test_a_renewed_token_comes_from_the_same_consent() -> None:
    world = make_world("brackenholt")
    tokens = world.tokens()
    world.clock.seconds += DAY

    renewed = world.refresh(tokens["refresh_token"]).json

    assert renewed["fdxConsentId"] == tokens["fdxConsentId"]
    record = shown(world, tokens["fdxConsentId"], renewed["access_token"])
    assert record.expiration_time is not None
    assert record.expiration_time.timestamp() == int(world.clock.seconds) + 29 * DAY


def test_a_consent_of_thirty_days_ends_after_thirty_days() -> None:
    world = make_world("brackenholt")
    tokens = world.tokens()
    for _ in range(2):
        world.clock.seconds += 14 * DAY
        tokens = world.refresh(tokens["refresh_token"]).json
    world.clock.seconds += 2 * DAY

    assert world.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"


def test_another_ones_record_is_not_found() -> None:
    world = make_world("brackenholt")
    ours, theirs = world.tokens(), world.tokens(person="sam")

    answer = world.fdx(f"/consents/{theirs['fdxConsentId']}", ours["access_token"])

    assert (answer.status, read_error(answer.body).code) == (404, 601)


def test_a_bank_without_records_names_none() -> None:
    world = make_world("bank-oauth")
    tokens = world.tokens()

    assert "fdxConsentId" not in tokens
    assert world.fdx("/consents/any", tokens["access_token"]).status == 501
