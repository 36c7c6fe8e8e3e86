"""Questions of those who join: which caucuses can be joined and how, and where an application stands. Writes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from caucusmail import clock
from caucusmail.accounts import queries as accounts
from caucusmail.accounts import revoking
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.directory import lookalikes, windows
from caucusmail.directory.applications import Applicant, ApplicantState, Application, ApplicationState, Evidence, Wish
from caucusmail.directory.hand_over_models import HandOver
from caucusmail.directory.models import (
    Affiliation,
    AffiliationState,
    Caucus,
    Country,
    Family,
    JoinMode,
    Ngo,
    Seat,
    Status,
)
from caucusmail.directory.windows import Review

UNDECIDED = (ApplicationState.TO_REVIEW, ApplicationState.ASKED, ApplicationState.HELD)


def shown(caucus: Caucus) -> bool:
    """Whether the sign-up form names the caucus at all: not the archived, not the closed."""
    return caucus.status is not Status.ARCHIVED and caucus.join_mode is not JoinMode.CLOSED


def can_be_ticked(caucus: Caucus) -> bool:
    """Whether one can ask here to join it (an external one has its own site)."""
    return shown(caucus) and caucus.join_mode is not JoinMode.EXTERNAL


def offered() -> Sequence[Caucus]:
    """What the sign-up form names, caucuses before teams, networks and coalitions, each in its order."""
    order = list(Family)
    found = db.session.scalars(
        select(Caucus).where(Caucus.status != Status.ARCHIVED, Caucus.join_mode != JoinMode.CLOSED)
    ).all()
    return sorted(found, key=lambda caucus: (order.index(caucus.family), caucus.place, caucus.id))


def by_slugs(slugs: Collection[str]) -> Sequence[Caucus]:
    """The caucuses of these slugs, whatever their state, in their order."""
    return db.session.scalars(select(Caucus).where(Caucus.slug.in_(slugs)).order_by(Caucus.place, Caucus.id)).all()


def by_ids(ids: Collection[int]) -> Sequence[Caucus]:
    """The caucuses of these ids, in their order."""
    return db.session.scalars(select(Caucus).where(Caucus.id.in_(ids)).order_by(Caucus.place, Caucus.id)).all()


def seated(ngo: Ngo) -> Sequence[Caucus]:
    """The caucuses in which an organisation has a seat: those it may add people to."""
    return db.session.scalars(
        select(Caucus)
        .where(Caucus.id.in_(select(Seat.caucus_id).where(Seat.ngo_id == ngo.id, Seat.until.is_(None))))
        .order_by(Caucus.place, Caucus.id)
    ).all()


def country_codes() -> Sequence[str]:
    """Every country the house knows."""
    return db.session.scalars(select(Country.code).order_by(Country.code)).all()


def known(applicant: Applicant) -> Person | None:
    """The person this applicant is already: at this address and of that name; several people may share a mailbox."""
    at_address = accounts.by_address(applicant.address_key)
    name = lookalikes.plain(applicant.name)
    exact = (one for one in at_address if lookalikes.plain(one.name) == name)
    near = (one for one in at_address if lookalikes.same_person(one.name, applicant.name))
    return next(exact, None) or next(near, None)


def meant(person_id: int | None, asked: Applicant | HandOver) -> Sequence[Person]:
    """Who said yes; or, as long as nobody has, whom name and address can mean: who reads there alone, and of several those of
    that name, or whose name cannot be compared, as they are protected."""
    if person_id is not None:
        return [db.session.get_one(Person, person_id)]
    readers = accounts.reached_at(asked.address_key)
    if len(readers) < 2:
        return readers
    return [one for one in readers if one.shelter is not None or lookalikes.same_person(one.name, asked.name)]


def refuse_old(token: str, person_id: int | None, asked: Applicant | HandOver) -> None:
    """Refuse a link that was written before whom it means ended all of theirs; ``token`` has been read.

    :raises BadToken: it was.
    """
    for person in meant(person_id, asked):
        revoking.refuse_old(person, token)


def mailbox(applicant: Applicant) -> str:
    """Their address as whoever reads it first gave it, if we know them: what was typed now may be read alike and yet be
    somebody else's mailbox."""
    at_address = accounts.by_address(applicant.address_key)
    return at_address[0].address if at_address else applicant.address


def wishes(applicant: Applicant) -> Sequence[Wish]:
    """What an applicant wants to join, with its caucuses, in their order."""
    return db.session.scalars(
        select(Wish)
        .join(Caucus)
        .options(joinedload(Wish.caucus))
        .where(Wish.applicant_id == applicant.id)
        .order_by(Caucus.place, Caucus.id)
    ).all()


def has_left_all(applicant: Applicant) -> bool:
    """Whether the applicant has left every caucus they asked for since: nothing on the application is theirs any more."""
    states = db.session.scalars(
        select(Affiliation.state)
        .join(Wish, Wish.caucus_id == Affiliation.caucus_id)
        .where(Affiliation.person_id == applicant.person_id, Wish.applicant_id == applicant.id, Wish.kept.is_(True))
    ).all()
    return bool(states) and all(state is AffiliationState.ENDED for state in states)


def inside(person: Person, caucus_ids: Collection[int]) -> bool:
    """Whether ``person`` is an active member of all of these."""
    active = db.session.scalar(
        select(func.count())
        .select_from(Affiliation)
        .where(
            Affiliation.person_id == person.id,
            Affiliation.caucus_id.in_(caucus_ids),
            Affiliation.state == AffiliationState.ACTIVE,
        )
    )
    return active == len(set(caucus_ids))


def waiting_for_review() -> int:
    """How many applications wait for the secretariat."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Application).where(Application.state == ApplicationState.TO_REVIEW)
        )
        or 0
    )


@dataclass(frozen=True)
class Place:
    """Where one person stands with one caucus they asked for."""

    caucus: Caucus
    state: AffiliationState
    since: datetime


@dataclass(frozen=True)
class Standing:
    """Where an application stands, as one of its applicants sees it."""

    application: Application
    applicant: Applicant
    person: Person
    places: Sequence[Place]
    colleagues: Sequence[Applicant]  # seen only by the one who filled in the form
    review: Review
    evidence: Sequence[Evidence]

    @property
    def undecided(self) -> bool:
        """Whether the secretariat has yet to decide."""
        return self.application.state in UNDECIDED

    @property
    def withdrawn(self) -> bool:
        """Whether this applicant has withdrawn."""
        return self.applicant.state is ApplicantState.WITHDRAWN


def standing(applicant: Applicant) -> Standing:
    """Where things stand for an applicant who has confirmed."""
    application, person = applicant.application, db.session.get_one(Person, applicant.person_id)
    places = db.session.scalars(
        select(Affiliation)
        .join(Wish, (Wish.caucus_id == Affiliation.caucus_id) & (Wish.applicant_id == applicant.id))
        .join(Caucus, Caucus.id == Affiliation.caucus_id)
        .options(joinedload(Affiliation.caucus))
        .where(Affiliation.person_id == person.id, Wish.kept.is_(True))
        .order_by(Caucus.place, Caucus.id)
    ).all()
    colleagues = db.session.scalars(
        select(Applicant)
        .where(
            Applicant.application_id == application.id,
            Applicant.id != applicant.id,
            Applicant.state != ApplicantState.REPLACED,
        )
        .order_by(Applicant.id)
    ).all()
    evidence = db.session.scalars(
        select(Evidence).where(Evidence.application_id == application.id).order_by(Evidence.at, Evidence.id)
    ).all()
    return Standing(
        application,
        applicant,
        person,
        [Place(place.caucus, place.state, place.since) for place in places],
        colleagues if applicant.first else [],
        windows.review(clock.now()),
        evidence,
    )
