"""draft, revise, discard, copy: an announcement until it is confirmed."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import delete, select

from caucusmail import clock, languages
from caucusmail.announcements import checking, queries
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import (
    Announcement,
    AnnouncementKind,
    AnnouncementState,
    AnnouncementText,
)
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.directory.models import Caucus
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, Invalid, NotAllowed
from caucusmail.groups.models import EmailGroup
from caucusmail.languages import _
from caucusmail.meetings import drafts, papers, scheduling, wording
from caucusmail.meetings.drafts import MeetingDraft
from caucusmail.meetings.models import Meeting, MeetingState

LONGEST_SUBJECT = 200  # characters; the tag, the day and the city come on top
LONGEST_BODY = 60_000


class CannotSend(Conflict):
    """The caucus is in a state in which nothing is sent in its name; the text says which."""


class NotADraft(Conflict):
    """It has been confirmed or taken back: a draft can be changed, this cannot."""


class OlderRevision(Conflict):
    """Somebody (perhaps the same person in another tab) has saved a newer version; ``current`` is that one."""

    def __init__(self, message: str, current: Announcement) -> None:
        super().__init__(message)
        self.current = current


@dataclass(frozen=True)
class Text:
    """One language version as it was typed."""

    subject: str
    body: str = ""  # Markdown


@dataclass(frozen=True)
class Draft:
    """An announcement as its author fills it in. Anything but ``caucus_id`` and ``kind`` may still be missing.

    In errors the field of a text is ``subject_fr`` or ``body_fr``; the fields of a meeting have their own names.
    """

    caucus_id: int
    kind: AnnouncementKind
    texts: Mapping[str, Text] = field(default_factory=dict)  # by language
    audience: Audience = field(default_factory=Audience)
    meeting: MeetingDraft | None = None
    public: bool = False
    urgent: bool = False


def draft(draft: Draft, by: Viewer) -> Announcement:
    """Keep ``draft``; nobody is told. Flushes for its id.

    :raises NotAllowed: ``by`` keeps neither the caucus nor one of the chosen ones.
    :raises CannotSend: the caucus is dormant, archived, gathering interest or elsewhere.
    :raises Invalid: naming the field that makes no sense.
    """
    caucus = _speaker(draft.caucus_id, by)
    texts = _tidy(draft.texts)
    allow_audience(draft.audience, by)
    now = clock.now()
    announcement = Announcement(
        reference=secrets.token_urlsafe(12),
        caucus_id=caucus.id,
        author_id=by.id,
        kind=draft.kind,
        audience=draft.audience.to_json(),
        public=draft.public,
        urgent=draft.urgent,
        made_at=now,
        revised_at=now,
    )
    _keep_meeting(announcement, draft, texts, caucus, by)
    db.session.add(announcement)
    db.session.flush()
    _write(announcement, texts)
    journal.record("announcement.drafted", announcement, by.person)
    return announcement


def revise(announcement: Announcement, draft: Draft, revision: int, by: Viewer) -> Announcement:
    """Put ``draft`` in the place of revision ``revision``. What is refused changes nothing.

    :raises OlderRevision: a newer one was saved meanwhile; it stands, and the asker still holds theirs.
    :raises NotADraft: it is no draft any more.
    :raises NotAllowed, CannotSend, Invalid: as for ``draft``.
    """
    _may_change(announcement, by)
    caucus = _speaker(draft.caucus_id, by)
    texts = _tidy(draft.texts)
    allow_audience(draft.audience, by)
    _take_revision(announcement, revision)
    announcement.caucus_id, announcement.kind = caucus.id, draft.kind
    announcement.audience = draft.audience.to_json()
    announcement.public, announcement.urgent = draft.public, draft.urgent
    _keep_meeting(announcement, draft, texts, caucus, by)
    db.session.execute(delete(AnnouncementText).where(AnnouncementText.announcement_id == announcement.id))
    _write(announcement, texts)
    db.session.flush()
    return announcement


def discard(announcement: Announcement, by: Viewer) -> None:
    """Take a draft off the list; ``restore`` brings it back.

    :raises NotADraft: it has been confirmed.
    """
    _may_change(announcement, by)
    _move(announcement, AnnouncementState.DRAFT, AnnouncementState.CANCELLED, ended_at=clock.now())
    journal.record("announcement.discarded", announcement, by.person)


def restore(announcement: Announcement, by: Viewer) -> None:
    """Bring a discarded draft back.

    :raises NotADraft: it was not discarded.
    """
    _keeps(announcement.caucus_id, by)
    _move(announcement, AnnouncementState.CANCELLED, AnnouncementState.DRAFT, ended_at=None)
    journal.record("announcement.restored", announcement, by.person)


def copy_of(announcement: Announcement, by: Viewer) -> Announcement:
    """A new draft with the texts, the audience and the meeting's details of ``announcement``; its own meeting."""
    return draft(draft_of(announcement), by)


def draft_of(announcement: Announcement) -> Draft:
    """``announcement`` as its author would fill it in again."""
    texts = {text.language: Text(text.subject, text.body) for text in queries.texts(announcement)}
    return Draft(
        caucus_id=announcement.caucus_id,
        kind=announcement.kind,
        texts=texts,
        audience=Audience.from_json(announcement.audience),
        meeting=meeting_of(announcement),
        public=announcement.public,
        urgent=announcement.urgent,
    )


def meeting_of(announcement: Announcement) -> MeetingDraft | None:
    """Its meeting as far as it was filled in; None where nothing was."""
    if announcement.meeting is not None:
        return scheduling.draft_of(announcement.meeting)
    return drafts.from_json(announcement.sketch) if announcement.sketch else None


def _speaker(caucus_id: int, by: Viewer) -> Caucus:
    """The caucus in whose name ``by`` wants to speak."""
    _keeps(caucus_id, by)
    caucus = db.session.get(Caucus, caucus_id)
    if caucus is None:
        raise Invalid("caucus_id", _("Choose the group in whose name you write."))
    silent = checking.why_silent(caucus)
    if silent:
        raise CannotSend(silent)
    return caucus


def _keeps(caucus_id: int, by: Viewer) -> None:
    if not by.keeps_caucus(caucus_id):
        raise NotAllowed(_("Only those who keep this group, or the secretariat, can write in its name."))


def _may_change(announcement: Announcement, by: Viewer) -> None:
    _keeps(announcement.caucus_id, by)
    if announcement.state is not AnnouncementState.DRAFT:
        raise NotADraft(
            _("This announcement is no longer a draft, so it cannot be changed. You can make a copy of it.")
        )


def allow_audience(audience: Audience, by: Viewer) -> None:
    """Everything an audience names must be kept by who writes to it: counts and exclusions would tell who is in it.

    :raises NotAllowed: it names more.
    """
    if by.secretariat:
        return
    if audience.everybody:
        raise NotAllowed(_("Only the secretariat can write to the whole membership. Choose at least one group."))
    caucus_ids = {*audience.caucus_ids, *audience.exclude_caucus_ids, *_caucuses_of(audience)}
    if caucus_ids - by.keeps:
        raise NotAllowed(
            _("You can choose only groups that you keep yourself. Ask the secretariat to send to several groups.")
        )


def _caucuses_of(audience: Audience) -> set[int]:
    """The caucuses of the groups and announcements that ``audience`` names."""
    groups = [*audience.group_ids, *audience.exclude_group_ids]
    announcements = [*audience.sent_announcement_ids, *audience.exclude_announcement_ids]
    return {
        *db.session.scalars(select(EmailGroup.caucus_id).where(EmailGroup.id.in_(groups))),
        *db.session.scalars(select(Announcement.caucus_id).where(Announcement.id.in_(announcements))),
    }


def _tidy(texts: Mapping[str, Text]) -> dict[str, Text]:
    """The versions in which something was written."""
    kept = {}
    for language, text in texts.items():
        if language not in languages.WRITTEN:
            raise Invalid("texts", _("“%(language)s” is not a language on our list.", language=language[:20]))
        if text.subject.strip() or text.body.strip():
            kept[language] = Text(
                wording.one_line(f"subject_{language}", text.subject, LONGEST_SUBJECT),
                wording.lines(f"body_{language}", text.body, LONGEST_BODY),
            )
    return kept


def _named(meeting: MeetingDraft, texts: Mapping[str, Text]) -> MeetingDraft:
    """A meeting without a title of its own is called what the announcement is called."""
    if any(title.strip() for title in meeting.titles.values()):
        return meeting
    return replace(meeting, titles={language: text.subject for language, text in texts.items()})


def _write(announcement: Announcement, texts: Mapping[str, Text]) -> None:
    db.session.add_all(
        AnnouncementText(announcement_id=announcement.id, language=language, subject=text.subject, body=text.body)
        for language, text in texts.items()
    )
    db.session.flush()


def _take_revision(announcement: Announcement, revision: int) -> None:
    """Count the revision up, guarded: of two tabs that saved ``revision``, one is told."""
    kept = moved(
        Announcement,
        Announcement.id == announcement.id,
        Announcement.state == AnnouncementState.DRAFT,
        Announcement.revision == revision,
        revision=revision + 1,
        revised_at=clock.now(),
        tested_at=None,
    )
    if not kept:
        raise OlderRevision(
            _(
                "A newer version of this announcement was saved meanwhile, perhaps in another tab. Nothing was lost: compare the two below."
            ),
            announcement,
        )


def _keep_meeting(
    announcement: Announcement, draft: Draft, texts: Mapping[str, Text], caucus: Caucus, by: Viewer
) -> None:
    """A meeting of which everything that makes one is known; until then a sketch of it."""
    old: Meeting | None = announcement.meeting
    meeting = _named(draft.meeting, texts) if draft.meeting is not None else None
    whole = meeting is not None and not scheduling.open_questions(meeting)
    if old is not None and not whole and papers.number(old):
        raise Invalid(
            "day", _("Papers hang on this meeting, so it keeps its day, its hours and its city. Take them off first.")
        )
    announcement.sketch = scheduling.sketch(meeting) if meeting is not None and not whole else {}
    if meeting is not None and whole and old is not None and old.caucus_id == caucus.id:
        scheduling.revise(old, meeting, by)
        return
    announcement.meeting = scheduling.call(meeting, caucus, by) if meeting is not None and whole else None
    if old is not None and announcement.meeting is not None:
        papers.follow(old, announcement.meeting)
    if old is not None and old.state is MeetingState.DRAFT:
        db.session.delete(old)


def _move(announcement: Announcement, was: AnnouncementState, now: AnnouncementState, **values: Any) -> None:
    if not moved(Announcement, Announcement.id == announcement.id, Announcement.state == was, state=now, **values):
        raise NotADraft(_("This announcement has been changed meanwhile. Please look at it again."))
