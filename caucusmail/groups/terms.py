"""What an organisation's administrator changes among its people, with what follows for groups; each can be taken back.

The rows of the directory move in ``directory.representation``; places on groups, copies that lie ready and the letter to
the person are this floor's. Who becomes administrator, or is no longer, is signed out everywhere but on the sign-in ``keep``
(an id): there they have just done it themselves.
"""

from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts import signing_in
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit import queries as audit
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, lock
from caucusmail.delivery import ledger
from caucusmail.directory import representation
from caucusmail.directory.affiliation import MovedOn
from caucusmail.directory.models import Ngo, Representative
from caucusmail.directory.representation import Term
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import NotFound
from caucusmail.groups import copies, letters, seat_terms, snapshots, standing_down
from caucusmail.groups.models import EmailGroup, Subscription
from caucusmail.groups.queries import WAY_BACK
from caucusmail.languages import _
from caucusmail.mail.rendering import Letter

ENDED, ADMIN = "term.ended", "administrator.changed"
OF_SEATS = (seat_terms.SET, seat_terms.OVER, seat_terms.FIRST)


def end(representative: Representative, *, by: Person | None, keep: int | None = None) -> AuditEntry | None:
    """End a representative's term at once, and write to them. None: it had ended before. Flushes for the id.

    :raises caucusmail.directory.representation.LastAdministrator: nobody would be left to look after the organisation.
    """
    standing_down.leave(representative.person, representative.ngo)
    term = representation.end_term(representative, by=by)
    if term is None:
        return None
    person, left = representative.person, [former["caucus"] for former in term["former"]]
    groups = select(EmailGroup.id).where(EmailGroup.caucus_id.in_(left))
    subscriptions = snapshots.take_off(person, Subscription.group_id.in_(groups))
    step = journal.record(
        ENDED,
        representative,
        by,
        ngo=representative.ngo_id,
        person=person.id,
        term=term,
        former=term["former"],
        subscriptions=subscriptions,
        withdrawn=copies.withdraw(person),
    )
    db.session.flush()
    if term["admin"]:
        signing_in.sign_out_everywhere(person, by=by, keep=keep)
    _write(representative, letters.term_ended(person, representative.ngo, step))
    return step


def set_admin(
    representative: Representative, *, admin: bool, by: Person | None, keep: int | None = None
) -> AuditEntry | None:
    """Make a representative administrator of their organisation, or no longer, and write to them. None: that was so already.

    :raises caucusmail.directory.representation.LastAdministrator: the organisation keeps at least one.
    """
    if not representation.set_admin(representative, admin=admin):
        return None
    _rights_changed(representative, admin=admin, by=by, keep=keep)
    return journal.record(
        ADMIN, representative, by, ngo=representative.ngo_id, person=representative.person_id, admin=admin
    )


def step(by: Viewer, ngo_id: int, entry_id: int) -> AuditEntry:
    """A change among this organisation's people that ``by`` can still take back: whoever looks after it today any, and
    everybody that they ended their own term.

    :raises NotFound: it is none, or older than 30 days, or somebody else's business.
    """
    found = audit.entry(entry_id)
    if found is None or found.verb not in (ENDED, ADMIN, *OF_SEATS) or found.detail.get("ngo") != ngo_id:
        raise NotFound
    if not may_take_back(by, found) or found.at < clock.now() - WAY_BACK:
        raise NotFound
    return found


def may_take_back(by: Viewer, change: AuditEntry) -> bool:
    """Whether ``by`` has the right today, whatever it was when ``change`` was made; their own term everybody takes up again."""
    mine = change.verb == ENDED and by.id is not None and by.id == change.by_id == change.detail["person"]
    return mine or _looks_after(by, change)


def lacks_power(change: AuditEntry, by: Viewer) -> bool:
    """Whether ``change`` ended an administrator's term, and ``by`` cannot make them administrator again."""
    return change.verb == ENDED and bool(change.detail["term"]["admin"]) and not _looks_after(by, change)


def _looks_after(by: Viewer, change: AuditEntry) -> bool:
    return by.secretariat or change.detail["ngo"] in by.administers


def key(change: AuditEntry) -> int:
    """The number by which ``step`` finds a change again. Flushes for it."""
    db.session.flush()
    return change.id


def take_back(change: AuditEntry, *, by: Viewer, keep: int | None = None) -> bool:
    """Make it as it was before ``change``, and write to whom it is about. False: that was done before, nothing changes.

    Power is given back only by somebody who has it: who takes up their own ended term without it is no administrator there.

    :raises NotFound: ``by`` has no right to it today.
    :raises caucusmail.errors.Conflict: something has changed since, so that it cannot be put back.
    """
    if not may_take_back(by, change):
        raise NotFound
    lock(db.session.get_one(Ngo, change.detail["ngo"]))
    if not audit.once(change):
        return False
    if change.verb == ENDED:
        _restore(change, by, keep)
    elif change.verb in OF_SEATS:
        seat_terms.take_back(change, by=by.person)
    else:
        _set_back(change, by.person, keep)
    journal.record(audit.TAKEN_BACK, change, by.person)
    return True


def _set_back(change: AuditEntry, by: Person | None, keep: int | None) -> None:
    """Administrator again, or no longer, if ``change`` was the last that happened to this."""
    representative, admin = db.session.get(Representative, change.subject_id), not change.detail["admin"]
    since = audit.changed_since(change, (ADMIN, ENDED, representation.APPOINTED))
    if representative is None or since or not representation.set_admin(representative, admin=admin):
        raise MovedOn(_("This has changed in the meantime, so it could not be taken back."))
    _rights_changed(representative, admin=admin, by=by, keep=keep)


def runs(change: AuditEntry) -> bool:
    """Whether the term that ``change`` ended runs again now."""
    found = db.session.get(Representative, change.subject_id)
    return found is not None and (found.until is None or found.until > clock.now())


def _restore(change: AuditEntry, viewer: Viewer, keep: int | None) -> None:
    term: Term = change.detail["term"]
    by, power = viewer.person, _looks_after(viewer, change)
    representative = representation.restore_term(term, by=by, power=power)
    person = representative.person
    snapshots.put_back(person, change.detail["subscriptions"])
    copies.ready_again(person, change.detail["withdrawn"])
    if representative.admin:
        signing_in.sign_out_everywhere(person, by=by, keep=keep)
    lost = lacks_power(change, viewer)
    _write(representative, letters.term_runs_on(person, representative.ngo, change, no_admin=lost))


def _rights_changed(representative: Representative, *, admin: bool, by: Person | None, keep: int | None) -> None:
    signing_in.sign_out_everywhere(representative.person, by=by, keep=keep)
    _write(representative, letters.administrator(representative.person, representative.ngo, admin=admin))


def _write(representative: Representative, letter: Letter) -> None:
    ledger.enqueue(letter, letters.to(representative.person), about=("representatives", representative.id))
