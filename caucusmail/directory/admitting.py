"""Whom an application lets in, and where: what ``verification`` decides is done here, and undone for ``reopening``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.delivery import ledger
from caucusmail.delivery.ledger import To
from caucusmail.directory import (
    affiliation,
    decision_letters,
    joining,
    queries,
    representation,
    seating,
    several_seats,
)
from caucusmail.directory.applications import Applicant, ApplicantState, Application, ApplicationState, Wish
from caucusmail.directory.models import (
    Affiliation,
    AffiliationState,
    Caucus,
    JoinMode,
    Ngo,
    NgoState,
    Seat,
    Sensitivity,
)


@dataclass(frozen=True)
class Entered:
    """One person who was let in, and where."""

    person: Person
    places: Sequence[Affiliation]

    @property
    def caucuses(self) -> list[Caucus]:
        """Where they are in."""
        return [place.caucus for place in self.places]


def confirmed(application: Application) -> Sequence[Applicant]:
    """Who has confirmed, the one who filled in the form first."""
    return db.session.scalars(
        select(Applicant)
        .where(
            Applicant.application_id == application.id,
            Applicant.state == ApplicantState.CONFIRMED,
            Applicant.person_id.is_not(None),
        )
        .order_by(Applicant.first.desc(), Applicant.id)
    ).all()


def wanting(application: Application) -> list[Applicant]:
    """Who has confirmed, but those who have left everything they asked for since: nothing is decided for them any more."""
    return [one for one in confirmed(application) if not joining.has_left_all(one)]


def expected(application: Application) -> int:
    """How many people are on the application: those who have confirmed, and those who still may."""
    states = (ApplicantState.CONFIRMED, ApplicantState.UNCONFIRMED)
    on_it = select(func.count()).select_from(Applicant)
    return db.session.scalar(on_it.where(Applicant.application_id == application.id, Applicant.state.in_(states))) or 0


def wished(applicant: Applicant) -> Any:
    """SQL: the ids of the caucuses the applicant still wants."""
    return select(Wish.caucus_id).where(Wish.applicant_id == applicant.id, Wish.kept.is_(True))


def waiting(applicant: Applicant, *, interest: bool = False) -> Sequence[Affiliation]:
    """The places for which the applicant waits; with ``interest`` also those where interest is only gathered."""
    states = affiliation.ASKING if interest else (AffiliationState.WAITING,)
    return db.session.scalars(
        select(Affiliation)
        .where(
            Affiliation.person_id == applicant.person_id,
            Affiliation.caucus_id.in_(wished(applicant)),
            Affiliation.state.in_(states),
        )
        .options(joinedload(Affiliation.caucus))
        .order_by(Affiliation.id)
    ).all()


def let_in(applicant: Applicant, ngo: Ngo | None, *, by: Person) -> Entered:
    """Let one applicant in wherever they wait, and write to them. A provisional organisation enters no confidential caucus."""
    person, entered = db.session.get_one(Person, applicant.person_id), []
    for place in waiting(applicant):
        confidential = place.caucus.sensitivity is Sensitivity.CONFIDENTIAL
        if ngo is not None and ngo.state is NgoState.PROVISIONAL and confidential:
            continue
        seat = representation.seat(ngo, place.caucus, person) if ngo is not None else None
        if affiliation.activate(place, by=by, seat=seat):
            entered.append(place)
    letter = decision_letters.you_are_in(person, [place.caucus for place in entered], ngo.name if ngo else "")
    write(letter, person, applicant.application)
    return Entered(person, entered)


def admit_waiting(ngo: Ngo, *, by: Person) -> list[Entered]:
    """Let those in who speak for ``ngo`` and have waited for it to be verified, for a confidential caucus; and write to them."""
    speaking = {one.person_id for one in representation.speaking(ngo)}
    approved = db.session.scalars(
        select(Applicant)
        .join(Applicant.application)
        .where(
            Application.ngo_id == ngo.id,
            Application.state == ApplicationState.APPROVED,
            Applicant.state == ApplicantState.CONFIRMED,
            Applicant.person_id.in_(speaking),
        )
        .options(joinedload(Applicant.application))
        .order_by(Applicant.id)
    ).all()
    return [let_in(one, ngo, by=by) for one in approved if waiting(one)]


def wait_again(places: Sequence[Affiliation], ngo: Ngo | None) -> list[Affiliation]:
    """Have those who were let in wait as before, and their seats with ``ngo`` become vacant; who. Those who hold another
    organisation's seat, too, stay in by that."""
    waits = []
    for place in places:
        held = queries.held_seats(place.person_id, place.caucus_id)
        mine = [seat for seat in held if ngo is not None and seat.ngo_id == ngo.id]
        if len(mine) < len(held) and place.state is AffiliationState.ACTIVE:
            several_seats.get_up(place.person, mine, by=None)
            continue
        for seat in mine:
            seating.leave_seat(seat.id, place.person_id)
        interest = place.caucus.join_mode is JoinMode.INTEREST
        place.state = AffiliationState.INTEREST if interest else AffiliationState.WAITING
        place.since, place.seat_id = clock.now(), None
        waits.append(place)
    return waits


def turn_out(ngo: Ngo, place_ids: Sequence[int], since: datetime) -> list[Affiliation]:
    """Have those of these places wait again that are active still, write to their people, and take away the vacant seats
    that ``ngo`` has got since then; the places that wait again."""
    places = db.session.scalars(
        select(Affiliation)
        .where(Affiliation.id.in_(place_ids), Affiliation.state == AffiliationState.ACTIVE)
        .options(joinedload(Affiliation.caucus), joinedload(Affiliation.person))
        .order_by(Affiliation.id)
    ).all()
    places = wait_again(places, ngo)
    for place in places:
        letter = decision_letters.waits_again(place.person, place.caucus, ngo)
        to = To(place.person.address, place.person.name, place.person.id, place.person.zone)
        ledger.enqueue(letter, to, about=("affiliations", place.id))
    db.session.flush()
    vacant = select(Seat).where(Seat.ngo_id == ngo.id, Seat.holder_id.is_(None), Seat.since >= since)
    for seat in db.session.scalars(vacant):
        db.session.delete(seat)
    return places


def write(letter: Any, person: Person, application: Application) -> None:
    """Owe one applicant a letter about the application."""
    ledger.enqueue(
        letter, To(person.address, person.name, person.id, person.zone), about=("applications", application.id)
    )
