"""Take a decision on an application back within thirty days: it waits again, and what approval made is unmade."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.directory import admitting, decision_letters, linking
from caucusmail.directory.applications import Application, ApplicationState
from caucusmail.directory.models import Affiliation, AffiliationState, Ngo, Representative, Seat
from caucusmail.directory.verification import APPROVED, move_state
from caucusmail.errors import Conflict
from caucusmail.languages import _

WAY_BACK = timedelta(days=30)


class TooLate(Conflict):
    """A decision is taken back within thirty days, or a new one is made."""


class InTheWay(Conflict):
    """Other things hang by now on what the approval made."""


def possible(application: Application) -> bool:
    """Whether the decision is young enough to be taken back."""
    decided = application.decided_at
    states = (ApplicationState.APPROVED, ApplicationState.DECLINED)
    return application.state in states and decided is not None and clock.now() - decided <= WAY_BACK


def reopen(application: Application, *, by: Person) -> list[Affiliation]:
    """Take a decision back: the application waits again, and what the approval made is unmade; the places unmade.

    An organisation that was in before is again as it was, unless it was renewed or its people were changed since.

    :raises TooLate: more than thirty days ago, or not decided.
    :raises InTheWay: others hang by now on the organisation that was made.
    """
    decided, was = application.decided_at, application.state
    if decided is None or not possible(application):
        raise TooLate(
            _("This is not decided, or was decided more than 30 days ago. End memberships one by one instead.")
        )
    ngo = db.session.get(Ngo, application.ngo_id) if application.ngo_id else None
    places = _made(
        application, AffiliationState.ACTIVE if was is ApplicationState.APPROVED else AffiliationState.DECLINED
    )
    undecided: dict[str, Any] = {"decided_at": None, "decided_by_id": None, "refusal": None, "reason": ""}
    move_state(application, was, ApplicationState.TO_REVIEW, ngo_id=None, **undecided)
    people = [db.session.get_one(Person, one.person_id) for one in admitting.confirmed(application)]
    places = admitting.wait_again(places, ngo)
    if ngo is not None:
        places += _unmake(ngo, [one.id for one in people], decided, application)
    for person in people:
        admitting.write(decision_letters.reopened(person), person, application)
    journal.record("application.reopened", application, by, was=was.value)
    return places


def _made(application: Application, state: AffiliationState) -> list[Affiliation]:
    found: list[Affiliation] = []
    for applicant in admitting.confirmed(application):
        found += db.session.scalars(
            select(Affiliation).where(
                Affiliation.person_id == applicant.person_id,
                Affiliation.caucus_id.in_(admitting.wished(applicant)),
                Affiliation.state == state,
                Affiliation.since >= application.decided_at,
            )
        )
    return found


def _unmake(ngo: Ngo, people: Sequence[int], decided: datetime, application: Application) -> list[Affiliation]:
    """What the approval made of the organisation is unmade; the places of others that were let in with it."""
    detail = _approval(application)
    others = admitting.turn_out(ngo, detail.get("others", ()), decided)
    if detail.get("was"):  # it was in before: only what this application added goes
        linking.put_back(ngo, detail["was"], detail["now"], people)
        return others
    mine = Representative.person_id.in_(people) & (Representative.since >= decided)
    for place in db.session.scalars(select(Representative).where(Representative.ngo_id == ngo.id, mine)):
        db.session.delete(place)
    db.session.flush()
    if ngo.made_at < decided:
        return others
    _drop(ngo, application)
    return others


def _approval(application: Application) -> dict[str, Any]:
    """What the journal holds of the newest approval."""
    newest = db.session.scalar(
        select(AuditEntry)
        .where(AuditEntry.subject_kind == Application.__tablename__, AuditEntry.subject_id == application.id)
        .where(AuditEntry.verb == APPROVED)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    return newest.detail if newest is not None else {}


def _drop(ngo: Ngo, application: Application) -> None:
    hanging = or_(
        select(Representative.id).where(Representative.ngo_id == ngo.id).exists(),
        select(Seat.id).where(Seat.ngo_id == ngo.id).exists(),
        select(Application.id)
        .where((Application.ngo_id == ngo.id) | (Application.for_ngo_id == ngo.id), Application.id != application.id)
        .exists(),
    )
    if db.session.scalar(select(Ngo.id).where(Ngo.id == ngo.id, hanging)):
        raise InTheWay(
            _(
                "%(ngo)s has other people, seats or applications by now, so its approval cannot be taken back in one "
                "step. End what should end one by one.",
                ngo=ngo.name,
            )
        )
    db.session.execute(update(Application).where(Application.ngo_id == ngo.id).values(ngo_id=None))
    db.session.delete(ngo)
