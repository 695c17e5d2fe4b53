"""What may be read is what the end user permitted, by one table."""

from itertools import product

import pytest

from linkspan.objects import EVENT_TYPES, PERMISSIONS, PREFETCHES, SUBSCRIPTIONS
from linkspan.server.core.features import FEATURES, REFRESHABLE, SUBSCRIBABLE, not_permitted

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
    assert set(REFRESHABLE) == set(FEATURES)
    assert set(SUBSCRIBABLE) == set(SUBSCRIPTIONS)


def test_the_rules_speak_the_words_of_the_api() -> None:
    assert {rule.prefetch for rule in FEATURES.values()} == set(PREFETCHES)
    assert {rule.refreshed for rule in FEATURES.values()} <= set(EVENT_TYPES)
