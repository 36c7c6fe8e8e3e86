"""When a way on which an announcement could reach somebody is closed, and why: a condition in SQL for each reason.

They speak of the tables that ``standing`` joins: Person, Affiliation, Caucus, Subscription, Seat, Ngo.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_, select, true

from caucusmail.accounts.models import Person, Shelter
from caucusmail.accounts.reading import reads
from caucusmail.announcements import stand_ins
from caucusmail.announcements.choice import Audience, Role
from caucusmail.announcements.models import Announcement, LeftOut
from caucusmail.announcements.serving import NEVER_SENT
from caucusmail.delivery.models import Delivery
from caucusmail.directory.models import (
    Affiliation,
    AffiliationState,
    Caucus,
    Consent,
    Keeper,
    Ngo,
    NgoState,
    Representative,
    Seat,
    SeatRole,
)
from caucusmail.groups.models import Mode, Subscription
from caucusmail.meetings import answers


def closed(
    chosen: Audience,
    at: datetime,
    suppressed: Sequence[int],
    shut: Sequence[int] = (),
    due_at: ColumnElement[datetime] | None = None,
    lets: ColumnElement[bool] | None = None,
) -> dict[LeftOut, ColumnElement[bool]]:
    """For each reason, when a path is closed for it, as of ``at``; ``suppressed``: memberships to whose address nothing is
    sent; ``shut``: deputies likewise; ``due_at``: when its letter would come (None: ``at``), ``lets``: whether a pause lets it
    through."""
    in_pause = paused(literal(at, type_=Subscription.since.type) if due_at is None else due_at)
    nowhere = Ngo.region_id.is_(None) & Caucus.region_id.is_(None)
    there = Ngo.region_id.in_(chosen.region_ids) | Caucus.region_id.in_(chosen.region_ids)
    return {
        LeftOut.NOT_SENT: ~_sent(chosen.sent_announcement_ids) if chosen.sent_announcement_ids else false(),
        LeftOut.OTHER_REGION: func.coalesce(~there, True) & ~nowhere if chosen.region_ids else false(),
        LeftOut.NO_REGION: nowhere if chosen.region_ids else false(),
        LeftOut.OTHER_ROLE: ~_has_role(chosen.roles, at) if chosen.roles else false(),
        LeftOut.OTHER_LANGUAGE: and_(true(), *(reads(one) == 0 for one in chosen.languages))
        if chosen.languages
        else false(),
        LeftOut.EXCLUDED: _excluded(chosen),
        LeftOut.DECLINED: or_(false(), *(Person.id.in_(answers.declined(key)) for key in chosen.exclude_declined_ids)),
        LeftOut.LAPSED: func.coalesce(Ngo.state == NgoState.LAPSED, False),
        LeftOut.LEFT: Subscription.id.is_(None) | Person.left_at.is_not(None),
        LeftOut.NO_CONSENT: _withdrawn(),
        LeftOut.PROTECTED: func.coalesce(Person.shelter == Shelter.SILENT, False),
        LeftOut.AWAY: stand_ins.away(at, shut),
        LeftOut.SUPPRESSED: Affiliation.id.in_(suppressed),
        LeftOut.READS_ON_SITE: Subscription.mode == Mode.NONE,
        LeftOut.PAUSED: in_pause if lets is None else in_pause & ~lets,
    }


def paused(at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """SQL: the place is paused at that moment."""
    begun = Subscription.paused_from.is_not(None) & (Subscription.paused_from <= at)
    return begun & (Subscription.paused_until.is_(None) | (Subscription.paused_until > at))


def _among(column: Any, values: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.in_(list(values))
    return found


def _excluded(chosen: Audience) -> ColumnElement[bool]:
    """In a caucus or on a group that was excluded, or sent one of the excluded announcements."""
    parts: list[ColumnElement[bool]] = []
    if chosen.exclude_caucus_ids:
        other = Affiliation.__table__.alias("other")
        parts.append(
            exists().where(
                other.c.person_id == Person.id,
                other.c.state == AffiliationState.ACTIVE,
                _among(other.c.caucus_id, chosen.exclude_caucus_ids),
            )
        )
    if chosen.exclude_group_ids:
        place = Subscription.__table__.alias("place")
        parts.append(exists().where(place.c.person_id == Person.id, _among(place.c.group_id, chosen.exclude_group_ids)))
    if chosen.exclude_announcement_ids:
        parts.append(_sent(chosen.exclude_announcement_ids))
    return or_(false(), *parts)


def _sent(announcement_ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether a copy of one of these went to the person, or may still; also if they joined later, or a deputy got theirs."""
    later = Announcement.for_newcomers & Announcement.corrects_id.in_(announcement_ids)
    messages = select(Announcement.message_id).where(Announcement.id.in_(announcement_ids) | later)
    own = exists().where(
        Delivery.person_id == Person.id, Delivery.message_id.in_(messages), Delivery.state.not_in(NEVER_SENT)
    )
    return own | stand_ins.seat_had(messages, NEVER_SENT)


def _has_role(roles: Sequence[Role], at: datetime) -> ColumnElement[bool]:
    seat = Affiliation.seat_id.is_not(None)
    ways: dict[Role, ColumnElement[bool]] = {
        Role.REPRESENTATIVE: seat & (Seat.role == SeatRole.REPRESENTATIVE),
        Role.ALTERNATE: seat & (Seat.role == SeatRole.ALTERNATE),
        Role.INDIVIDUAL: Affiliation.seat_id.is_(None),
        Role.KEEPER: exists().where(
            Keeper.person_id == Person.id,
            Keeper.caucus_id == Affiliation.caucus_id,
            Keeper.since <= at,
            Keeper.until.is_(None) | (Keeper.until > at),
        ),
        Role.ADMINISTRATOR: exists().where(
            Representative.person_id == Person.id,
            Representative.admin,
            Representative.since <= at,
            Representative.until.is_(None) | (Representative.until > at),
        ),
    }
    return or_(false(), *(ways[role] for role in roles))


def _withdrawn() -> ColumnElement[bool]:
    """Consent was given for this caucus and every one was withdrawn."""
    of_these = (Consent.person_id == Affiliation.person_id, Consent.caucus_id == Affiliation.caucus_id)
    return exists().where(*of_these, Consent.withdrawn_at.is_not(None)) & ~exists().where(
        *of_these, Consent.withdrawn_at.is_(None)
    )
