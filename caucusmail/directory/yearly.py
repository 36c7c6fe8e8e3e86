"""Once a year each organisation is asked whether its people and seats are still true: rounds, letters, reminders, the end.

A round lasts six weeks: one letter to those who look after the organisation (or, where nobody does, to all who speak for it), again
after two weeks and after a month, as long as nobody has answered. Silence is marked and told to the secretariat; it ends no
membership and no seat by itself. What is answered, and by whom, is ``groups.yearly_answers``.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.orm import joinedload

from caucusmail import clock, tokens, zones
from caucusmail.accounts import queries as accounts
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db, lock, moved
from caucusmail.delivery import ledger, suppression
from caucusmail.delivery.ledger import To
from caucusmail.directory import representation, yearly_letters
from caucusmail.directory.models import Ngo, Representative
from caucusmail.directory.standing import LIVE
from caucusmail.directory.yearly_models import Answered, YearlyAnswer, YearlyRound
from caucusmail.errors import Conflict, Invalid, NotFound
from caucusmail.languages import _
from caucusmail.tokens import Purpose

LASTS = timedelta(days=42)
REMINDED = (timedelta(days=14), timedelta(days=30))  # after it has begun
HOLD = timedelta(minutes=10)
"""So long a round that has just begun can be taken back: nothing has left."""

A_TURN = 200  # organisations
FARTHEST = timedelta(days=731)
ASK_AGAIN = timedelta(days=1)


class Running(Conflict):
    """A round is under way, or planned already."""


class NotNow(Conflict):
    """It has begun to be sent, or is answered, or was written to within a day."""


class BadDay(Invalid):
    """A day that is over, or more than two years ahead."""


def running() -> YearlyRound | None:
    """The round that is under way now."""
    return db.session.scalar(
        select(YearlyRound)
        .where(YearlyRound.begun_at.is_not(None), YearlyRound.closed_at.is_(None))
        .order_by(YearlyRound.id.desc())
        .limit(1)
    )


def newest() -> YearlyRound | None:
    """The round that began last, under way or not."""
    return db.session.scalar(
        select(YearlyRound).where(YearlyRound.begun_at.is_not(None)).order_by(YearlyRound.begun_at.desc()).limit(1)
    )


def planned() -> YearlyRound | None:
    """The round that is to begin by itself."""
    return db.session.scalar(
        select(YearlyRound).where(YearlyRound.begun_at.is_(None)).order_by(YearlyRound.begins_at).limit(1)
    )


def round_(round_id: int) -> YearlyRound:
    """The round with this id.

    :raises NotFound: there is none.
    """
    found = db.session.get(YearlyRound, round_id)
    if found is None:
        raise NotFound
    return found


def answer(answer_id: int) -> YearlyAnswer:
    """The line of an organisation in a round.

    :raises NotFound: there is none.
    """
    found = db.session.get(YearlyAnswer, answer_id)
    if found is None:
        raise NotFound
    return found


def to_be_asked() -> int:
    """How many organisations a round that begins now would ask."""
    return db.session.scalar(select(func.count()).where(Ngo.state.in_(LIVE))) or 0


def plan(day: date, *, by: Person) -> YearlyRound:
    """Have a round begin by itself on ``day`` (in The Hague), in place of the one that was planned. Flushes for the id.

    :raises BadDay: it is over, or more than two years ahead.
    """
    begins = zones.day_begins(day, zones.THE_HAGUE)
    if not clock.now() < begins <= clock.now() + FARTHEST:
        raise BadDay("day", _("This day is over, or more than two years ahead. Choose one from tomorrow on."))
    _unplan()
    made = YearlyRound(begins_at=begins, by_id=by.id)
    db.session.add(made)
    journal.record("yearly.planned", made, by, begins=begins.isoformat())
    return made


def unplan(*, by: Person) -> datetime | None:
    """Have none begin by itself; when it would have, to put it back. None: none was planned."""
    found = planned()
    if found is None:
        return None
    journal.record("yearly.not-planned", found, by, begins=found.begins_at.isoformat())
    _unplan()
    return found.begins_at


def _unplan() -> None:
    db.session.execute(delete(YearlyRound).where(YearlyRound.begun_at.is_(None)))


def begin(*, by: Person) -> YearlyRound:
    """Begin a round now: its letters are written after ten minutes, with the next turn of the job. Flushes for the id.

    :raises Running: one is under way.
    """
    made = YearlyRound(begins_at=clock.now(), by_id=by.id)
    db.session.add(made)
    db.session.flush()
    _begin(made, by)
    return made


def _begin(made: YearlyRound, by: Person | None) -> None:
    if running() is not None:
        raise Running(_("A round is under way. The next one can begin when it has ended."))
    now = clock.now()
    if not moved(
        YearlyRound, YearlyRound.id == made.id, YearlyRound.begun_at.is_(None), begun_at=now, closes_at=now + LASTS
    ):
        return
    everybody = (
        select(
            literal(made.id),
            Ngo.id,
            literal(Answered.WAITING, type_=YearlyAnswer.state.type),
            literal(now + HOLD, type_=YearlyAnswer.due_at.type),
            literal(0),
            literal(False),
            literal(""),
        )
        .where(Ngo.state.in_(LIVE))
        .order_by(Ngo.id)
    )
    columns = ["round_id", "ngo_id", "state", "due_at", "letters", "unreached", "words"]
    db.session.execute(insert(YearlyAnswer).from_select(columns, everybody, include_defaults=False))
    journal.record("yearly.begun", made, by, asked=to_be_asked())


def untouched(begun: YearlyRound) -> bool:
    """Whether it began and no letter of it was written yet."""
    written = select(YearlyAnswer.id).where(YearlyAnswer.round_id == begun.id, YearlyAnswer.letters > 0)
    return begun.begun_at is not None and begun.closed_at is None and db.session.scalar(written.limit(1)) is None


def take_back(begun: YearlyRound, *, by: Person) -> None:
    """Take a round back of which no letter was written yet.

    :raises NotNow: letters have been written.
    """
    lock(begun)
    if not untouched(begun):
        raise NotNow(_("Letters have been written already, so the round can no longer be taken back."))
    journal.record("yearly.taken-back", begun, by)
    db.session.execute(delete(YearlyAnswer).where(YearlyAnswer.round_id == begun.id))
    db.session.execute(delete(YearlyRound).where(YearlyRound.id == begun.id))
    db.session.expire_all()


def turn() -> bool:
    """Everything that a day brings: begin what was planned, write what is due, end what is over; whether more is due at once. A
    job calls it."""
    due = planned()
    if due is not None and due.begins_at <= clock.now() and running() is None:
        _begin(due, None)
    more = write_due() == A_TURN
    close_due()
    return more


def write_due() -> int:
    """Write to the organisations whose letter is due, the earliest first; to how many."""
    now = clock.now()
    due = db.session.scalars(
        select(YearlyAnswer)
        .join(YearlyAnswer.round)
        .where(YearlyAnswer.state == Answered.WAITING, YearlyAnswer.due_at <= now, YearlyRound.closed_at.is_(None))
        .options(joinedload(YearlyAnswer.ngo), joinedload(YearlyAnswer.round))
        .order_by(YearlyAnswer.due_at, YearlyAnswer.id)
        .limit(A_TURN)
        .with_for_update(of=YearlyAnswer, skip_locked=True)
    ).all()
    for one in due:
        _write(one, now)
    return len(due)


def _write(one: YearlyAnswer, now: datetime) -> None:
    begun = one.round.begun_at or now
    readers = asked(one.ngo)
    one.due_at = next((begun + after for after in REMINDED if begun + after > now), None)
    one.unreached = not readers
    for reader in readers:
        person = reader.person
        letter = yearly_letters.question(
            person, one.ngo, token(one, person), one.round.closes_at, again=one.letters > 0
        )
        to = To(person.address, person.name, person.id, person.zone)
        ledger.enqueue(letter, to, about=("yearly_answers", one.id))
    if readers:
        one.letters, one.written_at = one.letters + 1, now


def asked(ngo: Ngo) -> list[Representative]:
    """Who is asked for an organisation: who looks after it, else all who speak for it; but nobody whose letters come back."""
    speaking = representation.speaking(ngo)
    shut = suppression.suppressed(one.person.address_key for one in speaking)
    reached = [one for one in speaking if one.person.address_key not in shut]
    return [one for one in reached if one.admin] or reached


def token(one: YearlyAnswer, person: Person) -> str:
    """The right to answer for the organisation; good until the next round begins, or the person's links are revoked."""
    return tokens.sign(Purpose.YEARLY, one.id, person.id, person.settings_version)


def ask_again(one: YearlyAnswer, *, by: Person) -> None:
    """Write to an organisation once more that has not answered, with the next turn.

    :raises NotNow: it has answered, the round is over, or it was written to within a day.
    """
    if one.state is not Answered.WAITING or one.round.closed_at is not None:
        raise NotNow(_("It has answered, or the round has ended. Nothing was changed now."))
    if one.written_at is not None and one.written_at > clock.now() - ASK_AGAIN:
        raise NotNow(_("It was written to within the last day. Try again tomorrow."))
    one.due_at = clock.now()
    journal.record("yearly.asked-again", one, by, ngo=one.ngo_id)


def close_due() -> int:
    """End the rounds whose six weeks are over, and tell the secretariat how they went; how many."""
    over = db.session.scalars(
        select(YearlyRound).where(YearlyRound.closes_at <= clock.now(), YearlyRound.closed_at.is_(None))
    ).all()
    return sum(_close(one) for one in over)


def _close(over: YearlyRound) -> bool:
    if not moved(YearlyRound, YearlyRound.id == over.id, YearlyRound.closed_at.is_(None), closed_at=clock.now()):
        return False
    everybody, answered = counted(over)
    journal.record("yearly.closed", over, None, asked=everybody, answered=answered)
    for person in accounts.secretariat():
        letter = yearly_letters.report(person, everybody, answered)
        ledger.enqueue(
            letter, To(person.address, person.name, person.id, person.zone), about=("yearly_rounds", over.id)
        )
    if planned() is None and over.begun_at is not None:
        db.session.add(YearlyRound(begins_at=over.begun_at + timedelta(days=365), by_id=over.by_id))
    return True


def counted(one: YearlyRound) -> tuple[int, int]:
    """How many organisations were asked in a round, and how many have answered."""
    answered = func.count().filter(YearlyAnswer.state != Answered.WAITING)
    row = db.session.execute(select(func.count(), answered).where(YearlyAnswer.round_id == one.id)).one()
    return int(row[0]), int(row[1])


def of(ngo: Ngo) -> YearlyAnswer | None:
    """The organisation's line in the newest round."""
    last = newest()
    if last is None:
        return None
    return db.session.scalar(
        select(YearlyAnswer).where(YearlyAnswer.round_id == last.id, YearlyAnswer.ngo_id == ngo.id)
    )
