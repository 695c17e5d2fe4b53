"""A body is read whole and in one sense, or it is refused and nothing is done."""

from typing import Any

import pytest

from tests.api.conftest import (
    INVALID,
    KEY,
    Server,
    assert_error,
    done,
    named,
)


@pytest.mark.parametrize(
    "raw",
    [
        b"a[b][c][d][e][f]=1",
        b"a[=1",
        b"a]b[=1",
        b"[a]=1",
        b"a[b]c=1",
        b"a[[b]]=1",
        b"name=x&name[first]=y",
        b"name[first]=y&name=x",
        b"x" * 501 + b"=1",
        b"%00" * 80_000 + b"=1",
        b"metadata[1]=x&metadata[]=y",
        b"a[" + b"x" * 501 + b"]=1",
        b"name=\xff",
        b"name=%ff",
        b"name=%ed%a0%80",
        b"email=robin%00",
        b"metadata[%00]=1",
        b"&".join(b"metadata[%d]=1" % number for number in range(1001)),
        b'{"name": "Jenny"}',
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_a_form_that_makes_no_sense_is_refused(server: Server, raw: bytes) -> None:
    before = server.rows()

    answer = server.post("/v1/customers", raw)

    assert answer.status == 400
    assert answer.error["type"] == INVALID
    assert len(answer.body) < 3_000
    assert server.rows() == before


def test_json_is_refused_with_what_to_send_instead(server: Server) -> None:
    answer = server.post("/v1/customers", b'{"name": "Jenny"}')

    assert_error(
        answer,
        400,
        message="Invalid request (check that your POST content type is application/x-www-form-urlencoded).",
    )


@pytest.mark.parametrize("size", [256 * 1024 + 1, 1_000_000])
def test_a_body_that_no_request_needs_is_refused(server: Server, size: int) -> None:
    before = server.rows()

    answer = server.post("/v1/customers", b"name=" + b"a" * (size - 5))

    assert_error(answer, 413, message="A request body may have at most 262144 bytes.")
    assert server.rows() == before


def test_a_body_is_read_no_further_than_it_may_be_long(server: Server) -> None:
    read = 0

    async def endless() -> dict[str, Any]:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b"a" * 65_536, "more_body": True}

    async def send(_message: Any) -> None: ...

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/customers",
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {KEY}".encode())],
    }

    done(server.api(scope, endless, send))

    assert read == 5


def test_a_body_may_come_in_pieces(server: Server) -> None:
    pieces = (
        {"type": "http.request", "body": b"name=Jen", "more_body": True},
        {"type": "http.request", "body": b"", "more_body": True},
        {"type": "http.request", "body": b"ny", "more_body": False},
    )

    answer = done(server.send("POST", "/v1/customers", headers=named(KEY), chunks=pieces))

    assert answer.json["name"] == "Jenny"


@pytest.mark.parametrize(
    "pieces",
    [(), ({"type": "http.request", "body": b"name=Jenny&email=jenny@exam", "more_body": True},)],
    ids=["at once", "in the middle"],
)
def test_a_body_cut_off_by_its_sender_is_not_carried_out(
    server: Server, pieces: tuple[dict[str, Any], ...]
) -> None:
    before = server.rows()
    chunks = (*pieces, {"type": "http.disconnect"})

    answer = done(server.send("POST", "/v1/customers", headers=named(KEY), chunks=chunks))

    assert answer.status == 400
    assert server.rows() == before


METADATA: dict[str, tuple[dict[str, str], str]] = {
    "51 keys": ({f"metadata[{number}]": "x" for number in range(51)}, "metadata"),
    "a key of 41 characters": ({f"metadata[{'k' * 41}]": "x"}, f"metadata[{'k' * 40}]"),
    "a value of 501 characters": ({"metadata[k]": "x" * 501}, "metadata[k]"),
    "a value with fields": ({"metadata[k][l]": "x"}, "metadata[k]"),
    "a text": ({"metadata": "x"}, "metadata"),
}


@pytest.mark.parametrize(("params", "param"), METADATA.values(), ids=METADATA)
def test_metadata_beyond_its_rules_is_refused(server: Server, params: dict[str, str], param: str) -> None:
    before = server.rows()

    answer = server.post("/v1/customers", params)

    assert (answer.status, answer.error["param"]) == (400, param)
    assert server.rows() == before


def test_metadata_up_to_its_rules_is_kept(server: Server) -> None:
    wanted = {f"{number:040}": "x" * 500 for number in range(50)}

    created = server.post("/v1/customers", {f"metadata[{key}]": value for key, value in wanted.items()})

    assert created.json["metadata"] == wanted


@pytest.mark.parametrize("params", [{"metadata": ""}, {"metadata[gone]": ""}])
def test_empty_metadata_is_not_kept(server: Server, params: dict[str, str]) -> None:
    assert server.post("/v1/customers", params).json["metadata"] == {}
