"""Open and close an email group."""

import re
from collections.abc import Mapping

from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.directory.models import Caucus, Status
from caucusmail.errors import Conflict, Invalid
from caucusmail.groups.models import EmailGroup, GroupKind
from caucusmail.languages import _

RESERVED = frozenset({"abuse", "postmaster", "hostmaster", "webmaster", "notices", "mailer-daemon", "noreply", "root"})
_LOCAL_PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


class BadName(Invalid):
    """The name cannot stand before the @ of a group."""


class Taken(Conflict):
    """Another group, or the house itself, has this address."""


class Archived(Conflict):
    """An archived caucus opens no groups."""


def open_group(
    caucus: Caucus,
    local_part: str,
    names: Mapping[str, str],
    *,
    kind: GroupKind = GroupKind.ANNOUNCEMENT,
    by: Person | None,
) -> EmailGroup:
    """Open an email group of ``caucus``. Nobody is put on it. Flushes for the id.

    :raises BadName: something else than lower-case letters, digits and single hyphens.
    :raises Taken: the address is in use.
    :raises Archived: the caucus is archived.
    """
    if (
        not _LOCAL_PART.match(local_part)
        or len(local_part) > 40
        or local_part.endswith(("-bounce", "-owner", "-leave"))
    ):
        raise BadName(
            "local_part",
            _(
                "“%(read)s” cannot be the name of a group. Use small letters, digits and hyphens, like water-news.",
                read=local_part[:60],
            ),
        )
    if caucus.status is Status.ARCHIVED:
        raise Archived(_("This caucus is archived; it opens no new groups."))
    if local_part in RESERVED or db.session.scalar(select(EmailGroup.id).where(EmailGroup.local_part == local_part)):
        raise Taken(_("The address %(name)s is in use already. Choose another.", name=local_part))
    group = EmailGroup(caucus_id=caucus.id, local_part=local_part, names=dict(names), kind=kind, opened_at=clock.now())
    db.session.add(group)
    journal.record("group.opened", group, by, local_part=local_part)
    return group


def close_group(group: EmailGroup, *, by: Person | None) -> bool:
    """Close a group: nothing more is sent to it. Its places stay, so that it can be opened again. Whether it was open."""
    closed = moved(EmailGroup, EmailGroup.id == group.id, EmailGroup.closed_at.is_(None), closed_at=clock.now())
    if closed:
        journal.record("group.closed", group, by)
    return closed


def reopen_group(group: EmailGroup, *, by: Person | None) -> bool:
    """Open a closed group again, with the places it had. Whether it was closed."""
    opened = moved(EmailGroup, EmailGroup.id == group.id, EmailGroup.closed_at.is_not(None), closed_at=None)
    if opened:
        journal.record("group.reopened", group, by)
    return opened
