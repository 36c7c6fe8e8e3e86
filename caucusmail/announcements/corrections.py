"""Correct what was announced: who was sent it is told what was wrong and what is right; who was not gets it right at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from sqlalchemy import select

from caucusmail import database, languages
from caucusmail.announcements import dispatch, following, queries, told
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import LONGEST_BODY, LONGEST_SUBJECT, Text
from caucusmail.announcements.models import FOLLOWING, Announcement, AnnouncementKind, AnnouncementState
from caucusmail.database import db
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, Invalid, NotAllowed
from caucusmail.languages import _
from caucusmail.meetings import wording
from caucusmail.meetings.models import Meeting

LONGEST_NOTE = 1000  # characters
MOST_LINES = 12  # that changed; of more, the whole text says it better


class NothingCorrected(Invalid):
    """It reads as it did."""


class NotSent(Conflict):
    """It has not left yet, or is itself told again: there is a better way."""


class CorrectedMeanwhile(Conflict):
    """Somebody else corrected it since its author looked."""


@dataclass(frozen=True)
class Correction:
    """A correction as its author fills it in."""

    seen: int  # the id of the newest correction they have seen; 0: of none
    texts: Mapping[str, Text]  # how each version should have read
    notes: Mapping[str, str] = field(default_factory=dict)  # what was wrong, by language; may be empty


def of(announcement: Announcement) -> Sequence[Announcement]:
    """What corrects ``announcement``, the oldest first."""
    corrects = (Announcement.corrects_id == announcement.id, Announcement.kind == AnnouncementKind.CORRECTION)
    return db.session.scalars(select(Announcement).where(*corrects).order_by(Announcement.id)).all()


def newest(announcement: Announcement) -> int:
    """The id of its newest correction; 0: it has none."""
    return max((one.id for one in of(announcement)), default=0)


def reads_now(announcement: Announcement) -> dict[str, Text]:
    """Each version as it reads with its last correction."""
    last = next(reversed(of(announcement)), announcement)
    subjects = {text.language: text.subject for text in queries.texts(announcement)}
    found = {text.language: text for text in queries.texts(last)}
    kept = last.correction.get("whole", {})
    return {
        language: Text(*kept[language]) if language in kept else Text(subjects[language], found[language].body)
        for language in subjects
        if language in found
    }


def possible(meeting: Meeting) -> Sequence[Announcement]:
    """The announcements of ``meeting`` whose texts can be corrected; two, where a change overtook what was still leaving."""
    return [one for one in told.told(meeting) if _can_be(one)]


def _can_be(announcement: Announcement) -> bool:
    return announcement.state in queries.GONE and announcement.kind not in FOLLOWING and not announcement.for_newcomers


def allow(announcement: Announcement) -> None:
    """Only what leaves or has left, and is no correction or change itself.

    :raises NotSent: it is something else.
    """
    if not _can_be(announcement):
        raise NotSent(_("This cannot be corrected: it has not left yet, or it tells of a change itself."))


def correct(announcement: Announcement, correction: Correction, by: Viewer) -> Announcement | None:
    """Write to those who were sent it; stop it first if it is still leaving, and let the rest have it as it should read.

    The announcement of the correction; that to the rest where nobody was sent it yet; None: nobody is left to write to.

    :raises NotAllowed: ``by`` does not keep its caucus.
    :raises NotSent, CorrectedMeanwhile: as they say.
    :raises NothingCorrected, Invalid: naming the field that makes no sense.
    """
    if not by.keeps_caucus(announcement.caucus_id):
        raise NotAllowed(_("Only those who keep this group, or the secretariat, can correct its announcements."))
    database.lock(announcement)
    allow(announcement)
    if newest(announcement) != correction.seen:
        raise CorrectedMeanwhile(_("Somebody corrected this a moment ago. Please look at it again."))
    was, texts = reads_now(announcement), _tidy(announcement, correction)
    if all(texts[language] == was[language] for language in texts):
        raise NothingCorrected("texts", _("It reads as it did. Nothing was changed, and nobody was written to."))
    rest = None
    if announcement.state is AnnouncementState.SENDING:
        dispatch.stop(announcement, by)
        rest = following.to_the_rest(announcement, texts, by)
    return _told(announcement, texts, was, correction, by) or rest


def _tidy(announcement: Announcement, correction: Correction) -> dict[str, Text]:
    tidy = {}
    for text in queries.texts(announcement):
        given = correction.texts.get(text.language, Text(""))
        subject = wording.one_line(f"subject_{text.language}", given.subject, LONGEST_SUBJECT)
        if not subject:
            raise Invalid(f"subject_{text.language}", _("Every letter has a subject. What is this one about?"))
        tidy[text.language] = Text(subject, wording.lines(f"body_{text.language}", given.body, LONGEST_BODY))
    return tidy


def _told(
    announcement: Announcement,
    texts: Mapping[str, Text],
    was: Mapping[str, Text],
    correction: Correction,
    by: Viewer,
) -> Announcement | None:
    asked = Audience.from_json(announcement.audience)
    had = Audience(
        everybody=asked.everybody,
        caucus_ids=asked.caucus_ids,
        group_ids=asked.group_ids,
        sent_announcement_ids=(announcement.id,),
    )
    made = following.after(announcement, AnnouncementKind.CORRECTION, had, by)
    made.correction = {
        "whole": {language: [text.subject, text.body] for language, text in texts.items()},
        "lines": {language: lines(was[language], texts[language]) for language in texts},
    }
    for language, text in texts.items():
        note = wording.lines(f"note_{language}", correction.notes.get(language, ""), LONGEST_NOTE)
        with languages.use(languages.offered([language])):
            subject = _("CORRECTION: %(subject)s", subject=text.subject)
        body = "\n\n".join(part for part in (note, text.body) if part)
        following.write(made, language, Text(subject[:LONGEST_SUBJECT], body))
    return following.send(made, by)


def lines(was: Text, now: Text) -> list[tuple[str, str]]:
    """The lines that changed, old and new; pure. "" where there was none, or is none; nothing where too many did."""
    old, new = (
        [text.subject, *(line.strip() for line in text.body.splitlines() if line.strip())] for text in (was, now)
    )
    found = []
    for kind, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            pairs = max(last - first, end - begin)
            before, after = (side + [""] * (pairs - len(side)) for side in (old[first:last], new[begin:end]))
            found += list(zip(before, after, strict=True))
    return found if len(found) <= MOST_LINES else []
