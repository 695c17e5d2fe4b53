"""Why a request brought no answer.

OutboundFailure
├── Refused        nothing was sent: the address may not be called, or the request cannot be written
├── Unreachable    nobody is there, or what is there cannot prove who it is
├── TimedOut       no answer in time; whether it was heard is unknown
└── BrokeProtocol  what came is not HTTP, or more than is read

Messages name hosts, never an address's path or query, or anything secret.
"""


class OutboundFailure(Exception):
    """A request brought no answer."""


class Refused(OutboundFailure):
    """The address may not be called, or the request cannot be written."""


class Unreachable(OutboundFailure):
    """Nobody is there, or what is there cannot prove who it is."""


class TimedOut(OutboundFailure):
    """No answer came in time; whether the request was heard is unknown."""


class BrokeProtocol(OutboundFailure):
    """What came is not HTTP, or more than is read."""
