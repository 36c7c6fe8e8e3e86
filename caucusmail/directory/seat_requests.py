"""Ask an organisation for a seat, by its name; whether it is a member here is told to nobody who asks."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.delivery import ledger
from caucusmail.delivery.ledger import To
from caucusmail.directory import consent, joining, lookalikes, moving_letters, representation
from caucusmail.directory.models import Caucus, Ngo
from caucusmail.directory.seat_request_models import RequestState, SeatRequest
from caucusmail.directory.standing import LIVE
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, NotFound
from caucusmail.languages import _

ANSWERED_WITHIN = timedelta(days=60)


class NoLonger(Conflict):
    """The request was answered or withdrawn in the meantime."""


def named(name: str) -> Ngo | None:
    """The one member organisation of exactly this name or acronym; None: there is none, or more than one."""
    key, short = lookalikes.name_key(name), name.strip().casefold()
    if not key:
        return None
    same = (Ngo.name_key == key) | ((Ngo.acronym != "") & (func.lower(Ngo.acronym) == short))
    found = db.session.scalars(select(Ngo).where(Ngo.state.in_(LIVE), same).limit(2)).all()
    return found[0] if len(found) == 1 else None


def ask(person: Person, name: str, caucuses: Collection[int]) -> SeatRequest | None:
    """Ask the organisation called ``name`` for its seats in these caucuses (ids), and write to who looks after it. None: there is
    none here, nobody looks after it, or it has no seat there. Flushes for the id."""
    ngo = named(name)
    seated = [one for one in joining.seated(ngo) if one.id in caucuses] if ngo is not None else []
    readers = [one.person for one in representation.speaking(ngo) if one.admin] if ngo is not None else []
    if ngo is None or not seated or not readers:
        return None
    agreed = {str(one.id): consent.keep(consent.shown(one)) for one in seated}
    made = SeatRequest(person_id=person.id, ngo_id=ngo.id, agreed=agreed, asked_at=clock.now())
    db.session.add(made)
    journal.record("seat-request.asked", made, person, ngo=ngo.id)
    for reader in readers:
        letter = moving_letters.asks(reader, person, ngo, seated)
        ledger.enqueue(
            letter, To(reader.address, reader.name, reader.id, reader.zone), about=("seat_requests", made.id)
        )
    return made


def waiting(ngo: Ngo) -> Sequence[SeatRequest]:
    """Who asks an organisation for a seat, the oldest first."""
    return db.session.scalars(
        select(SeatRequest)
        .where(
            SeatRequest.ngo_id == ngo.id,
            SeatRequest.state == RequestState.OPEN,
            SeatRequest.asked_at > clock.now() - ANSWERED_WITHIN,
        )
        .options(joinedload(SeatRequest.person))
        .order_by(SeatRequest.id)
    ).all()


def own(by: Viewer, ngo_id: int, request_id: int) -> SeatRequest:
    """A request to an organisation that ``by`` looks after.

    :raises NotFound: there is none, or it is none of the viewer's business.
    """
    found = db.session.get(SeatRequest, request_id)
    if found is None or found.ngo_id != ngo_id or not (by.secretariat or ngo_id in by.administers):
        raise NotFound
    return found


def caucuses(one: SeatRequest) -> Sequence[Caucus]:
    """Where a seat is asked for, in the order of the pages."""
    ids = [int(key) for key in one.agreed]
    return db.session.scalars(select(Caucus).where(Caucus.id.in_(ids)).order_by(Caucus.place, Caucus.id)).all()


def answer(one: SeatRequest, state: RequestState) -> None:
    """Move an open request on; of two answers one counts.

    :raises NoLonger: it was answered or withdrawn.
    """
    where = (SeatRequest.id == one.id, SeatRequest.state == RequestState.OPEN)
    if not moved(SeatRequest, *where, state=state, answered_at=clock.now()):
        raise NoLonger(_("This was answered or withdrawn in the meantime. Nothing was changed now."))


def decline(one: SeatRequest, *, by: Person) -> None:
    """Say no, and write to who asked.

    :raises NoLonger: it was answered or withdrawn.
    """
    answer(one, RequestState.DECLINED)
    journal.record("seat-request.declined", one, by, ngo=one.ngo_id)
    person = one.person
    letter = moving_letters.not_given(person, one.ngo)
    ledger.enqueue(letter, To(person.address, person.name, person.id, person.zone), about=("seat_requests", one.id))
