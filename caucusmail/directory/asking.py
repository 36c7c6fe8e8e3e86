"""Ask an applicant to confirm: one letter with a link and a fresh code, at most one a day to an address over everything.

The page where an address is typed only leaves a note (``ask_soon``): neither its answer nor its time can tell who is known.
A job writes. The count is spent in the same transaction as the letter is owed: no letter without a count, no count without a letter.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, literal, select, update

from caucusmail import clock, database, languages, tokens
from caucusmail.accounts.models import Person
from caucusmail.database import db, moved
from caucusmail.delivery import forgetting, ledger, suppression
from caucusmail.delivery.ledger import To
from caucusmail.directory import joining, letters
from caucusmail.directory.applications import Applicant, ApplicantState
from caucusmail.mail import addresses
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit
from caucusmail.tokens import BadToken, Purpose

ASK = "ask-applicants"
"""The queue that writes to applicants."""

CONFIRM_WITHIN = timedelta(days=14)
A_DAY = Limit("join-letter-day", 1, timedelta(days=1))
A_WEEK = Limit("join-letter-week", 4, timedelta(days=7))  # whoever types an address again and again writes four at most
LEFT_ALONE = Limit("join-left-alone", 0, timedelta(days=30))  # somebody there said "this was not me"


def ask(applicant: Applicant) -> bool:
    """Write to the applicant if their address may get a letter now; whether it did.

    Somebody who is in all of it already is told so instead.
    """
    mailbox = addresses.mailbox(applicant.address_key)
    if limits.tried(LEFT_ALONE, mailbox) or (
        suppression.left_alone(applicant.address) and not _by_themselves(applicant)
    ):
        return False
    wished = [wish.caucus for wish in joining.wishes(applicant)]
    person = joining.known(applicant)
    invited = applicant.application.for_ngo_id is not None
    inside = not invited and person is not None and joining.inside(person, [caucus.id for caucus in wished])
    language = languages.offered(person.languages if person else applicant.languages)
    code = tokens.new_code()
    if inside and person is not None:
        letter = letters.already_in(person, applicant, wished, language)
    else:
        letter = letters.confirm(applicant, wished, code, applicant.made_at + CONFIRM_WITHIN, language)
    if not limits.spend_all(mailbox, A_DAY, A_WEEK):
        return False
    to = To(joining.mailbox(applicant), person_id=person.id if person else None, zone=applicant.zone)
    ledger.enqueue(letter, to, about=("applicants", applicant.id))
    applicant.code_fingerprint = "" if inside else code_fingerprint(applicant, code)
    applicant.letters += 1
    applicant.written_at = clock.now()
    return True


def _by_themselves(applicant: Applicant) -> bool:
    """Whether they filled in the form themselves: nobody invited them, and no colleague put them on it."""
    return applicant.first and applicant.application.for_ngo_id is None


def ask_soon() -> None:
    """Have the job look for applicants who were never written to (``reminders.remind_due``), right after this is kept."""
    database.wake(ASK)


FORGOTTEN: dict[str, Any] = {
    "state": ApplicantState.EXPIRED,
    "name": "",
    "title": "",
    "address": "",
    "address_key": "",
    "code_fingerprint": "",
}
"""What remains of somebody who never confirmed: a line without name and address."""


def forget(applicant: Applicant, state: ApplicantState = ApplicantState.EXPIRED) -> bool:
    """Delete the name and address of somebody who has not confirmed, here and in the ledger; whether they had not."""
    silent = Applicant.state == ApplicantState.UNCONFIRMED
    if not moved(Applicant, Applicant.id == applicant.id, silent, **FORGOTTEN | {"state": state}):
        return False
    forgetting.forget_about("applicants", select(literal(applicant.id)))
    return True


def set_aside(late: datetime) -> ColumnElement[bool]:
    """SQL: who was asked later than that, and cannot be found as long as they are protected: then they may still confirm."""
    return (Applicant.state == ApplicantState.EXPIRED) & (Applicant.address_key != "") & (Applicant.made_at > late)


def leave_alone(address_key: str) -> None:
    """Forget everybody unconfirmed at this address, here and in the ledger, and let no sign-up letter go there for 30 days."""
    forget_at(address_key)
    limits.spend(LEFT_ALONE, addresses.mailbox(address_key))


def forget_at(address_key: str) -> None:
    """Forget everybody unconfirmed at this address, here and in the ledger."""
    silent = (
        Applicant.address_key == address_key,
        Applicant.state.in_((ApplicantState.UNCONFIRMED, ApplicantState.EXPIRED)),  # also who is set aside
    )
    forgetting.forget_about("applicants", select(Applicant.id).where(*silent))
    db.session.execute(
        update(Applicant).where(*silent).values(**FORGOTTEN).execution_options(synchronize_session=False)
    )
    db.session.expire_all()


def code_fingerprint(applicant: Applicant, code: str) -> str:
    """The form in which a code is kept."""
    return tokens.fingerprint("join-code", f"{applicant.id}:{code}")


def overdue(applicant: Applicant, now: datetime) -> bool:
    """Whether the time to confirm is over."""
    return applicant.made_at + CONFIRM_WITHIN <= now


def confirm_token(applicant: Applicant) -> str:
    """The token of the link in the letter."""
    return tokens.sign(Purpose.CONFIRM_SIGN_UP, applicant.id)


def status_token(applicant: Applicant, person: Person) -> str:
    """The token of the status page of an applicant who is ``person``; good until the person's links are revoked."""
    return tokens.sign(Purpose.APPLICATION, applicant.id, person.settings_version)


def manage_token(person: Person) -> str:
    """The token of the person's own page, as it stands in the footer of every letter."""
    return tokens.sign(Purpose.SETTINGS, person.id, person.settings_version)


def manages(token: str, person: Person) -> bool:
    """Whether ``token`` opens this person's own page."""
    try:
        return tokens.read(Purpose.SETTINGS, token, 2) == (person.id, person.settings_version)
    except BadToken:
        return False
