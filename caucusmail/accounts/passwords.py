"""Optional passwords: set, change, remove. Kept as credential rows, like every other proof to come.

Who calls these has just proved anew who they are; the surface sees to that.
"""

from sqlalchemy import Delete, delete

from caucusmail import clock
from caucusmail.accounts import hashing, letters, queries, signing_in, telling
from caucusmail.accounts.models import Credential, CredentialKind, Person
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.errors import Invalid
from caucusmail.languages import _

SHORTEST, LONGEST = 12, 200  # characters


class WeakPassword(Invalid):
    """Too short, too long, or to be guessed from the account."""


def present(person: Person) -> bool:
    """Whether the person has a password."""
    return bool(queries.passwords([person]))


def replace(person: Person, password: str, *, keep: int | None = None) -> None:
    """Set or change the password of ``person``, sign them out everywhere but on ``keep``, and write to say so.

    :raises WeakPassword: fewer than 12 or more than 200 characters, or too near to the name or address.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(
            "password",
            _(
                "This has %(length)s characters. A password needs at least %(shortest)s, at most %(longest)s; a few "
                "words in a row are easy to remember.",
                length=len(password),
                shortest=SHORTEST,
                longest=LONGEST,
            ),
        )
    if len(set(password)) < 5 or _near(person, password):
        raise WeakPassword(
            "password", _("This could be guessed from your name or address, or repeats few signs. Take other words.")
        )
    verb = "password.changed" if present(person) else "password.set"
    db.session.execute(_of(person))
    db.session.add(
        Credential(
            person_id=person.id, kind=CredentialKind.PASSWORD, secret=hashing.hashed(password), made_at=clock.now()
        )
    )
    _done(person, verb, keep)


def remove(person: Person, *, keep: int | None = None) -> None:
    """Remove the password: from now on only the letters sign in. Without one nothing happens."""
    if present(person):
        db.session.execute(_of(person))
        _done(person, "password.removed", keep)


def _done(person: Person, verb: str, keep: int | None) -> None:
    signing_in.sign_out_everywhere(person, by=person, keep=keep)
    journal.record(verb, person, person)
    telling.everywhere(person, letters.password_changed(person, removed=verb == "password.removed"))


def _of(person: Person) -> Delete:
    return delete(Credential).where(Credential.person_id == person.id, Credential.kind == CredentialKind.PASSWORD)


def _near(person: Person, password: str) -> bool:
    plain = password.casefold()
    pieces = [person.name.casefold(), person.address.casefold(), *person.address.casefold().split("@"), "caucusmail"]
    rest = plain
    for piece in pieces:
        if len(piece) > 3:
            rest = rest.replace(piece, "")
    return len(rest) < 6
