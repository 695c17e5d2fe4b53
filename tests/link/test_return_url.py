"""A Session sends people back to web pages and apps, and to nothing a browser would carry out."""

import pytest

from tests.link.stage import Stage

pytestmark = pytest.mark.anyio

HOLDER = [("account_holder[type]", "customer"), ("permissions[]", "balances")]


async def create(stage: Stage, url: str) -> tuple[int, str | None]:
    customer = (await stage.api("POST", "customers")).json()["id"]
    form = [*HOLDER, ("account_holder[customer]", customer), ("return_url", url)]
    answer = await stage.api("POST", "financial_connections/sessions", form)
    return answer.status, answer.json().get("error", {}).get("param")


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/linked?cart=1#top",
        "HTTPS://SHOP.EXAMPLE/",
        "https://192.0.2.7:8443/linked",
        "https://[2001:db8::1]/",
        "https://xn--hst-sna.example/",
        "https://shop_1.example./",
        "http://localhost:3000/linked",
        "http://127.0.0.1/linked",
        "http://[::1]:8000/",
        "rocketrides://linked",
        "com.example.rides:/linked",
    ],
)
async def test_pages_and_apps_are_accepted(stage: Stage, url: str) -> None:
    assert await create(stage, url) == (200, None)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\tscript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox",
        "file:///etc/passwd",
        "blob:https://shop.example/1",
        "view-source:https://shop.example",
        "intent://shop#Intent;end",
        "//evil.example",
        "\\\\evil.example",
        "/linked",
        "linked",
        "https:",
        "https:///linked",
        "https:\\\\evil.example",
        "https://shop.example\\@evil.example",
        "https://shop.example@evil.example/",
        "https://shop.example:port/",
        "https://[::1/",
        "https://shop.example/\r\nset-cookie: a=b",
        "https://shop.example/ linked",
        "http://shop.example/linked",
        "http://127.0.0.1.evil.example/",
        "https://höst.example/",
        "https://shop.example%2eevil.example/",
        "https://shop.example%00.evil.example/",
        "https://0x7f000001/",
        "https://127.1/",
        "https://2130706433/",
        "https://[::ffff:1.2.3.4]/",
        "https://-shop.example/",
        "https://shop..example/",
    ],
)
async def test_anything_else_is_refused_by_name(stage: Stage, url: str) -> None:
    assert await create(stage, url) == (400, "return_url")
