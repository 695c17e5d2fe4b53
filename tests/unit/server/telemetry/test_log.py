"""A log line is one JSON object with a time and without secrets."""

import json
import random
from io import BytesIO
from typing import Any

from linkspan.server.core.world import World
from linkspan.server.telemetry.log import Log

NOON = 1_790_000_000.25


def lines(stream: BytesIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def log_to(stream: BytesIO) -> Log:
    return Log(World(lambda: NOON, random.Random(1).randbytes), stream)


def test_a_line_says_when_and_what() -> None:
    stream = BytesIO()

    log_to(stream).line("request", status=200, route="sessions.create")

    assert lines(stream) == [
        {"at": "2026-09-21T14:13:20.250Z", "event": "request", "status": 200, "route": "sessions.create"}
    ]


def test_each_line_is_written_at_once() -> None:
    stream = BytesIO()
    log = log_to(stream)

    log.line("first")

    assert len(lines(stream)) == 1


def test_a_line_break_in_a_value_begins_no_new_line() -> None:
    stream = BytesIO()

    log_to(stream).line("request", path='/v1\n{"event":"forged"}')

    assert len(lines(stream)) == 1


def test_secrets_in_a_field_are_hidden() -> None:
    stream = BytesIO()

    log_to(stream).line("asked", sent="Authorization: Bearer canary-0123456789")

    assert b"canary" not in stream.getvalue()


def test_a_bug_is_told_with_its_trace_and_without_the_secrets_in_it() -> None:
    stream = BytesIO()
    log = log_to(stream)

    try:
        int('the bank said {"access_token": "canary-0123456789"}')
    except ValueError:
        log.bug("bug", request="req_1")

    (line,) = lines(stream)
    assert line["level"] == "error"
    assert line["request"] == "req_1"
    assert "ValueError" in line["exception"]
    assert "test_log.py" in line["exception"]
    assert "canary" not in stream.getvalue().decode()
