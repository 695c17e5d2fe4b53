"""A program that asks for it is told what newer versions of the API would break."""

import asyncio
import linecache
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

import linkspan
from linkspan import BreakingChangeWarning
from linkspan.client import Request, Response
from linkspan.client.testing import AsyncFunctionTransport, FunctionTransport
from tests.client.conftest import Calls
from tests.client.wire import BASE, KEY, account, answered, page, session

Calling = Callable[..., Calls]
DAHLIA = "2026-08-26.dahlia"
WARNED: Any = {"version": DAHLIA, "on_breaking": "warn"}
OF_A_CUSTOMER: Any = {
    "account_holder": {"type": "customer", "customer": "cus_1"},
    "permissions": ["balances"],
}
OF_AN_ACCOUNT: Any = {"account_holder": {"type": "account", "account": "acct_1"}, "permissions": ["balances"]}


def told(calls: Calls, resource: str, verb: str, *arguments: str, **params: Any) -> list[str]:
    """What a program is warned of when it makes one call."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        calls.done(getattr(getattr(calls.client, resource), verb)(*arguments, **params))
    assert all(each.category is BreakingChangeWarning for each in caught)
    return [str(each.message) for each in caught]


@pytest.mark.parametrize(
    ("params", "advice"),
    [
        ({**OF_A_CUSTOMER, "filters": {"countries": ["US"]}}, "`filters[country]`"),
        (OF_AN_ACCOUNT, "`limits[accounts]`"),
    ],
)
def test_a_session_that_breaks_in_endive_is_told_of_with_what_to_write(
    calling: Calling, params: dict[str, Any], advice: str
) -> None:
    calls = calling(answered(session()), version=DAHLIA, on_breaking="warn")

    (message,) = told(calls, "sessions", "create", **params)

    assert message.startswith("sessions.create breaks in API version 2026-09-30.endive: ")
    assert advice in message


@pytest.mark.parametrize(
    "params",
    [
        OF_A_CUSTOMER,
        {**OF_A_CUSTOMER, "filters": {"country": "US"}},
        {**OF_AN_ACCOUNT, "limits": {"accounts": 1}},
    ],
)
def test_a_session_that_goes_on_working_is_not_told_of(calling: Calling, params: dict[str, Any]) -> None:
    calls = calling(answered(session()), version=DAHLIA, on_breaking="warn")

    assert told(calls, "sessions", "create", **params) == []


@pytest.mark.parametrize("version", ["2026-09-30.endive", "2026-10-28.endive"])
def test_what_broke_before_the_pinned_version_is_not_told_of(calling: Calling, version: str) -> None:
    calls = calling(answered(session()), version=version, on_breaking="warn")

    assert told(calls, "sessions", "create", **OF_AN_ACCOUNT) == []


def test_nothing_is_told_unless_it_is_asked_for(calling: Calling) -> None:
    calls = calling(answered(session()), version=DAHLIA)

    assert told(calls, "sessions", "create", **OF_AN_ACCOUNT) == []


@pytest.mark.parametrize(
    ("resource", "verb", "answer", "arguments", "params"),
    [
        ("sessions", "retrieve", session(), ["fcsess_1"], {}),
        ("sessions", "create", session(), [], OF_A_CUSTOMER),
        ("accounts", "list", page(), [], {}),
        ("accounts", "retrieve", account("fca_1"), ["fca_1"], {}),
        ("accounts", "disconnect", account("fca_1"), ["fca_1"], {}),
        ("accounts", "refresh", account("fca_1"), ["fca_1"], {"features": ["balance"]}),
        ("accounts", "subscribe", account("fca_1"), ["fca_1"], {"features": ["transactions"]}),
        ("accounts", "unsubscribe", account("fca_1"), ["fca_1"], {"features": ["transactions"]}),
    ],
)
def test_an_old_name_to_expand_is_told_of_wherever_it_is_written(
    calling: Calling, resource: str, verb: str, answer: object, arguments: list[str], params: dict[str, Any]
) -> None:
    calls = calling(answered(answer), version="2020-08-27", on_breaking="warn")

    (message,) = told(calls, resource, verb, *arguments, **params, expand=["accountholder.customer"])

    assert message.startswith(f"{resource}.{verb} breaks in API version 2022-08-01: ")


def test_the_line_that_is_named_is_the_programs() -> None:
    client = linkspan.Client(KEY, base_url=BASE, transport=FunctionTransport(_a_session), **WARNED)

    with pytest.warns(BreakingChangeWarning) as caught:
        client.sessions.create(**OF_AN_ACCOUNT)

    assert (caught[0].filename, _line(caught[0])) == (__file__, "client.sessions.create(**OF_AN_ACCOUNT)")


def test_the_line_that_is_named_is_that_of_the_await() -> None:
    client = linkspan.AsyncClient(KEY, base_url=BASE, transport=AsyncFunctionTransport(_a_session), **WARNED)

    async def program() -> None:
        await client.sessions.create(**OF_AN_ACCOUNT)

    with pytest.warns(BreakingChangeWarning) as caught:
        asyncio.run(program())

    assert (caught[0].filename, _line(caught[0])) == (
        __file__,
        "await client.sessions.create(**OF_AN_ACCOUNT)",
    )


def test_each_place_is_told_of_once() -> None:
    client = linkspan.Client(KEY, base_url=BASE, transport=FunctionTransport(_a_session), **WARNED)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(3):
            client.sessions.create(**OF_AN_ACCOUNT)
        client.sessions.create(**OF_AN_ACCOUNT)

    assert len(caught) == 2


def test_python_shows_it_without_being_asked() -> None:
    program = f"""
from linkspan import Client
from linkspan.client import Response
from linkspan.client.testing import FunctionTransport
answer = Response(status=200, headers={{}}, body={msgspec.json.encode(session())!r})
transport = FunctionTransport(lambda _: answer)
client = Client({KEY!r}, version={DAHLIA!r}, on_breaking="warn", transport=transport)
client.sessions.create(**{OF_AN_ACCOUNT!r})
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert "<string>:8: BreakingChangeWarning: sessions.create breaks in API version" in told.stderr


@pytest.mark.parametrize("kind", [linkspan.Client, linkspan.AsyncClient])
def test_another_answer_to_what_breaks_is_refused_by_name(kind: Any) -> None:
    with pytest.raises(ValueError, match="on_breaking"):
        kind(KEY, on_breaking="raise")


def _a_session(_request: Request) -> Response:
    return answered(session())


def _line(warned: warnings.WarningMessage) -> str:
    return linecache.getline(warned.filename, warned.lineno).strip()
