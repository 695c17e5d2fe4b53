"""A report of wrk is read, and one that proves nothing is refused."""

import pytest

from benchmarks.wrk import BadRun, Run, read

REPORT = """Running 2s test @ http://127.0.0.1:4321/v1/customers
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     4.33ms    1.02ms  14.80ms   88.12%
    Req/Sec     7.44k   512.10     8.10k    80.00%
  14802 requests in 2.00s, 14.93MB read
Requests/sec:   7399.61
Transfer/sec:      7.46MB
"""


def test_a_report_says_how_many_requests_were_answered_and_how_fast() -> None:
    assert read(REPORT) == Run(requests=14802, rate=7399.61)


@pytest.mark.parametrize(
    "line", ["  Non-2xx or 3xx responses: 14802", "  Socket errors: connect 0, read 3, write 0, timeout 0"]
)
def test_refused_requests_are_no_measurement(line: str) -> None:
    with pytest.raises(BadRun, match=line.strip()):
        read(REPORT.replace("Requests/sec", f"{line}\nRequests/sec"))


def test_a_report_without_a_rate_is_no_measurement() -> None:
    with pytest.raises(BadRun):
        read("unable to connect to 127.0.0.1:4321 Connection refused\n")
