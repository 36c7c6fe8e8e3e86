"""Questions about email groups and the places on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import contains_eager, joinedload

from caucusmail import clock, languages
from caucusmail.accounts.models import Person
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.directory import queries as directory
from caucusmail.directory.models import Affiliation, AffiliationState, Caucus, Ngo, Seat, Status
from caucusmail.errors import NotFound
from caucusmail.groups.models import EmailGroup, Mode, Subscription
from caucusmail.languages import _

LEFT = "places.left"
WAY_BACK = timedelta(days=30)
"""How long a change can be taken back."""


class Standing(StrEnum):
    """How a person stands in a caucus, in the words of their own page."""

    ACTIVE = "active"
    PAUSED = "paused"
    DORMANT = "dormant"  # a member, but the caucus sleeps; nothing is sent
    WAITING = "waiting"
    INTEREST = "interest"
    ARCHIVED = "archived"  # the caucus is; nothing is sent


@dataclass(frozen=True)
class Place:
    """One person's place in one caucus, with the email groups that come with it."""

    affiliation: Affiliation
    standing: Standing
    ngo: Ngo | None  # None: as an individual
    subscriptions: tuple[Subscription, ...]
    paused_from: datetime | None = None  # of a pause that has not ended: it may lie ahead
    paused_until: datetime | None = None
    ngos: tuple[Ngo, ...] = ()  # for all of which they are in, ``ngo`` first

    @property
    def ngo_names(self) -> str:
        """The organisations they are in for, as the current language joins them."""
        return languages.in_a_row(one.name for one in self.ngos)

    @property
    def caucus(self) -> Caucus:
        """The caucus."""
        return self.affiliation.caucus

    @property
    def served(self) -> bool:
        """Whether letters come from here, or would but for a pause."""
        return self.standing in (Standing.ACTIVE, Standing.PAUSED)


@dataclass(frozen=True)
class FormerPlace:
    """A caucus that the person left lately, and can go back to."""

    caucus: Caucus
    left_at: datetime
    until: datetime  # the last moment to come back without asking


def pause_open(place: Subscription, moment: datetime) -> bool:
    """Whether a pause of this subscription runs at ``moment`` or lies ahead of it."""
    return place.paused_from is not None and (place.paused_until is None or place.paused_until > moment)


def is_paused(place: Subscription, moment: datetime) -> bool:
    """Whether this subscription is paused at ``moment``."""
    return pause_open(place, moment) and place.paused_from is not None and place.paused_from <= moment


def open_groups(caucus: Caucus) -> Sequence[EmailGroup]:
    """The email groups of a caucus that are open, the oldest first."""
    return db.session.scalars(
        select(EmailGroup)
        .where(EmailGroup.caucus_id == caucus.id, EmailGroup.closed_at.is_(None))
        .order_by(EmailGroup.id)
    ).all()


@dataclass(frozen=True)
class Kept:
    """An email group as its keepers see it."""

    group: EmailGroup
    places: int  # people who are on it
    served: int  # of them, those who get what is sent to it: neither paused nor reading on the site


def of_caucus(caucus: Caucus) -> list[Kept]:
    """The email groups of a caucus: the open ones, then the closed ones, each the oldest first. One statement."""
    rows = db.session.execute(
        select(EmailGroup, func.count(Subscription.id), func.count(case((served(clock.now()), Subscription.id))))
        .outerjoin(Subscription, Subscription.group_id == EmailGroup.id)
        .where(EmailGroup.caucus_id == caucus.id)
        .group_by(EmailGroup.id)
        .order_by(EmailGroup.closed_at.is_not(None), EmailGroup.id)
    )
    return [Kept(*row) for row in rows.all()]


def served(moment: datetime) -> ColumnElement[bool]:
    """SQL: the place of a subscription brings letters at ``moment`` (as long as its group is open)."""
    paused = and_(
        Subscription.paused_from <= moment, Subscription.paused_until.is_(None) | (Subscription.paused_until > moment)
    )
    return and_(Subscription.mode != Mode.NONE, Subscription.paused_from.is_(None) | ~paused)


def group(caucus: Caucus, local_part: str) -> EmailGroup:
    """The email group of ``caucus`` with this name.

    :raises NotFound: there is none.
    """
    found = db.session.scalar(
        select(EmailGroup).where(EmailGroup.caucus_id == caucus.id, EmailGroup.local_part == local_part)
    )
    if found is None:
        raise NotFound(_("This caucus has no email group with that name."))
    return found


def subscriptions(person: Person, caucus: Caucus | None = None) -> Sequence[Subscription]:
    """The person's places on email groups: of one caucus, or all; with their groups and caucuses."""
    wanted = select(Subscription).join(Subscription.group).where(Subscription.person_id == person.id)
    if caucus is not None:
        wanted = wanted.where(EmailGroup.caucus_id == caucus.id)
    return db.session.scalars(
        wanted.options(contains_eager(Subscription.group).joinedload(EmailGroup.caucus)).order_by(Subscription.group_id)
    ).all()


def places(person: Person) -> list[Place]:
    """Every caucus the person is in or asks to be in, in the order of the pages; three statements."""
    inside = (AffiliationState.ACTIVE, AffiliationState.WAITING, AffiliationState.INTEREST)
    affiliations = db.session.scalars(
        select(Affiliation)
        .join(Affiliation.caucus)
        .where(Affiliation.person_id == person.id, Affiliation.state.in_(inside))
        .options(contains_eager(Affiliation.caucus), joinedload(Affiliation.seat).joinedload(Seat.ngo))
        .order_by(Caucus.family, Caucus.place, Caucus.id)
    ).all()
    taken: dict[int, list[Subscription]] = {}
    for subscription in subscriptions(person):
        taken.setdefault(subscription.group.caucus_id, []).append(subscription)
    held = directory.all_seats([person.id])
    return [_place(one, taken.get(one.caucus_id, []), directory.here_for(one, held)) for one in affiliations]


def _place(affiliation: Affiliation, taken: list[Subscription], ngos: tuple[Ngo, ...]) -> Place:
    now = clock.now()
    pause = next((s for s in taken if pause_open(s, now)), None)
    if affiliation.caucus.status is Status.ARCHIVED:
        standing = Standing.ARCHIVED
    elif affiliation.state is not AffiliationState.ACTIVE:
        standing = Standing(affiliation.state.value)
    elif affiliation.caucus.status is Status.DORMANT:
        standing = Standing.DORMANT
    else:
        standing = Standing.PAUSED if taken and all(is_paused(s, now) for s in taken) else Standing.ACTIVE
    return Place(
        affiliation,
        standing,
        affiliation.seat.ngo if affiliation.seat else None,
        tuple(taken),
        pause.paused_from if pause else None,
        pause.paused_until if pause else None,
        ngos,
    )


def steps_out(person: Person) -> Sequence[AuditEntry]:
    """What the person left by themselves and may still go back to, the latest first."""
    return db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject_kind == Person.__tablename__,
            AuditEntry.subject_id == person.id,
            AuditEntry.verb == LEFT,
            AuditEntry.by_id == person.id,
            AuditEntry.at > clock.now() - WAY_BACK,
        )
        .order_by(AuditEntry.id.desc())
    ).all()


def left_lately(person: Person) -> list[FormerPlace]:
    """The caucuses that the person left by themselves and can go back to; two statements."""
    when: dict[int, datetime] = {}
    for step in steps_out(person):
        for former in step.detail["former"]:
            when.setdefault(former["affiliation"], step.at)
    if not when:
        return []
    ended = db.session.scalars(
        select(Affiliation)
        .join(Affiliation.caucus)
        .where(
            Affiliation.id.in_(when), Affiliation.state == AffiliationState.ENDED, Affiliation.ended_by_id == person.id
        )
        .options(contains_eager(Affiliation.caucus))
        .order_by(Caucus.family, Caucus.place, Caucus.id)
    )
    return [FormerPlace(a.caucus, when[a.id], when[a.id] + WAY_BACK) for a in ended]


def further(caucus_ids: Sequence[int]) -> Sequence[EmailGroup]:
    """Open email groups of these caucuses beside the one that carries a caucus's own name, by their address."""
    return db.session.scalars(
        select(EmailGroup)
        .join(Caucus)
        .where(
            EmailGroup.caucus_id.in_(caucus_ids), EmailGroup.closed_at.is_(None), EmailGroup.local_part != Caucus.slug
        )
        .order_by(EmailGroup.local_part)
    ).all()
