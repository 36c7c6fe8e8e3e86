"""The secretariat decides on an application: approve, ask, decline, hold. ``reopening`` takes it back.

Every move is guarded by the state in which the decider saw the application: of two who decide at once, the second is
told so. What approval means for email groups is the floor above: a surface calls ``groups.admission``.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.directory import admitting, affiliation, course, decision_letters, linking, lookalikes, signs
from caucusmail.directory.admitting import Entered
from caucusmail.directory.applications import Application, ApplicationKind, ApplicationState
from caucusmail.directory.joining import UNDECIDED
from caucusmail.directory.models import Country, Ngo, NgoState
from caucusmail.directory.reasons import Reason
from caucusmail.directory.resemblance import own_domain
from caucusmail.errors import Conflict, Invalid
from caucusmail.languages import _

GOOD_FOR = timedelta(days=730)  # a verification
PROVISIONAL_FOR = timedelta(days=180)
APPROVED = "application.approved"


class DecidedAlready(Conflict):
    """Somebody else has moved the application since the decider looked at it."""


class NobodyLeft(Conflict):
    """Nobody on the application wants to be let in any more."""


class NothingWritten(Invalid):
    """A question, a note or a ground is missing."""


@dataclass(frozen=True)
class Decision:
    """How to approve: what the check rested on; into which organisation that is in already; only provisionally?"""

    how: str
    into: Ngo | None = None
    provisional: bool = False


def approve(application: Application, decision: Decision, *, seen: ApplicationState, by: Person) -> list[Entered]:
    """Let the applicants in who have confirmed: organisation, representatives, seats, memberships; and write to them, and to
    those who speak for the organisation already.

    A caucus that gathers interest keeps their interest; a provisional organisation enters no confidential caucus, and those
    who waited for it to be verified are let in with it.

    :raises NothingWritten: not said how it was verified.
    :raises DecidedAlready: somebody else was quicker.
    :raises NobodyLeft: all who had confirmed have left since.
    :raises caucusmail.directory.linking.NoRoom: the organisation has not so many places left.
    """
    if not decision.how.strip():
        raise NothingWritten("how", _("Say in a few words how you know them, so that others can follow."))
    applicants = admitting.wanting(application)
    people = [one.person_id for one in applicants if one.person_id is not None]
    if seen in UNDECIDED and application.state is seen and not people:
        raise NobodyLeft(_("Everybody on this application has left since, so there is nobody to let in."))
    organisation = application.kind is ApplicationKind.ORGANISATION
    if organisation and decision.into is not None:
        linking.check_room(decision.into, people)
    move_state(application, seen, ApplicationState.APPROVED, decided_at=clock.now(), decided_by_id=by.id, reason="")
    if not organisation:
        entered = [admitting.let_in(one, None, by=by) for one in applicants]
        _approved(application, decision, by, ngo=None)
        return entered
    was = linking.noted(decision.into, people) if decision.into is not None else None
    ngo = _organisation(application, decision, by)
    application.ngo_id = ngo.id
    linking.appoint(ngo, applicants, by=by)
    entered = [admitting.let_in(one, ngo, by=by) for one in applicants]
    others = admitting.admit_waiting(ngo, by=by) if ngo.state is NgoState.VERIFIED else []
    db.session.flush()
    _approved(
        application, decision, by, ngo=ngo.id, was=was, now=linking.noted(ngo, people) if was else None,
        others=[place.id for one in others for place in one.places],
    )  # fmt: skip
    return entered + others


def _approved(application: Application, decision: Decision, by: Person, **detail: Any) -> None:
    linked, provisional = decision.into is not None, decision.provisional
    journal.record(APPROVED, application, by, reason=decision.how, linked=linked, provisional=provisional, **detail)


def ask(application: Application, question: str, *, seen: ApplicationState, by: Person) -> None:
    """Put a question to who has confirmed; their answer brings the application back.

    :raises NothingWritten: no question.
    :raises DecidedAlready: somebody else was quicker.
    """
    if not question.strip():
        raise NothingWritten("question", _("No question is written. The applicant reads it word for word."))
    move_state(application, seen, ApplicationState.ASKED, reason=question)
    for applicant in admitting.wanting(application):
        person = db.session.get_one(Person, applicant.person_id)
        admitting.write(decision_letters.question(person, applicant, question), person, application)
    journal.record("application.asked", application, by, reason=question)


def hold(application: Application, note: str, *, seen: ApplicationState, by: Person) -> None:
    """Put the application aside; the note is for the staff alone, and nobody is written to.

    :raises DecidedAlready: somebody else was quicker.
    """
    move_state(application, seen, ApplicationState.HELD, note=note)
    journal.record("application.held", application, by, reason=note)


def release(application: Application, *, by: Person) -> None:
    """Take an application that was put aside, or that waits for an answer, back into the queue.

    :raises DecidedAlready: it is neither.
    """
    if application.state not in (ApplicationState.HELD, ApplicationState.ASKED):
        raise _too_slow()
    move_state(application, application.state, ApplicationState.TO_REVIEW)
    journal.record("application.released", application, by)


def decline(application: Application, reason: Reason, words: str, *, seen: ApplicationState, by: Person) -> None:
    """Turn the application down, for a reason and in words that the applicant reads in their language.

    :raises NothingWritten: a reason of one's own without words.
    :raises DecidedAlready: somebody else was quicker.
    """
    if reason is Reason.OTHER and not words.strip():
        raise NothingWritten("words", _("Choose one of the reasons, or write one."))
    told: dict[str, Any] = {"refusal": reason, "reason": words.strip()}
    move_state(application, seen, ApplicationState.DECLINED, decided_at=clock.now(), decided_by_id=by.id, **told)
    for applicant in admitting.wanting(application):
        person = db.session.get_one(Person, applicant.person_id)
        for place in admitting.waiting(applicant, interest=True):
            affiliation.decline(place, by=by, reason=reason.value)
        admitting.write(decision_letters.declined(person, reason, words, application.ngo_name), person, application)
    journal.record("application.declined", application, by, reason=words.strip(), refusal=reason.value)


def move_state(application: Application, seen: ApplicationState, to: ApplicationState, **values: Any) -> None:
    """Move the application out of the state it was seen in.

    :raises DecidedAlready: it is not in that state any more, or no way leads from there.
    """
    decided = (ApplicationState.APPROVED, ApplicationState.DECLINED)
    may = seen in UNDECIDED or (to is ApplicationState.TO_REVIEW and seen in decided)
    if not may or not course.move(application, seen, to=to, **values):
        db.session.refresh(application)
        raise _too_slow()


def _too_slow() -> DecidedAlready:
    return DecidedAlready(
        _("This application has been dealt with since you opened it. Look at what was done before you decide.")
    )


def _organisation(application: Application, decision: Decision, by: Person) -> Ngo:
    now = clock.now()
    ngo = decision.into
    if ngo is None:
        country = db.session.get(Country, application.country_code) if application.country_code else None
        domains = [own_domain(one.address) for one in admitting.confirmed(application)]
        ngo = Ngo(
            name=application.ngo_name,
            name_key=lookalikes.name_key(application.ngo_name),
            latin_name=application.latin_name,
            acronym=application.acronym,
            country_code=application.country_code,
            region_id=country.region_id if country else None,
            in_exile=application.in_exile,
            website=application.website,
            domain=next((one for one in domains if one), ""),
            state=NgoState.PROVISIONAL,
            made_at=now,
        )
        db.session.add(ngo)
        db.session.flush()
        signs.write([ngo.id])
        ngo.seats_cap = max(ngo.seats_cap, admitting.expected(application))
    if not (decision.provisional and ngo.state is NgoState.VERIFIED):
        ngo.state = NgoState.PROVISIONAL if decision.provisional else NgoState.VERIFIED
        ngo.verified_at, ngo.verified_by_id, ngo.how_verified = now, by.id, decision.how
        ngo.expires_at = now + (PROVISIONAL_FOR if decision.provisional else GOOD_FOR)
    db.session.flush()
    return ngo
