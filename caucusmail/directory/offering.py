"""offer(): an organisation asks one of its people to take a vacant seat.

Whatever they are in already as an individual is theirs alone to know: who offers is told the same of everybody, and nobody
sits on a seat before they have said yes themselves.
"""

from sqlalchemy import select

from caucusmail import database, tokens
from caucusmail.database import db
from caucusmail.directory import registration
from caucusmail.directory.applications import Applicant, ApplicantState, Application, Wish
from caucusmail.directory.models import Representative, Seat
from caucusmail.directory.seating import SeatTaken
from caucusmail.directory.typed import Colleague
from caucusmail.directory.visibility import Viewer
from caucusmail.languages import _


def offer(seat: Seat, representative: Representative, *, by: Viewer) -> None:
    """Ask ``representative`` by letter to take ``seat``; it is theirs once they confirm. Asked already, nothing happens.

    :raises SeatTaken: somebody sits there.
    :raises NotAllowed: ``by`` does not administer the organisation.
    """
    database.lock(seat)
    if seat.holder_id is not None or seat.until is not None:
        raise SeatTaken(_("Somebody holds this seat by now."))
    if _asked(seat, representative):
        return
    person = representative.person
    colleague = Colleague(
        person.name,
        person.address,
        representative.title,
        tuple(person.languages),
        person.zone,
        caucuses=(seat.caucus_id,),
    )
    registration.invite(seat.ngo, colleague, tokens.new_secret(), by=by)


def _asked(seat: Seat, representative: Representative) -> bool:
    waiting = (
        select(Applicant.id)
        .join(Application)
        .join(Wish, Wish.applicant_id == Applicant.id)
        .where(
            Application.for_ngo_id == seat.ngo_id,
            Applicant.state == ApplicantState.UNCONFIRMED,
            Applicant.address_key == representative.person.address_key,
            Applicant.name == representative.person.name,
            Wish.caucus_id == seat.caucus_id,
        )
    )
    return db.session.scalar(waiting.limit(1)) is not None
