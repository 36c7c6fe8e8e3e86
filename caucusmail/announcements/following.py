"""An announcement that follows another one: made, frozen and sent at once, for its undo is the next one and minutes count."""

import secrets
from collections.abc import Mapping
from dataclasses import replace

from caucusmail import clock
from caucusmail.announcements import estimate, holding, leaving
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import Text
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState, AnnouncementText
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.directory.visibility import Viewer


def after(original: Announcement, kind: AnnouncementKind, chosen: Audience, by: Viewer) -> Announcement:
    """An empty one for the ``chosen`` audience, in the name of the same caucus. Flushes for its id."""
    now = clock.now()
    made = Announcement(
        reference=secrets.token_urlsafe(12),
        caucus_id=original.caucus_id,
        author_id=by.id,
        kind=kind,
        meeting_id=original.meeting_id,
        corrects_id=original.id,
        audience=chosen.to_json(),
        state=AnnouncementState.CONFIRMED,
        public=original.public,
        urgent=original.urgent,
        made_at=now,
        revised_at=now,
        confirmed_at=now,
        confirmed_by_id=by.id,
        release_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def write(made: Announcement, language: str, text: Text) -> None:
    """One language version of it. Flushes."""
    row = AnnouncementText(announcement_id=made.id, language=language, subject=text.subject, body=text.body)
    db.session.add(row)
    db.session.flush()


def send(made: Announcement, by: Viewer) -> Announcement | None:
    """Freeze its audience, and let its copies leave. None: nobody is there; then it was never made."""
    if not estimate.of(made).total:
        db.session.delete(made)
        db.session.flush()
        return None
    copies = holding.hold(made, made.release_at or clock.now())
    leaving.begin(made, clock.now())
    db.session.refresh(made)
    journal.record("announcement.followed", made, by.person, copies=copies, after=made.corrects_id)
    return made


def to_the_rest(stopped: Announcement, texts: Mapping[str, Text], by: Viewer) -> Announcement | None:
    """What was ``stopped`` goes on with these ``texts`` to those who were not sent it. None: nobody is left."""
    asked = Audience.from_json(stopped.audience)
    rest = replace(asked, exclude_announcement_ids=(*asked.exclude_announcement_ids, stopped.id))
    made = after(stopped, stopped.kind, rest, by)
    for language, text in texts.items():
        write(made, language, text)
    return send(made, by)
