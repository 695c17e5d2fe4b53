"""Files of the FDIC, of the NCUA and of operators are read entry by entry, and refused by line and field."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from linkspan.server.core.listed import Listed
from linkspan.server.operations.directories.entries import Entry, Read, Unreadable
from linkspan.server.operations.institution_imports import READERS, BadFile, check

FILES: Final = Path(__file__).with_name("files")


def entries(format_: str, text: str) -> list[Entry | Unreadable]:
    return list(READERS[format_](io.StringIO(text, newline="")))


def listed(format_: str, name: str) -> list[Listed]:
    found = entries(format_, (FILES / name).read_text(encoding="utf-8"))
    return [one.listed for one in found if isinstance(one, Entry)]


def problems(format_: str, text: str) -> list[str]:
    with pytest.raises(BadFile) as refused:
        check(READERS[format_], lambda: io.StringIO(text, newline=""))
    return str(refused.value).splitlines()


def test_banks_of_the_fdic_are_called_what_people_call_them() -> None:
    assert listed("fdic", "fdic.json") == [
        Listed(
            id="fcinst_fdic_3511",
            name="Wells Fargo Bank",
            aliases=("Wells Fargo Bank, National Association",),
            domains=("wellsfargo.com",),
            place="Sioux Falls, SD",
            size=1_907_928_000,
        ),
        Listed(
            id="fcinst_fdic_588",
            name="Manufacturers and Traders Trust Company",
            aliases=("M&T Bank",),
            domains=("mtb.com",),
            place="Buffalo, NY",
            size=117_913_671,
        ),
        Listed(id="fcinst_fdic_99001", name="First State Bank", place="Smalltown, IA", size=5000),
    ]


def test_the_fdics_csv_says_what_its_json_does() -> None:
    with_trade_name, without = listed("fdic", "fdic.json")[1], listed("fdic", "fdic.csv")[1]

    assert listed("fdic", "fdic.csv")[0] == listed("fdic", "fdic.json")[0]
    assert (without.id, without.domains, without.size) == (
        with_trade_name.id,
        with_trade_name.domains,
        with_trade_name.size,
    )


def test_credit_unions_of_the_ncua_get_their_whole_names() -> None:
    assert listed("ncua", "foicu.txt") == [
        Listed(
            id="fcinst_ncua_227", name="Pentagon Federal Credit Union", place="Alexandria, VA", size=500_000
        ),
        Listed(
            id="fcinst_ncua_6",
            name="The New Orleans Firemen's Federal Credit Union",
            place="Metairie, LA",
            size=100_000,
        ),
        Listed(id="fcinst_ncua_67955", name="Alliant Credit Union", place="Chicago, IL", size=500_000),
    ]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("GTE", "GTE Federal Credit Union"),
        ("L.C. SCHOOL EMPLOYEES", "L.C. School Employees Federal Credit Union"),
        ("BANK OF THE SUN", "Bank of the Sun Federal Credit Union"),
        ("ITALO-AMERICAN", "Italo-American Federal Credit Union"),
        ("NAVY FCU", "Navy FCU"),
        ("Becu", "Becu Federal Credit Union"),
    ],
)
def test_a_name_in_capitals_is_written_as_people_do(name: str, written: str) -> None:
    text = f'CU_NUMBER,CU_TYPE,CU_NAME\n1,"1","{name}"\n'

    (one,) = entries("ncua", text)

    assert isinstance(one, Entry)
    assert one.listed.name == written


def test_an_operators_csv_has_a_column_for_each_field() -> None:
    assert listed("csv", "own.csv") == [
        Listed(
            id="fcinst_harbor",
            name="Harbor Bank",
            aliases=("Harbour Bank", "HB"),
            countries=("US", "CA"),
            domains=("harbor.example", "harbour.example"),
            routing_numbers=("110000000",),
            place="Boston, MA",
            color="#0a5c7a",
            takes_seconds=90,
            size=1000,
        ),
        Listed(id="fcinst_bare", name="Bare Savings"),
    ]


def test_a_directory_document_has_what_the_directory_keeps() -> None:
    assert listed("document", "document.json") == [
        Listed(
            id="fcinst_harbor",
            name="Harbor Bank",
            aliases=("Harbour Bank",),
            domains=("harbor.example",),
            sign_in="redirect",
            logo="data:image/png;base64,iVBORw0KGgo=",
        ),
        Listed(id="fcinst_maritime", name="Crédit Maritime", countries=("FR",)),
    ]


DOCUMENT: Final = {"object": "linkspan.directory", "institutions": [{"id": "fcinst_a", "name": "A"}]}


def document(**changes: Any) -> str:
    return json.dumps({**DOCUMENT, **changes})


@pytest.mark.parametrize(
    ("format_", "text", "told"),
    [
        ("csv", "id,name\nfcinst_a,A\nb,B\n", "line 3: id must be fcinst_ with letters and digits"),
        (
            "csv",
            "id,name,routing_numbers\nfcinst_a,A,110000001\n",
            "line 2: routing_numbers must have nine digits",
        ),
        ("csv", "id,name\nfcinst_a,A\nfcinst_a,B\n", "line 3: id fcinst_a is used twice"),
        ("csv", "id,name,size\nfcinst_a,A,many\n", "line 2: size must be a whole number"),
        ("csv", "id,name,sign_in\nfcinst_a,A,fax\n", "line 2: sign_in "),
        ("csv", 'id,name\nfcinst_a,"A\nB"\n', "line 3: name must have 1 to 120 characters"),
        ("csv", "id,name\nfcinst_a\n", "line 2: has 1 fields instead of 2"),
        ("csv", "id,title\nfcinst_a,A\n", "line 1: name is not among the columns"),
        ("csv", "id,name,bank\nfcinst_a,A,B\n", "line 1: bank is not a column there is"),
        ("csv", "id,name,name\nfcinst_a,A,B\n", "line 1: names a column twice"),
        ("csv", 'id,name\nfcinst_a,"A\n', "is not CSV"),
        ("csv", "id,name\n", "the file: has no institution in it"),
        ("csv", "", "line 1: id is not among the columns"),
        ("fdic", "CERT,NAME\nx,A\n", "line 2: CERT must be a certificate number"),
        ("fdic", "CERT,NAME\n1,\n", "line 2: NAME must have 1 to 120 characters"),
        ("fdic", "CERT,NAME,ASSET\n1,A,much\n", "line 2: ASSET must be a number"),
        ("fdic", "CERT,CITY\n1,A\n", "line 1: name is not among the columns"),
        ("fdic", '{"data": [{"data": {"CERT": 1}}]}', "entry 1: NAME must have"),
        ("fdic", '{"data": [3]}', "entry 1: is not an object"),
        ("fdic", '{"data": [', "the file: is not"),
        ("fdic", '{"meta": {}}', "with a list called data"),
        ("ncua", "CU_NUMBER,CU_NAME,CU_TYPE\nx,A,1\n", "line 2: CU_NUMBER must be a charter number"),
        ("ncua", "CU_NUMBER,CU_NAME,CU_TYPE\n1,A,9\n", "line 2: CU_TYPE must be 1, 2 or 3"),
        ("ncua", "CU_NUMBER,CU_NAME,CU_TYPE\n1,,1\n", "line 2: CU_NAME must have"),
        ("document", document(institutions=[{"id": "fcinst_a"}]), "entry 1: "),
        ("document", document(institutions=[{"id": "fcinst_a", "name": "A", "bank": 1}]), "entry 1: "),
        ("document", document(institutions=[{"id": "fcinst_a", "name": "A", "size": "1"}]), "entry 1: size "),
        ("document", document(object="list"), "the file: object "),
        ("document", document(more=1), "the file: more "),
        ("document", '{"institutions": [{"id": "fcinst_a", "name": "A"}]}', "the file: object must be"),
        ("document", document() + "]", "the file: is not"),
        ("document", "[]", "the file: is not"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_its_place_and_field(format_: str, text: str, told: str) -> None:
    assert told in problems(format_, text)[-1]


def test_no_more_than_a_screen_of_mistakes_is_told() -> None:
    lines = problems("csv", "id,name\n" + "x,A\n" * 100)

    assert (len(lines), lines[0], lines[-1]) == (
        21,
        "line 2: id must be fcinst_ with letters and digits",
        "and more",
    )


class Dripping(io.StringIO):
    """A file that gives little at a time, and remembers how much it has given."""

    given = 0

    def read(self, size: int | None = -1, /) -> str:
        piece = super().read(min(size or 1, 7) if size is not None and size > 0 else 7)
        self.given += len(piece)
        return piece


@pytest.mark.parametrize(("format_", "name"), [("fdic", "fdic.json"), ("document", "document.json")])
def test_json_is_read_piece_by_piece_wherever_a_piece_ends(format_: str, name: str) -> None:
    text = (FILES / name).read_text(encoding="utf-8")
    file = Dripping(text)
    read: Read = READERS[format_]

    first = next(one for one in read(file) if isinstance(one, Entry))

    assert first.listed == listed(format_, name)[0]
    assert file.given < len(text)
    assert [one.listed for one in read(Dripping(text)) if isinstance(one, Entry)] == listed(format_, name)


def rows(many: int) -> Iterator[str]:
    yield "id,name"
    yield from (f"fcinst_{number},Bank {number}" for number in range(many))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes("id,name\nfcinst_a,Crédit\n".encode("latin-1"))

    with pytest.raises(BadFile, match="not text in this encoding"):
        check(READERS["csv"], lambda: path.open(encoding="utf-8", newline=""))
