"""The page on which the holder of a bank account tells of the deposit in it, without a script."""

from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from linkspan.server.core.caller import Caller
from linkspan.server.core.intent import IntentStatus
from linkspan.server.core.refusals import BodyTooLarge, Refusal, WayClosed
from linkspan.server.link import headers, pages
from linkspan.server.link.languages import Language, Languages
from linkspan.server.operations import confirmations, connected_accounts, intents, payment_methods
from linkspan.server.operations.context import Context
from linkspan.server.store.driver import Tx
from linkspan.server.store.intents import Named

_PATH = "/link/deposits/{word}"
_BODY_BYTES_MAX = 1_000
_DONE = frozenset({IntentStatus.PROCESSING, IntentStatus.SUCCEEDED})


def routes(context: Context, languages: Languages) -> list[Route]:
    """Return the routes of the page."""

    def words_of(request: Request) -> Language:
        return languages.pick(request.headers.get("accept-language", ""))

    async def show(request: Request) -> Response:
        words, word = words_of(request), request.path_params["word"]
        try:
            page = await context.store.read(lambda tx: _page(tx, context, word, words))
        except WayClosed as refusal:
            return _answer(pages.refused(refusal, words), status=404)
        return _answer(page)

    async def take(request: Request) -> Response:
        words, word, code = words_of(request), request.path_params["word"], await _code(request)
        request_id = request.state.request_id
        try:
            page = await context.store.write(lambda tx: _verified(tx, context, word, code, words, request_id))
        except WayClosed as refusal:
            return _answer(pages.refused(refusal, words), status=404)
        return _answer(page)

    return [Route(_PATH, show, methods=["GET"]), Route(_PATH, take, methods=["POST"])]


async def _page(tx: Tx, context: Context, word: str, words: Language, *, is_wrong: bool = False) -> str:
    """Return what there is to tell, or to read, as the intent stands now."""
    named = await intents.named_by_page(tx, context, word)
    kept = await intents.one(tx, named.scope, named.kind, named.id)
    if kept.status in _DONE:
        return pages.verified(words)
    if kept.status is not IntentStatus.REQUIRES_ACTION:
        merchant = await connected_accounts.name_of(tx, context, named.scope)
        return pages.unverified(words, merchant=merchant)
    digits = await _digits(tx, named, str(kept.intent.payment_method))
    return pages.deposits(words, digits=digits, is_wrong=is_wrong, is_test=not named.scope.livemode)


async def _verified(tx: Tx, context: Context, word: str, code: str, words: Language, request_id: str) -> str:
    """Take the code; a wrong one counts, and is asked for again while it may be."""
    named = await intents.named_by_page(tx, context, word)
    kept = await intents.one(tx, named.scope, named.kind, named.id)
    is_wrong = False
    if kept.status is IntentStatus.REQUIRES_ACTION:
        caller = Caller(named.scope, request_id)
        came_of_it = await confirmations.verify(tx, context, caller, named.kind, named.id, code)
        is_wrong = isinstance(came_of_it, Refusal)
    return await _page(tx, context, word, words, is_wrong=is_wrong)


async def _digits(tx: Tx, named: Named, method_id: str) -> str:
    bank = (await payment_methods.one(tx, named.scope, method_id)).method.us_bank_account
    return (bank and bank.last4) or ""


async def _code(request: Request) -> str:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_BYTES_MAX:
            raise BodyTooLarge(f"A request body may have at most {_BODY_BYTES_MAX} bytes.")
    codes = parse_qs(body.decode("latin-1")).get("code", [""])
    return codes[0].strip()


def _answer(page: str, *, status: int = 200) -> Response:
    return HTMLResponse(page, status_code=status, headers=headers.FORM)
