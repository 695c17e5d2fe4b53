"""A stand-in for the server's link room: contract examples in, contract examples out."""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from linkspan.server.link.assets import spoken
from linkspan.server.link.languages import Language, Languages
from tests.browser.any_page import HOSTS

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = ROOT / "contract" / "link"
STATIC = ROOT / "src" / "linkspan" / "server" / "link" / "static"
HOST = Path(__file__).with_name("host")
VENDORED = Path(__file__).with_name("vendor") / "pages"

View = dict[str, Any]
LANGUAGES = Languages()

PAGES: Mapping[str, str] = {
    "react": "react.html",
    "react_before": "react.html",
    "sandboxed": "sandboxed.html",
}
VERSIONS: Mapping[str, Mapping[str, str]] = {
    "react": {"{package}": "10.2.1", "{wrapper}": "7.0.1"},
    "react_before": {"{package}": "9.17.0", "{wrapper}": "6.12.0"},
}

# The pane that follows each step, where a test does not say otherwise.
STEPS: Mapping[str, str] = {
    "bank": "consent",
    "consent": "login",
    "back": "bank",
    "retry": "login",
    "accounts": "done",
    "manual": "manual",
    "numbers": "done_typed",
    "close": "closed",
    "extend": "accounts",
}

FRAME_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
}
# Browsers fetch a module script, or one with an integrity attribute, by the rules of CORS.
STATIC_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def example(name: str) -> View:
    """Return one document of the contract."""
    document: View = json.loads((CONTRACT / f"{name}.json").read_text())
    return document


@dataclass
class FakeLink:
    """One Session's worth of answers; a test changes ``view``, ``steps`` and ``search`` as it likes."""

    server: str
    host: str
    view: View = field(default_factory=lambda: example("bank"))
    steps: dict[str, str] = field(default_factory=lambda: dict(STEPS))
    search: str = "institutions"
    index: str | None = None
    status: dict[str, int] = field(default_factory=dict)
    calls: list[tuple[str, Any]] = field(default_factory=list)
    tabs: set[str] = field(default_factory=set)
    has_stream: bool = True
    redirect: str = ""
    delay: float = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def show(self, name: str, **changes: Any) -> None:
        """Make the example *name* what the person is to see next, newer than all before it."""
        with self.changed:
            self.view = {**example(name), **changes, "version": self.view["version"] + 1}
            self.changed.notify_all()

    def called(self, name: str) -> list[Any]:
        """Return the bodies of the calls of one route so far."""
        return [body for route, body in self.calls if route == name]

    def wait_for_change(self, version: int) -> View:
        """Return the View once it is newer than *version*, or as it is after a second."""
        with self.changed:
            self.changed.wait_for(lambda: self.view["version"] > version, timeout=1)
            return self.view


def _said(view: View, request: Request) -> View:
    """Return a View with what the server says of it in the language of whoever asks, as the server does."""
    words = LANGUAGES.pick(request.headers.get("accept-language", ""))
    pane = view["next_pane"]
    block = (
        view[pane]
        if words.tag.startswith("en")
        else {**view[pane], **_OWN_WORDS.get(pane, _nothing)(view, words)}
    )
    return {**view, pane: block}


def _nothing(_view: View, _words: Language) -> View:
    return {}


def _consent_said(view: View, words: Language) -> View:
    names = ["account", *view["consent"]["permissions"]]
    bank = view["consent"]["institution"]["name"]
    return {
        "items": [
            {kind: words.text(f"server.shared.{name}.{kind}") for kind in ("title", "text")} for name in names
        ],
        "notice": words.text("server.notice.redirect", merchant=view["merchant"]["name"], bank=bank),
    }


def _accounts_said(view: View, words: Language) -> View:
    kinds = words.text("server.separator").join(
        words.text(f"accounts.kinds.{kind}") for kind in ("checking", "savings")
    )
    reason = words.text("server.why_not.other_kind", kinds=kinds)
    rows = [{**row, "reason": row["reason"] and reason} for row in view["accounts"]["accounts"]]
    return {"accounts": rows}


def _error_said(view: View, words: Language) -> View:
    problem = view["error"]
    bank = (problem["institution"] or {}).get("name", words.text("server.your_bank"))
    name = f"server.trouble.{problem['reason']}"
    if (
        f"{name}.title" not in words.messages
    ):  # the server refuses what has expired; the frame has words for it
        return {kind: words.text(f"trouble.refused.{kind}") for kind in ("title", "message")}
    return {kind: words.text(f"{name}.{kind}", bank=bank) for kind in ("title", "message")}


def _form_said(view: View, words: Language) -> View:
    form = view["login_form"]
    bank = form["institution"]["name"]
    said = {
        kind: words.text(f"server.form.{form['about']}.{kind}", bank=bank)
        for kind in ("title", "text", "help")
    }
    ours = {"user_id", "password", "token"}
    fields = [
        {**field, "label": words.text(f"server.form.label.{field['name']}")}
        if field["name"] in ours
        else field
        for field in form["fields"]
    ]
    problem = form["problem"] and words.text("server.form.problem.credentials_wrong", bank=bank)
    return {
        "title": said["title"],
        "text": said["text"],
        "help": {**form["help"], "label": said["help"]},
        "submit": words.text("server.form.submit"),
        "fields": fields,
        "problem": problem,
    }


_OWN_WORDS: Mapping[str, Callable[[View, Language], View]] = {
    "consent": _consent_said,
    "accounts": _accounts_said,
    "error": _error_said,
    "login_form": _form_said,
}


def _refusal(status: int) -> Response:
    return JSONResponse(example("refusal"), status, headers={"Request-Id": "req_fake0000000001"})


async def _step(request: Request) -> Response:
    link: FakeLink = request.app.state.link
    name = request.path_params["step"]
    body = await request.json()
    link.tabs.add(body.pop("tab"))
    if name != "answer":
        body.pop("version", None)
    link.calls.append((name, body))
    await asyncio.sleep(link.delay)
    if status := link.status.get(name):
        return _refusal(status)
    if name in link.steps:
        link.show(link.steps[name])
    return JSONResponse(_said(link.view, request))


async def _view(request: Request) -> Response:
    link: FakeLink = request.app.state.link
    link.calls.append(("view", None))
    return _refusal(link.status["view"]) if "view" in link.status else JSONResponse(_said(link.view, request))


async def _institutions(request: Request) -> Response:
    link: FakeLink = request.app.state.link
    link.calls.append(("institutions", request.query_params["query"]))
    if status := link.status.get("institutions"):
        return _refusal(status)
    return JSONResponse(example(link.search))


async def _index(request: Request) -> Response:
    link: FakeLink = request.app.state.link
    link.calls.append(("index", None))
    return _refusal(404) if link.index is None else JSONResponse(example(link.index))


async def _events(request: Request) -> Response:
    link: FakeLink = request.app.state.link
    if not link.has_stream:
        return _refusal(503)

    async def views() -> AsyncIterator[str]:
        version = -1
        while not await request.is_disconnected():
            view = await asyncio.to_thread(link.wait_for_change, version)
            if view["version"] == version:
                yield ": still here\n\n"
                continue
            version = view["version"]
            yield f"event: view\ndata: {json.dumps(_said(view, request))}\n\n"

    return StreamingResponse(views(), media_type="text/event-stream")


async def _bridge(request: Request) -> Response:
    link: FakeLink = request.app.state.link
    link.calls.append(("bridge", request.path_params["token"]))
    link.show("login_opened")
    return HTMLResponse('<!doctype html><title>Harbor Bank</title><a href="/link/callback">Allow</a>')


async def _callback(request: Request) -> Response:
    link: FakeLink = request.app.state.link
    link.show("accounts")
    return HTMLResponse("<!doctype html><title>Done</title><p>You can close this tab.</p>")


async def _frame(request: Request) -> Response:
    link: FakeLink = request.app.state.link
    if status := link.status.get("frame"):
        return Response(status_code=status)
    words = LANGUAGES.pick(request.query_params["locale"])
    page = (STATIC / "frame.html").read_text(encoding="utf-8")
    return HTMLResponse(spoken(page, words), headers=FRAME_HEADERS)


async def _static(request: Request) -> Response:
    return FileResponse(STATIC / request.path_params["file"], headers=STATIC_HEADERS)


async def _loader(_request: Request) -> Response:
    return FileResponse(STATIC / "loader.js", headers=STATIC_HEADERS)


async def _host(request: Request) -> Response:
    link: FakeLink = request.app.state.link
    kind = request.path_params["kind"]
    headers = {name: text.replace("{server}", link.server) for name, text in HOSTS[kind].headers.items()}
    filled = {"{server}": link.server, **VERSIONS.get(kind, {})}
    page = (HOST / PAGES.get(kind, "page.html")).read_text()
    for place, text in filled.items():
        page = page.replace(place, text)
    return HTMLResponse(page, headers=headers)


async def _host_script(request: Request) -> Response:
    return FileResponse(HOST / f"{request.path_params['file']}.js")


async def _elsewhere(request: Request) -> Response:
    """Redirect by the very header the server sends, with the address as it was given."""
    link: FakeLink = request.app.state.link
    response = Response(status_code=303)
    response.raw_headers.append((b"location", link.redirect.encode()))
    return response


async def _vendored(request: Request) -> Response:
    return FileResponse(VENDORED / request.path_params["file"], media_type="text/javascript")


ROUTES = [
    Route("/v3/", _loader),
    Route("/linkspan.js", _loader),
    Route("/link/frame", _frame),
    Route("/link/view", _view),
    Route("/link/events", _events),
    Route("/link/institutions", _institutions),
    Route("/link/index", _index),
    Route("/link/callback", _callback),
    Route("/link/bridge/{token}", _bridge),
    Route("/link/static/{file}", _static),
    Route("/link/{step}", _step, methods=["POST"]),
    Route("/host/{file:str}.js", _host_script),
    Route("/host/vendor/{file}", _vendored),
    Route("/host/elsewhere", _elsewhere),
    Route("/host/{kind}", _host),
]


class FakeServer:
    """The fake under two names of one machine, so that page and frame are of different sites."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._port = self._socket.getsockname()[1]
        self._app = Starlette(routes=ROUTES)
        config = uvicorn.Config(
            self._app, log_level="error", timeout_graceful_shutdown=1, lifespan="off", ws="none"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def begin(self) -> FakeLink:
        """Start over with a Session nobody has touched."""
        link = FakeLink(server=f"http://127.0.0.1:{self._port}", host=f"http://localhost:{self._port}")
        self._app.state.link = link
        return link
