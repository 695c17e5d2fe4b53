"""The few pages a person sees in the bank's tab, in plain HTML."""

from html import escape
from typing import Final

_PAGE: Final = """<!doctype html>
<html lang="en">
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


def returned() -> str:
    """Return the page after a bank's answer was taken, whatever it was."""
    return _page(
        "returned",
        "You can close this tab",
        "Go back to the page you came from; it goes on by itself.",
    )


def refused(message: str) -> str:
    """Return the page for an address that leads nowhere any more."""
    text = f"{message} Close this tab and go on from the page you came from."
    return _page("refused", "This page cannot be used", text)


def _page(kind: str, title: str, text: str) -> str:
    return _PAGE.format(kind=kind, title=escape(title), text=escape(text))
