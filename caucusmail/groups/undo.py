"""Take back a change that a person made to their own places, preferences, term or what others see, for 30 days, exactly."""

from enum import StrEnum

from caucusmail import tokens
from caucusmail.accounts import preferences, revoking
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit import queries as audit
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.directory import showing
from caucusmail.directory.hand_over_models import HandOver
from caucusmail.directory.visibility import Viewer
from caucusmail.groups import handing_back, handing_over, membership, moving, pauses, terms
from caucusmail.groups.queries import LEFT, WAY_BACK
from caucusmail.tokens import BadToken, Purpose

OUT = (LEFT, terms.ENDED)
KINDS = (
    *OUT,
    handing_over.DONE,
    moving.MOVED,
    pauses.PAUSED,
    pauses.RESUMED,
    pauses.SERVED,
    preferences.CHANGED,
    showing.CHOSEN,
)


class Way(StrEnum):
    """Where a way back leads."""

    OPEN = "open"  # it makes everything as it was before
    BACK = "back"  # all is as it was: it was taken back, and holds
    USED = "used"  # it was taken back, and something else was chosen after that
    GONE = "gone"  # it has changed otherwise, so that it cannot be put back


def token(step: AuditEntry) -> str:
    """The right to take ``step`` back. Flushes for its id."""
    db.session.flush()
    return tokens.sign(Purpose.UNDO, step.id)


def read(text: str) -> AuditEntry:
    """The step that a token is about.

    :raises BadToken: forged, older than 30 days, or about nothing that can be taken back so.
    """
    (entry_id,) = tokens.read(Purpose.UNDO, text, 1, int(WAY_BACK.total_seconds()))
    step = audit.entry(entry_id)
    if step is None or step.verb not in KINDS or person(step) is None:
        raise BadToken
    revoking.refuse_old(person(step), text)
    return step


def person(step: AuditEntry) -> Person | None:
    """Whose step it was: only what people did to themselves can be taken back by its link."""
    if step.verb == handing_over.DONE:  # whoever said yes to it, who handed their own seats over may take it back
        offered = db.session.get(HandOver, step.subject_id)
        return db.session.get(Person, step.detail["person"]) if offered is not None and offered.by_holder() else None
    about = step.detail["person"] if step.verb == terms.ENDED else step.subject_id
    return db.session.get(Person, about) if about == step.by_id else None


def loses_power(step: AuditEntry) -> bool:
    """Whether who takes it back by its link was administrator before, which no link makes them again."""
    return step.verb in (terms.ENDED, moving.MOVED) and bool(step.detail["term"]["admin"])


def way(step: AuditEntry) -> Way:
    """Where the way back from ``step`` leads now, by how things stand and not by what was once done."""
    who, done = person(step), audit.taken_back(step)
    if who is not None and step.verb == LEFT:
        if not done and (membership.open_again(step) or not step.detail["former"]):
            return Way.OPEN
        return Way.BACK if membership.as_before(who, step) else Way.GONE
    if not done:
        return Way.OPEN
    again = {handing_over.DONE: handing_back.holds, terms.ENDED: terms.runs, moving.MOVED: moving.runs}
    if step.verb in again:
        return Way.BACK if again[step.verb](step) else Way.GONE
    return Way.BACK if who is not None and _chosen_before(who, step) else Way.USED


def _chosen_before(who: Person, step: AuditEntry) -> bool:
    """Whether what ``who`` chose in ``step`` is again what it was before."""
    if step.verb == preferences.CHANGED:
        return preferences.as_before(who, step)
    if step.verb == showing.CHOSEN:
        return showing.as_before(who, step)
    return pauses.as_before(who, step)


def take_back(step: AuditEntry) -> bool:
    """Make everything as it was before ``step``. False: that was done before, nothing changes.

    :raises caucusmail.errors.Conflict: something has changed since, so that it cannot be put back.
    """
    who = person(step)
    if who is None:
        return False
    if step.verb == terms.ENDED:
        return terms.take_back(step, by=Viewer(who))  # a link gives nobody power
    if step.verb == handing_over.DONE:
        return handing_back.take_back(step, by=who)
    if not audit.once(step):
        return False
    if step.verb == LEFT:
        membership.take_back(who, step, by=who)
    elif step.verb == moving.MOVED:
        moving.take_back(step, by=who)
    elif step.verb == preferences.CHANGED:
        preferences.restore(who, step)
    elif step.verb == showing.CHOSEN:
        showing.restore(who, step)
    else:
        pauses.restore(who, step)
    journal.record(audit.TAKEN_BACK, step, who)
    return True
