"""Requests about people's data that the secretariat answers within a month: noted, extended, done, refused, opened again.

Who asks is kept sealed, and only as long as the request is open: once it is closed, there is a number, a day, and what it was.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from caucusmail import clock, seals
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.delivery import ledger
from caucusmail.delivery.ledger import To
from caucusmail.errors import Conflict, Invalid, NotFound
from caucusmail.languages import _
from caucusmail.privacy import deadlines, letters, vacancies
from caucusmail.privacy.models import DataRequest, RequestState, Right

USE = "caucusmail:data-request"
LIVE = (RequestState.OPEN, RequestState.IDENTITY)
SHOWN_CLOSED = 50
OLDEST = timedelta(days=366)


class MovedOn(Conflict):
    """Somebody else has moved it meanwhile."""


def today() -> date:
    """The day it is now, in UTC: nobody's month ends before it does everywhere east of it."""
    return clock.now().date()


def one(request_id: int) -> DataRequest:
    """The request with this number.

    :raises NotFound: there is none.
    """
    found = db.session.get(DataRequest, request_id)
    if found is None:
        raise NotFound
    return found


def waiting() -> Sequence[DataRequest]:
    """What waits for an answer, the most urgent first."""
    live = select(DataRequest).where(DataRequest.state.in_(LIVE))
    return db.session.scalars(live.order_by(DataRequest.due_on, DataRequest.id)).all()


def closed() -> Sequence[DataRequest]:
    """What was answered lately, and what people did by themselves, the newest first."""
    done = select(DataRequest).where(DataRequest.state.not_in(LIVE))
    return db.session.scalars(
        done.order_by(DataRequest.closed_at.desc(), DataRequest.id.desc()).limit(SHOWN_CLOSED)
    ).all()


def asker(request: DataRequest) -> str:
    """Who asks, as the secretariat noted it; "" once the request is closed."""
    return seals.unseal(USE, str(request.id), request.asker_sealed) if request.asker_sealed else ""


def days_left(request: DataRequest) -> int:
    """Days until the last one; below 0: it is overdue."""
    return (date.fromisoformat(request.due_on) - today()).days


def note(right: Right, received: date, who: str, *, by: Person, person: Person | None = None) -> DataRequest:
    """Write down that somebody asked. Flushes for its number.

    :raises Invalid: nothing says who asks (``asker``), or the day (``received``) lies ahead or more than a year back.
    """
    if not who.strip() and person is None:
        raise Invalid("asker", _("Write who asks and how to answer them, like “Ms Odera, by letter from Nairobi”."))
    if not today() - OLDEST <= received <= today() + timedelta(days=1):
        raise Invalid("received", _("The day it came lies within the last year, and not ahead."))
    made = DataRequest(
        right=right,
        received_on=received.isoformat(),
        due_on=deadlines.due(received).isoformat(),
        noted_at=clock.now(),
        noted_by_id=by.id,
        person_id=person.id if person else None,
    )
    db.session.add(made)
    db.session.flush()
    made.asker_sealed = seals.seal(USE, str(made.id), who.strip()) if who.strip() else ""
    journal.record("request.noted", made, by, right=right.value)
    return made


def by_themselves(right: Right, person: Person | None) -> None:
    """Somebody did it by themselves: noted as done; what they had asked for before of the same kind is done with it."""
    now, day = clock.now(), today().isoformat()
    if person is not None:
        before = (DataRequest.person_id == person.id, DataRequest.right == right, DataRequest.state.in_(LIVE))
        for found in db.session.scalars(select(DataRequest).where(*before)):
            _move(found, RequestState.DONE, closed_at=now, asker_sealed="")
    state = {"state": RequestState.DONE, "own": True, "closed_at": now, "noted_at": now}
    db.session.add(
        DataRequest(
            right=right, received_on=day, due_on=day, person_id=person.id if person is not None else None, **state
        )
    )


def ask_identity(request: DataRequest, *, by: Person) -> None:
    """It is not sure who asks; they were asked to prove it. The clock goes on.

    :raises MovedOn: it is not open.
    """
    _move(request, RequestState.IDENTITY, RequestState.OPEN)
    journal.record("request.identity-asked", request, by)


def identified(request: DataRequest, *, by: Person) -> None:
    """It is sure now who asks.

    :raises MovedOn: nobody waited for that.
    """
    _move(request, RequestState.OPEN, RequestState.IDENTITY)
    journal.record("request.identified", request, by)


def extend(request: DataRequest, reason: str, *, told: bool, by: Person) -> None:
    """Two months more, once; somebody who is known here is written to, anybody else was ``told`` by the secretariat.

    :raises Invalid: without a reason (``reason``), or without them being told (``told``).
    :raises MovedOn: it is closed, extended, or its month is over.
    """
    if not reason.strip():
        raise Invalid(
            "reason", _("Write why it takes longer, as the person is told: like “many letters to look through”.")
        )
    person = db.session.get(Person, request.person_id) if request.person_id is not None else None
    if person is None and not told:
        raise Invalid("told", _("They have to be told within the first month. Do that first, then tick it."))
    if request.extended_at is not None or days_left(request) < 0:
        raise MovedOn(_("It was extended before, or its month is over. Answer it now."))
    until = deadlines.due(date.fromisoformat(request.received_on), extended=True).isoformat()
    values = {"due_on": until, "extended_at": clock.now(), "extension_reason": reason.strip(), "reminded": 0}
    _move(request, request.state, **values)
    journal.record("request.extended", request, by)
    if person is not None:
        letter = letters.extended(person, reason.strip(), date.fromisoformat(until))
        ledger.enqueue(letter, To(person.address, person.name, person.id, person.zone), about=_about(request))


def done(request: DataRequest, *, by: Person) -> None:
    """It was answered; who asked is forgotten.

    :raises MovedOn: it was closed before.
    """
    _move(request, RequestState.DONE, closed_at=clock.now(), asker_sealed="")
    journal.record("request.done", request, by)


def refuse(request: DataRequest, reason: str, *, by: Person) -> None:
    """It was refused, and they were told why and where to complain (GDPR, Article 12(4)); who asked is forgotten.

    :raises Invalid: without a reason (``reason``).
    :raises MovedOn: it was closed before.
    """
    if not reason.strip():
        raise Invalid("reason", _("Write why it is refused, as they were told."))
    _move(request, RequestState.REFUSED, closed_at=clock.now(), asker_sealed="", refusal=reason.strip())
    journal.record("request.refused", request, by)


def open_again(request: DataRequest, *, by: Person) -> None:
    """It was closed by a slip. Who asked has to be noted anew, for that was forgotten.

    :raises MovedOn: it is open, or they did it by themselves.
    """
    if request.own:
        raise MovedOn(_("They did this by themselves; there is nothing to open."))
    _move(request, RequestState.OPEN, RequestState.DONE, RequestState.REFUSED, closed_at=None, refusal="")
    journal.record("request.opened-again", request, by)


def remind_due() -> int:
    """Write to the secretariat of what has to be answered within a week, and within a day; how many requests."""
    count = 0
    for found in waiting():
        due_on = date.fromisoformat(found.due_on)
        wanted = deadlines.reminders(due_on, today())
        same = DataRequest.reminded == found.reminded
        if wanted <= found.reminded or not moved(DataRequest, DataRequest.id == found.id, same, reminded=wanted):
            continue
        for reader in vacancies.secretariat():
            letter = letters.request_due(reader, found, due_on, days_left(found))
            ledger.enqueue(letter, To(reader.address, reader.name, reader.id, reader.zone), about=_about(found))
        count += 1
    return count


def _about(request: DataRequest) -> tuple[str, int]:
    return DataRequest.__tablename__, request.id


def _move(request: DataRequest, to: RequestState, *of: RequestState, **values: Any) -> None:
    where = (DataRequest.id == request.id, DataRequest.state.in_(of or LIVE))
    if not moved(DataRequest, *where, state=to, **values):
        raise MovedOn(_("Somebody else has moved this request in the meantime. Look at it again."))
    db.session.refresh(request)
