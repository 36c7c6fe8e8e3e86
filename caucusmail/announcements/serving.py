"""How and when each who is in is served: whole, by a notice or in a digest; at once or in their reading hours.

Moments are reckoned once for all people of the same zone and hours, and chosen by SQL: the statements do not grow with the
people. What is whole and at once for whom follows from ``haste``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, literal, null, or_, select

from caucusmail.accounts import hours
from caucusmail.accounts.hours import Hours
from caucusmail.accounts.models import Person
from caucusmail.announcements.haste import Haste
from caucusmail.announcements.models import Announcement
from caucusmail.database import db
from caucusmail.delivery import notice
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.groups.models import Mode, Subscription
from caucusmail.meetings.models import Answer, AnswerState

NEVER_SENT = (DeliveryState.WITHDRAWN, DeliveryState.FAILED)
MANNERS = (Mode.EVERY, Mode.NOTICE, Mode.DIGEST)
"""How an open path serves, the fullest first: who is meant by several is served as the fullest of them does."""


@dataclass(frozen=True)
class Moment:
    """When a letter is due for all who have the same hours."""

    hours: Hours
    due_at: datetime
    digest_at: datetime | None  # None: a digest would come too late


def moments(group_ids: Sequence[int], haste: Haste, at: datetime) -> list[Moment]:
    """One for each zone and hours that somebody on these groups has; nobody who is served at any time. One statement."""
    columns = (Person.zone, Person.reading_from, Person.reading_until, Person.reading_days, Person.digest_weekly)
    found = db.session.execute(
        select(*columns)
        .join(Subscription, Subscription.person_id == Person.id)
        .where(
            Subscription.group_id.in_(group_ids),
            or_(Person.reading_from.is_not(None), Subscription.mode == Mode.DIGEST),
        )
        .distinct()
    )
    return [_moment(Hours(*row), haste, at) for row in found]


def _moment(wanted: Hours, haste: Haste, at: datetime) -> Moment:
    if haste.at_once:
        return Moment(wanted, at, None)
    due, digest = hours.opening(at, wanted), hours.digest(at, wanted)
    late = haste.told_by is not None and digest > haste.told_by
    return Moment(wanted, min(due, haste.latest or due), None if late else digest)


def due_at(found: Sequence[Moment], at: datetime) -> ColumnElement[datetime]:
    """SQL: when a letter of its own is due to a person."""
    kind: Any = Delivery.due_at.type
    later = [(_has(one.hours), literal(one.due_at, kind)) for one in found if one.due_at != at]
    return case(*later, else_=literal(at, kind)) if later else literal(at, kind)


def digest_at(found: Sequence[Moment]) -> ColumnElement[datetime | None]:
    """SQL: when the digest of a person is due that holds it; NULL: in none."""
    kind: Any = Delivery.due_at.type
    in_one = [(_has(one.hours), literal(one.digest_at, kind)) for one in found if one.digest_at is not None]
    return case(*in_one, else_=null()) if in_one else literal(None, kind)


def _has(wanted: Hours) -> ColumnElement[bool]:
    """SQL: the person has these hours."""
    return and_(
        Person.zone == wanted.zone,
        Person.reading_from.is_not_distinct_from(wanted.begins),
        Person.reading_until.is_not_distinct_from(wanted.ends),
        Person.reading_days == wanted.days,
        Person.digest_weekly.is_(wanted.weekly),
    )


def entered(haste: Haste) -> ColumnElement[bool]:
    """SQL: the meeting stands in the person's calendar by a letter of ours, so that what changes must come whole."""
    if haste.entered_id is None:
        return false()
    messages = select(Announcement.message_id).where(Announcement.meeting_id == haste.entered_id)
    return exists().where(
        Delivery.person_id == Person.id,
        Delivery.message_id.in_(messages),
        Delivery.state.not_in(NEVER_SENT),
        notice.whole(),
    )


def lets(haste: Haste) -> ColumnElement[bool]:
    """SQL: the person lets it through a pause of this place."""
    through: list[ColumnElement[bool]] = [Subscription.lets_urgent.is_(True)] if haste.urgent else []
    if haste.moves_id is not None:
        through.append(and_(Subscription.lets_coming, comes(haste)))
    return or_(false(), *through)


def comes(haste: Haste) -> ColumnElement[bool]:
    """SQL: the person said that they come to the meeting which is off or moves."""
    if haste.moves_id is None:
        return false()
    said = (Answer.meeting_id == haste.moves_id, Answer.person_id == Person.id, Answer.state == AnswerState.COMING)
    return exists().where(*said)
