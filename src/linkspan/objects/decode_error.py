"""What is raised when data is not an object of this API."""


class DecodeError(ValueError):
    """Data could not be read as the object it should be.

    ``path`` names the place as in ``accounts.data[0].created``; it is empty
    where the whole is at fault. ``reason`` says what was expected there.
    """

    def __init__(self, reason: str, *, path: str = "") -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.reason = reason
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.reason, self.path)


def _again(reason: str, path: str) -> DecodeError:
    """Make the error again where it was pickled."""
    return DecodeError(reason, path=path)
