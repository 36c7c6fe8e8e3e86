"""What the domain refuses, in four kinds; each surface maps the four once.

The text of an error may be shown to the person who caused it; verbs raise subclasses of their own.
"""


class DomainError(Exception):
    """Something a verb refuses. ``str(error)`` is a sentence for the person who asked."""


class NotFound(DomainError):
    """There is no such thing, or it is none of the asker's business which of the two."""


class NotAllowed(DomainError):
    """The asker may not do this."""


class Conflict(DomainError):
    """The thing is in a state in which this cannot be done."""


class TooMany(Conflict):
    """Tried too often; the text says when to come back."""


class Invalid(DomainError):
    """One field makes no sense.

    ``field`` is its name in the input dataclass; the text says what was read and what would be accepted.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
