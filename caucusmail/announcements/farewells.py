"""Whoever has left is asked no more: a short letter takes each meeting ahead out of their calendar (RFC 5546, 3.2.5).

Asked no more is who has no membership left in any caucus that the meeting was announced to, and does not keep its own; or
only as one of an organisation whose membership has lapsed. A pause, or a group left while its caucus stays, changes nothing.
The letter waits until a leaving that was a slip can have been taken back; whoever comes back later is invited again
(``newcomers``). Nobody is written to who declined, or whose address takes nothing any more.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, exists, insert, literal, or_, select, true

from caucusmail import clock, languages, settings
from caucusmail.accounts.models import Person
from caucusmail.accounts.reading import discreetly, first_of
from caucusmail.announcements import slot_words
from caucusmail.announcements.editions import Edition
from caucusmail.announcements.models import Announcement, MeetingFarewell
from caucusmail.announcements.told import audience, told
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.delivery import discreet, ledger, notice, suppression
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingMessage
from caucusmail.directory import absences
from caucusmail.directory.absence_models import Absence
from caucusmail.directory.models import (
    Affiliation,
    AffiliationState,
    Keeper,
    KeeperRole,
    Ngo,
    NgoState,
    Representative,
    Seat,
)
from caucusmail.groups.models import EmailGroup
from caucusmail.languages import _
from caucusmail.mail import compiled, headers, rendering
from caucusmail.mail.slots import Slot, line, mark
from caucusmail.meetings import answers, icalendar, places, times
from caucusmail.meetings.models import Answer, Meeting, MeetingState

KIND = "announcements/farewell"
SETTLED = timedelta(minutes=10)
"""So long a leaving may be a slip."""

_GOT = (DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN)


def say() -> int:
    """Owe who has left the end of each entry of a meeting ahead; how many letters that makes."""
    now = clock.now()
    ids = db.session.scalars(
        select(Meeting.id)
        .where(Meeting.starts_at > now, Meeting.state == MeetingState.CONFIRMED)
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
    return sum(_say(meeting_id, now) for meeting_id in ids)


def _say(meeting_id: int, now: datetime) -> int:
    """First look without a lock: nearly always nobody has left."""
    meeting = db.session.get_one(Meeting, meeting_id)
    before = told(meeting)
    if not before or not _reachable(_gone(meeting, before, now)):
        return 0
    meeting = db.session.get_one(Meeting, meeting_id, with_for_update=True, populate_existing=True)
    people = _reachable(_gone(meeting, before, now)) if meeting.state is MeetingState.CONFIRMED else []
    return _owe(meeting, people, now) if people else 0


def _reachable(gone: Select[Any]) -> list[int]:
    """Those of them whose address is not suppressed."""
    rows = db.session.execute(gone.with_only_columns(Person.id, Person.address_key).order_by(Person.id)).all()
    shut = suppression.suppressed(row.address_key for row in rows)
    return [row.id for row in rows if row.address_key not in shut]


def _gone(meeting: Meeting, before: Sequence[Announcement], now: datetime) -> Select[Any]:
    """SQL: who has the entry in their calendar, and is asked no more."""
    meant = audience(meeting)
    caucuses = or_(
        true() if meant.everybody else Affiliation.caucus_id.in_([meeting.caucus_id, *meant.caucus_ids]),
        Affiliation.caucus_id.in_(select(EmailGroup.caucus_id).where(EmailGroup.id.in_(meant.group_ids))),
    )
    copy = (
        Delivery.person_id == Person.id,
        Delivery.message_id.in_([one.message_id for one in before if one.message_id is not None]),
        Delivery.state.in_(_GOT),
        Delivery.bounced_at.is_(None),
        notice.whole(),
    )
    said = (MeetingFarewell.meeting_id == meeting.id, MeetingFarewell.person_id == Person.id)
    return select(Person.id).where(
        exists().where(*copy),
        ~_inside(caucuses, live=True),
        ~_stands_in(caucuses, now),
        ~_keeps(meeting, now),
        ~exists().where(*said),
        Person.id.not_in(answers.declined(meeting.id)),
        ~exists().where(Affiliation.person_id == Person.id, Affiliation.since > now - SETTLED, caucuses),
    )


def _inside(caucuses: ColumnElement[bool], *, live: bool) -> ColumnElement[bool]:
    """A member of one of ``caucuses``; ``live``: not only for an organisation whose membership has lapsed."""
    place = (
        select(Affiliation.id)
        .outerjoin(Seat, Seat.id == Affiliation.seat_id)
        .outerjoin(Ngo, Ngo.id == Seat.ngo_id)
        .where(Affiliation.person_id == Person.id, Affiliation.state == AffiliationState.ACTIVE, caucuses)
    )
    if live:
        place = place.where(or_(Ngo.id.is_(None), Ngo.state != NgoState.LAPSED))
    return place.exists()


def _stands_in(caucuses: ColumnElement[bool], now: datetime) -> ColumnElement[bool]:
    """A deputy in one of ``caucuses``, as long as they are."""
    holder = Representative.id == Absence.representative_id
    return exists().where(
        Absence.deputy_id == Person.id, holder, absences.in_force(now), *absences.passes(now), caucuses
    )


def _keeps(meeting: Meeting, now: datetime) -> ColumnElement[bool]:
    return exists().where(
        Keeper.person_id == Person.id,
        Keeper.caucus_id == meeting.caucus_id,
        Keeper.role == KeeperRole.COORDINATOR,
        Keeper.since <= now,
        Keeper.until.is_(None) | (Keeper.until > now),
    )


def _owe(meeting: Meeting, people: Sequence[int], now: datetime) -> int:
    sequence = meeting.sequence + 1
    message = ledger.open_message(KIND, Lane.TRANSACTIONAL, (Meeting.__tablename__, meeting.id), meeting.caucus.slug)
    why = case((_inside(true(), live=False), "lapsed"), else_="left")
    language = discreetly(first_of(list(languages.OFFERED), languages.DEFAULT))
    whom = (
        select(Person.id, Person.name, Person.address, Person.address_key, language, Person.zone, why)
        .where(Person.id.in_(people))
        .order_by(Person.id)
    )
    owed = ledger.owe_each(message, whom, now)
    for edition in Edition.needed(_tongues(message)):
        _compile(message, meeting, sequence, edition)
    db.session.execute(
        insert(MeetingFarewell).from_select(
            ["meeting_id", "person_id", "message_id", "sequence", "owed_at"],
            select(
                literal(meeting.id),
                Delivery.person_id,
                Delivery.message_id,
                literal(sequence),
                literal(now, type_=MeetingFarewell.owed_at.type),
            ).where(Delivery.message_id == message.id),
        )
    )
    db.session.execute(delete(Answer).where(and_(Answer.meeting_id == meeting.id, Answer.person_id.in_(people))))
    answers.move_up(meeting)
    journal.record("meeting.farewells", meeting, None, copies=owed)
    return owed


def _tongues(message: OutgoingMessage) -> Iterable[str]:
    return db.session.scalars(select(Delivery.language).where(Delivery.message_id == message.id).distinct()).all()


def _compile(message: OutgoingMessage, meeting: Meeting, sequence: int, edition: Edition) -> None:
    caucus, language = meeting.caucus, edition.frame
    lines = mark(Slot.ORGANIZER), mark(Slot.ATTENDEE)
    if edition.discreet:
        with languages.use(language):
            words = icalendar.Words(_("Busy"), placeless=True)
        entry = icalendar.farewell(meeting, words, clock.now(), sequence, *lines, product=icalendar.UNNAMED)
        raw = discreet.compile_in(language, headers.of_letter(), entry, leaves=False)
        ledger.add_text(message, edition.key, raw, slot_words.of_discreet(meeting, language))
        return
    with languages.use(language):
        name, title = languages.pick(caucus.names, (language,)), places.title(meeting)
        letter = rendering.letter(
            KIND,
            language,
            tag=caucus.tag,
            caucus=name,
            title=title,
            short=times.short(meeting, language),
            day=times.day(meeting),
            slots={slot.value: mark(slot) for slot in Slot},
        )
        words = icalendar.Words(summary=title)  # where it is, is told to who belongs
        entry = icalendar.farewell(meeting, words, clock.now(), sequence, *lines)
        sender = compiled.mailbox(f"{line(name)} (CaucusMail)", f"{caucus.slug}@{settings.current().mail_domain}")
        raw = compiled.compile_letter(letter, sender, headers.of_letter(), entry)
        reasons = {
            "left": _("you were invited to a meeting of “%(name)s” and have left since", name=name),
            "lapsed": _("you were invited to this meeting and the membership of your organisation has lapsed since"),
        }
        ledger.add_text(message, language, raw, slot_words.of(caucus, meeting, language, ()) | {"why": reasons})
