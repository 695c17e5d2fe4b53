"""A frozen map is a mapping that can be a key."""

import copy
import pickle

import pytest

from linkspan.objects import Extra, FrozenMap
from linkspan.objects.frozen_map import NO_EXTRA, freeze, thaw


def test_it_equals_any_mapping_with_its_items() -> None:
    assert FrozenMap({"usd": 1, "eur": 2}) == {"eur": 2, "usd": 1}
    assert FrozenMap({"usd": 1}) != FrozenMap({"usd": 2})
    assert FrozenMap() == {}


def test_equal_maps_have_equal_hashes_whatever_their_order() -> None:
    assert hash(FrozenMap({"usd": 1, "eur": 2})) == hash(FrozenMap({"eur": 2, "usd": 1}))


def test_it_reads_as_a_mapping() -> None:
    amounts = FrozenMap({"usd": 1, "eur": 2})

    assert (list(amounts), len(amounts), amounts["eur"], amounts.get("gbp")) == (["usd", "eur"], 2, 2, None)
    assert repr(amounts) == "FrozenMap({'usd': 1, 'eur': 2})"


def test_it_cannot_be_changed() -> None:
    amounts = FrozenMap({"usd": 1})

    with pytest.raises(TypeError):
        amounts["usd"] = 2  # type: ignore[index]  # the mistake meant


def test_it_does_not_follow_the_mapping_it_was_made_of() -> None:
    source = {"usd": 1}
    amounts = FrozenMap(source)

    source["usd"] = 2

    assert amounts == {"usd": 1}


@pytest.mark.parametrize("original", [FrozenMap({"usd": 1}), Extra({"new": (1, 2)}), FrozenMap()])
def test_it_survives_pickling_as_its_own_type(original: FrozenMap[object]) -> None:
    unpickled = pickle.loads(pickle.dumps(original))

    assert (type(unpickled), unpickled) == (type(original), original)


def test_the_empty_extra_stays_the_one_instance() -> None:
    assert pickle.loads(pickle.dumps(NO_EXTRA)) is NO_EXTRA
    assert copy.deepcopy(NO_EXTRA) is NO_EXTRA


def test_freezing_reaches_every_depth_and_thawing_undoes_it() -> None:
    value = {"a": [1, {"b": [None, "c"]}], "d": {}}

    frozen = freeze(value)

    assert isinstance(hash(frozen), int)
    assert frozen["a"] == (1, {"b": (None, "c")})
    assert thaw(frozen) == value
