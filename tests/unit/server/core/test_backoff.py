"""What failed is tried again, later each time, and never given up."""

from linkspan.server.core.backoff import wait_seconds


def test_each_wait_is_twice_the_last_until_an_hour() -> None:
    waits = [wait_seconds(tries) for tries in range(1, 14)]

    assert waits == [4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600, 3600]
    assert wait_seconds(10**6) == 3600
