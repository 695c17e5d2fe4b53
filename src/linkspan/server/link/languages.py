"""The languages that people are spoken to in, with the operator's own words in place of ours."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Final, Literal, TypeAlias

Message: TypeAlias = str | Mapping[str, str]
"""A sentence, or one for each plural form of the language (Unicode's CLDR)."""
Messages: TypeAlias = Mapping[str, Message]

DEFAULT: Final = "en"
TAGS: Final = (DEFAULT, "es", "fr", "de", "it", "pt-BR", "nl", "pl", "ja", "zh-Hans", "ar", "he")
# What only the server says; the frame is not sent it.
_SERVER: Final = "server."
_RIGHT_TO_LEFT: Final = frozenset({"ar", "he"})
# A name of another script keeps its order among letters that run the other way (Unicode, UAX 9).
_ISOLATED: Final = "\u2068{}\u2069"
_PLACE: Final = re.compile(r"\{(\w+)\}")
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}")
_WANTED_MAX: Final = 20
_OLD_NAMES: Final = {"iw": "he"}
_TRADITIONAL: Final = frozenset({"hant", "tw", "hk", "mo"})


class InvalidMessages(ValueError):
    """The operator's words cannot be used; says which, and why."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language, under the tag it was asked for: German asked for as ``de-CH`` counts as the Swiss do."""

    tag: str
    direction: Literal["ltr", "rtl"]
    messages: Messages

    def text(self, name: str, **values: str) -> str:
        """Return a message with *values* in their places."""
        message = self.messages[name]
        if not isinstance(message, str):
            raise KeyError(name)  # only the frame counts; it knows the plural rules
        form = _ISOLATED if self.direction == "rtl" else "{}"
        return _PLACE.sub(lambda place: form.format(values[place[1]]), message)

    def for_frame(self) -> Messages:
        """Return what the modal's frame says by itself."""
        return {name: said for name, said in self.messages.items() if not name.startswith(_SERVER)}


class Languages:
    """All languages of one server."""

    def __init__(self, own: Mapping[str, Messages] | None = None) -> None:
        words = own or {}
        self._known = {tag.lower(): _language(tag, words.get(tag, {})) for tag in TAGS}

    def pick(self, wanted: str) -> Language:
        """Return the first language of *wanted* that there is, else English.

        *wanted* is a tag or a whole ``Accept-Language`` header (RFC 9110 section 12.5.4).
        """
        for tag in _by_preference(wanted):
            known = self._known.get(_name_of(tag))
            if known is not None:
                return replace(known, tag=tag)
        return self._known[DEFAULT]


def read_own(text: str) -> Mapping[str, Messages]:
    """Read an operator's own words (TOML): a table a language, in it messages by name.

    Refuses a language or a message there is not, a place that ours does not
    fill, and other plural forms than the language has.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise InvalidMessages(str(problem)) from None
    for tag, words in tables.items():
        if tag not in TAGS:
            raise InvalidMessages(f"there is no language {tag}; there are {', '.join(TAGS)}")
        if not isinstance(words, dict):
            raise InvalidMessages(f"{tag} must be a table of messages")
        ours = _shipped(tag)
        for name, message in words.items():
            _check(f"{tag}: {name}", message, ours.get(name))
    return tables


def _check(where: str, message: object, ours: Message | None) -> None:
    if ours is None:
        raise InvalidMessages(f"{where}: there is no such message")
    if isinstance(ours, str):
        if not isinstance(message, str):
            raise InvalidMessages(f"{where}: must be text")
    elif not isinstance(message, dict) or message.keys() != ours.keys():
        raise InvalidMessages(f"{where}: must be a table of {', '.join(ours)}")
    if strange := set(_places(message)) - set(_places(ours)):
        raise InvalidMessages(f"{where}: nothing is known to put at {{{min(strange)}}}")


def _places(message: object) -> Iterator[str]:
    """Yield the names of the places to fill in a message."""
    for said in message.values() if isinstance(message, Mapping) else (message,):
        yield from _PLACE.findall(str(said))


def _shipped(tag: str) -> Messages:
    path = resources.files(__package__).joinpath("messages", f"{tag}.json")
    messages: Messages = json.loads(path.read_text(encoding="utf-8"))
    return messages


def _language(tag: str, own: Messages) -> Language:
    return Language(tag, "rtl" if tag in _RIGHT_TO_LEFT else "ltr", {**_shipped(tag), **own})


def _by_preference(wanted: str) -> list[str]:
    """Return the tags in *wanted*, the most wanted first; what is no tag is left out."""
    weighed = []
    for part in wanted.split(",")[:_WANTED_MAX]:
        tag, _, weight = part.strip().partition(";")
        if _TAG.fullmatch(tag.strip()):
            weighed.append((tag.strip(), _weight(weight)))
    return [tag for tag, weight in sorted(weighed, key=lambda one: -one[1]) if weight > 0]


def _weight(text: str) -> float:
    match = re.fullmatch(r"\s*q=([01](?:\.[0-9]{1,3})?)\s*", text)
    return float(match[1]) if match else 1.0


def _name_of(tag: str) -> str:
    """Return the name that a tag's language goes by here.

    Portuguese is written as in Brazil, and Chinese in simplified characters:
    who reads the traditional ones is better served by their next choice (CLDR
    lets neither stand for the other).
    """
    language, *parts = tag.lower().split("-")
    if language == "zh":
        return "" if _TRADITIONAL & set(parts) else "zh-hans"
    return "pt-br" if language == "pt" else _OLD_NAMES.get(language, language)
