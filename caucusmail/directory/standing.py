"""Where an organisation's membership stands: new, current, in grace, lapsed; the rules, and the verbs that follow them.

A verification is good for two years, a provisional one for six months (``verification``). When it has run out there are
60 days of grace in which everything goes on; then the organisation lapses by itself: its people are left out of
announcements, with that reason, and nothing of theirs is deleted, so that a renewal brings all of it back.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.directory import admitting, several_seats, verified
from caucusmail.directory.admitting import Entered
from caucusmail.directory.models import Affiliation, Ngo, NgoState
from caucusmail.directory.verification import GOOD_FOR
from caucusmail.errors import Conflict, Invalid
from caucusmail.languages import _

GRACE_FOR = timedelta(days=60)
LIVE = (NgoState.VERIFIED, NgoState.PROVISIONAL)
RENEWED, TAKEN_BACK, LAPSED = "ngo.renewed", "ngo.renewal-taken-back", "ngo.lapsed"


class Standing(StrEnum):
    """What the dates make of an organisation's state."""

    NEW = "new"  # provisional, within its time
    CURRENT = "current"
    GRACE = "grace"
    LAPSED = "lapsed"


class CannotTakeBack(Conflict):
    """The renewal was followed by something else."""


def of(ngo: Ngo, now: datetime) -> Standing:
    """Where ``ngo`` stands at ``now``."""
    if ngo.state is NgoState.LAPSED:
        return Standing.LAPSED
    if ngo.expires_at is None or now < ngo.expires_at:
        return Standing.NEW if ngo.state is NgoState.PROVISIONAL else Standing.CURRENT
    return Standing.GRACE if now < ngo.expires_at + GRACE_FOR else Standing.LAPSED


def ending(limit: int = 20) -> Sequence[Ngo]:
    """Organisations in grace, those that lapse soonest first."""
    now = clock.now()
    return db.session.scalars(
        select(Ngo)
        .where(Ngo.state.in_(LIVE), Ngo.expires_at <= now, Ngo.expires_at > now - GRACE_FOR)
        .order_by(Ngo.expires_at, Ngo.id)
        .limit(limit)
    ).all()


def renew(ngo: Ngo, how: str, by: Person) -> list[Entered]:
    """Verify ``ngo`` anew for two years; ``how`` says how it was checked. Who had to wait for this is let in: they.

    :raises Invalid: on ``how``: nothing is said.
    """
    if not how.strip():
        raise Invalid("how", _("Say in a few words how you checked it, so that others can follow."))
    was, now = verified.noted(ngo), clock.now()
    ngo.state, ngo.expires_at, ngo.verified_at = NgoState.VERIFIED, now + GOOD_FOR, now
    ngo.verified_by_id, ngo.how_verified = by.id, how.strip()
    entered = admitting.admit_waiting(ngo, by=by)
    let_in = [place.id for one in entered for place in one.places]
    journal.record(RENEWED, ngo, by, reason=how.strip(), was=was, at=now.isoformat(), let_in=let_in)
    return entered


def take_back_renewal(ngo: Ngo, by: Person) -> list[Affiliation]:
    """As it was before the newest renewal; the places of those who were let in with it and wait again.

    :raises CannotTakeBack: it was not renewed, or not within the last 30 days.
    """
    newest = db.session.scalar(
        select(AuditEntry)
        .where(AuditEntry.subject_kind == Ngo.__tablename__, AuditEntry.subject_id == ngo.id)
        .where(AuditEntry.verb.in_((RENEWED, TAKEN_BACK, LAPSED)))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    if newest is None or newest.verb != RENEWED or clock.now() - newest.at > timedelta(days=30):
        raise CannotTakeBack(_("There is no renewal of the last 30 days to take back."))
    verified.put_back(ngo, newest.detail["was"])
    places = admitting.turn_out(ngo, newest.detail["let_in"], datetime.fromisoformat(newest.detail["at"]))
    journal.record(TAKEN_BACK, ngo, by)
    return places


def lapse_due() -> int:
    """Let organisations lapse whose grace is over; how many."""
    now = clock.now()
    due = db.session.scalars(select(Ngo).where(Ngo.state.in_(LIVE), Ngo.expires_at <= now - GRACE_FOR)).all()
    for ngo in due:
        ngo.state = NgoState.LAPSED
        several_seats.show_others(ngo)
        journal.record(LAPSED, ngo, None)
    return len(due)
