"""The API as an ASGI application, from a request's bytes to an answer's.

Written on bare ASGI: this is the hot path, and a framework's routing alone
costs as much as everything here together (benchmarks/).
"""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeAlias

from msgspec import Struct

from linkspan.server.api import errors, expand, idempotency, pages, versions
from linkspan.server.api.auth import Keys, key_of
from linkspan.server.api.forms import read_form
from linkspan.server.api.idempotency import Answer
from linkspan.server.api.json_bodies import read_json
from linkspan.server.api.params import decode
from linkspan.server.api.routes import served
from linkspan.server.api.routing import Asked, Route, Router
from linkspan.server.core.access import Access
from linkspan.server.core.caller import Caller
from linkspan.server.core.ids import id_at
from linkspan.server.core.refusals import (
    BadParameter,
    BodyTooLarge,
    LacksRight,
    NoAccessToAccount,
    NoSuchRoute,
    RateLimited,
    Refusal,
    SecretKeyRequired,
)
from linkspan.server.core.rights import right_to
from linkspan.server.core.version import NEWEST
from linkspan.server.operations import connected_accounts, intents, previews
from linkspan.server.operations.context import Context
from linkspan.server.store.driver import Tx
from linkspan.server.telemetry.log import Log, RequestLine
from linkspan.server.telemetry.redact import redact_key

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

# The longest request there is, a Session with everything, is below 20 kB.
BODY_BYTES_MAX: Final = 256 * 1024
_ACCOUNT_SHOWN_MAX: Final = 100
OK: Final = 200
# Answers hold client secrets and what a bank told: nobody on the way may keep one.
_ALWAYS: Final = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-cache, no-store"),
    (b"x-content-type-options", b"nosniff"),
)


class _Exchange(Struct):
    """What is known of a request and of its answer, filled in as it becomes known."""

    line: RequestLine
    path: str
    idempotency_key: str | None = None
    is_replayed: bool = False
    is_limited: bool = False


class Api:
    """Answers every path under ``/v1/`` and ``/v2/``."""

    def __init__(self, context: Context, keys: Keys, log: Log) -> None:
        self._context = context
        self._keys = keys
        self._log = log
        self._under_way = idempotency.UnderWay()
        self._routers = {preview: Router(served(in_previews=preview)) for preview in (False, True)}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        world = self._context.world
        started = world.now()
        line = RequestLine(request=id_at("req", started, world), method=scope["method"])
        exchange = _Exchange(line, scope["path"])
        try:
            body = await self._answer(scope, receive, exchange)
        except Refusal as refusal:
            line.status, body = errors.render(
                refusal, server=self._context.public_url, request_id=line.request
            )
            if isinstance(refusal, RateLimited):
                line.tenant, exchange.is_limited = refusal.tenant, True
        except Exception:  # noqa: BLE001 - the edge: a bug becomes a 500 and a line with its trace
            line.status, body = errors.render_bug(line.request, server=self._context.public_url)
            self._log.bug("bug", request=line.request)
        await send(
            {"type": "http.response.start", "status": line.status, "headers": _headers(exchange, body)}
        )
        await send({"type": "http.response.body", "body": body})
        ended = world.now()
        seconds = ended - started
        line.milliseconds = round(seconds * 1000, 3)
        self._context.metrics.request(line.route, line.status, seconds)
        self._log.request(line, ended)

    async def _answer(self, scope: Message, receive: Receive, exchange: _Exchange) -> bytes:
        """Return the body of the answer, noting the rest in *exchange*."""
        headers = dict(scope["headers"])
        key = key_of(headers.get(b"authorization"))
        try:
            access = self._keys.known(key, scope.get("client")) or await self._keys.look_up(
                key, scope.get("client")
            )
        except SecretKeyRequired:
            return await self._answer_page(scope, receive, exchange, key)
        exchange.line.tenant = access.scope.tenant
        account = headers.get(b"stripe-account", headers.get(b"stripe-context"))
        if account is not None:
            access = await self._acting_for(key, access, account, exchange)
        exchange.line.version = _version(headers.get(b"stripe-version"), access)
        route, path = self._route(exchange)
        if access.rights is not None:
            _check_rights(key, access, {right_to(route.resource, route.method)})
        if route.takes_key and b"idempotency-key" in headers:
            exchange.idempotency_key = idempotency.checked_key(headers[b"idempotency-key"])
        query: bytes = scope["query_string"]
        body = await _body(receive) if route.method == "POST" else b""
        values = _values(route, body, query, exchange.line.version)
        paths = values.pop("expand", ())
        if paths:
            expand.check(paths, route.expandable, is_list=route.name.endswith(".list"))
            _check_rights(key, access, {right_to(resource, "GET") for resource in expand.resources(paths)})
        return await self._carry_out(exchange, access, route, path, values, paths, _sent(body, query))

    async def _answer_page(self, scope: Message, receive: Receive, exchange: _Exchange, key: str) -> bytes:
        """Return the body of the answer to a page, which holds a publishable key."""
        headers = dict(scope["headers"])
        asked_for = headers.get(b"stripe-version")
        exchange.line.version = NEWEST if asked_for is None else versions.check(asked_for.decode("latin-1"))
        try:
            route, path = self._route(exchange)
        except NoSuchRoute:
            raise SecretKeyRequired from None
        if not route.opens_to_pages:
            raise SecretKeyRequired
        query: bytes = scope["query_string"]
        body = await _body(receive) if route.method == "POST" else b""
        form = read_form(_text(_raw(body, query)))
        access = await pages.access_of(self._context, self._keys, key, route, path, form)
        exchange.line.tenant = access.scope.tenant
        exchange.line.version = _version(asked_for, access)
        if route.takes_key and b"idempotency-key" in headers:
            exchange.idempotency_key = idempotency.checked_key(headers[b"idempotency-key"])
        values = _values(route, body, query, exchange.line.version)
        paths = values.pop("expand", ())
        expand.check(paths, route.expandable - {"customer"}, is_list=False)
        answer = await self._carry_out(exchange, access, route, path, values, paths, _sent(body, query))
        return intents.shown_to_page(answer) if exchange.line.status == OK else answer

    async def _carry_out(
        self,
        exchange: _Exchange,
        access: Access,
        route: Route,
        path: dict[str, str],
        values: dict[str, Any],
        paths: tuple[str, ...],
        raw: bytes,
    ) -> bytes:
        """Carry out what is asked, once, and return the body of the answer."""
        caller = Caller(access.scope, exchange.line.request, exchange.idempotency_key, access.version)
        asked = Asked(self._context, caller, path, values)
        work = partial(self._run, route, asked, paths, exchange.line.version)
        if route.method != "GET":
            return await self._write(exchange, caller, raw, work, keeps_refusals=not route.is_second)
        answer = await (self._context.store.write if route.writes else self._context.store.read)(work)
        if isinstance(answer, Refusal):
            raise answer
        exchange.line.status = OK
        return answer

    def _route(self, exchange: _Exchange) -> tuple[Route, dict[str, str]]:
        """Return the route in the version that is spoken, and what its placeholders stand for."""
        router = self._routers[exchange.line.version != NEWEST and versions.is_preview(exchange.line.version)]
        route, path = router.find(exchange.line.method, exchange.path)
        exchange.line.route = route.name
        return route, path

    async def _run(
        self, route: Route, asked: Asked, paths: tuple[str, ...], version: str, tx: Tx
    ) -> bytes | Refusal:
        """Carry out the route and write its answer in the caller's version."""
        body = await route.run(tx, asked)
        if isinstance(body, Refusal):
            return body
        is_as_kept = version == NEWEST or route.is_record
        if not is_as_kept and versions.is_preview(version):
            body = await previews.shown(tx, asked.context, asked.caller.scope, body)
        if paths:
            body = await expand.expand(tx, asked.context, asked.caller.scope, body, paths)
        return body if is_as_kept else versions.downgrade_answer(version, body)

    async def _write(
        self,
        exchange: _Exchange,
        caller: Caller,
        raw: bytes,
        work: Callable[[Tx], Awaitable[bytes | Refusal]],
        *,
        keeps_refusals: bool,
    ) -> bytes:
        """Carry out a change once, whatever its idempotency key has seen before."""
        digest = idempotency.request_digest(exchange.line.method, exchange.path, raw, exchange.line.version)

        async def once(tx: Tx) -> Answer:
            self._under_way.check(caller)
            answer = await idempotency.find(tx, self._context, caller, digest)
            if answer is None:
                self._under_way.begin(caller)
                done = await work(tx)
                answer = (
                    idempotency.refused(self._context, caller, done)
                    if isinstance(done, Refusal)
                    else Answer(OK, done)
                )
                await idempotency.keep(tx, self._context, caller, digest, answer)
            return answer

        try:
            answer = await idempotency.alone(self._context, caller, digest, once)
        except Refusal as refusal:
            if not keeps_refusals:
                raise
            refused = idempotency.refused(self._context, caller, refusal)
            answer = await idempotency.alone(
                self._context,
                caller,
                digest,
                lambda tx: idempotency.keep_first(tx, self._context, caller, digest, refused),
            )
        finally:
            self._under_way.end(caller)
        exchange.line.status, exchange.is_replayed = answer.status, answer.is_replayed
        return answer.body

    async def _acting_for(self, key: str, access: Access, asked_for: bytes, exchange: _Exchange) -> Access:
        """Return what a key opens of the account it acts for: its own, or one connected to it."""
        account = asked_for.decode("latin-1")
        scope = await connected_accounts.acting_for(self._context, access.scope, account)
        if scope is None:
            raise NoAccessToAccount(account[:_ACCOUNT_SHOWN_MAX], redact_key(key))
        exchange.line.tenant = scope.tenant
        return replace(access, scope=scope)


def _version(asked_for: bytes | None, access: Access) -> str:
    if asked_for is None:
        return access.version
    version = asked_for.decode("latin-1")
    return version if version == NEWEST else versions.check(version)


def _check_rights(key: str, access: Access, needed: set[str]) -> None:
    """Refuse what the key was not given every right to do."""
    lacking = set() if access.rights is None else needed - access.rights
    if lacking:
        raise LacksRight(redact_key(key), access.scope.tenant, min(lacking))


def _values(route: Route, body: bytes, query: bytes, version: str) -> dict[str, Any]:
    """Return the parameters of a request, as the newest version has them."""
    if route.is_second:
        return decode({**read_form(_text(query)), **read_json(body)}, route.params)
    form = read_form(_text(_raw(body, query)))
    if version != NEWEST:
        form = versions.upgrade_request(version, route.name, form)
    return decode(form, route.params)


async def _body(receive: Receive) -> bytes:
    """Return the whole body; refuse one that no request needs, or that its sender cut off."""
    body = bytearray()
    is_whole = False
    while not is_whole:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadParameter("The request ended before its body did.", param="")
        body += message.get("body", b"")
        if len(body) > BODY_BYTES_MAX:
            raise BodyTooLarge(f"A request body may have at most {BODY_BYTES_MAX} bytes.")
        is_whole = not message.get("more_body", False)
    return bytes(body)


def _raw(body: bytes, query: bytes) -> bytes:
    """Return all that was sent, wherever it stood."""
    return body + b"&" + query if body and query else body or query


def _sent(body: bytes, query: bytes) -> bytes:
    """Return what must be the same in two requests with one idempotency key."""
    return body + b"&" + query if query else body


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise BadParameter("The request is not UTF-8.", param="") from None


def _headers(exchange: _Exchange, body: bytes) -> list[tuple[bytes, bytes]]:
    headers = [
        *_ALWAYS,
        (b"content-length", b"%d" % len(body)),
        (b"request-id", exchange.line.request.encode()),
        (b"stripe-version", exchange.line.version.encode()),
    ]
    if exchange.idempotency_key is not None:
        headers.append((b"idempotency-key", exchange.idempotency_key.encode("latin-1")))
    if exchange.is_replayed:
        headers.append((b"idempotent-replayed", b"true"))
    if exchange.is_limited:
        headers.append((b"stripe-rate-limited-reason", b"global-rate"))
    return headers
