"""Who joins after a meeting was announced is invited too, as it stands then, as long as it is ahead.

The list of the announcement itself stays as it was fixed. What newcomers are sent is an announcement of its own beside it
(``Announcement.for_newcomers``), so that changes, reminders and answers reach them like everybody. Whom the first one was
meant for is asked again, of today's people: groups, filters and exclusions decide as they did. Whoever left, was sent the
end of their calendar's entry (``farewells``) and came back is invited anew, with a higher SEQUENCE.

Nobody is flooded: the soonest meetings first, and no more than ``A_DAY`` to one person within a day.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, false, func, or_, select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements import audience, corrections, following, holding, leaving, letters, standing
from caucusmail.announcements import estimate as numbers
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import Text
from caucusmail.announcements.editions import Edition
from caucusmail.announcements.estimate import Estimate, Version
from caucusmail.announcements.models import (
    Announcement,
    AnnouncementKind,
    AnnouncementState,
    AudienceGap,
    LeftOut,
    MeetingFarewell,
)
from caucusmail.announcements.standing import Question
from caucusmail.announcements.told import told
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.delivery import ledger
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingMessage
from caucusmail.directory.hand_over_models import HandOver
from caucusmail.directory.models import Representative
from caucusmail.directory.visibility import STRANGER
from caucusmail.groups.models import Subscription
from caucusmail.meetings.models import Meeting, MeetingState

SETTLED = timedelta(minutes=10)
"""Who has just joined, or was just let in, may be gone again: the letter that welcomes them comes first."""

A_DAY = 3


def invite_due() -> int:
    """Invite who has joined since to each meeting ahead, the soonest first; how many letters that makes."""
    ids = db.session.scalars(
        select(Meeting.id)
        .where(
            Meeting.starts_at > clock.now(),
            Meeting.state == MeetingState.CONFIRMED,
            Meeting.invites_newcomers
            | exists().where(MeetingFarewell.meeting_id == Meeting.id)
            | exists().where(HandOver.done_at.is_not(None), HandOver.undone_at.is_(None)),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
    return sum(_invite(meeting_id) for meeting_id in ids)


def _invite(meeting_id: int) -> int:
    """First look without a lock: nearly always nobody has joined."""
    now = clock.now()
    meeting = db.session.get_one(Meeting, meeting_id)
    for invitation in _open(meeting):
        texts = corrections.reads_now(invitation)
        asked = standing.question(invitation, list(texts), now)
        if db.session.scalar(_candidates(meeting, invitation, asked, now).limit(1)) is None:
            continue
        meeting = db.session.get_one(Meeting, meeting_id, with_for_update=True, populate_existing=True)
        if meeting.state is not MeetingState.CONFIRMED:
            return 0
        audience.hold_still(asked)
        return _send(meeting, invitation, texts, asked, now)
    return 0


def _open(meeting: Meeting) -> Sequence[Announcement]:
    """What invites to ``meeting``, the newest first; not what was stopped, unless something followed it."""
    before = [one for one in told(meeting) if one.begun_at is not None and not one.for_newcomers]
    stopped = bool(before) and before[-1].state is AnnouncementState.STOPPED
    return [one for one in reversed(before) if one.kind is AnnouncementKind.MEETING and not (stopped and one is before[-1])]  # fmt: skip


def _candidates(meeting: Meeting, invitation: Announcement, asked: Question, now: datetime) -> Select[int]:
    """SQL: ids of who has joined since and was not sent it, or came back; whether they are meant, ``standing`` says."""
    joined = _joined(invitation, asked, now) & ~_had(meeting) if meeting.invites_newcomers else false()
    return select(Person.id).where(joined | _came_back(meeting) | (_took_over(meeting, now) & ~_had(meeting)))


def _joined(invitation: Announcement, asked: Question, now: datetime) -> ColumnElement[bool]:
    """On one of its groups since it was fixed; or of an organisation whose membership had lapsed then."""
    since = exists().where(
        Subscription.person_id == Person.id,
        Subscription.group_id.in_([group.id for group in asked.groups]),
        Subscription.since > (invitation.confirmed_at or now),
        Subscription.since <= now - SETTLED,
    )
    lapsed = exists().where(
        AudienceGap.announcement_id == invitation.id,
        AudienceGap.person_id == Person.id,
        AudienceGap.reason == LeftOut.LAPSED,
    )
    return or_(since, lapsed)


def _took_over(meeting: Meeting, now: datetime) -> ColumnElement[bool]:
    """Has taken over the seats of somebody to whom it was sent: they were asked as who holds the seat."""
    messages = select(Announcement.message_id).where(Announcement.meeting_id == meeting.id)
    return Person.id.in_(
        select(HandOver.successor_id)
        .join(HandOver.representative)
        .join(Delivery, Delivery.person_id == Representative.person_id)
        .where(
            HandOver.done_at <= now - SETTLED,
            HandOver.undone_at.is_(None),
            HandOver.successor_id.is_not(None),
            Delivery.message_id.in_(messages),
            Delivery.state != DeliveryState.WITHDRAWN,
        )
    )


def _had(meeting: Meeting) -> ColumnElement[bool]:
    """Whether a letter about the meeting went to the person, or is about to; one that was withdrawn never came."""
    messages = select(Announcement.message_id).where(Announcement.meeting_id == meeting.id)
    return exists().where(
        Delivery.person_id == Person.id,
        Delivery.message_id.in_(messages),
        Delivery.state != DeliveryState.WITHDRAWN,
    )


def _came_back(meeting: Meeting) -> ColumnElement[bool]:
    return exists().where(MeetingFarewell.meeting_id == meeting.id, MeetingFarewell.person_id == Person.id)


def _enough_today(now: datetime) -> ColumnElement[bool]:
    lately = select(Announcement.message_id).where(
        Announcement.for_newcomers, Announcement.made_at > now - timedelta(days=1)
    )
    return Person.id.in_(
        select(Delivery.person_id)
        .where(
            Delivery.message_id.in_(lately),
            Delivery.person_id.is_not(None),
            Delivery.state != DeliveryState.WITHDRAWN,
        )
        .group_by(Delivery.person_id)
        .having(func.count() >= A_DAY)
    )


def _whom(meeting: Meeting, invitation: Announcement, asked: Question, now: datetime) -> Select[*tuple[Any, ...]]:
    return standing.copies(asked).where(
        Person.id.in_(_candidates(meeting, invitation, asked, now)), ~_enough_today(now)
    )


def _send(meeting: Meeting, invitation: Announcement, texts: Mapping[str, Text], asked: Question, now: datetime) -> int:
    whom = _whom(meeting, invitation, asked, now)
    people = db.session.scalars(whom.with_only_columns(Person.id).order_by(None)).all()
    if not people:
        return 0
    _raise_sequence(meeting, people)
    made = following.after(invitation, AnnouncementKind.MEETING, Audience.from_json(invitation.audience), STRANGER)
    made.for_newcomers, made.urgent = True, False
    for language, text in texts.items():
        following.write(made, language, text)
    message = holding.open_message(made, "announcement", Lane.ANNOUNCE, held=True)
    made.message_id = message.id
    copies = ledger.owe_each(message, whom, now)
    _compile(made, message)
    _take_back_farewells(meeting, people)
    leaving.begin(made, now)
    db.session.refresh(made)
    journal.record("announcement.newcomers-invited", made, None, copies=copies, after=invitation.id)
    return copies


def _compile(made: Announcement, message: OutgoingMessage) -> None:
    db.session.flush()
    rows = db.session.execute(
        select(Delivery.language, func.count()).where(Delivery.message_id == message.id).group_by(Delivery.language)
    ).all()
    versions: dict[str, int] = {}
    for key, count in rows:
        version = Edition.of(key).version
        versions[version] = versions.get(version, 0) + count
    for edition in Edition.needed([key for key, _count in rows]):
        letters.compile_into(message, made, edition)
    seen = Estimate(
        total=sum(versions.values()), versions=tuple(Version(language, count) for language, count in versions.items())
    )
    made.counts = numbers.to_json(seen)
    made.audience_digest = audience.digest(ledger.address_keys(message))
    db.session.flush()


def _raise_sequence(meeting: Meeting, people: Sequence[int]) -> None:
    """An invitation after a farewell counts only if its SEQUENCE is higher (RFC 5546, 2.1.5)."""
    highest = db.session.scalar(
        select(func.max(MeetingFarewell.sequence)).where(
            MeetingFarewell.meeting_id == meeting.id, MeetingFarewell.person_id.in_(people)
        )
    )
    if highest is not None and highest >= meeting.sequence:
        meeting.sequence = highest + 1
        db.session.flush()


def _take_back_farewells(meeting: Meeting, people: Sequence[int]) -> None:
    where = and_(MeetingFarewell.meeting_id == meeting.id, MeetingFarewell.person_id.in_(people))
    db.session.execute(delete(MeetingFarewell).where(where))
