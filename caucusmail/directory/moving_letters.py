"""The letters of somebody who moves to another organisation: their receipt, who they leave, whom they ask."""

from collections.abc import Sequence

from caucusmail import languages, links
from caucusmail.accounts.models import Person
from caucusmail.directory.models import Caucus, Ngo
from caucusmail.languages import pick
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter


def _letter(kind: str, reader: Person, ngo: Ngo, **context: object) -> Letter:
    return rendering.letter(f"directory/{kind}", languages.current(), name=reader.name, ngo=ngo.name, **context)


def moved(
    person: Person,
    ngo: Ngo,
    left: Sequence[str],
    alone: Sequence[str],
    token: str,
    *,
    asked: str,
    also: Sequence[tuple[str, str]] = (),
) -> Letter:
    """The receipt: what was left, what stays (``also``: for which other organisation), whom we were to ask, and the way back. The
    names are in the reader's language."""
    with languages.use(languages.offered(person.languages)):
        context = {"left": left, "alone": alone, "also": also, "asked": asked, "back": links.undo(token)}
        return _letter("moved", person, ngo, **context)


def who_follows(admin: Person, ngo: Ngo, person: Person, seats: Sequence[Caucus]) -> Letter:
    """To who looks after the organisation that was left: which seats are vacant now; who follows?"""
    with languages.use(languages.offered(admin.languages)):
        names = [pick(one.names) for one in seats]
        page = links.organisation(ngo.id)
        return _letter("who_follows", admin, ngo, person=person.name, seats=names, page=page)


def stays(admin: Person, ngo: Ngo, person: Person) -> Letter:
    """To the same: it was taken back."""
    with languages.use(languages.offered(admin.languages)):
        return _letter("stays", admin, ngo, person=person.name)


def asks(admin: Person, person: Person, ngo: Ngo, seats: Sequence[Caucus]) -> Letter:
    """To who looks after the organisation that somebody says they have moved to."""
    with languages.use(languages.offered(admin.languages)):
        names = [pick(one.names) for one in seats]
        return _letter("asks_for_seat", admin, ngo, person=person.name, seats=names, page=links.organisation(ngo.id))


def not_given(person: Person, ngo: Ngo) -> Letter:
    """To who asked: the organisation does not give them a seat."""
    with languages.use(languages.offered(person.languages)):
        return _letter("seat_not_given", person, ngo)


def given(person: Person, ngo: Ngo, seats: Sequence[Caucus]) -> Letter:
    """To who asked: they speak for the organisation now, in these caucuses."""
    with languages.use(languages.offered(person.languages)):
        return _letter("seat_given", person, ngo, seats=[pick(one.names) for one in seats])
