"""The reminder of a meeting: a short letter the day before, to whoever was sent the meeting and still belongs.

Who that is is asked at the moment of writing, so that whoever has left, paused, or wants none is not written to, and so
that a meeting that was moved or cancelled meanwhile needs no undoing. One reminder for each meeting and person, whatever
happens: ``MeetingReminder`` has room for no second.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, exists, insert, literal, or_, select

from caucusmail import clock, languages, links, settings
from caucusmail.accounts.models import Person, SecondAddress
from caucusmail.accounts.reading import discreetly, first_of
from caucusmail.announcements import day_before, notices, slot_words, stand_ins, standing, told
from caucusmail.announcements.editions import Edition, noticed
from caucusmail.announcements.models import Announcement, MeetingReminder
from caucusmail.announcements.standing import OPEN, Question
from caucusmail.database import db
from caucusmail.delivery import discreet, ledger, withdrawal
from caucusmail.delivery.models import DUE, Delivery, DeliveryState, Lane, OutgoingMessage
from caucusmail.languages import _
from caucusmail.mail import compiled, headers, rendering
from caucusmail.mail.rendering import Letter
from caucusmail.mail.slots import Slot, line, mark
from caucusmail.meetings import answers, places, times
from caucusmail.meetings.models import Meeting, MeetingState

KIND = "announcements/reminder"
OVERTAKEN = "overtaken"
"""Why a reminder was withdrawn (``Delivery.note``): the meeting is cancelled, elsewhere, at another time, or has begun."""

_GOT = (DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN)


def remind_due() -> int:
    """Owe the reminders whose time has come, and withdraw those that wait and are no longer true; how many are owed."""
    now = clock.now()
    _withdraw(or_(Meeting.state != MeetingState.CONFIRMED, _changed(), Meeting.starts_at <= now))
    ahead = Meeting.starts_at.between(now, now + day_before.AHEAD)
    ids = db.session.scalars(
        select(Meeting.id).where(ahead, Meeting.state == MeetingState.CONFIRMED).order_by(Meeting.id)
    ).all()
    return sum(_remind(meeting_id, now) for meeting_id in ids)


def give_way(meeting: Meeting) -> None:
    """Withdraw the reminders of ``meeting`` that have not left, before its readers are told what has changed."""
    db.session.flush()
    _withdraw(and_(Meeting.id == meeting.id, or_(Meeting.state != MeetingState.CONFIRMED, _changed())))


def _changed() -> ColumnElement[bool]:
    return Meeting.sequence != MeetingReminder.sequence


def _withdraw(where: ColumnElement[bool]) -> None:
    """What has left stays said. Whose letter was withdrawn can be reminded again, when the time comes."""
    waiting = db.session.execute(
        select(Delivery.id, MeetingReminder.meeting_id, MeetingReminder.person_id)
        .join(MeetingReminder, _of_reminder())
        .join(Meeting, Meeting.id == MeetingReminder.meeting_id)
        .where(Delivery.state.in_(DUE), where)
    ).all()
    gone = set(withdrawal.withdraw([row.id for row in waiting], OVERTAKEN))
    for meeting_id in {row.meeting_id for row in waiting}:
        people = [row.person_id for row in waiting if row.meeting_id == meeting_id and row.id in gone]
        db.session.execute(
            delete(MeetingReminder).where(
                MeetingReminder.meeting_id == meeting_id, MeetingReminder.person_id.in_(people)
            )
        )


def _of_reminder() -> ColumnElement[bool]:
    return (MeetingReminder.message_id == Delivery.message_id) & (MeetingReminder.person_id == Delivery.person_id)


def _remind(meeting_id: int, now: datetime) -> int:
    """Hold the meeting still, so that neither a change of it nor another worker comes between."""
    meeting = db.session.get_one(Meeting, meeting_id, with_for_update=True, populate_existing=True)
    before = told.told(meeting)
    if meeting.state is not MeetingState.CONFIRMED or meeting.starts_at <= now or not before:
        return 0
    asked = standing.question(
        Announcement(caucus_id=meeting.caucus_id, audience=told.audience(meeting).to_json()),
        list(languages.OFFERED),
        waits=False,
    )
    whom = _whom(meeting, asked, [one.message_id for one in before if one.message_id is not None])
    found = db.session.scalars(whom.with_only_columns(Person.zone).order_by(None).distinct()).all()
    zones = [zone for zone in found if day_before.due(meeting.starts_at, zone, now)]
    return _owe(meeting, asked, whom.where(Person.zone.in_(zones)), now) if zones else 0


def _whom(meeting: Meeting, asked: Question, messages: list[int]) -> Select[*tuple[Any, ...]]:
    """What the ledger wants of each who is still to be reminded: in, as an announcement would find them now; told of the
    meeting (or who sits there was, or who stood in), and not within the last day; not reminded; with reminders on; not one who said that they do not come."""
    stood = standing.standing(asked)
    copy = (
        Delivery.message_id.in_(messages),
        Delivery.bounced_at.is_(None),
    )
    a_day_before = meeting.starts_at - day_before.AHEAD
    reminded = (MeetingReminder.meeting_id == meeting.id, MeetingReminder.person_id == Person.id)
    language = first_of(list(languages.OFFERED), languages.DEFAULT)
    language = discreetly(noticed(language, standing.by_notice(asked, stood)))
    return (
        select(Person.id, Person.name, *standing.mailbox(), language, Person.zone, stood.c.why)
        .join(stood, stood.c.person_id == Person.id)
        .outerjoin(SecondAddress, SecondAddress.id == stood.c.address_id)
        .where(
            stood.c.rank == OPEN,
            Person.reminders,
            stand_ins.had_copy(*copy, Delivery.state.in_(_GOT), Delivery.settled_at <= a_day_before),
            ~stand_ins.had_copy(*copy, Delivery.state.in_(_GOT), Delivery.settled_at > a_day_before),
            ~exists().where(*reminded),
            Person.id.not_in(answers.declined(meeting.id)),
        )
        .order_by(Person.id)
    )


def _owe(meeting: Meeting, asked: Question, whom: Select[*tuple[Any, ...]], now: datetime) -> int:
    about = (Meeting.__tablename__, meeting.id)
    message = ledger.open_message(KIND, Lane.ANNOUNCE, about, meeting.caucus.slug)
    owed = ledger.owe_each(message, whom, now)
    by_deputy = case((Delivery.why.contains("."), Delivery.why), else_="")
    rows = db.session.execute(
        select(Delivery.language, by_deputy).where(Delivery.message_id == message.id).distinct()
    ).all()
    keys = {key for _language, why in rows for key in why.split()}
    for edition in Edition.needed(sorted({language for language, _why in rows})):
        _compile(message, meeting, asked, edition, keys)
    db.session.execute(
        insert(MeetingReminder).from_select(
            ["meeting_id", "person_id", "message_id", "sequence", "owed_at"],
            select(
                literal(meeting.id),
                Delivery.person_id,
                Delivery.message_id,
                literal(meeting.sequence),
                literal(now, type_=MeetingReminder.owed_at.type),
            ).where(Delivery.message_id == message.id),
        )
    )
    return owed


def _compile(
    message: OutgoingMessage, meeting: Meeting, asked: Question, edition: Edition, keys: Collection[str]
) -> None:
    caucus, language = meeting.caucus, edition.frame
    if edition.discreet:
        raw = discreet.compile_in(language, headers.of_leaving() | headers.of_letter(), leaves=True)
        ledger.add_text(message, edition.key, raw, slot_words.of_discreet(None, language))
        return
    with languages.use(language):
        link = links.meeting(meeting.reference)
        named = _("Reminder: %(title)s", title=places.title(meeting))
        letter = notices.letter(caucus, named, link, edition) if edition.notice else letter_of(meeting, language)
        name = languages.pick(caucus.names, (language,))
        sender = compiled.mailbox(f"{line(name)} (CaucusMail)", f"{caucus.slug}@{settings.current().mail_domain}")
        raw = compiled.compile_letter(letter, sender, headers.of_announcement(caucus.slug) | headers.of_letter())
        words = slot_words.of(caucus, meeting, language, asked.groups, keys)
        ledger.add_text(message, edition.key, raw, words)


def letter_of(meeting: Meeting, language: str) -> Letter:
    """The reminder in ``language``: when, where, and where to look for more; its slots open."""
    with languages.use(language):
        return rendering.letter(
            KIND,
            language,
            tag=meeting.caucus.tag,
            title=places.title(meeting),
            short=times.short(meeting, language),
            city=places.city(meeting),
            day=times.day(meeting),
            others=[one.sentence for one in times.hours(meeting)[1:]],
            where=places.where(meeting),
            link=links.meeting(meeting.reference),
            private=meeting.do_not_forward,
            slots={slot.value: mark(slot) for slot in Slot},
        )
