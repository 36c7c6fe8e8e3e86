"""What an organisation's own administrator sees of it: its people, its seats, who has yet to confirm."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.delivery import suppression
from caucusmail.directory import absences, hand_overs, representation
from caucusmail.directory.absence_models import Absence
from caucusmail.directory.applications import Applicant, ApplicantState, Application
from caucusmail.directory.hand_over_models import WAITING, HandOver, OfferState
from caucusmail.directory.models import Caucus, Ngo, Representative, Seat
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import NotFound


@dataclass(frozen=True)
class Speaker:
    """One representative, with the seats they hold."""

    representative: Representative
    seats: tuple[Seat, ...]
    unreached: bool = False  # nothing is sent to their address any more, because letters come back


@dataclass(frozen=True)
class Seated:
    """One seat, and who holds it."""

    seat: Seat
    holder: Person | None
    representative: Representative | None  # as which they hold it; None: they no longer speak for the organisation

    @property
    def name(self) -> str:
        """The holder's, if there is one."""
        return self.holder.name if self.holder else ""


@dataclass(frozen=True)
class People:
    """Who speaks for an organisation now, and where it has seats."""

    ngo: Ngo
    speakers: tuple[Speaker, ...]
    held: tuple[Seated, ...]
    vacant: tuple[Seat, ...]
    free: dict[int, list[Representative]]  # vacant seat: who of its people could be asked to take it
    invited: tuple[Applicant, ...]  # have yet to confirm
    handing: tuple[HandOver, ...]  # offered to a successor, or accepted for a later day
    handed: tuple[HandOver, ...]  # done within the time in which that can be taken back
    away: tuple[Absence, ...]  # with a deputy, now or to come
    verified_by: str  # a name, for the secretariat alone
    places: int  # for further people

    @property
    def administrators(self) -> int:
        """How many look after the organisation."""
        return sum(speaker.representative.admin for speaker in self.speakers)


def own(by: Viewer, ngo_id: int) -> Ngo:
    """The organisation, for who may look after it.

    :raises NotFound: there is none, or it is none of the viewer's business.
    """
    ngo = db.session.get(Ngo, ngo_id) if by.secretariat or ngo_id in by.administers else None
    if ngo is None:
        raise NotFound
    return ngo


def administered(by: Viewer) -> Sequence[Ngo]:
    """The organisations that the viewer looks after, by name."""
    if not by.administers:
        return []
    return db.session.scalars(select(Ngo).where(Ngo.id.in_(by.administers)).order_by(Ngo.name)).all()


def seats(ngo: Ngo) -> Sequence[Seat]:
    """The seats of an organisation, vacant ones too, in the order of the pages, with their caucuses."""
    return db.session.scalars(
        select(Seat)
        .join(Seat.caucus)
        .where(Seat.ngo_id == ngo.id, Seat.until.is_(None))
        .options(contains_eager(Seat.caucus))
        .order_by(Caucus.place, Caucus.id, Seat.id)
    ).all()


def people(by: Viewer, ngo_id: int) -> People:
    """Its people and seats; the same number of statements however many there are.

    :raises NotFound: as ``own``.
    """
    ngo = own(by, ngo_id)
    every = seats(ngo)
    offers = hand_overs.lately(ngo)
    vacant = tuple(seat for seat in every if seat.holder_id is None)
    invited = db.session.scalars(
        select(Applicant)
        .join(Applicant.application)
        .where(Application.for_ngo_id == ngo.id, Applicant.state == ApplicantState.UNCONFIRMED)
        .order_by(Applicant.id)
    )
    speaking = representation.speaking(ngo)
    shut = suppression.suppressed((one.person.address_key for one in speaking), "bounced")
    speakers = tuple(
        Speaker(one, tuple(seat for seat in every if seat.holder_id == one.person_id), one.person.address_key in shut)
        for one in speaking
    )
    return People(
        ngo,
        speakers,
        _held([seat for seat in every if seat.holder_id is not None], speaking),
        vacant,
        {seat.id: _without(seat.caucus_id, speakers) for seat in vacant},
        tuple(invited),
        tuple(one for one in offers if one.state in WAITING),
        tuple(one for one in offers if one.state is OfferState.DONE and not one.undone_at),
        tuple(absences.of_ngo(ngo)),
        _verifier(ngo) if by.secretariat else "",
        max(0, representation.places_left(ngo) - representation.offered(ngo)),
    )


def representative(by: Viewer, ngo_id: int, representative_id: int) -> Representative:
    """One of its people.

    :raises NotFound: not one who speaks for this organisation now.
    """
    for one in representation.speaking(own(by, ngo_id)):
        if one.id == representative_id:
            return one
    raise NotFound


def invitation(by: Viewer, ngo_id: int, applicant_id: int) -> Applicant:
    """An invitation of its own that nobody has confirmed yet, also one that was recalled.

    :raises NotFound: it has none like this.
    """
    found, ngo = db.session.get(Applicant, applicant_id), own(by, ngo_id)
    unanswered = (ApplicantState.UNCONFIRMED, ApplicantState.RECALLED)
    if found is None or found.application.for_ngo_id != ngo.id or found.state not in unanswered:
        raise NotFound
    return found


def seat(by: Viewer, ngo_id: int, seat_id: int) -> Seat:
    """One of its seats.

    :raises NotFound: it has no such seat.
    """
    ngo = own(by, ngo_id)
    found = db.session.get(Seat, seat_id)
    if found is None or found.ngo_id != ngo.id or found.until is not None:
        raise NotFound
    return found


def seated(by: Viewer, ngo_id: int, seat_id: int) -> Seated:
    """One of its seats, with who holds it.

    :raises NotFound: it has no such seat.
    """
    found = seat(by, ngo_id, seat_id)
    held = _held([found], representation.speaking(found.ngo)) if found.holder_id is not None else ()
    return held[0] if held else Seated(found, None, None)


def _held(seats: Sequence[Seat], speaking: Sequence[Representative]) -> tuple[Seated, ...]:
    """Each of these seats with its holder; one statement at the most, for those who no longer speak."""
    serving = {one.person_id: one for one in speaking}
    others = {seat.holder_id for seat in seats} - serving.keys()
    people = {one.person_id: one.person for one in speaking}
    if others:
        people |= {one.id: one for one in db.session.scalars(select(Person).where(Person.id.in_(others)))}
    return tuple(
        Seated(seat, people.get(seat.holder_id), serving.get(seat.holder_id)) for seat in seats if seat.holder_id
    )


def _verifier(ngo: Ngo) -> str:
    person = db.session.get(Person, ngo.verified_by_id) if ngo.verified_by_id else None
    return person.name if person else ""


def _without(caucus_id: int, speakers: Sequence[Speaker]) -> list[Representative]:
    """Who of them holds no seat of the organisation in this caucus; what they are in by themselves is not asked."""
    return [one.representative for one in speakers if caucus_id not in {seat.caucus_id for seat in one.seats}]
