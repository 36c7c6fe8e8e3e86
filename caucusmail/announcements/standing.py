"""The one definition of who is in and who is left out, and why: SQL that estimate, lists and freezing share.

A *path* is a way on which an announcement could reach a person: their active affiliation with a caucus, one email group
of that caucus, and (if they are on it) their place there. Each path is judged: it is open, or closed for one reason.
A person is in if any of their paths is open, with every open one as a reason; else they are left out for the reason
that comes nearest to being in. So *in* and *left out* together hold each person who was meant exactly once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, String, and_, case, cast, func, literal, null, or_, select, true

from caucusmail import clock
from caucusmail.accounts.models import Person, SecondAddress
from caucusmail.announcements import closing, editions, haste, serving, stand_ins
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.haste import NO_HASTE, Haste
from caucusmail.announcements.models import Announcement, LeftOut
from caucusmail.announcements.serving import MANNERS, Moment
from caucusmail.database import db
from caucusmail.delivery import suppression
from caucusmail.delivery.models import Suppression
from caucusmail.directory import lifecycle
from caucusmail.directory.models import Affiliation, AffiliationState, Caucus, Ngo, Seat
from caucusmail.groups.copies import COMING, THROUGH, URGENT
from caucusmail.groups.models import EmailGroup, GroupKind, Mode, Subscription

OPEN = 0
RANKS = (
    LeftOut.PAUSED,
    LeftOut.READS_ON_SITE,
    LeftOut.SUPPRESSED,
    LeftOut.AWAY,
    LeftOut.PROTECTED,
    LeftOut.NO_CONSENT,
    LeftOut.LEFT,
    LeftOut.LAPSED,
    LeftOut.DECLINED,
    LeftOut.EXCLUDED,
    LeftOut.OTHER_LANGUAGE,
    LeftOut.OTHER_ROLE,
    LeftOut.NO_REGION,
    LeftOut.OTHER_REGION,
    LeftOut.NOT_SENT,
)
"""Reasons by how near they come to being in: the nearest is rank 1."""


@dataclass(frozen=True)
class Question:
    """Whom an announcement would reach: what was chosen, the groups that follow from it, the moment, the versions."""

    audience: Audience
    groups: Sequence[EmailGroup]  # that of the sending caucus first: the first reason names the copy's List-Id
    at: datetime
    versions: Sequence[str]  # languages there is a text in; the first is everybody's last resort
    suppressed: Sequence[int] = ()  # memberships whose letters would go to an address to which nothing is sent
    haste: Haste = NO_HASTE
    moments: Sequence[Moment] = ()  # of those who are not served at any time
    shut: Sequence[int] = ()  # deputies to whose address nothing is sent

    @property
    def listed(self) -> set[int]:
        """Groups whose caucus is meant as a whole, so that members who are not on the group are told why not."""
        chosen = self.audience
        return {one.id for one in self.groups if chosen.everybody or one.caucus_id in chosen.caucus_ids}


def question(
    announcement: Announcement, versions: Sequence[str], at: datetime | None = None, *, waits: bool = True
) -> Question:
    """What ``announcement`` asks for, as of ``at`` (default: its time, or now). At most six statements.

    ``waits``: some may get it later, in their reading hours or a digest; else all do at that moment.
    """
    audience = Audience.from_json(announcement.audience)
    wanted: ColumnElement[bool] = true() if audience.everybody else EmailGroup.caucus_id.in_(audience.caucus_ids)
    groups = db.session.scalars(
        select(EmailGroup)
        .join(Caucus)
        .where(
            EmailGroup.closed_at.is_(None),
            lifecycle.sending(),
            or_(wanted & (EmailGroup.kind == GroupKind.ANNOUNCEMENT), EmailGroup.id.in_(audience.group_ids)),
        )
        .order_by(EmailGroup.caucus_id != announcement.caucus_id, Caucus.place, EmailGroup.id)
    ).all()
    when = at or max(announcement.scheduled_for or clock.now(), clock.now())
    last = sorted(versions, key=lambda language: language != "en")
    marks = set(db.session.scalars(select(Suppression.address_fingerprint)))
    suppressed, shut = (_suppressed(marks, groups), stand_ins.unreachable(marks)) if marks else ([], [])
    pressing = haste.of(announcement, when)
    moments = serving.moments([group.id for group in groups], pressing, when) if waits else []
    return Question(audience, groups, when, last, suppressed, pressing, moments, shut)


def _suppressed(marks: Collection[str], groups: Sequence[EmailGroup]) -> list[int]:
    """Which memberships of these caucuses are written to at an address that is suppressed.

    Suppressions are kept as keyed fingerprints, which SQL cannot reckon; they belong to an address, so that a person who
    has changed theirs is written to again, and two who share one are not.
    """
    caucus_ids = [group.caucus_id for group in groups]
    members = db.session.execute(
        select(Affiliation.id, func.coalesce(SecondAddress.address, Person.address))
        .join(Person, Person.id == Affiliation.person_id)
        .outerjoin(SecondAddress, chosen())
        .where(Affiliation.caucus_id.in_(caucus_ids), Affiliation.state == AffiliationState.ACTIVE)
    )
    return [membership for membership, address in members if suppression.mark(address) in marks]


def chosen() -> ColumnElement[bool]:
    """SQL: the further address at which a membership is to be written to, if it is (still) the person's."""
    return and_(SecondAddress.id == Affiliation.address_id, SecondAddress.verified_at.is_not(None))


def paths(asked: Question) -> CTE:
    """One row for each path: person, group, caucus, organisation, rank (0: open); those of deputies with a key of their own."""
    comes_at, lets = _comes_at(asked), serving.lets(asked.haste)
    closed = closing.closed(asked.audience, asked.at, asked.suppressed, asked.shut, comes_at, lets)
    rank = case(
        *((closed[reason], literal(RANKS.index(reason) + 1)) for reason in reversed(RANKS)), else_=literal(OPEN)
    )
    own = (
        select(
            Affiliation.person_id,
            EmailGroup.id.label("group_id"),
            Affiliation.caucus_id,
            Seat.ngo_id,
            Ngo.country_code,
            rank.label("rank"),
            case({mode: place for place, mode in enumerate(MANNERS)}, value=Subscription.mode).label("manner"),
            Subscription.paused_until,
            case((closing.paused(comes_at) & lets, 1), else_=0).label("through"),
            case((serving.comes(asked.haste), 1), else_=0).label("comes"),
            func.coalesce(SecondAddress.id, 0).label("address_id"),
            cast(null(), String).label("key"),
        )
        .join(EmailGroup, EmailGroup.caucus_id == Affiliation.caucus_id)
        .join(Caucus, Caucus.id == Affiliation.caucus_id)
        .join(Person, Person.id == Affiliation.person_id)
        .outerjoin(
            Subscription, and_(Subscription.group_id == EmailGroup.id, Subscription.person_id == Affiliation.person_id)
        )
        .outerjoin(Seat, Seat.id == Affiliation.seat_id)
        .outerjoin(Ngo, Ngo.id == Seat.ngo_id)
        .outerjoin(SecondAddress, chosen())
        .where(
            Affiliation.state == AffiliationState.ACTIVE,
            EmailGroup.id.in_([one.id for one in asked.groups]),
            EmailGroup.closed_at.is_(None),  # it may have been closed since it was asked for
            EmailGroup.id.in_(asked.listed) | Subscription.id.is_not(None),
        )
    )
    return own.union_all(stand_ins.ways(asked, closed)).cte("paths")


def _comes_at(asked: Question) -> ColumnElement[datetime]:
    """SQL: when a letter would come by this path."""
    alone = serving.due_at(asked.moments, asked.at)
    if not any(one.digest_at for one in asked.moments):
        return alone
    return case((Subscription.mode == Mode.DIGEST, func.coalesce(serving.digest_at(asked.moments), alone)), else_=alone)


def standing(asked: Question, *, reasons: bool = True) -> CTE:
    """One row for each person who was meant: rank (0: in), why in (group keys), when a pause ends, an organisation, the
    manner in which they are served (a place in ``MANNERS``).

    Without ``reasons`` ``why`` is empty, which is quicker where many groups are asked.
    """
    path = paths(asked)
    why: ColumnElement[str] = literal("")
    for group in asked.groups if reasons else ():
        open_here = (path.c.group_id == group.id) & (path.c.rank == OPEN) & path.c.key.is_(None)
        why = why.concat(func.max(case((open_here, literal(f"g{group.id} ")), else_=literal(""))))
    if reasons:
        why = why.concat(func.coalesce(func.aggregate_strings(path.c.key, " ") + " ", ""))
    for mark in _marks(asked, path) if reasons else ():
        why = why.concat(mark)
    best = func.min(path.c.rank)
    until = func.min(
        case((path.c.rank == RANKS.index(LeftOut.PAUSED) + 1, path.c.paused_until)),
        type_=Subscription.paused_until.type,
    )
    return (
        select(
            path.c.person_id,
            best.label("rank"),
            func.trim(why).label("why"),
            until.label("until"),
            func.min(case((path.c.rank == OPEN, path.c.ngo_id))).label("ngo_id"),
            func.min(case((path.c.rank == OPEN, path.c.manner))).label("manner"),
            # the main one, if any way in wants it; never one that only a closed way wants
            func.min(case((path.c.rank == OPEN, path.c.address_id))).label("address_id"),
        )
        .group_by(path.c.person_id)
        .cte("standing")
    )


def _marks(asked: Question, path: CTE) -> list[ColumnElement[str]]:
    """SQL: what beside its groups decides over a copy when its reader pauses (``groups.copies``)."""
    found: list[ColumnElement[str]] = [literal(f"{URGENT} ")] if asked.haste.urgent else []
    if asked.haste.moves_id is not None:
        found.append(case((func.max(path.c.comes) == 1, literal(f"{COMING} ")), else_=literal("")))
    if found:
        passes = func.min(case((path.c.rank == OPEN, path.c.through))) == 1
        found.append(case((passes, literal(f"{THROUGH} ")), else_=literal("")))
    return found


def why(asked: Question, person_id: int) -> str:
    """The groups that bring ``person_id`` a copy, as keys; "" if none does."""
    stood = standing(asked)
    found = db.session.scalar(select(stood.c.why).where(stood.c.person_id == person_id, stood.c.rank == OPEN))
    return found or ""


def copies(asked: Question) -> Select[*tuple[Any, ...]]:
    """What the ledger wants: person id, name, address, address key, edition, zone, why, when a letter of its own is due and,
    for whom it waits for one, when the digest; those who are in, by id."""
    stood = standing(asked)
    return (
        select(
            Person.id,
            Person.name,
            *mailbox(),
            editions.edition(asked.versions, by_notice(asked, stood)),
            Person.zone,
            stood.c.why,
            serving.due_at(asked.moments, asked.at).label("due_at"),
            digest_at(asked, stood).label("digest_at"),
        )
        .join(stood, stood.c.person_id == Person.id)
        .outerjoin(SecondAddress, SecondAddress.id == stood.c.address_id)
        .where(stood.c.rank == OPEN)
        .order_by(Person.id)
    )


def by_notice(asked: Question, stood: CTE) -> ColumnElement[bool]:
    """SQL: whether who is in gets only a notice."""
    return and_(stood.c.manner == MANNERS.index(Mode.NOTICE), ~serving.entered(asked.haste))


def digest_at(asked: Question, stood: CTE) -> ColumnElement[datetime | None]:
    """SQL: when who is in gets it in a digest; NULL: they get a letter."""
    in_one = and_(stood.c.manner == MANNERS.index(Mode.DIGEST), ~serving.entered(asked.haste))
    return case((in_one, serving.digest_at(asked.moments)), else_=null())


def mailbox() -> tuple[ColumnElement[str], ColumnElement[str]]:
    """SQL: address and key of a copy, where ``SecondAddress`` is joined by what ``standing`` says."""
    return (
        func.coalesce(SecondAddress.address, Person.address),
        func.coalesce(SecondAddress.address_key, Person.address_key),
    )
