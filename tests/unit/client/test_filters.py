import pytest

from linkspan.client._filters import filters_for
from linkspan.client._form import encode_form
from linkspan.client.params import FiltersParams

ENDIVE = "2026-10-28.endive"
BEFORE = ["2022-11-15", "2026-07-29.dahlia", "2026-08-12.preview", "2020-08-27;us_bank_account_beta=v2"]
SINCE = ["2026-09-30.endive", ENDIVE]


@pytest.mark.parametrize("version", SINCE)
@pytest.mark.parametrize("filters", [{"countries": ["US"]}, {"country": "US"}])
def test_since_endive_one_country_is_sent(version: str, filters: FiltersParams) -> None:
    assert encode_form(filters_for(version, filters)) == "country=US"


@pytest.mark.parametrize("version", BEFORE)
@pytest.mark.parametrize("filters", [{"countries": ["US"]}, {"country": "US"}])
def test_before_endive_a_list_of_countries_is_sent(version: str, filters: FiltersParams) -> None:
    assert encode_form(filters_for(version, filters)) == "countries[0]=US"


def test_before_endive_several_countries_are_sent() -> None:
    assert filters_for("2026-07-29.dahlia", {"countries": ["US", "CA"]})["countries"] == ["US", "CA"]


def test_since_endive_several_countries_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"filters\[countries\]: API version 2026-10-28.endive takes one"):
        filters_for(ENDIVE, {"countries": ["US", "CA"]})


def test_country_beside_countries_is_refused() -> None:
    with pytest.raises(ValueError, match="not both"):
        filters_for(ENDIVE, {"country": "US", "countries": ["US"]})


def test_countries_as_text_is_refused_rather_than_spelled_out() -> None:
    with pytest.raises(ValueError, match=r'expected a list such as \["US"\]'):
        filters_for(ENDIVE, {"countries": "US"})


def test_the_other_filters_are_sent_as_they_are() -> None:
    filters: FiltersParams = {"account_subcategories": ["checking"], "require_payment_method_support": "all"}

    form = encode_form(filters_for(ENDIVE, filters))

    assert form == "account_subcategories[0]=checking&require_payment_method_support=all"
