"""An applicant presses the button in their letter: from here they are a person, with consent and a place that waits.

The link of the letter and its code open the same page. Looking changes nothing; the button may be pressed twice.
"""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from caucusmail import clock, tokens
from caucusmail.accounts import queries as accounts
from caucusmail.accounts import revoking
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.delivery import ledger, suppression
from caucusmail.delivery.ledger import To
from caucusmail.directory import affiliation, asking, consent, course, joining, letters, representation
from caucusmail.directory.applications import Applicant, ApplicantState, Application, ApplicationState, Wish
from caucusmail.directory.models import AffiliationState, Caucus, Ngo
from caucusmail.errors import Conflict, Invalid, TooMany
from caucusmail.languages import _
from caucusmail.mail import addresses
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit
from caucusmail.tokens import BadToken, Purpose

CODES = Limit("join-code", 8, timedelta(days=1))  # wrong or right, for one address
CODES_OF_NETWORK = Limit("join-code-network", 60, timedelta(hours=1))
DIGEST = Limit("queue-letter", 1, timedelta(days=1))


class WrongCode(Invalid):
    """The code and the address do not belong together, or the code is too old; which, is not said."""


class TooManyTries(TooMany):
    """Too many codes were typed for this address, or from this network."""


class NothingKept(Invalid):
    """Every box was unticked."""


class Answered(Conflict):
    """The application was declined before this person confirmed."""


@dataclass(frozen=True)
class Confirmed:
    """What a confirmation did."""

    applicant: Applicant
    person: Person
    entered: Sequence[Caucus] = ()  # in at once, without review: their organisation is in already
    anew: bool = False  # by this press, and not by one before


def applicant_of(token: str) -> Applicant:
    """Whom the link in a letter belongs to; for fourteen days, also after they have confirmed.

    :raises BadToken: forged, of another purpose, too old, or the entry was removed.
    """
    (applicant_id,) = tokens.read(Purpose.CONFIRM_SIGN_UP, token, 1)
    applicant = _living(applicant_id)
    if asking.overdue(applicant, clock.now()):
        raise BadToken
    joining.refuse_old(token, applicant.person_id, applicant)
    return applicant


def applicant_of_status(token: str) -> Applicant:
    """Whom a status page belongs to: one who has confirmed.

    :raises BadToken: forged, of another purpose, the entry was removed, or the person's links were revoked.
    """
    applicant_id, version = tokens.read(Purpose.APPLICATION, token, 2)
    applicant = _living(applicant_id)
    if applicant.person_id is None or db.session.get_one(Person, applicant.person_id).settings_version != version:
        raise BadToken
    return applicant


def status_token(applicant: Applicant) -> str:
    """The token of the status page of an applicant who has confirmed."""
    return asking.status_token(applicant, db.session.get_one(Person, applicant.person_id))


def _living(applicant_id: int) -> Applicant:
    applicant = db.session.get(Applicant, applicant_id)
    if applicant is None or applicant.state in (ApplicantState.EXPIRED, ApplicantState.REPLACED):
        raise BadToken
    if applicant.state is not ApplicantState.UNCONFIRMED and applicant.person_id is None:  # the person was erased
        raise BadToken
    return applicant


def by_code(address: str, code: str, network: str) -> Applicant:
    """Whom a typed code belongs to. Says nothing of which addresses we know.

    :raises TooManyTries: too many were typed today.
    :raises WrongCode: it does not fit.
    """
    read = addresses.parse(address)
    if not limits.hit(CODES_OF_NETWORK, network):
        raise TooManyTries(
            _("Too many codes were tried from your network. Use the link in the letter, or try again in an hour.")
        )
    if not limits.hit(CODES, read.key):
        raise TooManyTries(
            _("Too many codes were tried for this address. Use the link in the letter, or try again tomorrow.")
        )
    digits = "".join(str(unicodedata.digit(c)) for c in code if c.isdigit())
    written = f"{digits[:3]}-{digits[3:]}"
    waiting = db.session.scalars(
        select(Applicant).where(
            Applicant.address_key == read.key,
            Applicant.state == ApplicantState.UNCONFIRMED,
            Applicant.code_fingerprint != "",
            Applicant.made_at > clock.now() - asking.CONFIRM_WITHIN,
        )
    ).all()
    for applicant in waiting:
        since = applicant.written_at or applicant.made_at
        if any(revoking.ended(one, since) for one in joining.meant(None, applicant)):
            continue  # as the link in the same letter
        if asking.code_fingerprint(applicant, written) == applicant.code_fingerprint:
            return applicant
    raise WrongCode(
        "code",
        _(
            "This code does not fit this address. Take the six digits from the newest letter; older codes no longer work."
        ),
    )


def confirm(applicant: Applicant, kept: Collection[int]) -> Confirmed:
    """The applicant wants the caucuses ``kept`` (ids); the others are let go. Pressed twice, it is done once.

    :raises BadToken: the entry was removed meanwhile.
    :raises NothingKept: none of what they asked for.
    :raises Answered: the application was declined meanwhile.
    :raises BadToken: the invitation was withdrawn meanwhile.
    """
    application = applicant.application
    state = course.hold(application)
    _one_at_a_time(applicant)
    wishes = joining.wishes(applicant)
    chosen = [wish for wish in wishes if wish.caucus_id in kept and joining.can_be_ticked(wish.caucus)]
    if applicant.state is not ApplicantState.UNCONFIRMED:
        return _before(applicant)
    if not chosen:
        raise NothingKept("kept", _("Nothing is ticked. Tick at least one, or say that this was not you."))
    if state is ApplicationState.DECLINED:
        raise Answered(_("This application was answered in the meantime: it was declined. Ask the secretariat."))
    if not moved(
        Applicant,
        Applicant.id == applicant.id,
        Applicant.state == ApplicantState.UNCONFIRMED,
        state=ApplicantState.CONFIRMED,
        confirmed_at=clock.now(),
        code_fingerprint="",
    ):
        return _before(applicant)  # pressed twice at once
    person = _person(applicant)
    applicant.person_id = person.id
    suppression.came_back(applicant.address)
    for wish in wishes:
        wish.kept = wish in chosen
    ngo_id = application.for_ngo_id or (application.ngo_id if state is ApplicationState.APPROVED else None)
    if ngo_id is not None:
        entered = _enter(applicant, person, db.session.get_one(Ngo, ngo_id), chosen)
        now = clock.now()
        course.move(
            application, ApplicationState.UNCONFIRMED, to=ApplicationState.APPROVED, confirmed_at=now, decided_at=now
        )
    else:
        entered = []
        _wait(applicant, person, chosen)
        _to_review(application)
    journal.record("applicant.confirmed", applicant, person, caucuses=[wish.caucus_id for wish in chosen])
    return Confirmed(applicant, person, entered, anew=True)


def _before(applicant: Applicant) -> Confirmed:
    """They have confirmed already; unless the invitation was withdrawn, or the entry forgotten, this moment."""
    if applicant.person_id is None:
        raise BadToken
    return Confirmed(applicant, db.session.get_one(Person, applicant.person_id))


def _one_at_a_time(applicant: Applicant) -> None:
    """Have everybody who confirms with this address wait for each other, so that one person is made."""
    same = select(Applicant.id).where(Applicant.address_key == applicant.address_key)
    db.session.execute(same.order_by(Applicant.id).with_for_update()).all()
    db.session.refresh(applicant)


def refuse(applicant: Applicant) -> None:
    """ "This was not me": forget everybody unconfirmed at this address, on whatever application they stand, and write no
    sign-up letter there for a while. Somebody who has confirmed stays."""
    course.hold(applicant.application)
    key = applicant.address_key
    if asking.forget(applicant):
        journal.record("applicant.refused", applicant, None)
        asking.leave_alone(key)


def _person(applicant: Applicant) -> Person:
    """The person of that name at this address; made now if there is none, though others may read the mailbox."""
    person = joining.known(applicant)
    if person is None:
        person = Person(
            name=applicant.name,
            address=joining.mailbox(applicant),
            address_key=applicant.address_key,
            languages=applicant.languages,
            zone=applicant.zone,
            made_at=clock.now(),
        )
        db.session.add(person)
        db.session.flush()
    person.left_at = None
    return person


def _agree(applicant: Applicant, person: Person, wish: Wish) -> None:
    form = "invitation" if applicant.application.for_ngo_id else "join"
    text = consent.keep(consent.shown(wish.caucus))
    consent.give(person, wish.caucus, text, form=form, asked_at=applicant.written_at or applicant.made_at)


def _wait(applicant: Applicant, person: Person, chosen: Sequence[Wish]) -> None:
    for wish in chosen:
        _agree(applicant, person, wish)
        affiliation.wait(person, wish.caucus, by=person)


def _enter(applicant: Applicant, person: Person, ngo: Ngo, chosen: Sequence[Wish]) -> list[Caucus]:
    """In at once: the organisation is verified and its place in the caucus is settled. Those in which it has no seat are let go.

    :raises NoPlaceLeft: others were quicker.
    """
    admin = applicant.application.for_ngo_id is None and not representation.looked_after(ngo)
    representation.appoint(ngo, person, title=applicant.title, admin=admin, by=person)
    entered = []
    for wish in chosen:
        if not representation.has_seat(ngo, wish.caucus):
            wish.kept = False
            continue
        _agree(applicant, person, wish)
        place = affiliation.wait(person, wish.caucus, by=person)
        if place.state is not AffiliationState.INTEREST:
            seat = representation.seat(ngo, wish.caucus, person)
            affiliation.activate(place, by=person, seat=seat)
            entered.append(wish.caucus)
    return entered


def _to_review(application: Application) -> None:
    """The first confirmation brings the application before the secretariat."""
    waits = (ApplicationState.UNCONFIRMED, ApplicationState.WITHDRAWN)
    if not course.move(application, *waits, to=ApplicationState.TO_REVIEW, confirmed_at=clock.now()):
        return
    number = joining.waiting_for_review()
    for person in accounts.secretariat():
        if limits.spend(DIGEST, str(person.id)):
            to = To(person.address, person.name, person.id, person.zone)
            ledger.enqueue(letters.queue_waits(person, number), to, about=("applications", None))
