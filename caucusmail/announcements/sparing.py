"""Those who said that they do not come are spared what changes, if its author wants it so.

Unless asked they are told too: another room or time may be what they had waited for, many calendars keep what was declined
and go on showing the old hour, and a letter too many costs less than one that is missed. Nobody can be spared where the
roster is hidden: the list of those who were left out, and its number, would say who had declined.
"""

from dataclasses import replace

from sqlalchemy import func, select

from caucusmail.announcements import standing
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import Announcement
from caucusmail.announcements.told import audience
from caucusmail.database import db
from caucusmail.directory.models import Caucus, RosterPolicy
from caucusmail.errors import NotAllowed
from caucusmail.languages import _
from caucusmail.meetings import answers
from caucusmail.meetings.models import Meeting


def possible(meeting: Meeting) -> bool:
    """Whether nobody whom the meeting was announced to is in it by a group whose roster is hidden."""
    asked = standing.question(Announcement(caucus_id=meeting.caucus_id, audience=audience(meeting).to_json()), ["en"])
    caucus_ids = {meeting.caucus_id, *(group.caucus_id for group in asked.groups)}
    hidden = select(Caucus.id).where(Caucus.id.in_(caucus_ids), Caucus.roster == RosterPolicy.HIDDEN)
    return db.session.scalar(hidden.limit(1)) is None


def number(meeting: Meeting) -> int:
    """How many could be spared: 0 where nobody declined, or nobody may be told apart."""
    if not possible(meeting):
        return 0
    declined = answers.declined(meeting.id).subquery()
    return db.session.scalar(select(func.count()).select_from(declined)) or 0


def spared(meeting: Meeting, chosen: Audience) -> Audience:
    """``chosen`` less those who said that they do not come to ``meeting``.

    :raises NotAllowed: the roster is hidden.
    """
    if not possible(meeting):
        raise NotAllowed(_("Who is in this group is hidden, so who declined cannot be told apart: everybody is told."))
    return replace(chosen, exclude_declined_ids=(meeting.id,))
