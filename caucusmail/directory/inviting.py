"""Invitations by an organisation's administrator: how many are open, recall one, and put it back.

A recalled invitation keeps name and address until the day on which it would have been deleted anyway, so that it can be
put back: the letter that is out then works again. ``registration.invite`` writes them.
"""

from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.delivery import withdrawal
from caucusmail.directory import asking, representation
from caucusmail.directory.applications import Applicant, ApplicantState, Application
from caucusmail.directory.models import Ngo
from caucusmail.errors import Conflict
from caucusmail.languages import _

NOTE = "recalled"


class NoLonger(Conflict):
    """The invitation was confirmed, recalled or deleted in the meantime."""


def refuse_beyond_places(ngo: Ngo, address_key: str) -> None:
    """Whether the organisation may invite somebody at this address: who speaks for it already has a place.

    :raises caucusmail.directory.representation.NoPlaceLeft: all its places are taken, or offered, and this one has none.
    """
    full = representation.offered(ngo) >= representation.places_left(ngo)
    if full and not representation.speaks(ngo, address_key):
        raise representation.NoPlaceLeft(
            _(
                "All %(cap)s places of %(ngo)s are taken, or offered to people who have yet to confirm.",
                cap=ngo.seats_cap,
                ngo=ngo.name,
            )
        )


def recalled(ngo: Ngo, address_key: str) -> Applicant | None:
    """The newest invitation to this address that the organisation has recalled and could put back."""
    return db.session.scalar(
        select(Applicant)
        .join(Applicant.application)
        .where(
            Application.for_ngo_id == ngo.id,
            Applicant.address_key == address_key,
            Applicant.state == ApplicantState.RECALLED,
            Applicant.made_at > clock.now() - asking.CONFIRM_WITHIN,
        )
        .order_by(Applicant.id.desc())
        .limit(1)
    )


def recall(applicant: Applicant, *, by: Person | None) -> None:
    """Take an invitation back: its link and code no longer work, and what has not left is not sent.

    :raises NoLonger: it was confirmed or recalled before.
    """
    _move(applicant, ApplicantState.UNCONFIRMED, ApplicantState.RECALLED)
    withdrawal.withdraw(withdrawal.about("applicants", applicant.id), NOTE)
    journal.record("invitation.recalled", applicant, by)


def put_back(applicant: Applicant, *, by: Person | None) -> None:
    """Let a recalled invitation stand again, with the letter that is out.

    :raises NoLonger: it stands already, or its time is over.
    :raises caucusmail.directory.representation.NoPlaceLeft: the place was given to somebody else.
    """
    if applicant.state is not ApplicantState.RECALLED or asking.overdue(applicant, clock.now()):
        raise _no_longer()
    refuse_beyond_places(db.session.get_one(Ngo, applicant.application.for_ngo_id), applicant.address_key)
    _move(applicant, ApplicantState.RECALLED, ApplicantState.UNCONFIRMED)
    if not applicant.letters:  # nothing is out that names a day
        applicant.made_at = clock.now()
    withdrawal.owe_again(withdrawal.about("applicants", applicant.id), NOTE)
    asking.ask_soon()
    journal.record("invitation.put-back", applicant, by)


def _move(applicant: Applicant, here: ApplicantState, to: ApplicantState) -> None:
    if not moved(Applicant, Applicant.id == applicant.id, Applicant.state == here, state=to):
        raise _no_longer()


def _no_longer() -> NoLonger:
    return NoLonger(_("This invitation was confirmed, withdrawn or deleted in the meantime."))
