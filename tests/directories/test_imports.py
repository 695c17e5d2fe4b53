"""An import brings the directory in line with a file: all of it or nothing, and nothing twice."""

import io
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from linkspan.server.operations.context import Context
from linkspan.server.operations.institution_imports import BadFile, Changes, Format, import_
from linkspan.server.operations.institutions import catalog
from linkspan.server.store import directories, institutions

pytestmark = pytest.mark.anyio

FILES: Final = Path(__file__).with_name("files")
TWO: Final = "id,name\nfcinst_a,Aardvark Bank\nfcinst_b,Badger Bank\n"


async def bring_in(context: Context, text: str, *, source: str = "mine", **how: bool) -> Changes:
    return await import_(
        context,
        "csv",
        partial(io.StringIO, text, newline=""),
        source=source,
        deletes_gone=how.get("deletes_gone", False),
        is_rehearsal=how.get("is_rehearsal", False),
    )


async def found(context: Context, query: str) -> list[str]:
    return [row.listed.id for row in (await catalog(context)).find(query, most=5)]


async def generation(context: Context) -> int:
    return await context.store.read(directories.generation)


@pytest.mark.parametrize(
    ("format_", "name", "query", "first"),
    [
        ("fdic", "fdic.json", "m&t", "fcinst_fdic_588"),
        ("fdic", "fdic.csv", "mtb.com", "fcinst_fdic_588"),
        ("ncua", "foicu.txt", "pentagon fcu", "fcinst_ncua_227"),
        (
            "csv",
            "own.csv",
            "110000000",
            "fcinst_test_oauth",
        ),  # the sandbox has the number as well: it is one bank
        ("document", "document.json", "credit maritime", "fcinst_maritime"),
    ],
)
async def test_what_was_imported_is_found(
    context: Context, format_: Format, name: str, query: str, first: str
) -> None:
    await import_(context, format_, (FILES / name).open, source=format_)

    assert (await found(context, query))[0] == first


async def test_importing_again_changes_nothing(context: Context) -> None:
    first = await bring_in(context, TWO)
    before = await generation(context)
    again = await bring_in(context, TWO)

    assert first == Changes(added=("fcinst_a", "fcinst_b"), updated=(), gone=(), unchanged=0)
    assert again == Changes(added=(), updated=(), gone=(), unchanged=2)
    assert await generation(context) == before


async def test_a_later_file_updates_and_marks_what_is_gone_until_it_comes_back(context: Context) -> None:
    await bring_in(context, TWO)

    later = await bring_in(context, "id,name\nfcinst_a,Anteater Bank\n")
    without = await found(context, "badger")
    entry = await context.store.read(lambda tx: institutions.get(tx, "fcinst_b"))
    back = await bring_in(context, TWO)

    assert later == Changes(added=(), updated=("fcinst_a",), gone=("fcinst_b",), unchanged=0)
    assert without == []
    assert entry is not None
    assert entry.gone_at == context.world.seconds()
    assert back.updated == ("fcinst_a", "fcinst_b")
    assert await found(context, "badger") == ["fcinst_b"]


async def test_what_is_gone_is_deleted_where_that_is_asked(context: Context) -> None:
    await bring_in(context, TWO)
    await bring_in(context, "id,name\nfcinst_a,Aardvark Bank\n")

    changes = await bring_in(context, "id,name\nfcinst_a,Aardvark Bank\n", deletes_gone=True)

    assert changes.gone == ("fcinst_b",)
    assert await context.store.read(lambda tx: institutions.get(tx, "fcinst_b")) is None


async def test_a_rehearsal_says_what_would_change_and_changes_nothing(context: Context) -> None:
    await bring_in(context, TWO)
    before = await generation(context), await context.store.read(institutions.all_)

    told = await bring_in(context, "id,name\nfcinst_c,Civet Bank\nfcinst_a,Anteater\n", is_rehearsal=True)

    assert told == Changes(added=("fcinst_c",), updated=("fcinst_a",), gone=("fcinst_b",), unchanged=0)
    assert (await generation(context), await context.store.read(institutions.all_)) == before


async def test_a_file_with_a_mistake_changes_nothing(context: Context) -> None:
    await bring_in(context, TWO)
    before = await context.store.read(institutions.all_)

    with pytest.raises(BadFile, match="line 3: id must"):
        await bring_in(context, "id,name\nfcinst_c,Civet Bank\nbad,Dingo Bank\n")

    assert await context.store.read(institutions.all_) == before


async def test_sources_do_not_touch_one_another(context: Context) -> None:
    await bring_in(context, TWO)

    changes = await bring_in(context, "id,name\nfcinst_c,Civet Bank\n", source="another")
    with pytest.raises(BadFile, match="line 2: id fcinst_a is known from mine"):
        await bring_in(context, TWO, source="another")

    assert changes.gone == ()
    assert await found(context, "badger") == ["fcinst_b"]


async def test_thousands_are_imported_in_one_transaction(context: Context) -> None:
    rows = "".join(f"fcinst_{number},Bank Number {number}\n" for number in range(1_234))

    changes = await bring_in(context, f"id,name\n{rows}")

    assert len(changes.added) == 1_234
    assert await generation(context) == 1
    assert await found(context, "bank number 1233") == ["fcinst_1233"]
