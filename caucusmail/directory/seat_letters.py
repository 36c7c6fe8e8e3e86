"""The letters about a seat's term: that it ends soon, has ended, runs on; and that a seat is vacant."""

from datetime import timedelta

from caucusmail import languages, links, zones
from caucusmail.accounts.models import Person
from caucusmail.directory import several_seats
from caucusmail.directory.models import Seat
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter


def _letter(kind: str, reader: Person, seat: Seat, **context: object) -> Letter:
    language = languages.offered(reader.languages)
    with languages.use(language):
        last = seat.held_until - timedelta.resolution if seat.held_until else None
        return rendering.letter(
            f"directory/{kind}",
            language,
            name=reader.name,
            ngo=seat.ngo.name,
            caucus=languages.pick(seat.caucus.names),
            page=links.organisation(seat.ngo_id),
            day=zones.written(zones.day(last, reader.zone)) if last else "",
            **context,
        )


def ends_soon(reader: Person, seat: Seat, holder: Person) -> Letter:
    """To the holder and to who looks after the organisation: the last day, and what happens then."""
    return _letter("seat_ends_soon", reader, seat, holder=holder.name, own=reader is holder)


def over(holder: Person, seat: Seat) -> Letter:
    """To who held it: the term on the seat has ended, by which others they stay in, and whom to ask."""
    with languages.use(languages.offered(holder.languages)):
        stays = languages.in_a_row(one.ngo.name for one in several_seats.others(seat, holder))
    return _letter("seat_over", holder, seat, stays=stays)


def runs_on(holder: Person, seat: Seat) -> Letter:
    """To who held it: the seat is theirs as before."""
    return _letter("seat_runs_on", holder, seat)


def vacant(admin: Person, seat: Seat, holder: str) -> Letter:
    """To who looks after the organisation: nobody sits there now; invite somebody."""
    return _letter("seat_vacant", admin, seat, holder=holder)
