"""An application and the organisation it is for: whether its people have room there, what they become, and what was before."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from sqlalchemy import select

from caucusmail.accounts import signing_in
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.delivery import ledger
from caucusmail.delivery.ledger import To
from caucusmail.directory import decision_letters, representation, verified
from caucusmail.directory.applications import Applicant
from caucusmail.directory.models import Ngo, Representative
from caucusmail.directory.verified import Verified
from caucusmail.errors import Invalid
from caucusmail.languages import _


class NoRoom(Invalid):
    """The organisation has fewer places left than the application has people."""


class Term(TypedDict):
    """One person's term as a representative."""

    admin: bool
    title: str
    since: str  # ISO 8601
    until: str | None


class Was(TypedDict):
    """An organisation at a moment, as far as an approval changes it; plain values, for the journal."""

    verified: Verified
    terms: dict[str, Term]  # of the application's people, by person


def noted(ngo: Ngo, person_ids: Sequence[int]) -> Was:
    """How it is now."""
    terms = {
        str(one.person_id): Term(
            admin=one.admin,
            title=one.title,
            since=one.since.isoformat(),
            until=one.until.isoformat() if one.until else None,
        )
        for one in _terms(ngo, person_ids)
    }
    return Was(verified=verified.noted(ngo), terms=terms)


def put_back(ngo: Ngo, was: Was, now: Was, person_ids: Sequence[int]) -> None:
    """Make it as it ``was``; what is no longer as an approval left it (``now``) has changed since and stays."""
    if verified.noted(ngo) == now["verified"]:
        verified.put_back(ngo, was["verified"])
    present = noted(ngo, person_ids)["terms"]
    for one in _terms(ngo, person_ids):
        key = str(one.person_id)
        before = was["terms"].get(key)
        if before is None:
            db.session.delete(one)
        elif present[key] == now["terms"].get(key):
            one.admin, one.title, one.since = before["admin"], before["title"], datetime.fromisoformat(before["since"])
            one.until = datetime.fromisoformat(before["until"]) if before["until"] else None


def check_room(ngo: Ngo, person_ids: Sequence[int]) -> None:
    """Whether these people have room in an organisation that is in already.

    :raises NoRoom: on ``into``.
    """
    speaking = {one.person_id for one in representation.speaking(ngo)}
    new = set(person_ids) - speaking
    if len(new) > ngo.seats_cap - len(speaking):
        raise NoRoom(
            "into",
            _(
                "%(ngo)s has %(taken)s of %(cap)s representatives, and the application brings %(new)s more. Allow it more "
                "on its own page, or end a term there; then approve. What you typed here is kept.",
                ngo=ngo.name,
                taken=len(speaking),
                cap=ngo.seats_cap,
                new=len(new),
            ),
        )


def appoint(ngo: Ngo, applicants: Sequence[Applicant], *, by: Person) -> None:
    """Let the applicants speak for ``ngo``, and tell those who did before. If nobody looks after it, the first of them does,
    who filled in the form if they have confirmed: nobody becomes administrator of an organisation that has one."""
    before = representation.speaking(ngo)
    for applicant in applicants:
        person = db.session.get_one(Person, applicant.person_id)
        admin = not representation.looked_after(ngo)
        representation.appoint(ngo, person, title=applicant.title, admin=admin, by=by)
        if admin:  # what they may do changes: a sign-in from before does not go on with it
            signing_in.sign_out_everywhere(person, by=by)
    known = {one.person_id for one in before}
    names = [applicant.name for applicant in applicants if applicant.person_id not in known]
    for one in before if names else ():
        letter = decision_letters.joined_by(one.person, ngo, names, administrator=one.admin)
        to = To(one.person.address, one.person.name, one.person.id, one.person.zone)
        ledger.enqueue(letter, to, about=("ngos", ngo.id))


def _terms(ngo: Ngo, person_ids: Sequence[int]) -> Sequence[Representative]:
    return db.session.scalars(
        select(Representative)
        .where(Representative.ngo_id == ngo.id, Representative.person_id.in_(person_ids))
        .order_by(Representative.id)
    ).all()
