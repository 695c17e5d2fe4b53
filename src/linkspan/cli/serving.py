"""Serves ASGI applications on sockets of their own until the operator says stop."""

import asyncio
import contextlib
import errno
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import uvicorn

from linkspan.cli.corked import CorkedHttp
from linkspan.server.config import BadSetting

T = TypeVar("T")

_BACKLOG: Final = 2_048
# Streams end by themselves when the process stops; what is still open after
# this long belongs to a client that does not listen.
_GRACE_SECONDS: Final = 2


@dataclass(frozen=True, slots=True)
class Site:
    """One application, what it listens on, what to do when it must stop, and who stands before it."""

    app: Any  # an ASGI application of any kind
    socket: socket.socket
    on_stop: Callable[[], None] = lambda: None
    proxies: tuple[str, ...] = ()
    """Who is believed to pass on for whom it asks."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 picks a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # A port bound by somebody who does not listen yet is only found out here.
        listening.listen(_BACKLOG)
    except OSError as problem:
        listening.close()
        raise _unusable(host, port, problem) from None
    listening.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    return listening


def _unusable(host: str, port: int, problem: OSError) -> BadSetting:
    if problem.errno == errno.EADDRINUSE:
        return BadSetting(f"--port: {host}:{port} is in use; choose another one, or 0 for one that is free")
    if problem.errno in {errno.EACCES, errno.EPERM}:
        return BadSetting(f"--port: {port} may not be used by this user; choose one above 1023")
    return BadSetting(f"--host: {host} is no address of this machine")


def origin_of(listening: socket.socket) -> str:
    """Return the address a browser on this machine reaches a socket at."""
    host, port = listening.getsockname()[:2]
    reached = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


class _Quiet(uvicorn.Server):
    """A server that leaves signals to whoever runs several of them, and says when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as usual, then say so."""
        await super().startup(sockets)
        self.answers.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run *work* to its end on uvloop, or on the standard loop where there is none (Windows)."""
    try:
        import uvloop  # noqa: PLC0415 - not on every platform
    except ImportError:
        new_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    else:
        new_loop = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(work)


async def serve(sites: Sequence[Site], on_ready: Callable[[], None]) -> None:
    """Serve *sites* until SIGINT or SIGTERM, telling *on_ready* once all of them answer."""
    servers = [_Quiet(_config(site)) for site in sites]
    stop = asyncio.Event()
    async with _signals(stop.set):
        running = [
            asyncio.create_task(server.serve(sockets=[site.socket]))
            for server, site in zip(servers, sites, strict=True)
        ]
        ready = asyncio.create_task(_announce(servers, on_ready))
        watching = asyncio.create_task(stop.wait())
        await asyncio.wait([*running, watching], return_when=asyncio.FIRST_COMPLETED)
        for site in sites:
            site.on_stop()
        for server in servers:
            server.should_exit = True
        watching.cancel()
        ready.cancel()
        await asyncio.gather(*running)


@contextlib.asynccontextmanager
async def until_stopped() -> AsyncIterator[asyncio.Event]:
    """Lend an event that is set at SIGINT or SIGTERM, which then end nothing by themselves."""
    stop = asyncio.Event()
    async with _signals(stop.set):
        yield stop


async def _announce(servers: Sequence[_Quiet], on_ready: Callable[[], None]) -> None:
    """Tell *on_ready* once every server answers."""
    for server in servers:
        await server.answers.wait()
    on_ready()


@contextlib.asynccontextmanager
async def _signals(stop: Callable[[], None]) -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _config(site: Site) -> uvicorn.Config:
    return uvicorn.Config(
        site.app,
        http=CorkedHttp,
        ws="none",
        lifespan="auto",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=bool(site.proxies),
        forwarded_allow_ips=list(site.proxies),
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
