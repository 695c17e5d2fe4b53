"""The programs that the bank knows."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A registered program: how it proves itself, where people are sent back to.

    A redirect URI counts only when it is the same, character by character
    (RFC 9700, section 4.1.3). ``name`` is what the person is shown.
    """

    id: str
    secret: str = field(repr=False)
    redirect_uris: tuple[str, ...]
    name: str = "Linkspan"
