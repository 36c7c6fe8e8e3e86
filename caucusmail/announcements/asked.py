"""Who is asked whether they come: which meeting a copy told whom of, and whether that person may still answer."""

from dataclasses import dataclass

from sqlalchemy import select

from caucusmail import tokens
from caucusmail.accounts import revoking
from caucusmail.accounts.models import Person
from caucusmail.announcements import stand_ins
from caucusmail.announcements.models import Announcement
from caucusmail.database import db
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingMessage
from caucusmail.directory import absences, visibility
from caucusmail.groups import copies
from caucusmail.groups.models import EmailGroup
from caucusmail.meetings.models import Meeting
from caucusmail.tokens import BadToken, Purpose

ABOUT = "announcements"
"""What the messages of announcements are about (``OutgoingMessage.subject_kind``)."""


@dataclass(frozen=True)
class Asked:
    """One reader of a letter about a meeting."""

    copy: Delivery
    meeting: Meeting
    person: Person


def by_token(token: str) -> Asked:
    """Whom the link of a letter asks.

    :raises BadToken: forged, of another purpose, or the copy, its meeting or its reader is no longer on record; or the links in
        their old letters were made invalid, as a change of address does: the page shows the private link of the meeting.
    """
    (delivery_id,) = tokens.read(Purpose.MEETING_REPLY, token, 1)
    found = db.session.execute(
        select(Delivery, Meeting, Person)
        .join(OutgoingMessage, OutgoingMessage.id == Delivery.message_id)
        .join(Announcement, (OutgoingMessage.subject_kind == ABOUT) & (OutgoingMessage.subject_id == Announcement.id))
        .join(Meeting, Meeting.id == Announcement.meeting_id)
        .join(Person, Person.id == Delivery.person_id)
        .where(Delivery.id == delivery_id)
    ).one_or_none()
    if found is None or found.Delivery.settings_version not in (None, found.Person.settings_version):
        raise BadToken
    revoking.refuse_old(found.Person, token)
    return Asked(*found)


def may_answer(meeting: Meeting, person: Person) -> bool:
    """Whether ``person`` is in the meeting's caucus or keeps it, or is in one through whose groups they were told of it; or stands
    in, now, for somebody who is, and was told of it for them."""
    now = visibility.viewer(person)
    if not absences.standing_in(person).keys().isdisjoint(told_through(meeting, person)):
        return True
    return meeting.caucus_id in now.member_of | now.keeps or not now.member_of.isdisjoint(told_through(meeting, person))


def told_through(meeting: Meeting, person: Person) -> set[int]:
    """The caucuses through whose groups ``person`` was told of ``meeting``."""
    whys = db.session.scalars(
        select(Delivery.why)
        .join(OutgoingMessage, OutgoingMessage.id == Delivery.message_id)
        .join(Announcement, (OutgoingMessage.subject_kind == ABOUT) & (OutgoingMessage.subject_id == Announcement.id))
        .where(
            Announcement.meeting_id == meeting.id,
            Delivery.person_id == person.id,
            Delivery.state != DeliveryState.WITHDRAWN,
        )
    )
    group_ids = {
        group_id
        for why in whys
        for group_id in copies.groups_of(why) | {stand_ins.group_of(key) for key in why.split()}
    }
    return set(db.session.scalars(select(EmailGroup.caucus_id).where(EmailGroup.id.in_(group_ids))))
