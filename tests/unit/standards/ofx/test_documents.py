"""OFX documents of every version, good and bad."""

import contextlib
import time
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkspan.standards.ofx import (
    VERSIONS,
    MalformedField,
    Statement,
    StatementTold,
    Version,
    read_request,
    read_response,
    write_request,
    write_response,
)
from linkspan.standards.ofx.tree import DEPTH_MAX, read_tree
from linkspan.standards.ofx.values import read_amount, read_instant, write_instant
from tests.unit.standards.ofx.samples import request, response

# As a bank of the nineties writes: no end tags, empty elements left open, an offset, a comma.
SGML = b"""OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20260921</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO<MESSAGE></STATUS>
<STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>1<ACCTID>2<ACCTTYPE>SAVINGS</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260101<DTEND>20260921
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260920120000[-5:EST]<TRNAMT>-1.234,50<FITID>1</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>+10,5<DTASOF>20260921</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
SMALL = SGML.replace(b"-1.234,50", b"-1234,50").replace(b"<MESSAGE>", b"<MESSAGE>\n")


def only_statement(data: bytes) -> Statement:
    (told,) = read_response(data).messages
    assert isinstance(told, StatementTold)
    assert told.statement is not None
    return told.statement


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_bank_writes_reads_the_same(version: Version) -> None:
    said = response(version)

    assert read_response(write_response(said, version=version)) == said


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_program_writes_reads_the_same(version: Version) -> None:
    asked = request(version)

    assert read_request(write_request(asked)) == asked


def test_a_bank_of_the_oldest_version_is_sent_no_tags_it_does_not_know() -> None:
    newer = request("103")
    written = write_request(type(newer)(version="102", sign_on=newer.sign_on, messages=newer.messages[1:]))

    assert b"CLIENTUID" not in written
    assert b"MFA" not in written


def test_a_sign_on_shows_nothing() -> None:
    assert "a&b" not in repr(request("220"))
    assert "Lyme" not in repr(request("220"))


def test_a_document_without_end_tags_is_read() -> None:
    found = only_statement(SMALL)

    (row,) = found.transactions
    assert row.amount == Decimal("-1234.50")
    assert row.posted_at == datetime(2026, 9, 20, 12, tzinfo=timezone(timedelta(hours=-5)))
    assert found.ledger is not None
    assert (found.ledger.amount, found.ledger.as_of) == (Decimal("10.5"), datetime(2026, 9, 21))  # noqa: DTZ001 - a day without a zone


def test_an_amount_with_separators_is_refused_by_its_tag() -> None:
    with pytest.raises(MalformedField) as caught:
        read_response(SGML)

    assert (caught.value.field, caught.value.content) == ("TRNAMT", "-1.234,50")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("20260921", datetime(2026, 9, 21)),  # noqa: DTZ001 - what has no zone gets none
        ("202609211413", datetime(2026, 9, 21, 14, 13)),  # noqa: DTZ001 - the same
        ("20260921141320.123[0:GMT]", datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)),
        (
            "20260921141320[+5.30:IST]",
            datetime(2026, 9, 21, 14, 13, 20, tzinfo=timezone(timedelta(minutes=330))),
        ),
        ("20260921141320[-8]", datetime(2026, 9, 21, 14, 13, 20, tzinfo=timezone(timedelta(hours=-8)))),
    ],
)
def test_an_instant_has_the_zone_it_was_written_with(text: str, instant: datetime) -> None:
    assert read_instant(text, "DT") == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "20261301",
        "20260921246000",
        "20260921120000[99]",
        "20260921120000[5.31]",
        "today",
        "\uff12026",
    ],
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(MalformedField):
        read_instant(text, "DT")


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds are naive
def test_an_instant_is_written_to_the_second(instant: datetime) -> None:
    assert read_instant(write_instant(instant), "DT") == instant.replace(microsecond=0)


@pytest.mark.parametrize("text", ["", ".", "-", "1e5", "NaN", "1_0", "1 0", "1.2.3", "0x1", "٣", "1" * 19])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(MalformedField):
        read_amount(text, "TRNAMT")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<OFX><A>AT&T &amp; &lt;sons&gt; &#233; &bogus;</A></OFX>", "AT&T & <sons> é &bogus;"),
        ("<OFX><A><![CDATA[<b>&amp;]]></A></OFX>", "<b>&amp;"),
        ("<OFX><A>one<!-- two --></A></OFX>", "one"),
        ("<OFX><A>\n  spaced  \n</OFX>", "spaced"),
    ],
)
def test_text_is_read_as_it_was_meant(text: str, said: str) -> None:
    assert read_tree(text).value("A") == said


def test_an_empty_element_without_an_end_swallows_nothing() -> None:
    tree = read_tree("<OFX><T><MEMO><NAME>N<FITID>1</T><T/></OFX>")

    first, second = tree.all("T")
    assert (first.value("MEMO"), first.value("NAME"), first.value("FITID")) == (None, "N", "1")
    assert second.children == []


@pytest.mark.parametrize(
    "body",
    [
        "<OFX>" + "<A>" * (DEPTH_MAX + 1),
        "<OFX><A>x",
        "<OFX></A></OFX>",
        '<OFX><A b="c">x</A></OFX>',
        "<OFX>text<A>x</A></OFX>",
        "<!DOCTYPE OFX [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><OFX><A>&x;</A></OFX>",
        "<OFX><!ENTITY x 'y'></OFX>",
        f"<OFX><A>{'x' * 10_001}</A></OFX>",
        "",
        "<QIF></QIF>",
    ],
)
def test_what_is_no_tree_is_refused(body: str) -> None:
    with pytest.raises(MalformedField):
        read_tree(body)


@pytest.mark.parametrize(
    "hostile",
    [
        b"<OFX>" + b"<A>" * 2_000_000,
        b"<OFX>" + b"<A/>" * 2_000_000 + b"</OFX>",
        b"<OFX>" + b"<!--" * 500_000,
        b"<OFX>" + b"<![CDATA[" * 500_000,
        b"<OFX><A>" + b"&lt;" * 2_000_000,
        b"<OFX>" + b"</A>" * 1_000_000,
        b"<OFX>" + b"<A><B><C></A>" * 300_000 + b"</OFX>",
        b" " * 17_000_000,
        b"OFXHEADER" * 500_000 + b"<OFX></OFX>",
    ],
    ids=["deep", "many", "comments", "data", "entities", "ends", "unclosed", "long", "header"],
)
def test_a_hostile_document_costs_little(hostile: bytes) -> None:
    begun = time.process_time()

    with pytest.raises(MalformedField):
        read_response(hostile)

    assert time.process_time() - begun < 20  # seconds of this process alone, far above what it takes


@given(st.binary() | st.binary().map(lambda each: b"<OFX>" + each))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (read_response, read_request):
        with contextlib.suppress(MalformedField):
            read(data)


@given(
    st.lists(st.sampled_from(["<A>", "</A>", "<B>", "</B>", "<STATUS>", "<CODE>", "x", "&lt;", "<B/>", "<"]))
)
def test_any_order_of_tags_is_read_or_refused(parts: list[str]) -> None:
    with contextlib.suppress(MalformedField):
        read_tree(f"<OFX>{''.join(parts)}</OFX>")


def test_a_document_in_latin_letters_is_read() -> None:
    latin = write_response(response("102"), version="102").replace(b"&#233;", "é".encode("cp1252"))

    assert "Café" in str(read_response(latin))


def test_a_document_in_xml_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(MalformedField):
        read_response(write_response(response("220"), version="220").replace("é".encode(), b"\xe9"))
