"""answer(): who comes. One answer for each person, the last one counts; who waits for a place moves up when one is free."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from caucusmail import clock, database
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.delivery import ledger
from caucusmail.errors import Conflict
from caucusmail.languages import _
from caucusmail.meetings import guests, letters, needs, quotas, remote, tallies
from caucusmail.meetings.models import Answer, AnswerState, AnswerWay, Meeting, MeetingState
from caucusmail.meetings.needs import Needs


class Standing(StrEnum):
    """Whether a meeting can be answered now."""

    OPEN = "open"
    LATE = "late"  # the deadline has passed; an answer is still taken
    CANCELLED = "cancelled"
    OVER = "over"
    UNTOLD = "untold"  # it was announced to nobody yet


TAKES = (Standing.OPEN, Standing.LATE)


class NotAsked(Conflict):
    """The meeting takes no answer: it is cancelled, over, or was not announced."""


def standing(meeting: Meeting) -> Standing:
    """How ``meeting`` stands towards answers, now."""
    now = clock.now()
    if meeting.state is MeetingState.CANCELLED:
        return Standing.CANCELLED
    if meeting.state is MeetingState.DRAFT:
        return Standing.UNTOLD
    if meeting.ends_at <= now:
        return Standing.OVER
    return Standing.LATE if meeting.reply_by_at is not None and meeting.reply_by_at < now else Standing.OPEN


def answer(
    meeting: Meeting,
    person: Person,
    state: AnswerState,
    way: AnswerWay,
    *,
    sequence: int | None = None,
    stamp: datetime | None = None,
    proposed: tuple[datetime, datetime] | None = None,
    filled: Needs | None = None,
    from_address: str = "",
) -> Answer:
    """What ``person`` says now takes the place of what they said before. Flushes. Answers of one meeting wait for each other.

    ``sequence`` and ``stamp`` are those of a calendar's reply; neither may lie ahead of what can be. ``proposed``: from when
    to when they would rather have it; the meeting stays as it is. ``filled`` is what stood beside the buttons (None: nothing
    did, and what was said before stays); of who does not come nothing of it is kept. ``from_address``: masked, the one that a
    calendar replied from, if it is none of theirs; they are shown it.

    :raises NotAsked: the meeting takes no answer.
    :raises Invalid: naming the field of ``filled`` that cannot be taken.
    """
    one_by_one(meeting)
    stands = standing(meeting)
    if stands not in TAKES:
        raise NotAsked(said(stands))
    tidy = needs.tidied(meeting, filled) if filled is not None else None
    now = clock.now()
    found = of(meeting, person) or Answer(meeting_id=meeting.id, person_id=person.id, has_place=False)
    had_place = found.has_place
    _turn(found, state, meeting, person, now)
    found.way, found.at, found.late = way, now, stands is Standing.LATE
    found.from_address = from_address
    found.sequence = meeting.sequence if sequence is None else min(sequence, meeting.sequence)
    found.stamp = now if stamp is None else min(stamp, now)
    found.proposed_starts_at, found.proposed_ends_at = proposed or (None, None)
    if tidy is not None and state is not AnswerState.NOT_COMING:
        needs.put(found, tidy)
    db.session.add(found)
    db.session.flush()
    remote.follow(meeting, found)
    guests.follow(found)
    tallies.count_again(meeting)
    if had_place and not found.has_place:
        move_up(meeting)
    return found


def _turn(found: Answer, state: AnswerState, meeting: Meeting, person: Person, now: datetime) -> None:
    """Whoever comes now gets a place, or waits from now on; of who does not, nothing is kept but that."""
    if state is not AnswerState.COMING:
        found.coming_since, found.has_place = None, False
    elif found.coming_since is None:
        if meeting.places_each is not None:
            move_up(meeting)  # a seat may have moved since, and freed a place of an organisation: who waits comes first
        found.coming_since, found.has_place = now, _is_free(meeting, person)
    found.state = state
    if state is AnswerState.NOT_COMING:
        needs.put(found, Needs())


def said(stands: Standing) -> str:
    """Why no answer is taken, as a sentence; "" where one is."""
    return {
        Standing.CANCELLED: _("This meeting is cancelled, so there is nothing to answer any more."),
        Standing.OVER: _("This meeting is over, so there is nothing to answer any more."),
        Standing.UNTOLD: _("This meeting is not announced yet. It can be answered once it is."),
    }.get(stands, "")


def of(meeting: Meeting, person: Person) -> Answer | None:
    """What ``person`` last answered about ``meeting``."""
    return db.session.scalar(
        select(Answer)
        .where(Answer.meeting_id == meeting.id, Answer.person_id == person.id)
        .execution_options(populate_existing=True)
    )


def declined(meeting_id: int) -> Select[int]:
    """SQL: the ids of the people who said that they do not come."""
    return select(Answer.person_id).where(Answer.meeting_id == meeting_id, Answer.state == AnswerState.NOT_COMING)


def coming_to(meeting_ids: Collection[int]) -> Mapping[int, set[int]]:
    """For each of these meetings the ids of the people who said that they come; one statement, or none."""
    found: dict[int, set[int]] = defaultdict(set)
    if meeting_ids:
        rows = select(Answer.meeting_id, Answer.person_id).where(
            Answer.meeting_id.in_(meeting_ids), Answer.state == AnswerState.COMING
        )
        for meeting_id, person_id in db.session.execute(rows):
            found[meeting_id].add(person_id)
    return found


def number_waiting(meeting: Meeting, one: Answer) -> int | None:
    """Which number on the waiting list ``one`` is, from 1; None if it does not wait. Whom only the places of another organisation
    hold back (``quotas``) is not counted: they are passed over."""
    if one.coming_since is None or one.has_place:
        return None
    before = (Answer.coming_since < one.coming_since) | (
        (Answer.coming_since == one.coming_since) & (Answer.id < one.id)
    )
    ahead = select(Answer).where(*_waiting(meeting.id), before).order_by(Answer.coming_since, Answer.id)
    return quotas.before(meeting, db.session.scalars(ahead).all(), one) + 1


def move_up(meeting: Meeting) -> int:
    """Give free places to those who wait, in the order of their answers, and write to each; how many.

    Who waits only because their organisation has all it may have (``quotas``) is passed over, until that changes.

    Nobody is moved up once the meeting has begun, or while it takes no answer.
    """
    if standing(meeting) not in TAKES or meeting.starts_at <= clock.now():
        return 0
    one_by_one(meeting)
    waiting = select(Answer).where(*_waiting(meeting.id)).order_by(Answer.coming_since, Answer.id)
    free = max(0, meeting.places - _taken(meeting)) if meeting.places is not None else None
    if meeting.places_each is None:
        waiting = waiting.limit(free)
    moved = quotas.next_in(meeting, db.session.scalars(waiting.options(joinedload(Answer.person))).all(), free)
    for one in moved:
        one.has_place = True
        ledger.enqueue(letters.place(one.person, meeting), letters.to(one.person), about=(Answer.__tablename__, one.id))
        remote.follow(meeting, one)
    db.session.flush()
    return len(moved)


def move_up_in(meeting_ids: Iterable[int]) -> None:
    """The same in each of these meetings."""
    for meeting in db.session.scalars(select(Meeting).where(Meeting.id.in_(sorted(meeting_ids)))).all():
        move_up(meeting)


def one_by_one(meeting: Meeting) -> None:
    """Whoever answers about the same meeting, or counts who comes, at the same moment waits, and finds it as it is then: no place is
    given twice, nothing is lost."""
    database.lock(meeting, alone=True)


def _waiting(meeting_id: int) -> tuple[ColumnElement[bool], ...]:
    return Answer.meeting_id == meeting_id, Answer.state == AnswerState.COMING, ~Answer.has_place


def _taken(meeting: Meeting) -> int:
    return db.session.scalar(select(func.count()).where(Answer.meeting_id == meeting.id, Answer.has_place)) or 0


def _is_free(meeting: Meeting, person: Person) -> bool:
    room = meeting.places is None or _taken(meeting) < meeting.places
    return room and not quotas.full(meeting, person)
