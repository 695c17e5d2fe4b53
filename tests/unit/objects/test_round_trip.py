"""Whatever is read is written back, in every spelling."""

import json
import pickle
from typing import Any

import hypothesis.strategies as st
from hypothesis import given

from linkspan.objects import AnyObject, Filters, decode, decode_as, encode
from tests.unit.objects.any_json import json_of

DOCUMENTS = json_of(AnyObject)
_TEXT = st.text(max_size=4)


@given(DOCUMENTS)
def test_the_newest_spelling_is_written_as_it_was_read(document: dict[str, Any]) -> None:
    read = decode(json.dumps(document))

    assert read.to_dict() == document


@given(DOCUMENTS)
def test_the_encoder_writes_what_to_dict_says(document: dict[str, Any]) -> None:
    read = decode(document)

    assert json.loads(encode(read)) == read.to_dict()
    assert decode(encode(read)) == read


@given(DOCUMENTS)
def test_the_spelling_of_2022_is_read_back_as_the_same_object(document: dict[str, Any]) -> None:
    read = decode(document)

    again = decode(json.dumps(read.to_dict(dialect="2022-05")))

    assert again == read
    assert encode(again) == encode(read)


@given(DOCUMENTS)
def test_equal_objects_have_equal_hashes_and_survive_pickling(document: dict[str, Any]) -> None:
    read = decode(document)

    unpickled = pickle.loads(pickle.dumps(read))

    assert unpickled == read
    assert hash(unpickled) == hash(read) == hash(decode(json.dumps(document)))
    assert encode(unpickled) == encode(read)


@given(st.fixed_dictionaries({"countries": st.none() | st.lists(_TEXT, max_size=3)}))
def test_any_list_of_countries_survives_both_spellings(document: dict[str, Any]) -> None:
    read = decode_as(document, Filters)

    assert read.to_dict(dialect="2022-05") == document
    assert decode_as(read.to_dict(), Filters) == read
    assert read.countries == tuple(document["countries"] or ())
