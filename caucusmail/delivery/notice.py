"""Letters to whoever wants only to be told that there is something: the group and the subject, and where it is read.

What such a copy would have said is compiled beside it, and shown by ``delivery.held``. The ledger names its version by its
language and ``MARK``; of whoever wants discreet letters too, by both marks (``delivery.discreet``).
"""

from sqlalchemy import ColumnElement, and_

from caucusmail.delivery.models import Delivery, Lane

MARK = "~"


def key(language: str) -> str:
    """What the ledger calls the notice in ``language``."""
    return f"{language}{MARK}"


def is_notice(language: str) -> bool:
    """Whether the ledger means a version that holds its letter back, for whoever wants notices."""
    return MARK in language


def whole() -> ColumnElement[bool]:
    """SQL: the copy is a letter of its own with all that belongs to it, its calendar part too."""
    return and_(Delivery.lane != Lane.DIGEST, ~Delivery.language.contains(MARK))
