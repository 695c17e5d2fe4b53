"""Opens pyreqwest's connection pools under this client's rules (docs/decisions/0003)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, TypeVar

from pyreqwest.client import BaseClientBuilder, ClientBuilder, SyncClientBuilder
from pyreqwest.client import Client as AsyncPool
from pyreqwest.client import SyncClient as Pool
from pyreqwest.exceptions import ClientClosedError, DetailedPyreqwestError, RequestTimeoutError

from linkspan.client._errors import APIConnectionError

__all__ = ["AsyncPool", "Pool", "connection_error", "forked", "open_async_pool", "open_pool"]

B = TypeVar("B", bound=BaseClientBuilder)

# Connecting takes well under a second when it works at all; the rest of the
# time-out is left to the server.
CONNECT_SECONDS_MAX: Final = 10.0


def open_pool(timeout: float, *, is_loopback: bool) -> Pool:
    """Return a pool for threads."""
    try:
        return _ruled(SyncClientBuilder(), timeout, is_loopback=is_loopback).build()
    except RuntimeError as refusal:
        raise forked() from refusal


def open_async_pool(timeout: float, *, is_loopback: bool) -> AsyncPool:
    """Return a pool for an event loop."""
    try:
        return _ruled(ClientBuilder(), timeout, is_loopback=is_loopback).build()
    except RuntimeError as refusal:
        raise forked() from refusal


def forked() -> APIConnectionError:
    """Say what a child process must do: the library's runtime does not survive a fork."""
    return APIConnectionError(
        "This process was forked after the first call was made, and connections do not work in it. "
        "Make the first call after the fork (Celery: worker_process_init, gunicorn: post_fork), "
        "or start processes with spawn.",
        should_retry=False,
    )


def connection_error(failure: DetailedPyreqwestError, url: str) -> APIConnectionError:
    """Say in our words why no answer arrived."""
    host = url.split("/", 3)[2]
    if isinstance(failure, ClientClosedError):
        return APIConnectionError("The client is closed.", should_retry=False)
    if isinstance(failure, RequestTimeoutError):
        return APIConnectionError(f"{host} did not answer in time.")
    return APIConnectionError(f"{host} gave no answer: {_deepest_cause(failure)}.")


def _deepest_cause(failure: DetailedPyreqwestError) -> str:
    causes = failure.details.get("causes")
    return causes[-1]["message"] if causes else failure.message


def _ruled(builder: B, timeout: float, *, is_loopback: bool) -> B:
    ruled = (
        builder.timeout(timedelta(seconds=timeout))
        .connect_timeout(timedelta(seconds=min(timeout, CONNECT_SECONDS_MAX)))
        # A redirect would carry the API key to an address nobody chose.
        .follow_redirects(enable=False)
        .referer(enable=False)
    )
    # A proxy named in the environment has no way to this machine's own ports.
    return ruled.no_proxy() if is_loopback else ruled
