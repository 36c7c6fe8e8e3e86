"""The link on which whoever has just protected somebody reads what was done. It asks for no sign-in, for whoever protected
themselves is signed out; to take it back does, for the link stays in the browser of a phone that may be in other hands."""

from caucusmail import clock, tokens
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.privacy import protecting
from caucusmail.privacy.protection_models import Protection
from caucusmail.tokens import BadToken, Purpose


def token(protection: Protection) -> str:
    """What the link holds."""
    return tokens.sign(Purpose.PROTECTION, protection.id)


def read(token: str) -> Protection:
    """The protection it is about.

    :raises BadToken: forged, lifted since, or its time is over.
    """
    (number,) = tokens.read(Purpose.PROTECTION, token, 1)
    found = db.session.get(Protection, number)
    if found is None or found.lifted_at is not None or found.undo_until <= clock.now():
        raise BadToken
    return found


def own(protection: Protection) -> bool:
    """Whether somebody did it for themselves: only they are told anything in numbers."""
    return protection.by_id == protection.person_id


def undo(protection: Protection, *, by: Person) -> None:
    """Take it back.

    :raises BadToken: it was somebody else who began it.
    :raises caucusmail.privacy.protecting.TooLate: its time is over.
    """
    if protection.by_id != by.id:
        raise BadToken
    protecting.undo(protection, by=by)
