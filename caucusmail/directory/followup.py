"""What applicants do after confirming: answer what was asked, add who knows them, withdraw, and take that back.

Who leaves by another door (their own page) withdraws with it: ``let_go``, and ``put_back`` if they take it back.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.directory import affiliation, consent, course, joining, queries
from caucusmail.directory.applications import Applicant, ApplicantState, Application, ApplicationState, Evidence
from caucusmail.directory.models import AffiliationState
from caucusmail.errors import Conflict, Invalid
from caucusmail.languages import _

LONGEST = 4000  # characters
MOST = 20  # additions to one application


OPEN = (*joining.UNDECIDED, ApplicationState.WITHDRAWN)
"""States of an application to which one may come back."""


class Decided(Conflict):
    """The secretariat has decided; nothing can be added or withdrawn here."""


class NothingSaid(Invalid):
    """An empty answer."""


def answer(applicant: Applicant, text: str) -> Evidence:
    """Add ``text`` to the application; if the secretariat had asked, it goes back to them. Flushes for the id.

    :raises Decided: it is decided.
    :raises NothingSaid: the text is empty, or too much was added already.
    """
    application = applicant.application
    state = course.hold(application)
    if state not in joining.UNDECIDED or applicant.state is not ApplicantState.CONFIRMED:
        raise Decided(_("This application is decided. Write to the secretariat if something is wrong."))
    if not text.strip():
        raise NothingSaid("text", _("Nothing is written here. Tell us who knows you, or where we can read about you."))
    said = db.session.scalars(select(Evidence.id).where(Evidence.application_id == application.id)).all()
    if len(said) >= MOST:
        raise NothingSaid("text", _("You have told us a lot already. We will read it and write to you."))
    asked = application.reason if state is ApplicationState.ASKED else ""
    added = Evidence(
        application_id=application.id, applicant_id=applicant.id, asked=asked, text=text[:LONGEST], at=clock.now()
    )
    db.session.add(added)
    course.move(application, ApplicationState.ASKED, to=ApplicationState.TO_REVIEW)
    journal.record("application.answered", application, _person(applicant))
    return added


def withdraw(applicant: Applicant) -> None:
    """Take this person off the application; when nobody is left on it, it is withdrawn. Until it is decided they may come back.

    :raises Decided: it is decided.
    """
    application, person = applicant.application, _person(applicant)
    if course.hold(application) not in joining.UNDECIDED:
        raise Decided(_("This application is decided. You can leave on your own page."))
    if not moved(
        Applicant,
        Applicant.id == applicant.id,
        Applicant.state == ApplicantState.CONFIRMED,
        state=ApplicantState.WITHDRAWN,
    ):
        return
    for wish in joining.wishes(applicant):
        place = queries.affiliation(person, wish.caucus)
        if wish.kept and place is not None and place.state in affiliation.ASKING:
            affiliation.end(place, by=person)
    _close_if_empty(application)
    journal.record("applicant.withdrawn", applicant, person)


def let_go(person: Person) -> dict[str, str]:
    """Take the person off the undecided applications of which they have left everything; where each stood, for ``put_back``.

    Call it after their places have ended.
    """
    stood = {}
    for applicant in _waiting(person):
        state = course.hold(applicant.application)
        if state not in joining.UNDECIDED or not joining.has_left_all(applicant):
            continue
        stood[str(applicant.id)] = state.value
        applicant.state = ApplicantState.WITHDRAWN
        db.session.flush()
        _close_if_empty(applicant.application)
        journal.record("applicant.withdrawn", applicant, person)
    return stood


def put_back(stood: Mapping[str, str], caucus_ids: Collection[int]) -> set[int]:
    """Put those whom ``let_go`` took off back on their applications who are to wait again for one of these caucuses.

    Those of ``caucus_ids`` for which it is too late: the application was decided meanwhile.
    """
    missed: set[int] = set()
    for key, state in stood.items():
        applicant = db.session.get(Applicant, int(key))
        if applicant is None or applicant.state is not ApplicantState.WITHDRAWN:
            continue
        wanted = {wish.caucus_id for wish in joining.wishes(applicant) if wish.kept} & set(caucus_ids)
        application = applicant.application
        if not wanted:
            continue
        if course.hold(application) not in OPEN:
            missed |= wanted
            continue
        applicant.state = ApplicantState.CONFIRMED
        course.move(application, ApplicationState.WITHDRAWN, to=ApplicationState(state))
        journal.record("applicant.came-back", applicant, _person(applicant))
    return missed


def too_late() -> Decided:
    """What somebody is told who comes back to an application that was decided without them."""
    return Decided(_("This application was decided in the meantime. You can sign up again at any time."))


def come_back(applicant: Applicant) -> None:
    """Put this person back on the application, as before they withdrew.

    :raises Decided: it was decided meanwhile.
    """
    application, person = applicant.application, _person(applicant)
    if course.hold(application) not in OPEN:
        raise too_late()
    if not moved(
        Applicant,
        Applicant.id == applicant.id,
        Applicant.state == ApplicantState.WITHDRAWN,
        state=ApplicantState.CONFIRMED,
    ):
        return
    for wish in joining.wishes(applicant):
        if wish.kept and joining.can_be_ticked(wish.caucus):
            place = affiliation.wait(person, wish.caucus, by=person)
            if place.state is not AffiliationState.ACTIVE:
                text = consent.keep(consent.shown(wish.caucus))
                consent.give(person, wish.caucus, text, form="status", asked_at=clock.now())
    course.move(application, ApplicationState.WITHDRAWN, to=ApplicationState.TO_REVIEW)
    journal.record("applicant.came-back", applicant, person)


def _waiting(person: Person) -> list[Applicant]:
    found = db.session.scalars(
        select(Applicant)
        .join(Applicant.application)
        .where(
            Applicant.person_id == person.id,
            Applicant.state == ApplicantState.CONFIRMED,
            Application.state.in_(joining.UNDECIDED),
        )
        .options(joinedload(Applicant.application))
        .order_by(Applicant.id)
    )
    return list(found)


def _close_if_empty(application: Application) -> None:
    left = select(Applicant.id).where(
        Applicant.application_id == application.id, Applicant.state == ApplicantState.CONFIRMED
    )
    if not db.session.scalars(left).all():
        course.move(application, *joining.UNDECIDED, to=ApplicationState.WITHDRAWN)


def _person(applicant: Applicant) -> Person:
    return db.session.get_one(Person, applicant.person_id)
