"""How many of one organisation may have a place at a meeting: who counts for which, and whom it keeps waiting.

Somebody counts for one organisation at a meeting, however many they sit for: that of their seat in the meeting's caucus. Who is in it
as an expert counts for none (unless they answer as a deputy of somebody there), and nor does who is not in it and speaks for several; none of them is bound.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Select, func, select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.directory import absences
from caucusmail.directory.absence_models import Absence, AbsenceState
from caucusmail.directory.models import Affiliation, AffiliationState, Ngo, Representative, Seat
from caucusmail.errors import Invalid
from caucusmail.languages import _, plural
from caucusmail.meetings.models import Answer, AnswerState, Meeting

MOST = 100_000


def checked(places: int | None, each: int | None) -> dict[str, int | None]:
    """The columns of a meeting that say how many can come, in all and of one organisation; None: as many as like.

    :raises Invalid: naming the one that makes no sense.
    """
    if places is not None and not 1 <= places <= MOST:
        raise Invalid(
            "places", _("“%(read)s” places were read. Give a number from 1 to 100,000, or leave it empty.", read=places)
        )
    if each is not None and not 1 <= each <= MOST:
        raise Invalid(
            "places_each",
            _("“%(read)s” places for each organisation were read. Give a number from 1, or leave it empty.", read=each),
        )
    if each is not None and places is not None and each > places:
        raise Invalid(
            "places_each",
            plural(
                "There is %(number)s place in all, so no organisation can have %(each)s. Give a smaller number, or leave it empty.",
                "There are %(number)s places in all, so no organisation can have %(each)s. Give a smaller number, or leave it empty.",
                places,
                each=each,
            ),
        )
    return {"places": places, "places_each": each}


def organisations(meeting: Meeting, people: Select[int] | Sequence[int]) -> Mapping[int, int]:
    """For which organisation each of ``people`` counts, by their id: by their seat in the meeting's caucus; by what they speak for,
    if they are not in it and speak for one. Who counts for none is left out."""
    seats = (
        select(Affiliation.person_id, Seat.ngo_id)
        .outerjoin(Seat, Seat.id == Affiliation.seat_id)
        .where(
            Affiliation.person_id.in_(people),
            Affiliation.caucus_id == meeting.caucus_id,
            Affiliation.state == AffiliationState.ACTIVE,
        )
    )
    inside: dict[int, int | None] = dict(row.tuple() for row in db.session.execute(seats))
    now = clock.now()
    speaking = Representative.until.is_(None) | (Representative.until > now)
    outside = (
        select(Representative.person_id, func.min(Representative.ngo_id))
        .where(Representative.person_id.in_(people), Representative.since <= now, speaking)
        .group_by(Representative.person_id)
        .having(func.count(func.distinct(Representative.ngo_id)) == 1)
    )
    spoken_for: dict[int, int | None] = dict(row.tuple() for row in db.session.execute(outside))
    members = {key: ngo for key, ngo in inside.items() if ngo is not None}
    return {
        key: ngo for key, ngo in (spoken_for | inside | _stood_in(meeting, people) | members).items() if ngo is not None
    }


def names(meeting: Meeting, people: Select[int] | Sequence[int]) -> Mapping[int, str]:
    """The same by name."""
    ngos = organisations(meeting, people)
    called = dict(
        row.tuple() for row in db.session.execute(select(Ngo.id, Ngo.name).where(Ngo.id.in_({*ngos.values()})))
    )
    return {key: called[ngo_id] for key, ngo_id in ngos.items()}


def _stood_in(meeting: Meeting, people: Select[int] | Sequence[int]) -> dict[int, int | None]:
    """For which organisation a deputy answers: that of the seat in the meeting's caucus for which they stand in, or did when the
    meeting was on the way."""
    agreed = (Absence.state.in_((AbsenceState.ACCEPTED, AbsenceState.ENDED)), Absence.answered_at.is_not(None))
    rows = db.session.execute(
        select(Answer.person_id, Representative.ngo_id)
        .join(Absence, Absence.deputy_id == Answer.person_id)
        .join(Representative, Representative.id == Absence.representative_id)
        .join(Seat, (Seat.ngo_id == Representative.ngo_id) & (Seat.caucus_id == meeting.caucus_id))
        .where(
            Answer.meeting_id == meeting.id,
            Answer.person_id.in_(people),
            *agreed,
            Absence.begins_at <= Answer.at,
            func.coalesce(Absence.ended_at, Absence.ends_at) > Answer.at,
            Seat.holder_id == Representative.person_id,
        )
    )
    now = clock.now()
    unanswered = db.session.execute(
        select(Absence.deputy_id, Representative.ngo_id)
        .join(Representative, Representative.id == Absence.representative_id)
        .join(Seat, (Seat.ngo_id == Representative.ngo_id) & (Seat.caucus_id == meeting.caucus_id))
        .where(Absence.deputy_id.in_(people), absences.in_force(now), Seat.holder_id == Representative.person_id)
    )
    found: dict[int, int | None] = dict(row.tuple() for row in unanswered)
    found.update(row.tuple() for row in rows)
    return found


def held(meeting: Meeting) -> Counter[int]:
    """How many places each organisation has, by its id."""
    holders = select(Answer.person_id).where(Answer.meeting_id == meeting.id, Answer.has_place)
    return Counter(organisations(meeting, holders).values())


def full(meeting: Meeting, person: Person) -> int:
    """How many places the organisation of ``person`` has, if it may have no more; 0: they are not kept waiting by that."""
    if meeting.places_each is None:
        return 0
    own = organisations(meeting, [person.id]).get(person.id)
    number = held(meeting)[own] if own is not None else 0
    return number if number >= meeting.places_each else 0


def next_in(meeting: Meeting, waiting: Sequence[Answer], free: int | None) -> list[Answer]:
    """Whom of ``waiting``, in their order, ``free`` places are for (None: as many as there are). Who is kept waiting by their
    organisation's number alone holds up nobody behind them."""
    room = len(waiting) if free is None else free
    if meeting.places_each is None:
        return list(waiting[:room])
    coming = select(Answer.person_id).where(Answer.meeting_id == meeting.id, Answer.state == AnswerState.COMING)
    ngos, taken, found = organisations(meeting, coming), held(meeting), list[Answer]()
    for one in waiting:
        own = ngos.get(one.person_id)
        if len(found) < room and (own is None or taken[own] < meeting.places_each):
            found.append(one)
            taken.update([own] if own is not None else [])
    return found


def before(meeting: Meeting, ahead: Sequence[Answer], one: Answer) -> int:
    """How many of ``ahead``, who wait in this order before ``one``, would move up before: not who is held back by the places of
    another organisation."""
    if meeting.places_each is None:
        return len(ahead)
    coming = select(Answer.person_id).where(Answer.meeting_id == meeting.id, Answer.state == AnswerState.COMING)
    ngos, free = organisations(meeting, coming), {other.id for other in next_in(meeting, ahead, None)}
    own = ngos.get(one.person_id)
    return sum(other.id in free or (own is not None and ngos.get(other.person_id) == own) for other in ahead)


def kept_waiting(meeting: Meeting) -> int:
    """How many wait whose organisation has all the places it may have."""
    if meeting.places_each is None:
        return 0
    waits = select(Answer.person_id).where(
        Answer.meeting_id == meeting.id, Answer.state == AnswerState.COMING, ~Answer.has_place
    )
    taken = held(meeting)
    return sum(taken[own] >= meeting.places_each for own in organisations(meeting, waits).values())


def each(number: int | None) -> str:
    """How many of one organisation, in a few words."""
    if number is None:
        return _("no limit for one organisation")
    return _("%(number)s for each organisation", number=number)


def rule(each: int) -> str:
    """The same as a sentence."""
    return plural("Each organisation can have %(number)s place.", "Each organisation can have %(number)s places.", each)
