"""Whoever is erased has the entries of meetings ahead taken out of their calendar, by letters that say nothing else.

Such a letter leaves after its reader is nobody here any more: it belongs to no person, and its address and text are blanked as
soon as it has left (``delivery.forgetting.forget_left``). Call this before anything of the person is forgotten.
"""

from collections.abc import Sequence

from sqlalchemy import exists, select

from caucusmail import clock, languages, settings
from caucusmail.accounts.models import Person
from caucusmail.announcements import queries
from caucusmail.announcements.models import Announcement, MeetingFarewell
from caucusmail.database import db
from caucusmail.delivery import discreet, ledger
from caucusmail.delivery.forgetting import ERASED
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery, DeliveryState, Lane
from caucusmail.directory.models import Caucus
from caucusmail.languages import _
from caucusmail.mail import compiled, headers, organizers, rendering
from caucusmail.mail.slots import Slot, line, mark
from caucusmail.meetings import icalendar
from caucusmail.meetings.models import Answer, AnswerState, Meeting, MeetingState

KIND, TAKEN = "announcements/entry_ends", "announcements/entry_taken"
_GOT = (DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN)


def entries(person: Person) -> Sequence[Meeting]:
    """The meetings ahead that stand in the person's calendar, as far as we know: sent, not declined, not taken out."""
    copy = (Delivery.person_id == person.id, Delivery.state.in_(_GOT), Delivery.bounced_at.is_(None))
    sent = exists().where(
        Announcement.meeting_id == Meeting.id,
        Announcement.state.in_(queries.GONE),
        Delivery.message_id == Announcement.message_id,
        *copy,
    )
    said = exists().where(MeetingFarewell.meeting_id == Meeting.id, MeetingFarewell.person_id == person.id)
    ahead = (Meeting.starts_at > clock.now(), Meeting.state == MeetingState.CONFIRMED)
    no = (Answer.meeting_id == Meeting.id, Answer.person_id == person.id, Answer.state == AnswerState.NOT_COMING)
    return db.session.scalars(
        select(Meeting).where(*ahead, sent, ~said, ~exists().where(*no)).order_by(Meeting.starts_at, Meeting.id)
    ).all()


def end(person: Person, address: str) -> int:
    """Owe ``address``, the person's, the end of each of these entries; how many letters that makes."""
    meetings = entries(person)
    for meeting in meetings:
        _owe(person, To(address, zone=person.zone), meeting, KIND, was_discreet=_was_discreet(person, meeting))
    return len(meetings)


def take(person: Person, address: str) -> int:
    """Owe the person, who stays, the same at this address, in a letter that gives no reason; how many. They are invited anew
    once anything is sent to them again (``newcomers``)."""
    meetings = entries(person)
    for meeting in meetings:
        to = To(address, person_id=person.id, zone=person.zone)
        row = _owe(person, to, meeting, TAKEN, was_discreet=_was_discreet(person, meeting))
        now = clock.now()
        said = {"meeting_id": meeting.id, "person_id": person.id, "message_id": row.message_id}
        db.session.add(MeetingFarewell(**said, sequence=meeting.sequence + 1, owed_at=now))
    db.session.flush()
    return len(meetings)


def _was_discreet(person: Person, meeting: Meeting) -> bool:
    """Whether the newest copy that they got of it says nothing: calendars take an end from the same organizer only."""
    language = db.session.scalar(
        select(Delivery.language)
        .join(Announcement, Announcement.message_id == Delivery.message_id)
        .where(Announcement.meeting_id == meeting.id, Delivery.person_id == person.id, Delivery.state.in_(_GOT))
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    return discreet.is_discreet(language or "")


def _owe(person: Person, to: To, meeting: Meeting, kind: str, *, was_discreet: bool) -> Delivery:
    language, caucus = languages.offered(person.languages), meeting.caucus
    sends = headers.NOTICES if was_discreet else caucus.slug
    message = ledger.open_message(kind, Lane.TRANSACTIONAL, (ERASED if kind == KIND else "people", person.id), sends)
    with languages.use(language):
        letter = rendering.letter(kind, language)
        words, product = icalendar.Words(_("Busy"), placeless=True), icalendar.UNNAMED
        lines = mark(Slot.ORGANIZER), mark(Slot.ATTENDEE)
        entry = icalendar.farewell(meeting, words, clock.now(), meeting.sequence + 1, *lines, product=product)
        name = "" if was_discreet else languages.pick(caucus.names, (language,))
        raw = compiled.compile_letter(letter, _from(caucus, name), headers.of_letter(), entry)
    ledger.add_text(message, language, raw, {"frame": language, "organizer": _organizer(sends, name, meeting, person)})
    return ledger.owe_one(message, to, language)


def _from(caucus: Caucus, name: str) -> str:
    if not name:
        return compiled.mailbox(_("Messages"), discreet.address())
    return compiled.mailbox(f"{line(name)} (CaucusMail)", f"{caucus.slug}@{settings.current().mail_domain}")


def _organizer(sends: str, name: str, meeting: Meeting, person: Person) -> dict[str, str]:
    """The whole line, as it stands in the invitation: the letter's row will know no person."""
    sender = f"{sends}@{settings.current().mail_domain}"
    if not settings.current().mail_comes_in:
        return {"line": icalendar.organizer(name, sender)}
    return {"line": icalendar.organizer(name, sent_by=sender) + organizers.mailbox(sends, meeting.id, person.id)}
