"""take(): a calendar's reply, credited to the person whose invitation's organizer it was sent to.

That address is the proof: only the letter to this person held it. Who the reply says it is from is none, since people
forward their mail to other addresses of theirs; but whoever names another member as ATTENDEE is refused, since they hold
a letter that was not theirs.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from caucusmail.accounts.models import Person, SecondAddress
from caucusmail.announcements import asked
from caucusmail.database import db
from caucusmail.mail import addresses
from caucusmail.meetings import answers, replies
from caucusmail.meetings.answers import NotAsked
from caucusmail.meetings.models import Answer, AnswerWay, Meeting
from caucusmail.meetings.replies import Attendee, Reply


class Taken(StrEnum):
    """What became of a reply."""

    STORED = "stored"
    STALE = "stale"  # something newer is known
    CLOSED = "closed"  # the meeting takes no answer
    REFUSED = "refused"
    FOR_PEOPLE = "for-people"  # a proposal, a delegation, a question: those who keep the group read it


def take(reply: Reply, meeting: Meeting, person: Person, at: datetime) -> tuple[Taken, str]:
    """Store what ``reply``, which came in ``at``, answers; what became of it, and why."""
    if reply.uid != meeting.uid:
        return Taken.REFUSED, "about another meeting"
    if reply.method != "REPLY":
        return Taken.FOR_PEOPLE, reply.method
    theirs, others = _sorted(reply.attendees, person)
    if others and not theirs:
        return Taken.REFUSED, "names another member"
    state = replies.STATES.get(theirs[0].partstat) if theirs else None
    if state is None:
        return Taken.FOR_PEOPLE, theirs[0].partstat if theirs else "no attendee"
    if not asked.may_answer(meeting, person):
        return Taken.REFUSED, "not asked any more"
    stamp = reply.stamp or at
    held = answers.of(meeting, person)
    if held is not None and _older(reply, stamp, held):
        return Taken.STALE, ""
    try:
        answers.answer(meeting, person, state, AnswerWay.CALENDAR, sequence=reply.sequence, stamp=stamp)
    except NotAsked:
        return Taken.CLOSED, ""
    return Taken.STORED, ""


def _older(reply: Reply, stamp: datetime, held: Answer) -> bool:
    """Whether what is held is newer: by SEQUENCE, then by DTSTAMP (RFC 5546, 2.1.5)."""
    return (reply.sequence, stamp) < (held.sequence, held.stamp.replace(microsecond=0))


def _sorted(attendees: Sequence[Attendee], person: Person) -> tuple[list[Attendee], list[Attendee]]:
    """Those that are ``person``, and those that are somebody else of this house. One alone whom nobody knows is an alias."""
    keys = {one: addresses.key(one.address) for one in attendees}
    known = _whose(list(keys.values()))
    own = [one for one in attendees if known.get(keys[one]) == person.id]
    others = [one for one in attendees if known.get(keys[one], person.id) != person.id]
    return (own or (list(attendees) if len(attendees) == 1 and not others else [])), others


def _whose(keys: Sequence[str]) -> dict[str, int]:
    """Each of these addresses that is a person's, first or further, with that person."""
    first = select(Person.address_key, Person.id).where(Person.address_key.in_(keys))
    further = select(SecondAddress.address_key, SecondAddress.person_id).where(
        SecondAddress.address_key.in_(keys), SecondAddress.verified_at.is_not(None)
    )
    return {key: person_id for statement in (further, first) for key, person_id in db.session.execute(statement)}
