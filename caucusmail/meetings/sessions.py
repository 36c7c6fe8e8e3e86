"""add, change, remove a session, each with its way back: an Assembly of States Parties, a roundtable.

A session is made of parts: whole days in one city. It may be split over cities, pause over a weekend, be resumed later.
What it was stands in the journal; a session that is put back has its old number, so that what was part of it is again.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select, update

from caucusmail import languages, zones
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, Invalid, NotAllowed, NotFound
from caucusmail.languages import _
from caucusmail.meetings import presets, wording
from caucusmail.meetings.models import Meeting, MeetingSession, SessionPart

MOST_PARTS = 8
LONGEST = timedelta(days=60)
CHANGED, REMOVED = "session.changed", "session.removed"


class ChangedSince(Conflict):
    """It was changed or put back meanwhile, so that what it was can no longer be taken back unseen."""


@dataclass(frozen=True)
class Part:
    """Some days in one city, as they are filled in; with a venue, what is empty is taken from it."""

    begins: date
    ends: date
    city: str = ""
    zone: str = ""  # IANA name
    venue_id: int | None = None


@dataclass(frozen=True)
class SessionDraft:
    """A session as it is filled in. In errors the field of the second part is ``part2``."""

    names: Mapping[str, str] = field(default_factory=dict)  # by language
    parts: Sequence[Part] = ()


def add(draft: SessionDraft, by: Viewer) -> MeetingSession:
    """A new session. Flushes for its id.

    :raises NotAllowed: ``by`` is not of the secretariat.
    :raises Invalid: naming the field that makes no sense.
    """
    _allow(by)
    names = _names(draft)
    session = MeetingSession(slug=_free_slug(languages.pick(names, ("en",))), names=names, parts=_rows(draft.parts))
    db.session.add(session)
    db.session.flush()
    journal.record("session.added", session, by.person)
    return session


def change(session: MeetingSession, draft: SessionDraft, by: Viewer) -> AuditEntry | None:
    """Put ``draft`` in its place; the entry by which ``take_back`` undoes it. None: nothing was different.

    :raises NotAllowed, Invalid: as for ``add``.
    """
    _allow(by)
    names, rows, was = _names(draft), _rows(draft.parts), kept(session)
    now = {"names": names, "parts": [_plain(row) for row in rows]}
    if now == {name: was[name] for name in now}:
        return None
    _put(session, names, rows)
    entry = journal.record(CHANGED, session, by.person, was=was, now=now)
    db.session.flush()
    return entry


def take_back(entry: AuditEntry, by: Viewer) -> MeetingSession:
    """The session as it was before a change.

    :raises NotFound: it is gone.
    :raises ChangedSince: somebody changed it again.
    """
    _allow(by)
    session = db.session.get(MeetingSession, entry.subject_id)
    if session is None:
        raise NotFound(_("This session has been removed meanwhile."))
    now = kept(session)
    if any(now[name] != value for name, value in entry.detail["now"].items()):
        raise ChangedSince(_("This session was changed again meanwhile. Look at it as it is now."))
    _put(session, entry.detail["was"]["names"], [SessionPart(**one) for one in entry.detail["was"]["parts"]])
    journal.record("session.change-taken-back", session, by.person)
    db.session.flush()
    return session


def remove(session: MeetingSession, by: Viewer) -> AuditEntry:
    """Take a session off the list; its meetings stay, part of none. The entry by which ``put_back`` finds all again."""
    _allow(by)
    meetings = list(db.session.scalars(select(Meeting.id).where(Meeting.session_id == session.id)))
    entry = journal.record(REMOVED, session, by.person, was=kept(session), meetings=meetings)
    _belong(meetings, session.id, None)
    db.session.delete(session)
    db.session.flush()
    return entry


def put_back(entry: AuditEntry, by: Viewer) -> MeetingSession:
    """A removed session as it was, with those of its meetings that are part of no other by now. Twice changes nothing."""
    _allow(by)
    session = db.session.get(MeetingSession, entry.subject_id)
    if session is not None:
        return session
    was = entry.detail["was"]
    session = MeetingSession(
        id=entry.subject_id,
        slug=_free_slug(was["slug"]),
        names=was["names"],
        parts=[SessionPart(**one) for one in was["parts"]],
    )
    db.session.add(session)
    db.session.flush()
    _belong(entry.detail["meetings"], None, session.id)
    journal.record("session.put-back", session, by.person)
    return session


def step(entry_id: int, verb: str) -> AuditEntry:
    """The entry that ``change`` or ``remove`` wrote.

    :raises NotFound: there is none with this id.
    """
    entry = db.session.get(AuditEntry, entry_id)
    if entry is None or entry.verb != verb:
        raise NotFound(_("There is no such session."))
    return entry


def draft_of(session: MeetingSession) -> SessionDraft:
    """``session`` as it would be filled in again."""
    parts = [
        Part(date.fromisoformat(one.begins_on), date.fromisoformat(one.ends_on), one.city, one.zone, one.venue_id)
        for one in session.parts
    ]
    return SessionDraft(dict(session.names), parts)


def kept(session: MeetingSession) -> dict[str, Any]:
    """Plain values from which it can be made again."""
    return {"slug": session.slug, "names": dict(session.names), "parts": [_plain(row) for row in session.parts]}


def _allow(by: Viewer) -> None:
    if not by.secretariat:
        raise NotAllowed(_("Only the secretariat can change the sessions."))


def _names(draft: SessionDraft) -> dict[str, str]:
    names = wording.in_each("names", draft.names, 200)
    if not names:
        raise Invalid("names", _("Give the session a name in at least one language."))
    return names


def _rows(parts: Sequence[Part]) -> list[SessionPart]:
    """The parts by their first day, all checked."""
    if not parts:
        raise Invalid("part1", _("When and where is it? Give the first and the last day, and the city."))
    if len(parts) > MOST_PARTS:
        raise Invalid(f"part{MOST_PARTS}", _("A session has at most %(most)s parts here.", most=MOST_PARTS))
    rows: list[SessionPart] = []
    for number, part in sorted(enumerate(parts, start=1), key=lambda one: one[1].begins):
        row = _row(f"part{number}", part)
        if rows and rows[-1].ends_on >= row.begins_on:
            shared = zones.written(part.begins)
            raise Invalid(
                f"part{number}",
                _("Two parts share %(day)s. A day belongs to one city; choose other days.", day=shared),
            )
        rows.append(row)
    return rows


def _row(name: str, part: Part) -> SessionPart:
    if part.ends < part.begins:
        raise Invalid(
            name, _("This part would end before it begins. Its last day is %(day)s.", day=zones.written(part.ends))
        )
    if part.ends - part.begins > LONGEST:
        raise Invalid(name, _("This part would last longer than two months. Please check its days."))
    venue = presets.venue(part.venue_id)
    if part.venue_id is not None and (venue is None or not venue.zone):
        raise Invalid(name, _("This place is not on our list. Choose another, or none."))
    city = wording.one_line(name, part.city, 120) or (languages.pick(venue.city) if venue is not None else "")
    zone = part.zone or (venue.zone if venue is not None else "")
    if not zone or not city:
        raise Invalid(name, _("In which city is it? Its clock is that of the session’s days."))
    zones.zone(zone)
    return SessionPart(
        begins_on=part.begins.isoformat(),
        ends_on=part.ends.isoformat(),
        city=city,
        zone=zone,
        venue_id=part.venue_id,
    )


def _plain(row: SessionPart) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("begins_on", "ends_on", "city", "zone", "venue_id")}


def _put(session: MeetingSession, names: Mapping[str, str], rows: list[SessionPart]) -> None:
    session.names = dict(names)
    session.parts.clear()
    db.session.flush()  # before a part that begins on the day of one that goes
    session.parts.extend(rows)
    db.session.flush()


def _belong(meeting_ids: Sequence[int], was: int | None, now: int | None) -> None:
    of_these = (
        Meeting.id.in_(meeting_ids),
        Meeting.session_id == was if was is not None else Meeting.session_id.is_(None),
    )
    db.session.execute(
        update(Meeting).where(*of_these).values(session_id=now).execution_options(synchronize_session="fetch")
    )


def _free_slug(name: str) -> str:
    """A word for its address that no other session has."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    word = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:50].strip("-") or "session"
    taken = set(db.session.scalars(select(MeetingSession.slug).where(MeetingSession.slug.startswith(word))))
    return next(one for number in count(1) if (one := word if number == 1 else f"{word}-{number}") not in taken)
