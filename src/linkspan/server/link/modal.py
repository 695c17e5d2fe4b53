"""What the modal's frame asks for, step by step (contract/link/README.md)."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeAlias

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from linkspan.server.core.errand import LINKING, Errand
from linkspan.server.core.linking import Step
from linkspan.server.core.refusals import BadParameter, BodyTooLarge, InvalidClientSecret, SessionExpired
from linkspan.server.link import collecting, headers, institutions
from linkspan.server.link.collecting import CheckKey
from linkspan.server.link.languages import Language, Languages
from linkspan.server.link.views import consent_words, view
from linkspan.server.operations.context import Context
from linkspan.server.operations.linking import answering, choosing, errands, lifetime, steps
from linkspan.server.operations.linking.progress import Progress, find, look
from linkspan.server.store import links as link_rows
from linkspan.server.store.driver import Tx
from linkspan.server.store.links import Link
from linkspan.server.vault.signing import Signer

_BODY_BYTES_MAX: Final = 64 * 1024
# Between two looks when nobody told us of a change: another process made it.
_LOOK_AGAIN_SECONDS: Final = 1.0
# Proxies drop a connection that has been silent for a minute or so.
_LOOKS_PER_KEEP_ALIVE: Final = 15
_NONCE: Final = re.compile(r"[\x21-\x7e]{1,255}")
_TAB: Final = re.compile(r"[A-Za-z0-9_-]{0,64}")
_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,255}|null")

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is shown a View."""

    words: Language
    nonce: str | None
    """What the page wants to find again in the signed result."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which tab asks for a step, and which View it shows."""

    version: int | None
    tab: str

    def is_outrun(self, link: Link) -> bool:
        """Tell whether another tab has gone on since; one's own answer that got lost is no other tab."""
        return self.version not in {None, link.version} and self.tab != link.tab


@dataclass(frozen=True, slots=True)
class Asked:
    """One step as the frame asks for it."""

    secret: str
    form: dict[str, Any] = field(repr=False)  # a password may be in it
    request_id: str
    visitor: Visitor
    stamp: Stamp

    def text(self, name: str) -> str:
        """Return a string of the form."""
        value = self.form.get(name)
        if not isinstance(value, str):
            raise BadParameter(f"Invalid string: {name}", param=name)
        return value


TakeStep: TypeAlias = Callable[[Tx, Context, Asked], Awaitable[Progress]]


async def _open(check_key: CheckKey, tx: Tx, context: Context, asked: Asked) -> Progress:
    origin = asked.text("host_origin")
    if not _ORIGIN.fullmatch(origin):
        raise BadParameter("Invalid origin.", param="host_origin")
    key = asked.form.get("key")
    progress = await find(tx, context, asked.secret)
    if not progress.session.hosted:  # its address says whose it is, and no program gave it a key
        await check_key(tx, key if isinstance(key, str) else "", progress.scope, origin)
    errand = Errand(purpose="token") if asked.form.get("purpose") == "token" else LINKING
    return await steps.open_(
        tx, context, asked.secret, host_origin=origin, request_id=asked.request_id, errand=errand
    )


async def _bank(tx: Tx, context: Context, asked: Asked) -> Progress:
    return await steps.choose_bank(
        tx, context, asked.secret, institution_id=asked.text("institution"), request_id=asked.request_id
    )


async def _consent(tx: Tx, context: Context, asked: Asked) -> Progress:
    scene = await look(tx, context, await find(tx, context, asked.secret))
    return await steps.give_consent(
        tx, context, asked.secret, words=consent_words(context, scene, asked.visitor.words)
    )


async def _back(tx: Tx, context: Context, asked: Asked) -> Progress:
    return await steps.go_back(tx, context, asked.secret)


async def _manual(tx: Tx, context: Context, asked: Asked) -> Progress:
    return await steps.want_to_type(tx, context, asked.secret, request_id=asked.request_id)


async def _numbers(tx: Tx, context: Context, asked: Asked) -> Progress:
    numbers = collecting.numbers_in(asked.form)
    return await errands.take_numbers(tx, context, asked.secret, numbers, request_id=asked.request_id)


async def _retry(tx: Tx, context: Context, asked: Asked) -> Progress:
    return await steps.retry(tx, context, asked.secret)


async def _accounts(tx: Tx, context: Context, asked: Asked) -> Progress:
    chosen, kinds = asked.form.get("accounts"), asked.form.get("kinds", {})
    if not isinstance(chosen, list) or not all(isinstance(one, str) for one in chosen):
        raise BadParameter("Invalid array", param="accounts")
    if not isinstance(kinds, dict) or not all(isinstance(one, str) for one in kinds.values()):
        raise BadParameter("Invalid object", param="kinds")
    return await choosing.choose(
        tx, context, asked.secret, chosen=chosen, kinds=kinds, request_id=asked.request_id
    )


async def _close(tx: Tx, context: Context, asked: Asked) -> Progress:
    return await steps.leave(tx, context, asked.secret, request_id=asked.request_id)


async def _extend(tx: Tx, context: Context, asked: Asked) -> Progress:
    return await lifetime.extend(tx, context, asked.secret)


_STEPS: Final[Mapping[str, TakeStep]] = {
    "/link/bank": _bank,
    "/link/consent": _consent,
    "/link/back": _back,
    "/link/retry": _retry,
    "/link/accounts": _accounts,
    "/link/close": _close,
    "/link/extend": _extend,
    "/link/manual": _manual,
    "/link/numbers": _numbers,
}


def routes(context: Context, check_key: CheckKey, languages: Languages) -> list[Route]:
    """Return the routes of the modal's frame; *check_key* refuses keys that may not open a Session."""
    each: Mapping[str, TakeStep] = {"/link/open": partial(_open, check_key), **_STEPS}
    return [
        *(Route(path, _step(context, take, languages), methods=["POST"]) for path, take in each.items()),
        Route("/link/collect", _collect(context, check_key), methods=["POST"]),
        Route("/link/answer", _answer(context, languages), methods=["POST"]),
        Route("/link/view", _view(context, languages), methods=["GET"]),
        Route("/link/events", _events(context, languages), methods=["GET"]),
        Route("/.well-known/jwks.json", _keys(context), methods=["GET"]),
        *institutions.routes(context, secret_of),
    ]


def _step(context: Context, take: TakeStep, languages: Languages) -> Endpoint:
    """Return an endpoint that takes a step and answers with what to show next."""

    async def endpoint(request: Request) -> Response:
        visitor, form = _visitor(request, languages), await _form(request)
        asked = Asked(secret_of(request), form, request.state.request_id, visitor, _stamp(form))

        async def work(tx: Tx) -> tuple[str, bytes]:
            before = await find(tx, context, asked.secret)
            if asked.stamp.is_outrun(before.link):
                return before.session.id, await _shown(tx, context, before, visitor, is_elsewhere=True)
            progress = await take(tx, context, asked)
            if progress.link.version != before.link.version:
                await link_rows.stamp(tx, progress.scope, progress.session.id, asked.stamp.tab)
            return progress.session.id, await _shown(tx, context, progress, visitor)

        session, body = await context.store.write(work)
        context.changes.tell(session)
        return _json(body)

    return endpoint


def _collect(context: Context, check_key: CheckKey) -> Endpoint:
    """Return an endpoint that answers with what opens the Session of an intent."""

    async def endpoint(request: Request) -> Response:
        secret, form, request_id = secret_of(request), await _form(request), request.state.request_id

        async def work(tx: Tx) -> str:
            return await collecting.begin(tx, context, check_key, secret, form, request_id)

        return _json(msgspec.json.encode({"client_secret": await context.store.write(work)}))

    return endpoint


def _answer(context: Context, languages: Languages) -> Endpoint:
    """Return an endpoint that takes what a person entered to their bank, and answers once the bank has."""

    async def endpoint(request: Request) -> Response:
        secret, form, visitor = secret_of(request), await _form(request), _visitor(request, languages)
        entered, version = form.get("answer"), form.get("version")
        if not isinstance(entered, dict):
            raise BadParameter("Invalid object", param="answer")
        if type(version) is not int:  # a boolean is an int, too
            raise BadParameter("Invalid integer", param="version")
        stamp, request_id = _stamp(form), request.state.request_id
        before = await context.store.read(lambda tx: find(tx, context, secret))
        is_elsewhere = stamp.is_outrun(before.link)
        if not is_elsewhere:
            await answering.answer(
                context, secret, entered, version=version, tab=stamp.tab, request_id=request_id
            )

        async def work(tx: Tx) -> tuple[str, bytes]:
            progress = await find(tx, context, secret)
            shown = await _shown(tx, context, progress, visitor, is_elsewhere=is_elsewhere)
            return progress.session.id, shown

        session, body = await context.store.read(work)
        context.changes.tell(session)
        return _json(body)

    return endpoint


def _keys(context: Context) -> Endpoint:
    """Return an endpoint that shows by which key a signed result is checked (RFC 7517 section 5)."""

    async def endpoint(_request: Request) -> Response:
        return _json(msgspec.json.encode({"keys": [Signer(context.digests).public]}))

    return endpoint


def _view(context: Context, languages: Languages) -> Endpoint:
    """Return an endpoint that answers with what to show now."""

    async def endpoint(request: Request) -> Response:
        secret = secret_of(request)

        async def work(tx: Tx) -> bytes:
            return await _shown(tx, context, await find(tx, context, secret), _visitor(request, languages))

        return _json(await context.store.read(work))

    return endpoint


def _events(context: Context, languages: Languages) -> Endpoint:
    """Return an endpoint that streams what to show, now and after each change."""

    async def endpoint(request: Request) -> Response:
        secret = secret_of(request)
        await context.store.read(lambda tx: find(tx, context, secret))  # refused before the stream begins
        stream = _stream(context, secret, _visitor(request, languages))
        return StreamingResponse(stream, headers=headers.NO_STORE, media_type="text/event-stream")

    return endpoint


async def _stream(context: Context, secret: str, visitor: Visitor) -> AsyncIterator[bytes]:
    """Yield a View at each change until the linking is over (WHATWG HTML, server-sent events)."""

    async def read(tx: Tx) -> tuple[Progress, bytes]:
        progress = await find(tx, context, secret)
        return progress, await _shown(tx, context, progress, visitor)

    shown, silent = -1, 0
    while not context.changes.is_over:
        try:
            progress, body = await context.store.read(read)
        except SessionExpired:
            return  # whoever listens asks again, and is told why
        if progress.link.version != shown:
            shown, silent = progress.link.version, 0
            yield b"event: view\ndata: " + body + b"\n\n"
        elif silent >= _LOOKS_PER_KEEP_ALIVE:
            silent = 0
            yield b": still here\n\n"
        if progress.link.step is Step.CLOSED:
            return
        await context.changes.wait(progress.session.id, seconds_max=_LOOK_AGAIN_SECONDS)
        silent += 1


async def _shown(
    tx: Tx, context: Context, progress: Progress, visitor: Visitor, *, is_elsewhere: bool = False
) -> bytes:
    scene = await look(tx, context, progress)
    shown = view(context, scene, visitor.words, nonce=visitor.nonce, is_elsewhere=is_elsewhere)
    return msgspec.json.encode(shown)


def _stamp(form: Mapping[str, Any]) -> Stamp:
    """Return which tab asks, of which View; what asks without saying so is always taken at its word."""
    version, tab = form.get("version"), form.get("tab", "")
    if version is not None and type(version) is not int:  # a boolean is an int, too
        raise BadParameter("Invalid integer", param="version")
    if not isinstance(tab, str) or not _TAB.fullmatch(tab):
        raise BadParameter("Invalid tab.", param="tab")
    return Stamp(version, tab)


def _visitor(request: Request, languages: Languages) -> Visitor:
    """Return who asks; a nonce that is none is not taken for one."""
    nonce = request.headers.get("linkspan-nonce")
    if nonce is not None and not _NONCE.fullmatch(nonce):
        raise BadParameter("Invalid nonce.", param="nonce")
    return Visitor(languages.pick(request.headers.get("accept-language", "")), nonce)


def secret_of(request: Request) -> str:
    """Return the client secret; it comes in a header, since addresses end up in logs."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise InvalidClientSecret
    return secret.strip()


async def _form(request: Request) -> dict[str, Any]:
    """Return the JSON object in the body; an empty body is an empty one."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _BODY_BYTES_MAX:
                raise BodyTooLarge(f"A request body may have at most {_BODY_BYTES_MAX} bytes.")
    except ClientDisconnect:
        raise BadParameter("The request ended early.", param="") from None
    try:
        return msgspec.json.decode(body or b"{}", type=dict[str, Any])
    except msgspec.DecodeError:
        raise BadParameter("The body is not a JSON object.", param="") from None


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json", headers=headers.NO_STORE)
