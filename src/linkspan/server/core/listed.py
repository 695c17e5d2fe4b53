"""What the directory knows of an institution, whether people can link accounts there or not."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

import msgspec

from linkspan.server.core.bank_number import is_routing_number
from linkspan.server.core.folding import host_of

SignIn: TypeAlias = Literal["redirect", "credentials", "token"]
"""``redirect``: at the bank's own page; ``credentials``: in the modal, where the bank may ask back;
``token``: pasted into the modal."""

_ID: Final = re.compile(r"fcinst_[A-Za-z0-9_]{1,64}", re.ASCII)
_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_COLOR: Final = re.compile(r"#[0-9A-Fa-f]{6}", re.ASCII)
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+", re.ASCII)
# Pictures that cannot hold a script, unlike SVG, which is one to whoever opens its address.
_LOGO: Final = re.compile(
    r"data:image/(?P<type>png|webp|jpeg);base64,(?P<content>[A-Za-z0-9+/]+=*)", re.ASCII
)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_LOGO_BYTES_MAX: Final = 24 * 1024
_NAME_LENGTH_MAX: Final = 120
_HOST_LENGTH_MAX: Final = 253
_MANY: Final = 50
_TAKES_SECONDS_MAX: Final = 60 * 60
_SIZE_MAX: Final = 2**53


class Listed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One entry of the directory; `wrong_field` says what its fields may hold."""

    id: str
    """``fcinst_…``."""
    name: str
    """What people call it."""
    aliases: tuple[str, ...] = ()
    """Other names people search for."""
    countries: tuple[str, ...] = ("US",)
    """ISO 3166-1 alpha-2 codes in upper case."""
    domains: tuple[str, ...] = ()
    """The hosts of its web sites in lower case without ``www.``, the main one first."""
    routing_numbers: tuple[str, ...] = ()
    """ABA routing numbers, each with a check digit that fits; there may be more."""
    place: str | None = None
    """Where it is at home, to tell it from others of its name, such as ``Sioux Falls, SD``."""
    color: str | None = None
    """``#RRGGBB`` of its monogram."""
    logo: str | None = None
    """A small PNG, WebP or JPEG as a ``data:`` URL; a monogram stands where there is none."""
    sign_in: SignIn | None = None
    """How people sign in."""
    takes_seconds: int | None = None
    """How long linking usually takes a person."""
    size: int = 0
    """What it holds, in thousands of dollars: of two that fit a search as well, the larger comes first."""


class Picture(msgspec.Struct, frozen=True):
    """A logo as browsers are given it."""

    media_type: str
    content: bytes


def picture_of(logo: str) -> Picture | None:
    """Return the picture in a ``data:`` URL; none where it is not one that may be shown."""
    match = _LOGO.fullmatch(logo)
    if match is None:
        return None
    try:
        content = b64decode(match["content"], validate=True)
    except Error:
        return None
    return Picture(f"image/{match['type']}", content) if len(content) <= _LOGO_BYTES_MAX else None


def wrong_field(listed: Listed) -> tuple[str, str] | None:
    """Return the first field of *listed* that breaks its rule, and the rule."""
    for field, holds, rule in _rules(listed):
        if not holds:
            return field, rule
    return None


def _rules(one: Listed) -> Iterator[tuple[str, bool, str]]:
    yield "id", bool(_ID.fullmatch(one.id)), "must be fcinst_ with letters and digits"
    yield "name", _is_name(one.name), "must have 1 to 120 characters"
    yield (
        "aliases",
        len(one.aliases) <= _MANY and all(map(_is_name, one.aliases)),
        "must be names, 50 at most",
    )
    yield (
        "countries",
        0 < len(one.countries) <= _MANY and all(map(_COUNTRY.fullmatch, one.countries)),
        "must be two capital letters each",
    )
    yield (
        "domains",
        len(one.domains) <= _MANY and all(map(_is_host, one.domains)),
        "must be hosts such as bank.example, without www.",
    )
    yield (
        "routing_numbers",
        len(one.routing_numbers) <= _MANY and all(map(is_routing_number, one.routing_numbers)),
        "must have nine digits each, the last of which fits the others",
    )
    yield "place", one.place is None or _is_name(one.place), "must have 1 to 120 characters"
    yield "color", one.color is None or bool(_COLOR.fullmatch(one.color)), "must be written #RRGGBB"
    yield (
        "logo",
        one.logo is None or picture_of(one.logo) is not None,
        "must be a PNG, WebP or JPEG of 24 KiB at most as a data: URL in base64",
    )
    yield (
        "takes_seconds",
        one.takes_seconds is None or 0 < one.takes_seconds <= _TAKES_SECONDS_MAX,
        "must be a number of seconds, an hour at most",
    )
    yield "size", 0 <= one.size <= _SIZE_MAX, "must be a number that is not negative"


def _is_name(text: str) -> bool:
    return len(text.strip()) > 0 and len(text) <= _NAME_LENGTH_MAX and not _CONTROL.search(text)


def _is_host(text: str) -> bool:
    return len(text) <= _HOST_LENGTH_MAX and bool(_HOST.fullmatch(text)) and host_of(text) == text
