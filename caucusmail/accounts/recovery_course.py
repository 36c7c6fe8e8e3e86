"""What becomes of a recovery: it waits for two days, can be stopped from every known address, and is done on its day.

Each step is told to every address we know of the person, for whoever asks may be somebody else. ``recovering`` begins it;
the people who vouch and decide are asked a floor above (``directory.vouching``).
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from caucusmail import clock, tokens
from caucusmail.accounts import addressing, letters, queries, recovery_letters, revoking, signing_in
from caucusmail.accounts.models import Person, Recovery, RecoveryState, RecoveryWay
from caucusmail.accounts.recovery_letters import Step
from caucusmail.audit import journal
from caucusmail.database import db, delete_some, lock, moved
from caucusmail.delivery import forgetting, ledger
from caucusmail.delivery.ledger import To
from caucusmail.errors import Conflict
from caucusmail.languages import _
from caucusmail.tokens import BadToken, Purpose

WAIT = timedelta(hours=48)
"""How long every known address has to stop a change that nothing else stands in the way of."""
KEPT = timedelta(days=14)
"""How long a recovery is gone on with, and its pages tell of it."""


class NoLonger(Conflict):
    """It was stopped, decided or done in the meantime."""


def no_longer() -> NoLonger:
    """The refusal, in words."""
    return NoLonger(_("This was stopped, decided or done in the meantime. Nothing was changed now."))


def open_now() -> ColumnElement[bool]:
    """Those that somebody can still go on with, as SQL."""
    return Recovery.ended_at.is_(None) & (Recovery.state != RecoveryState.DONE) & (Recovery.asked_at > _oldest())


def _oldest() -> datetime:
    return clock.now() - KEPT


def move(recovery: Recovery, before: RecoveryState, to: RecoveryState, **values: object) -> None:
    """Move an open recovery on, or back; of two who try one does.

    :raises NoLonger: it is not (or no longer) there.
    """
    where = (Recovery.id == recovery.id, Recovery.state == before, open_now())
    if not moved(Recovery, *where, state=to, since=clock.now(), **values):
        raise no_longer()


def wait(recovery: Recovery, before: RecoveryState, *, by: Person | None, reason: str = "") -> None:
    """Nothing stands in the way any more: set the day, and tell it.

    :raises NoLonger: it was stopped or decided.
    """
    move(recovery, before, RecoveryState.WAITING, due_at=clock.now() + WAIT)
    journal.record("recovery.waiting", recovery, by, reason=reason, person=recovery.person_id)
    tell(recovery, Step.WAITING)


def tell(recovery: Recovery, step: Step) -> None:
    """Owe word of ``step`` to every address we know of the person; without a link to their page at its foot, which
    whoever reads an old mailbox shall not have."""
    person = recovery.person
    if person is None:
        return
    letter = recovery_letters.told(person, recovery, step, tokens.sign(Purpose.RECOVERY_STOP, recovery.id))
    for address in queries.addresses_of(person):
        to = letters.to([person], address)
        ledger.enqueue(letter, to, about=("recoveries", recovery.id)).settings_version = None


def to_stop(token: str) -> Recovery:
    """What the link in a letter to a known address stops; ``ended_at`` and the state tell whether it still can.

    :raises BadToken: forged, or too old.
    """
    (number,) = tokens.read(Purpose.RECOVERY_STOP, token, 1, int((KEPT + WAIT).total_seconds()))
    found = db.session.get(Recovery, number)
    if found is None:
        raise BadToken
    revoking.refuse_old(found.person, token)
    return found


def stop(recovery: Recovery, *, by: Person | None) -> bool:
    """End it: nothing changes. False: it had ended, or was done. ``by`` None: the link in a letter.

    The new address is told where it knows already that somebody was found; otherwise the letter would tell who is known.
    """
    state = recovery.state
    ends = {"ended_at": clock.now(), "ended_by_id": by.id if by is not None else None}
    if not moved(Recovery, Recovery.id == recovery.id, Recovery.state == state, open_now(), **ends):
        return False
    journal.record("recovery.stopped", recovery, by, person=recovery.person_id)
    tell(recovery, Step.ENDED)
    if recovery.person is not None and (recovery.way is RecoveryWay.CODE or state is RecoveryState.WAITING):
        letter = recovery_letters.stopped(recovery.language, state)
        ledger.enqueue(letter, To(recovery.address), about=("recoveries", recovery.id))
    return True


def waiting(person: Person) -> list[Recovery]:
    """What is under way for this account, the oldest first: a person who is signed in sees it, and can stop it."""
    found = select(Recovery).where(Recovery.person_id == person.id, open_now()).order_by(Recovery.id)
    return list(db.session.scalars(found))


def change_due() -> int:
    """Change the addresses whose day has come; how many. ``directory.vouching.turn`` calls it."""
    now = clock.now()
    due = (Recovery.state == RecoveryState.WAITING, Recovery.ended_at.is_(None), Recovery.due_at <= now)
    rows = db.session.scalars(select(Recovery).where(*due).order_by(Recovery.id)).all()
    return sum(_change(one) for one in rows)


def _change(recovery: Recovery) -> bool:
    person = recovery.person
    if person is None:
        return False
    lock(person)
    where = (Recovery.id == recovery.id, Recovery.state == RecoveryState.WAITING, Recovery.ended_at.is_(None))
    if not moved(Recovery, *where, state=RecoveryState.DONE, since=clock.now()):
        return False
    for other in waiting(person):
        moved(Recovery, Recovery.id == other.id, Recovery.ended_at.is_(None), ended_at=clock.now())
    journal.record("recovery.done", recovery, None, person=person.id)
    addressing.withdraw_all(person)
    addressing.replace(person, recovery.address, by=None)
    signing_in.sign_out_everywhere(person, by=None)
    return True


def forget() -> int:
    """Delete some of what is no longer gone on with, and what was typed and written for it; how many. A job calls it daily."""
    stale = (Recovery.since < _oldest(), Recovery.state != RecoveryState.WAITING)
    old = select(Recovery.id).where(*stale)
    forgetting.forget_about("recoveries", old)
    return delete_some(Recovery, *stale)
