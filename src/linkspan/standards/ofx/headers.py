"""The header before OFX's tags: which version, and in which characters."""

import re
from typing import Final, Literal

from linkspan.standards.malformed import MalformedField

Version = Literal["102", "103", "203", "220"]
VERSIONS: Final[tuple[Version, ...]] = ("102", "103", "203", "220")

DOCUMENT_BYTES_MAX: Final = 16 * 1024 * 1024
"""More than any statement; what is longer is refused unread."""

# Long enough for every header there is, short enough to search in any document.
_HEADER_BYTES_MAX: Final = 2_048
_KEY_AND_VALUE: Final = re.compile(r"(?P<key>[A-Z]{3,20})\s*[:=]\s*\"?(?P<value>[\w-]{1,40})")
_FIRST_TAG: Final = re.compile(rb"<OFX\s*>", re.IGNORECASE)
_XML_ENCODING: Final = re.compile(r"<\?xml[^>]*encoding=[\"'](?P<name>[\w-]{1,20})[\"']", re.IGNORECASE)
_LATIN: Final = frozenset({"1252", "CP1252", "WINDOWS-1252", "ISO-8859-1", "8859-1"})


def is_xml(version: str) -> bool:
    """Tell whether a version is written in XML: all from 2.0 on are."""
    return version.startswith("2")


def read_header(data: bytes) -> tuple[str, str]:
    """Return the version, and the text from ``<OFX>`` on.

    A file without a header, as some programs export, has version ``""``.
    """
    if len(data) > DOCUMENT_BYTES_MAX:
        raise MalformedField("ofx", "document", "", f"more than {DOCUMENT_BYTES_MAX} bytes")
    first = _FIRST_TAG.search(data, 0, _HEADER_BYTES_MAX)
    if first is None:
        raise MalformedField("ofx", "document", "", "no OFX element after a header")
    header = data[: first.start()].decode("ascii", "replace")
    fields = {match["key"]: match["value"] for match in _KEY_AND_VALUE.finditer(header)}
    version = fields.get("VERSION", "")
    return version, _decoded(data[first.start() :], header, fields)


def _decoded(body: bytes, header: str, fields: dict[str, str]) -> str:
    declared = _XML_ENCODING.search(header)
    encoding = declared["name"].upper() if declared else fields.get("CHARSET", "NONE").upper()
    if encoding in _LATIN and fields.get("ENCODING", "").upper() not in {"UTF-8", "UNICODE"}:
        return body.decode("cp1252", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        if is_xml(fields.get("VERSION", "")):
            raise MalformedField("ofx", "document", "", "not UTF-8") from None
        return body.decode("cp1252", "replace")


def write_header(version: Version) -> str:
    """Write the header of a version. Some readers take no CHARSET of NONE, so there is one."""
    if is_xml(version):
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\r\n'
            f'<?OFX OFXHEADER="200" VERSION="{version}" SECURITY="NONE" OLDFILEUID="NONE" '
            'NEWFILEUID="NONE"?>\r\n'
        )
    fields = {
        "OFXHEADER": "100",
        "DATA": "OFXSGML",
        "VERSION": version,
        "SECURITY": "NONE",
        "ENCODING": "USASCII",
        "CHARSET": "1252",
        "COMPRESSION": "NONE",
        "OLDFILEUID": "NONE",
        "NEWFILEUID": "NONE",
    }
    return "".join(f"{key}:{value}\r\n" for key, value in fields.items()) + "\r\n"
