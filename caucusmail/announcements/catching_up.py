"""What a job does about absences: on return one letter that lists what went to the deputy; and one notice to the coordinators where
the deputy is not there either. It waits ten minutes: an end may be a slip, and what was about to leave has left.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import and_, not_, or_, select

from caucusmail import clock, languages, links, zones
from caucusmail.accounts.models import Person
from caucusmail.announcements import queries, stand_ins
from caucusmail.announcements.models import Announcement, AnnouncementState
from caucusmail.announcements.stand_ins import Deputy, Holder
from caucusmail.database import db, moved
from caucusmail.delivery import ledger
from caucusmail.delivery.models import Delivery, DeliveryState, Suppression
from caucusmail.directory import absences, contact
from caucusmail.directory.absence_models import Absence, AbsenceState
from caucusmail.directory.models import Affiliation, Caucus, Seat
from caucusmail.groups import deputies, deputy_letters, letters, standing_down
from caucusmail.groups.models import EmailGroup
from caucusmail.languages import _
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter

SETTLED = timedelta(minutes=10)
SHOWN = 60  # announcements that a letter lists


def turn() -> int:
    """Everything that is due about absences; how many letters that makes."""
    deputies.lapse_due()
    standing_down.sweep()
    return catch_up() + tell_unattended()


def catch_up() -> int:
    """Write to who is back what was announced meanwhile; how many letters."""
    now = clock.now()
    over = Absence.state == AbsenceState.ACCEPTED, Absence.ends_at <= now - SETTLED
    ended = (
        Absence.state == AbsenceState.ENDED,
        Absence.answered_at.is_not(None),
        Absence.ended_at > Absence.begins_at,
        Absence.ended_at > Absence.answered_at,
        Absence.ended_at <= now - SETTLED,
    )
    due = db.session.scalars(
        select(Absence).where(Absence.caught_up_at.is_(None), or_(and_(*over), and_(*ended))).order_by(Absence.id)
    ).all()
    return sum(_catch_up(one) for one in due)


def _catch_up(one: Absence) -> int:
    if not moved(Absence, Absence.id == one.id, Absence.caught_up_at.is_(None), caught_up_at=clock.now()):
        return 0
    holder = one.representative.person
    ledger.enqueue(_list(one, meanwhile(one)), letters.to(holder), about=(Absence.__tablename__, one.id))
    return 1


def forestall(deputy: Person) -> None:
    """Before ``deputy`` is erased, and with them what they stood in for: write to the holders what went to them until now."""
    now = clock.now()
    agreed = Absence.answered_at.is_not(None) & Absence.state.in_((AbsenceState.ACCEPTED, AbsenceState.ENDED))
    due = db.session.scalars(
        select(Absence)
        .where(Absence.deputy_id == deputy.id, agreed, Absence.caught_up_at.is_(None), Absence.begins_at <= now)
        .order_by(Absence.id)
    )
    for one in due.all():
        sent = meanwhile(one)
        if sent and moved(Absence, Absence.id == one.id, Absence.caught_up_at.is_(None), caught_up_at=now):
            holder = one.representative.person
            ledger.enqueue(_list(one, sent, named=False), letters.to(holder), about=("ngos", one.representative.ngo_id))


def meanwhile(one: Absence) -> Sequence[Announcement]:
    """What went to the deputy in place of the holder, the oldest first."""
    messages = select(Delivery.message_id).where(
        Delivery.person_id == one.deputy_id,
        Delivery.why.contains(f"s{one.id}."),
        Delivery.state != DeliveryState.WITHDRAWN,
    )
    return db.session.scalars(
        select(Announcement)
        .where(
            Announcement.message_id.in_(messages),
            Announcement.begun_at.is_not(None),
            Announcement.state != AnnouncementState.CANCELLED,
        )
        .order_by(Announcement.begun_at, Announcement.id)
    ).all()


def _list(one: Absence, sent: Sequence[Announcement], *, named: bool = True) -> Letter:
    holder = one.representative.person
    language, subjects = languages.offered(holder.languages), queries.subjects(sent[:SHOWN])
    with languages.use(language):
        listed = [
            (
                zones.clock(announced.begun_at or one.begins_at, holder.zone).short_date,
                announced.caucus.tag,
                languages.pick(subjects[announced.id], holder.languages),
                links.announcement(announced.reference),
            )
            for announced in sent[:SHOWN]
        ]
        return rendering.letter(
            "announcements/catch_up",
            language,
            name=holder.name,
            deputy=one.deputy.name if named else _("your deputy"),
            ngo=one.representative.ngo.name,
            listed=listed,
            more=max(0, len(sent) - SHOWN),
        )


def tell_unattended() -> int:
    """Tell the holder and the coordinators, once for each absence, that neither holder nor deputy is there; how many letters."""
    found: dict[Absence, list[Caucus]] = {}
    for one, caucus in _unattended():
        found.setdefault(one, []).append(caucus)
    told = 0
    for one, caucuses in found.items():
        if moved(Absence, Absence.id == one.id, Absence.unattended_at.is_(None), unattended_at=clock.now()):
            holder = one.representative.person
            ledger.enqueue(deputy_letters.gone(one, holder), letters.to(holder), about=(Absence.__tablename__, one.id))
            told += 1 + sum(_tell(one, caucus) for caucus in caucuses)
    return told


def _unattended() -> Sequence[tuple[Absence, Caucus]]:
    now = clock.now()
    shut = stand_ins.unreachable(set(db.session.scalars(select(Suppression.address_fingerprint))))
    rows = db.session.execute(
        select(Absence, Caucus)
        .join(Holder, Holder.id == Absence.representative_id)
        .join(Affiliation, Affiliation.person_id == Holder.person_id)
        .join(Person, Person.id == Affiliation.person_id)
        .join(Seat, Seat.id == Affiliation.seat_id)
        .join(Caucus, Caucus.id == Affiliation.caucus_id)
        .join(EmailGroup, (EmailGroup.caucus_id == Caucus.id) & EmailGroup.closed_at.is_(None))
        .join(Deputy, Deputy.id == Absence.deputy_id)
        .where(
            absences.in_force(now),
            Absence.unattended_at.is_(None),
            *absences.passes(now, Holder),
            Person.shelter.is_(None),
            not_(stand_ins.there(now, shut)),
        )
        .order_by(Absence.id, Caucus.place, Caucus.id)
    ).all()
    return list(dict.fromkeys(row.tuple() for row in rows))


def _tell(one: Absence, caucus: Caucus) -> int:
    """Whoever keeps the caucus and is there, but for the two themselves."""
    readers = [
        person
        for person in contact.readers_of(caucus)
        if person.id not in (one.deputy_id, one.representative.person_id)
    ]
    for person in readers:
        language = languages.offered(person.languages)
        with languages.use(language):
            letter = rendering.letter(
                "announcements/unattended",
                language,
                name=person.name,
                ngo=one.representative.ngo.name,
                caucus=languages.pick(caucus.names, person.languages),
                ends=zones.spoken(one.ends_at, person.zone),
            )
        ledger.enqueue(letter, letters.to(person), about=(Absence.__tablename__, one.id))
    return len(readers)
