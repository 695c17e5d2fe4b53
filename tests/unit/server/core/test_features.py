"""What may be read is what the end user permitted, by one table."""

from itertools import product

import pytest

from linkspan.objects import EVENT_TYPES, PERMISSIONS, PREFETCHES, PREVIEW_EVENT_TYPES, SUBSCRIPTIONS
from linkspan.server.core.features import (
    FEATURES,
    PREFETCHED_AS,
    REFRESHABLE,
    REFRESHABLE_IN_PREVIEWS,
    SUBSCRIBABLE,
    SUBSCRIBABLE_IN_PREVIEWS,
    not_permitted,
)
from linkspan.server.core.session import PREFETCHABLE, PREFETCHABLE_IN_PREVIEWS

LACKING = [(feature, needed) for feature, rule in FEATURES.items() for needed in rule.permissions]


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_is_permitted_by_all_it_needs(feature: str) -> None:
    assert not_permitted(feature, FEATURES[feature].permissions) is None


@pytest.mark.parametrize(("feature", "needed"), LACKING)
def test_a_feature_is_not_permitted_by_everything_else(feature: str, needed: str) -> None:
    others = set(PERMISSIONS) - {needed}

    assert not_permitted(feature, others) == needed


@pytest.mark.parametrize(("feature", "permission"), list(product(FEATURES, PERMISSIONS)))
def test_one_permission_permits_what_needs_no_other(feature: str, permission: str) -> None:
    is_permitted = not_permitted(feature, {permission}) is None

    assert is_permitted is (FEATURES[feature].permissions == (permission,))


def test_what_calls_take_has_a_rule() -> None:
    assert set(REFRESHABLE_IN_PREVIEWS) == set(FEATURES)
    assert set(SUBSCRIBABLE_IN_PREVIEWS) == set(SUBSCRIPTIONS)
    assert set(PREFETCHABLE_IN_PREVIEWS) == set(PREFETCHED_AS) == set(PREFETCHES)


def test_what_only_previews_know_is_taken_nowhere_else() -> None:
    previews = {name for name, rule in FEATURES.items() if rule.is_preview}

    assert previews
    assert not previews & {*REFRESHABLE, *SUBSCRIBABLE}
    assert not previews & {PREFETCHED_AS[word] for word in PREFETCHABLE}


def test_the_rules_speak_the_words_of_the_api() -> None:
    told = {rule.refreshed: rule.is_preview for rule in FEATURES.values()}

    assert {event for event, is_preview in told.items() if not is_preview} <= set(EVENT_TYPES)
    assert {event for event, is_preview in told.items() if is_preview} <= set(PREVIEW_EVENT_TYPES)
