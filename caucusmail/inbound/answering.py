"""take(): a calendar's reply, credited to the person whose invitation's organizer it was sent to.

That address is the proof: only the letter to this person held it. Who the reply says it is from is none, since people
forward their mail to other addresses of theirs; but whoever names another member as ATTENDEE, or writes as one, is refused,
since they hold a letter that was not theirs.

What was typed into the calendar, and another time that it proposes, reach those who keep the group (``inbound.telling``).
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from caucusmail.accounts.models import Person, SecondAddress
from caucusmail.announcements import asked
from caucusmail.database import db
from caucusmail.inbound import telling
from caucusmail.mail import addresses, organizers
from caucusmail.meetings import answers, replies
from caucusmail.meetings.answers import NotAsked
from caucusmail.meetings.models import Answer, AnswerState, AnswerWay, Meeting
from caucusmail.meetings.replies import Attendee, Reply
from caucusmail.tokens import BadToken


class Taken(StrEnum):
    """What became of a reply."""

    STORED = "stored"
    STALE = "stale"  # something newer is known
    CLOSED = "closed"  # the meeting takes no answer
    REFUSED = "refused"
    FOR_PEOPLE = "for-people"  # a proposal, a delegation, a question: those who keep the group read it


def take(reply: Reply, meeting: Meeting, person: Person, at: datetime, sender: str = "") -> tuple[Taken, str]:
    """Store what ``reply``, which came in ``at`` and says to be from ``sender``, answers; what became of it, and why."""
    if reply.uid and reply.uid != meeting.uid:
        return Taken.REFUSED, "about another meeting"
    proposed = _proposed(reply, meeting)
    if reply.method != "REPLY" and proposed is None:
        return Taken.FOR_PEOPLE, reply.method
    theirs, others = _sorted([one for one in reply.attendees if not _is_organizer(one)], person)
    if others and not theirs:
        return Taken.REFUSED, "names another member"
    if _whose([addresses.key(sender)]).get(addresses.key(sender), person.id) != person.id:
        return Taken.REFUSED, "sent by another member"
    partstat = theirs[0].partstat if theirs else ""
    held = answers.of(meeting, person)
    state = replies.STATES.get(partstat) or (_undecided(held, partstat) if proposed and theirs else None)
    if state is None:
        return Taken.FOR_PEOPLE, partstat if theirs else "no attendee"
    if not asked.may_answer(meeting, person):
        return Taken.REFUSED, "not asked any more"
    if held is not None and _older(reply, reply.stamp or at, held):
        return Taken.STALE, ""
    words = reply.comment or theirs[0].comment
    stamp, way = reply.stamp or at, AnswerWay.CALENDAR
    try:
        kept = answers.answer(
            meeting,
            person,
            state,
            way,
            sequence=reply.sequence,
            stamp=stamp,
            proposed=proposed,
            from_address=_alias(theirs[0].address, sender),
        )
    except NotAsked:
        return (Taken.FOR_PEOPLE, "closed") if words or proposed else (Taken.CLOSED, "")
    telling.tell(kept, meeting, words)
    return Taken.STORED, ""


def _alias(*found: str) -> str:
    """The first of the addresses a reply names that nobody here is known by, masked; its person is shown it. "": none is."""
    keys = {one: addresses.key(one) for one in found if one}
    known = _whose(list(keys.values()))
    return next((addresses.masked(one)[:254] for one, key in keys.items() if key not in known), "")


def _proposed(reply: Reply, meeting: Meeting) -> tuple[datetime, datetime] | None:
    """The other time that a COUNTER would have (RFC 5546, 3.2.7)."""
    proposed = reply.proposed(meeting.zone) if reply.method == "COUNTER" else None
    return None if proposed == (meeting.starts_at, meeting.ends_at) else proposed


def _undecided(held: Answer | None, partstat: str) -> AnswerState | None:
    """Who proposes and says nothing else stands by what they said before, or may come."""
    if partstat not in ("", "NEEDS-ACTION"):
        return None
    return held.state if held else AnswerState.MAYBE


def _is_organizer(one: Attendee) -> bool:
    """Some programs put the organizer among those who are asked: that is us."""
    if one.role == "CHAIR":
        return True
    try:
        organizers.read(one.address)
    except BadToken:
        return False
    return True


def _older(reply: Reply, stamp: datetime, held: Answer) -> bool:
    """Whether what is held is newer: by SEQUENCE, where the reply says one, then by DTSTAMP (RFC 5546, 2.1.5)."""
    sequence = held.sequence if reply.sequence is None else reply.sequence
    return (sequence, stamp) < (held.sequence, held.stamp.replace(microsecond=0))


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
