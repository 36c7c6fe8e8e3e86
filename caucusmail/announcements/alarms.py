"""The letter that tells of what paused by itself, an announcement or a reminder: to those who keep it, and to the secretariat."""

from collections.abc import Sequence

from sqlalchemy import select

from caucusmail import clock, languages, links
from caucusmail.accounts.models import Person, SiteRole
from caucusmail.announcements import again, queries, reminding
from caucusmail.announcements.again import Paused
from caucusmail.announcements.models import Announcement
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.delivery import ledger, pausing
from caucusmail.delivery.models import OutgoingMessage
from caucusmail.directory.models import Caucus, Keeper, KeeperRole
from caucusmail.directory.visibility import STRANGER
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter
from caucusmail.meetings import letters as meetings
from caucusmail.meetings import places
from caucusmail.meetings.models import Meeting


def tell_of_pauses() -> int:
    """Write once of each announcement or reminder that paused by itself, and note it in the journal; how many letters."""
    untold = (
        select(Announcement, OutgoingMessage.paused_at, OutgoingMessage.paused_why)
        .join(OutgoingMessage, OutgoingMessage.id == Announcement.message_id)
        .where(
            OutgoingMessage.paused_at.is_not(None),
            OutgoingMessage.told_at.is_(None),
            OutgoingMessage.stopped_at.is_(None),
        )
        .order_by(OutgoingMessage.paused_at)
    )
    letters = 0
    for announcement, at, why in db.session.execute(untold).all():
        if announcement.message_id is None or at is None or not pausing.tell(announcement.message_id):
            continue
        pause = again.read_pause(at, why, STRANGER)
        journal.record("announcement.paused", announcement, None, why=pause.why.value)
        letters += _tell(announcement, pause)
    return letters + _tell_of_reminders()


def _tell_of_reminders() -> int:
    """The same for the reminders of meetings."""
    untold = (
        select(Meeting, OutgoingMessage.id, OutgoingMessage.paused_at, OutgoingMessage.paused_why)
        .join(
            OutgoingMessage,
            (OutgoingMessage.subject_kind == Meeting.__tablename__) & (OutgoingMessage.subject_id == Meeting.id),
        )
        .where(
            OutgoingMessage.kind == reminding.KIND,
            OutgoingMessage.paused_at.is_not(None),
            OutgoingMessage.told_at.is_(None),
            OutgoingMessage.stopped_at.is_(None),
        )
        .order_by(OutgoingMessage.paused_at)
    )
    letters = 0
    for meeting, message_id, at, why in db.session.execute(untold).all():
        if at is None or not pausing.tell(message_id):
            continue
        pause = again.read_pause(at, why, STRANGER)
        journal.record("meeting.reminder-paused", meeting, None, why=pause.why.value)
        letters += _tell(meeting, pause)
    return letters


def _tell(about: Announcement | Meeting, pause: Paused) -> int:
    readers = _readers(about.caucus)
    for reader in readers:
        ledger.enqueue(_letter(about, pause, reader), meetings.to(reader), about=(about.__tablename__, about.id))
    return len(readers)


def _readers(caucus: Caucus) -> Sequence[Person]:
    now = clock.now()
    keeps = select(Keeper.person_id).where(
        Keeper.caucus_id == caucus.id,
        Keeper.role == KeeperRole.COORDINATOR,
        Keeper.since <= now,
        Keeper.until.is_(None) | (Keeper.until > now),
    )
    wanted = Person.id.in_(keeps) | (Person.role == SiteRole.SECRETARIAT)
    return db.session.scalars(select(Person).where(wanted, Person.left_at.is_(None)).order_by(Person.id)).all()


def _title(about: Announcement | Meeting) -> str:
    if isinstance(about, Meeting):
        return places.title(about)
    subjects = queries.subjects([about])[about.id]
    return languages.pick({code: text for code, text in subjects.items() if text})


def _letter(about: Announcement | Meeting, pause: Paused, reader: Person) -> Letter:
    language = languages.offered(reader.languages)
    with languages.use(language):
        return rendering.letter(
            "announcements/paused",
            language,
            name=reader.name,
            caucus=languages.pick(about.caucus.names),
            title=_title(about),
            reminder=isinstance(about, Meeting),
            why=pause.why.value,
            words=pause.words,
            link=links.meeting(about.reference) if isinstance(about, Meeting) else links.progress(about.id),
        )
