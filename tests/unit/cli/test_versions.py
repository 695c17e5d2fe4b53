"""What ``linkspan versions`` prints."""

import json

import pytest
from typer.testing import CliRunner

from linkspan.cli import app
from linkspan.server.api.versions import CHANGES, PREVIEW_CHANGES
from linkspan.server.api.versions.published import PUBLISHED, SERVED

DAHLIA, NEWEST = "2026-07-29.dahlia", "2026-10-28.endive"


def printed(*arguments: str) -> str:
    """What the verb prints, having ended well."""
    told = CliRunner().invoke(app, ["versions", *arguments])
    assert told.exit_code == 0, told.output
    return told.output


def test_every_version_is_listed_with_what_it_changed() -> None:
    lines = printed("list").splitlines()

    assert [line.split()[0] for line in lines] == list(SERVED)
    assert {line.partition("  ")[2].strip() for line in lines} == {
        "",
        *(each.summary for each in (*CHANGES, *PREVIEW_CHANGES)),
    }


def test_the_list_is_json_for_programs() -> None:
    rows = json.loads(printed("list", "--json"))

    assert [row["version"] for row in rows] == list(SERVED)
    assert {"version": NEWEST, "summary": None} in rows


def test_a_difference_tells_what_changed_what_breaks_and_how_it_looks() -> None:
    lines = printed("diff", DAHLIA, NEWEST).splitlines()

    assert [line for line in lines if line.startswith("2026")] == ["2026-08-26.dahlia", "2026-09-30.endive"]
    assert sum(line.startswith("  Breaks sessions.create: ") for line in lines) == 2
    changed = [line for line in lines if line[:1] in {"+", "-"}]
    assert changed[:4] == [
        f"--- {DAHLIA}",
        f"+++ {NEWEST}",
        '-    "countries": ["US"],',
        '+    "country": "US",',
    ]
    assert changed.count('+  "allowed_payment_method_types": ["us_bank_account"],') == 2


def test_a_difference_is_json_for_programs() -> None:
    told = json.loads(printed("diff", DAHLIA, NEWEST, "--json"))

    assert (told["old"], told["new"]) == (DAHLIA, NEWEST)
    assert [change["version"] for change in told["changes"]] == ["2026-08-26.dahlia", "2026-09-30.endive"]
    assert told["changes"][1]["breaks"][0]["example"] == {"filters": {"countries": ["US"]}}
    assert [each["object"] for each in told["objects"]] == ["Session", "PaymentIntent", "SetupIntent"]
    assert told["objects"][0]["before"]["filters"]["countries"] == ["US"]


def test_nothing_is_colored_that_goes_into_a_file() -> None:
    assert "\x1b" not in printed("diff", PUBLISHED[0], NEWEST)


def test_one_version_differs_in_nothing_from_itself() -> None:
    assert printed("diff", NEWEST, NEWEST) == f"Nothing changes from {NEWEST} to {NEWEST}.\n"


def test_a_program_that_leaves_a_preview_is_told_what_it_loses() -> None:
    lines = printed("diff", "2026-07-29.preview", NEWEST).splitlines()

    assert [line for line in lines if line.startswith("Lost")] == [
        "Lost with 2026-07-29.preview: 2026-01-28.preview",
        "Lost with 2026-07-29.preview: 2026-03-25.preview",
    ]
    assert '-  "institution": "fcinst_quillstone",' in lines


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2025-09", NEWEST, "OLD: Invalid Stripe API version: 2025-09. | Did you mean 2025-09-30.clover?"),
        (DAHLIA, "endive", "NEW: | Did you mean 2026-09-30.endive or 2026-10-28.endive?"),
        (DAHLIA, "newest", "NEW: | `linkspan versions list` prints them all."),
        (NEWEST, DAHLIA, f"NEW: {DAHLIA} is older than {NEWEST}; name the older one first"),
    ],
)
def test_a_version_that_cannot_be_compared_is_refused_with_what_was_meant(
    old: str, new: str, said: str
) -> None:
    told = CliRunner().invoke(app, ["versions", "diff", old, new])

    first, _, last = said.partition(" | ")
    assert told.exit_code == 2
    assert told.stderr.startswith(f"linkspan versions: {first}")
    assert told.stderr.rstrip().endswith(last)
