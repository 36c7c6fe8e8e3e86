"""The letter that tells of an announcement which paused by itself: to those who keep it, and to the secretariat."""

from collections.abc import Sequence

from sqlalchemy import select

from caucusmail import clock, languages, links
from caucusmail.accounts.models import Person, SiteRole
from caucusmail.announcements import again, queries
from caucusmail.announcements.again import Paused
from caucusmail.announcements.models import Announcement
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.delivery import ledger, pausing
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import OutgoingMessage
from caucusmail.directory.models import Caucus, Keeper, KeeperRole
from caucusmail.directory.visibility import STRANGER
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter


def tell_of_pauses() -> int:
    """Write once of each announcement that paused by itself, and note it in the journal; how many letters that makes."""
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
    return letters


def _tell(announcement: Announcement, pause: Paused) -> int:
    readers = _readers(announcement.caucus)
    for reader in readers:
        to = To(reader.address, reader.name, reader.id, reader.zone)
        ledger.enqueue(_letter(announcement, pause, reader), to, about=(Announcement.__tablename__, announcement.id))
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


def _letter(announcement: Announcement, pause: Paused, reader: Person) -> Letter:
    language = languages.offered(reader.languages)
    with languages.use(language):
        subjects = queries.subjects([announcement])[announcement.id]
        return rendering.letter(
            "announcements/paused",
            language,
            name=reader.name,
            caucus=languages.pick(announcement.caucus.names),
            title=languages.pick({code: text for code, text in subjects.items() if text}),
            why=pause.why.value,
            words=pause.words,
            link=links.progress(announcement.id),
        )
