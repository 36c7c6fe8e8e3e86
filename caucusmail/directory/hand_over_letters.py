"""The letters of a hand-over: to the successor who is asked, to who asked, and once it is done to holder, successor and coordinators."""

from collections.abc import Sequence
from datetime import datetime

from caucusmail import languages, links, settings, zones
from caucusmail.accounts.models import Person
from caucusmail.directory import queries
from caucusmail.directory.models import Caucus, Representative
from caucusmail.languages import pick
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter


def _letter(kind: str, languages_: Sequence[str], caucuses: Sequence[Caucus], **context: object) -> Letter:
    language = languages.offered(languages_)
    with languages.use(language):
        names = [pick(one.names, languages_) for one in caucuses]
        return rendering.letter(f"directory/{kind}", language, caucuses=names, **context)


def offered(holder: Representative, language: str, caucuses: Sequence[Caucus], token: str, until: datetime) -> Letter:
    """To an address that nobody has confirmed: whose seats, where, until when it can be answered. Nothing that was typed."""
    with languages.use(languages.offered([language])):
        link, day = links.hand_over(token), zones.clock(until, "UTC").date
    who = settings.current().controller
    return _letter("hand_over_offered", [language], caucuses, ngo=holder.ngo.name, link=link, until=day, controller=who)


def declined(asker: Person, holder: Representative, successor: str) -> Letter:
    """The successor ("": who must not be named) does not want to; the seats are where they were."""
    return _letter("hand_over_declined", asker.languages, [], name=asker.name, ngo=holder.ngo.name, successor=successor)


def in_the_way(asker: Person, holder: Representative, successor: str, why: str) -> Letter:
    """On the day it was to be done something stood in the way: nothing has moved."""
    return _letter(
        "hand_over_stuck", asker.languages, [], name=asker.name, ngo=holder.ngo.name, successor=successor, why=why
    )


def handed_over(
    holder: Representative, successor: Person, caucuses: Sequence[Caucus], token: str, *, ended: bool
) -> Letter:
    """To who held the seats: who holds them now, and the way back for 30 days; ``token`` is "" if somebody else offered them."""
    person = holder.person
    with languages.use(languages.offered(person.languages)):
        back = links.undo(token) if token else ""
        seats = [seat for one in caucuses for seat in queries.held_seats(person.id, one.id)]
        also = [(pick(seat.caucus.names, person.languages), seat.ngo.name) for seat in seats]
    return _letter(
        "hand_over_done",
        person.languages,
        caucuses,
        name=person.name,
        ngo=holder.ngo.name,
        successor=successor.name,
        ended=ended,
        also=also,
        back=back,
    )


def taken_over(
    successor: Person, holder: Representative, caucuses: Sequence[Caucus], token: str, *, admin: bool
) -> Letter:
    """To the successor: where they are in now, and where their own page is. ``token`` is that of their settings."""
    with languages.use(languages.offered(successor.languages)):
        link = links.my_page(token)
    return _letter(
        "hand_over_taken",
        successor.languages,
        caucuses,
        name=successor.name,
        ngo=holder.ngo.name,
        holder=holder.person.name,
        admin=admin,
        link=link,
    )


def withdrawn(expects: Person, holder: Representative, caucuses: Sequence[Caucus]) -> Letter:
    """To who had said yes to seats on a later day: they stay where they are."""
    return _letter("hand_over_withdrawn", expects.languages, caucuses, name=expects.name, ngo=holder.ngo.name)


def passed_on(
    reader: Person, holder: Representative, successor: Person, caucuses: Sequence[Caucus], *, looks_after: bool = False
) -> Letter:
    """To who coordinates one of the caucuses, or looks after the organisation: who sits there now for it."""
    return _letter(
        "hand_over_told",
        reader.languages,
        caucuses,
        name=reader.name,
        ngo=holder.ngo.name,
        holder=holder.person.name,
        successor=successor.name,
        looks_after=looks_after,
    )


def taken_back(
    person: Person, holder: Representative, caucuses: Sequence[Caucus], *, own: bool, vacant: Sequence[Caucus] = ()
) -> Letter:
    """To holder (``own``), successor and who has to know: the seats are the holder's again, or the organisation's (``vacant``)."""
    with languages.use(languages.offered(person.languages)):
        empty = [pick(one.names, person.languages) for one in vacant]
    return _letter(
        "hand_over_taken_back",
        person.languages,
        caucuses,
        name=person.name,
        ngo=holder.ngo.name,
        holder=holder.person.name,
        own=own,
        vacant=empty,
    )
