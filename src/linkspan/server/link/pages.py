"""The few pages a person sees outside of the modal, in plain HTML."""

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
<p>{text}</p>{more}
</main>
</body>
</html>
"""

# Sent to the address the page has, which is what says whose deposits they are.
_FORM: Final = """
<form method="post">
<label for="code">{label}</label>
<input id="code" name="code" required maxlength="6" autocomplete="off" autocapitalize="characters"
 spellcheck="false" data-testid="ls-deposits-code"{described}>{problem}
<button data-testid="ls-deposits-submit">{submit}</button>
</form>"""


def returned(words: Language) -> str:
    """Return the page after a bank's answer was taken, whatever it was."""
    return _page("returned", words, words.text("server.page.returned.text"))


def refused(refusal: Refusal, words: Language) -> str:
    """Return the page for an address that leads nowhere any more."""
    why = "stray_return" if isinstance(refusal, StrayReturn) else "way_closed"
    said = (words.text(f"server.page.refused.{why}"), words.text("server.page.refused.then"))
    return _page("refused", words, " ".join(said))


def deposits(words: Language, *, digits: str, is_wrong: bool, is_test: bool) -> str:
    """Return the page on which the holder of an account enters the code of the deposit in it."""
    told = [words.text("server.page.deposits.text", digits=digits)]
    if is_test:
        told.append(words.text("server.page.deposits.test"))
    wrong = escape(words.text("server.page.deposits.wrong"))
    form = _FORM.format(
        label=escape(words.text("server.page.deposits.label")),
        submit=escape(words.text("server.page.deposits.submit")),
        described=' aria-invalid="true" aria-describedby="problem" autofocus' if is_wrong else "",
        problem=f'\n<p id="problem" class="problem" role="alert">{wrong}</p>' if is_wrong else "",
    )
    return _page("deposits", words, " ".join(told), form)


def verified(words: Language) -> str:
    """Return the page for an account that is known to be its holder's."""
    return _page("verified", words, words.text("server.page.verified.text"))


def unverified(words: Language, *, merchant: str) -> str:
    """Return the page for an account that nothing can be told of any more."""
    return _page("unverified", words, words.text("server.page.unverified.text", merchant=merchant))


def _page(kind: str, words: Language, text: str, more: str = "") -> str:
    title = escape(words.text(f"server.page.{kind}.title"))
    return _PAGE.format(
        kind=kind, tag=words.tag, direction=words.direction, title=title, text=escape(text), more=more
    )
