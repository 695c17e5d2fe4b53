"""Whatever a person reads is in their language: the frame's page, its Views, the bank's tab."""

import re
from html import unescape
from typing import Any

import msgspec
import pytest

from linkspan.server.link.languages import TAGS, Languages
from tests.link.stage import Stage

pytestmark = pytest.mark.anyio


def messages_in(page: str) -> Any:
    """The block of data in the frame's page."""
    match = re.search(r'<script type="application/json" id="messages">\s*(.*?)\s*</script>', page)
    assert match is not None
    return msgspec.json.decode(match[1])


@pytest.mark.parametrize("tag", TAGS)
async def test_the_frames_page_comes_in_one_language(tag: str, stage: Stage) -> None:
    words = Languages().pick(tag)

    answer = await stage.ask("GET", f"/link/frame?locale={tag}")

    assert f'<html lang="{tag}" dir="{words.direction}">' in answer.text
    assert f"<title>{words.text('title')}</title>" in answer.text
    assert messages_in(answer.text) == words.for_frame()


@pytest.mark.parametrize("path", ["/link/frame", "/link/hosted"])
async def test_without_a_word_of_the_page_the_browser_decides(path: str, stage: Stage) -> None:
    answer = await stage.ask("GET", path, {"accept-language": "fr-CA,fr;q=0.9"})

    assert '<html lang="fr-CA" dir="ltr">' in answer.text


@pytest.mark.parametrize(
    "locale", ["%22%3E%3Cscript%3E", "de%00", "x" * 5000, "%F0%9F%8F%A6", "{{messages}}"]
)
async def test_what_is_no_language_leaves_no_trace_in_the_page(locale: str, stage: Stage) -> None:
    answer = await stage.ask("GET", f"/link/frame?locale={locale}")

    assert answer.text == (await stage.ask("GET", "/link/frame?locale=en")).text


async def test_what_the_server_says_of_a_step_is_in_the_language_of_whoever_asks(stage: Stage) -> None:
    session = await stage.session()
    modal = stage.modal(session)
    await modal.open()
    await modal.choose_bank()

    german, french = [
        (await stage.ask("GET", "/link/view", {**modal.headers, "accept-language": tag})).json()["consent"]
        for tag in ("de-AT", "fr")
    ]

    assert german["items"][0]["title"] == "Kontodaten"
    assert french["items"][0]["title"] == "Informations sur les comptes"
    assert german["institution"] == french["institution"]


async def test_the_banks_tab_speaks_the_persons_language(stage: Stage) -> None:
    answer = await stage.ask("GET", "/link/callback?state=unknown", {"accept-language": "he"})

    assert '<html lang="he" dir="rtl">' in answer.text
    assert "אי אפשר להשתמש בדף הזה" in unescape(answer.text)
