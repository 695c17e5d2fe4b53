"""The few pages a person sees in the bank's tab, in plain HTML."""

from html import escape
from typing import Final

from linkspan.server.core.refusals import Refusal, StrayReturn
from linkspan.server.link.languages import Language

_PAGE: Final = """<!doctype html>
<html lang="{tag}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="/link/static/page.css">
</head>
<body>
<main data-testid="ls-page-{kind}">
<span class="mark {kind}" aria-hidden="true"></span>
<h1>{title}</h1>
<p>{text}</p>
</main>
</body>
</html>
"""


def returned(words: Language) -> str:
    """Return the page after a bank's answer was taken, whatever it was."""
    return _page("returned", words, words.text("server.page.returned.text"))


def refused(refusal: Refusal, words: Language) -> str:
    """Return the page for an address that leads nowhere any more."""
    why = "stray_return" if isinstance(refusal, StrayReturn) else "way_closed"
    said = (words.text(f"server.page.refused.{why}"), words.text("server.page.refused.then"))
    return _page("refused", words, " ".join(said))


def _page(kind: str, words: Language, text: str) -> str:
    title = escape(words.text(f"server.page.{kind}.title"))
    return _PAGE.format(kind=kind, tag=words.tag, direction=words.direction, title=title, text=escape(text))
