"""What is configured and what the directory knows are one list, in which no bank stands twice."""

from linkspan.server.core.catalog import Catalog, Row
from linkspan.server.core.listed import Listed


def ids(rows: tuple[Row, ...]) -> list[str]:
    return [row.listed.id for row in rows]


CHASE = Listed(id="fcinst_chase", name="Chase", domains=("chase.com",), routing_numbers=("021000021",))


def test_what_people_can_link_at_comes_first_then_the_largest() -> None:
    others = [
        Listed(id="fcinst_1", name="Harbor Bank", size=1),
        Listed(id="fcinst_2", name="Harbor Trust", size=9),
        Listed(id="fcinst_3", name="Hárbor Alpha", size=1),
    ]

    catalog = Catalog.of([Listed(id="fcinst_z", name="Harbor Zulu")], others)

    assert ids(catalog.rows) == ["fcinst_z", "fcinst_2", "fcinst_3", "fcinst_1"]
    assert [row.is_linkable for row in catalog.rows] == [True, False, False, False]


def test_a_configured_bank_is_known_by_what_the_directory_knows_of_it() -> None:
    entries = [
        Listed(
            id="fcinst_fdic_628", name="JPMorgan Chase Bank", domains=("chase.com",), place="Columbus, OH"
        ),
        Listed(id="fcinst_other", name="First Chicago", routing_numbers=("021000021",)),
        Listed(id="fcinst_chase", name="Chase NA"),
    ]

    catalog = Catalog.of([CHASE], entries)

    assert ids(catalog.rows) == ["fcinst_chase"]
    known = catalog.rows[0].listed
    assert (known.name, known.place) == ("Chase", "Columbus, OH")
    assert known.aliases == ("JPMorgan Chase Bank", "First Chicago", "Chase NA")
    assert ids(catalog.find("jpmorgan", most=5)) == ["fcinst_chase"]


def test_a_web_site_in_another_country_is_another_bank() -> None:
    catalog = Catalog.of(
        [CHASE], [Listed(id="fcinst_uk", name="Chase", domains=("chase.com",), countries=("GB",))]
    )

    assert ids(catalog.rows) == ["fcinst_chase", "fcinst_uk"]
    assert ids(catalog.find("chase", most=5, country="GB")) == ["fcinst_uk"]
