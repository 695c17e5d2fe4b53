"""Reads the tags of OFX, 1.x SGML and 2.x XML alike, into a tree, and writes them.

An element holds either text or other elements. SGML leaves out the end tags of
those with text, and banks leave out those of empty ones too; such an element
is empty, and what seemed to be inside stands beside it. There is no recursion
here, there are no attributes, and the only entities are those of characters:
anything with a DOCTYPE or an ENTITY is refused.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from linkspan.standards.malformed import MalformedField

DEPTH_MAX: Final = 32
"""Twice as deep as the deepest message of OFX 2.2."""
ELEMENTS_MAX: Final = 500_000
"""A statement of 25,000 transactions."""
TEXT_LENGTH_MAX: Final = 10_000

_TOKEN: Final = re.compile(
    r"<!--.*?-->|<!\[CDATA\[(?P<data>.*?)\]\]>|<\?.*?\?>|<(?P<end>/)?(?P<tag>[A-Za-z0-9._]{1,40})\s*(?P<empty>/)?>"
    r"|(?P<text>[^<]+)|(?P<other><)",
    re.DOTALL,
)
# A semicolon is required: AT&T is a company, and banks do not escape it.
_ENTITY: Final = re.compile(r"&(lt|gt|amp|quot|apos|nbsp|#[0-9]{1,6}|#x[0-9A-Fa-f]{1,5});")


@dataclass(slots=True)
class Element:
    """One tag with its text, or with what is inside it."""

    tag: str
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def __getitem__(self, tag: str) -> "Element | None":
        """Return the first element inside with a tag."""
        return next((child for child in self.children if child.tag == tag), None)

    def all(self, tag: str) -> Iterator["Element"]:
        """Yield the elements inside with a tag."""
        return (child for child in self.children if child.tag == tag)

    def at(self, *path: str) -> "Element | None":
        """Return the element that a path of tags leads to."""
        found: Element | None = self
        for tag in path:
            found = None if found is None else found[tag]
        return found

    def value(self, *path: str) -> str | None:
        """Return the text at the end of a path of tags; an empty one is none."""
        found = self.at(*path)
        return (found.text or None) if found is not None else None


def read_tree(text: str) -> Element:
    """Return the element ``OFX`` that *text* holds; anything else is a `MalformedField`."""
    root = Element("")
    open_: list[Element] = [root]
    count = 0
    for token in _TOKEN.finditer(text):
        if token["other"]:
            raise _broken("document", "a tag with attributes, a declaration, or no end")
        if token["tag"]:
            count += 1
            if count > ELEMENTS_MAX:
                raise _broken("document", f"more than {ELEMENTS_MAX} elements")
            _take_tag(open_, token["tag"].upper(), is_end=bool(token["end"]), is_empty=bool(token["empty"]))
        else:
            _take_text(open_, token["data"], token["text"])
    if len(open_) > 1:
        raise _broken(open_[-1].tag, "never ends")
    found = root["OFX"]
    if found is None:
        raise _broken("document", "no OFX element")
    return found


def _take_tag(open_: list[Element], tag: str, *, is_end: bool, is_empty: bool) -> None:
    top = open_[-1]
    if is_end:
        _close(open_, tag)
        return
    if top.text:  # a text without an end tag ends where the next tag begins
        open_.pop()
    element = Element(tag)
    open_[-1].children.append(element)
    if not is_empty:
        if len(open_) > DEPTH_MAX:
            raise _broken(tag, f"deeper than {DEPTH_MAX} elements")
        open_.append(element)


def _close(open_: list[Element], tag: str) -> None:
    """End the innermost element with a tag; those inside it that never ended are empty or have their text."""
    place = next((n for n in range(len(open_) - 1, 0, -1) if open_[n].tag == tag), None)
    if place is None:
        raise _broken(tag, "ends without having begun")
    while len(open_) - 1 > place:
        inner = open_.pop()
        open_[-1].children += inner.children
        inner.children = []
    open_.pop()


def _take_text(open_: list[Element], data: str | None, text: str | None) -> None:
    said = data if data is not None else _ENTITY.sub(lambda entity: html.unescape(entity[0]), text or "")
    said = said.strip()
    if not said:
        return
    top = open_[-1]
    if top.tag == "" or top.children:
        raise _broken(top.tag or "document", "text between elements")
    top.text = f"{top.text}{said}"
    if len(top.text) > TEXT_LENGTH_MAX:
        raise _broken(top.tag, f"more than {TEXT_LENGTH_MAX} characters")


def _broken(field_: str, problem: str) -> MalformedField:
    return MalformedField("ofx", field_, "", problem)


def write_tree(element: Element, *, is_xml: bool) -> str:
    """Write *element*; in SGML a text has no end tag, as most banks write it."""
    parts: list[str] = []
    waiting: list[Element | str] = [element]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            parts.append(item)
        elif item.children:
            parts.append(f"<{item.tag}>")
            waiting.append(f"</{item.tag}>")
            waiting += reversed(item.children)
        else:
            end = f"</{item.tag}>" if is_xml else ""
            parts.append(f"<{item.tag}>{html.escape(item.text, quote=False)}{end}")
    return "".join(parts)
