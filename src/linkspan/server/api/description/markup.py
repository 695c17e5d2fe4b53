"""Writes HTML without a way to forget escaping."""

import re
from html import escape
from typing import Final, TypeAlias

_CODE: Final = re.compile(r"`([^`]+)`")


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Child: TypeAlias = "str | list[Html]"


def el(name: str, /, *children: Child, **attributes: str) -> Html:
    """Return an element; ``class_`` and ``for_`` are the attributes that Python has other words for."""
    named = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{named}>{joined(*children)}</{name}>")


def joined(*children: Child) -> Html:
    """Return *children* one after another, text escaped."""
    return Html("".join(_html(child) for child in children))


def prose(text: str) -> Html:
    """Return a text of the description, its code in single quotes as code."""
    return Html(_CODE.sub(r"<code>\1</code>", escape(text, quote=False)))


def page(title: str, body: Html) -> bytes:
    """Return a whole page."""
    head = joined(
        Html('<meta charset="utf-8">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="color-scheme" content="light dark">'),
        el("title", title),
        Html('<link rel="stylesheet" href="/docs/page.css">'),
    )
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'.encode()


def _html(child: Child) -> str:
    if isinstance(child, list):
        return "".join(child)
    return child if isinstance(child, Html) else escape(child)
