"""The stream of Views: one at once, one at each change, and an end."""

import json
from typing import Any

import anyio
import pytest
from anyio.abc import ObjectReceiveStream

from tests.link.stage import SERVER, Modal, Stage
from tests.link.wire import stream

pytestmark = pytest.mark.anyio


async def next_view(news: ObjectReceiveStream[bytes]) -> dict[str, Any]:
    """The next View that is told, keep-alives passed over."""
    with anyio.fail_after(5):
        while True:
            part = await news.receive()
            if not part.startswith(b":"):
                kind, _, data = part.decode().strip().partition("\n")
                assert kind == "event: view"
                view: dict[str, Any] = json.loads(data.removeprefix("data: "))
                return view


def headers(modal: Modal) -> dict[str, str]:
    return {"authorization": f"Bearer {modal.secret}"}


async def test_every_change_is_told_until_the_end(stage: Stage) -> None:
    modal, browser = stage.modal(await stage.session()), stage.browser()
    view = await modal.to_login()

    async with stream(stage.server, f"{SERVER}/link/events", headers(modal)) as news:
        told = [await next_view(news)]
        back = await browser.sign_in(view["login"]["bridge_url"])
        told.append(await next_view(news))
        await browser.visit(back)
        told.append(await next_view(news))
        await modal.step("close")
        told.append(await next_view(news))
        with anyio.fail_after(5), pytest.raises(anyio.EndOfStream):
            await news.receive()

    assert [each["next_pane"] for each in told] == ["login", "login", "accounts", "closed"]
    assert [each["login"]["status"] for each in told[:2]] == ["ready", "opened"]
    assert sorted({each["version"] for each in told}) == [each["version"] for each in told]


async def test_a_stream_ends_with_its_session(stage: Stage) -> None:
    modal = stage.modal(await stage.session())
    view = await modal.to_login()

    async with stream(stage.server, f"{SERVER}/link/events", headers(modal)) as news:
        await next_view(news)
        stage.hands.seconds = view["expires_at"]
        stage.context.changes.tell(view["session"])
        with anyio.fail_after(5), pytest.raises(anyio.EndOfStream):
            await news.receive()


async def test_a_stream_ends_with_the_process(stage: Stage) -> None:
    modal = stage.modal(await stage.session())
    await modal.open()

    async with stream(stage.server, f"{SERVER}/link/events", headers(modal)) as news:
        await next_view(news)
        stage.context.changes.end()
        with anyio.fail_after(5), pytest.raises(anyio.EndOfStream):
            await news.receive()


async def test_nothing_is_streamed_without_a_client_secret(stage: Stage) -> None:
    answer = await stage.ask("GET", "/link/events", {"authorization": "Bearer nobody"})

    assert answer.status == 401
