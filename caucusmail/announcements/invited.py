"""Who was invited to a meeting, for what is shown to them afterwards; and the letter that tells them of its minutes."""

from sqlalchemy import exists, select

from caucusmail import languages, links
from caucusmail.announcements import composition, queries, told
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import Draft, Text
from caucusmail.announcements.models import Announcement, AnnouncementKind, AudienceGap, LeftOut
from caucusmail.database import db
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.directory.visibility import Viewer
from caucusmail.languages import _
from caucusmail.meetings import places, times
from caucusmail.meetings.models import Answer, Meeting


def invited(meeting: Meeting, by: Viewer) -> bool:
    """Whether ``by`` had a copy of what announced ``meeting``, reads on the site what they were meant to get, or answered."""
    if by.id is None:
        return False
    begun = Announcement.state.in_(queries.GONE) & Announcement.begun_at.is_not(None)
    announced = (Announcement.meeting_id == meeting.id) & begun
    copy = exists().where(
        announced,
        Delivery.message_id == Announcement.message_id,
        Delivery.person_id == by.id,
        Delivery.state != DeliveryState.WITHDRAWN,
    )
    gap = exists().where(
        announced,
        AudienceGap.announcement_id == Announcement.id,
        AudienceGap.person_id == by.id,
        AudienceGap.reason.in_((LeftOut.READS_ON_SITE, LeftOut.AWAY)),
    )
    answered = exists().where(Answer.meeting_id == meeting.id, Answer.person_id == by.id)
    return bool(db.session.scalar(select(copy | gap | answered)))


def may_read_minutes(meeting: Meeting, by: Viewer) -> bool:
    """Whether ``by`` may read them once they are published: who was invited, and those who keep the group."""
    return by.keeps_caucus(meeting.caucus_id) or invited(meeting, by)


def tell_of_minutes(meeting: Meeting, by: Viewer) -> Announcement:
    """A draft that tells those who were sent the meeting where its minutes are; its author changes it and sends it.

    :raises caucusmail.errors.NotAllowed: ``by`` does not keep every group that the meeting was announced to.
    :raises composition.CannotSend: nothing is sent in the name of the group now.
    """
    audience = told.audience(meeting) if told.told(meeting) else Audience(caucus_ids=(meeting.caucus_id,))
    tongues = [one for one in told.versions(meeting) if one in languages.OFFERED] or [languages.DEFAULT]
    texts = {}
    for tongue in tongues:
        with languages.use(tongue):
            title = languages.pick(meeting.titles, (tongue,)) or places.title(meeting)
            body = _(
                "The minutes of “%(title)s” (%(day)s) are on our site, for those who were invited:",
                title=title,
                day=times.day(meeting),
            )
            texts[tongue] = Text(_("Minutes: %(title)s", title=title), f"{body}\n\n{links.minutes(meeting.reference)}")
    return composition.draft(Draft(meeting.caucus_id, AnnouncementKind.NOTICE, texts, audience), by)
