"""Open and close an email group, and open it again. Its places stay while it is closed."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit import queries as audit
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, moved
from caucusmail.directory.models import Caucus, Status
from caucusmail.errors import Conflict, Invalid, NotFound
from caucusmail.groups import addresses, copies, membership, news
from caucusmail.groups.models import EmailGroup, GroupKind
from caucusmail.languages import _
from caucusmail.mail import slots

OPENED, CLOSED, REOPENED = STEPS = ("group.opened", "group.closed", "group.reopened")


class Archived(Conflict):
    """An archived caucus opens no groups."""


class Nameless(Invalid):
    """A group has an English name; other languages may wait."""


class NoReason(Invalid):
    """A group is closed for a reason, which its members read."""


class ChangedAgain(Conflict):
    """It stands otherwise now than after the change that is to be taken back."""


def open_group(
    caucus: Caucus,
    local_part: str,
    names: Mapping[str, str],
    *,
    kind: GroupKind = GroupKind.ANNOUNCEMENT,
    by: Person | None,
) -> EmailGroup:
    """Open an email group of ``caucus``. Nobody is put on it. Flushes for the id.

    :raises Archived: the caucus is archived. And what ``addresses.check`` raises.
    """
    if caucus.status is Status.ARCHIVED:
        raise Archived(_("This caucus is archived; it opens no new groups."))
    addresses.check(caucus, local_part)
    group = EmailGroup(caucus_id=caucus.id, local_part=local_part, names=dict(names), kind=kind, opened_at=clock.now())
    db.session.add(group)
    journal.record(OPENED, group, by, local_part=local_part)
    return group


def open_for_all(caucus: Caucus, local_part: str, names: Mapping[str, str], *, by: Person) -> AuditEntry:
    """Open an email group, put every member of ``caucus`` on it and tell them; the step. Raises as ``open_group``.

    :raises Nameless: it has no English name.
    """
    names = {code: slots.line(name) for code, name in names.items() if slots.line(name)}
    if not names.get("en"):
        raise Nameless("name_en", _("Every email group has an English name."))
    group = open_group(caucus, local_part.strip().lower(), names, by=by)
    db.session.flush()
    membership.subscribe_everybody(group)
    news.tell(group, new=True)
    return latest(group)


def close_group(group: EmailGroup, reason: str, *, by: Person | None) -> AuditEntry | None:
    """Close a group: nothing more is sent to it, and its places stay, so that it can be opened again; the step.

    Those whom it serves are told, and the reason with it. None: it was closed before. Flushes for the entry's id.

    :raises NoReason: none is given.
    """
    reason = slots.line(reason)
    if not reason:
        raise NoReason("reason", _("Say why it is closed: its members read it."))
    if not _close(group, reason, clock.now()):
        return None
    return _told(group, journal.record(CLOSED, group, by, reason=reason, local_part=group.local_part))


def reopen_group(group: EmailGroup, *, by: Person | None) -> AuditEntry | None:
    """Open a closed group again, with the places it had, and tell those whom it serves; the step.

    None: it was open before. Flushes for the entry's id.

    :raises Archived: its caucus is archived.
    """
    if group.caucus.status is Status.ARCHIVED:
        raise Archived(_("This caucus is archived: its email groups stay closed."))
    since, reason = group.closed_at, group.closed_why
    if since is None or not _reopen(group):
        return None
    was = {"since": since.isoformat(), "reason": reason}
    return _told(group, journal.record(REOPENED, group, by, was=was, local_part=group.local_part))


def step(group: EmailGroup, entry_id: int) -> AuditEntry:
    """The entry by which this group was opened, closed or opened again.

    :raises NotFound: there is none with this id.
    """
    found = audit.entry(entry_id)
    if found is None or found.verb not in STEPS or found.subject_id != group.id:
        raise NotFound(_("There is no such change."))
    return found


def key(change: AuditEntry) -> int:
    """The number by which ``step`` finds a change again. Flushes for it."""
    db.session.flush()
    return change.id


def latest(group: EmailGroup) -> AuditEntry:
    """The newest entry of the group's life."""
    db.session.flush()
    return db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject_kind == EmailGroup.__tablename__,
            AuditEntry.subject_id == group.id,
            AuditEntry.verb.in_(STEPS),
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).one()


def take_back(group: EmailGroup, change: AuditEntry, *, by: Person) -> bool:
    """Make it as it was before ``change``; who was told of it is told of this. False: that was done before.

    A group that was opened is gone then, and its name free.

    :raises ChangedAgain: it was changed again since, or a letter about a group that was opened has left.
    :raises Archived: its caucus is archived since.
    """
    if not audit.once(change):
        return False
    if change != latest(group) or not _undone(group, change):
        raise ChangedAgain(_("This has changed in the meantime, so it could not be taken back."))
    journal.record(audit.TAKEN_BACK, change, by)
    return True


def _undone(group: EmailGroup, change: AuditEntry) -> bool:
    if change.verb == OPENED:
        if news.said(group):
            raise ChangedAgain(_("Letters about it have left. Close it instead: its members are told."))
        news.unsay(group)
        db.session.delete(group)
        return True
    if change.verb == CLOSED:
        if group.caucus.status is Status.ARCHIVED:
            raise Archived(_("This caucus is archived: its email groups stay closed."))
        done = _reopen(group)
    else:
        was = change.detail["was"]
        done = _close(group, was["reason"], datetime.fromisoformat(was["since"]))
    if done:
        news.tell(group)
    return done


def _told(group: EmailGroup, step: AuditEntry) -> AuditEntry:
    news.tell(group)
    return step


def _close(group: EmailGroup, reason: str, at: datetime) -> bool:
    closed = moved(
        EmailGroup, EmailGroup.id == group.id, EmailGroup.closed_at.is_(None), closed_at=at, closed_why=reason
    )
    if closed:
        copies.close(group)
    return closed


def _reopen(group: EmailGroup) -> bool:
    opened = moved(
        EmailGroup, EmailGroup.id == group.id, EmailGroup.closed_at.is_not(None), closed_at=None, closed_why=""
    )
    if opened:
        copies.open_again(group)
    return opened
