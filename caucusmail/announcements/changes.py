"""A meeting that was announced changes: it is changed, and the same people are told at once, old and new.

Whoever was sent the meeting, or a change of it, is told, as far as they still belong: the audience is the union of theirs, narrowed
to those who had a copy (``Audience.sent_announcement_ids``), so each is told once and who is left out is named with the reason.
A copy that has not left yet never tells what is no more: of an invitation that is still leaving, the rest is withdrawn and
gets a whole invitation as the meeting is now; of a change, the rest is among those who are told of this one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from caucusmail import clock, database, languages
from caucusmail.announcements import change_words, dispatch, following, queries, reminding, sparing, standing
from caucusmail.announcements import estimate as numbers
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import Text
from caucusmail.announcements.estimate import Estimate
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState
from caucusmail.announcements.told import audience, told, versions
from caucusmail.audit import journal
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, Invalid
from caucusmail.languages import _
from caucusmail.meetings import cancelling, papers, rereckoning, scheduling, wording
from caucusmail.meetings import queries as meetings
from caucusmail.meetings.drafts import MeetingDraft
from caucusmail.meetings.models import Meeting, MeetingChange, MeetingState
from caucusmail.meetings.papers import PaperDraft

LONGEST_WORDS = 4000  # characters


class ChangeKind(StrEnum):
    """What about a meeting changes."""

    ROOM = "room"
    TIME = "time"
    ACCESS = "access"
    DOCUMENT = "document"  # a paper is added or replaced
    DETAILS = "details"  # agenda, hosts, languages
    CANCELLED = "cancelled"
    REINSTATED = "reinstated"
    CLOCK = "clock"  # by no author: the hour stays while the rules of its clock have changed (``clocks``)


class NotAnnounced(Conflict):
    """Nobody was told of the meeting yet: its draft can be changed."""


class Overtaken(Conflict):
    """Somebody else changed it since its author looked."""


class NothingChanged(Invalid):
    """It is as it was."""


@dataclass(frozen=True)
class Change:
    """A change as its author fills it in."""

    kind: ChangeKind
    seen: int  # the id of the newest change they have seen; 0: of none
    meeting: MeetingDraft | None = None  # room, time, access, details: how it is to be
    words: Mapping[str, str] = field(default_factory=dict)  # by language; the usual words where there are none
    reason: str = ""
    paper: PaperDraft | None = None  # document
    replaces: int | None = None  # document: the id of a paper; None: it is a further one
    follows: bool = False  # cancelled: a new time will be told
    spares: bool = False  # nothing is sent to those who said that they do not come (``sparing``)


def newest(meeting: Meeting) -> int:
    """The id of the newest change of a meeting; 0: there was none."""
    return max((row.id for row in meetings.changes(meeting)), default=0)


def reach(meeting: Meeting) -> Estimate:
    """Who would be told of a change now."""
    asked = Announcement(caucus_id=meeting.caucus_id, audience=audience(meeting).to_json())
    return numbers.reckoned(standing.question(asked, versions(meeting)))


def tell(meeting: Meeting, change: Change, by: Viewer) -> Announcement | None:
    """Change ``meeting`` and tell those who were sent it, now; the announcement of it. None: nobody is left to tell.

    Where nobody had been sent it yet, it is the invitation as the meeting is now.

    :raises NotAllowed: ``by`` does not keep the caucus, or its roster is hidden and those who do not come are to be spared.
    :raises NotAnnounced, Overtaken: as they say.
    :raises NothingChanged, Invalid: naming the field that makes no sense.
    :raises MeetingIsOff, NothingToCancel, NothingToReinstate: its state forbids it.
    """
    scheduling.allow(meeting.caucus_id, by)
    _hold_still(meeting, change.seen)
    before = told(meeting)
    invitations = [one for one in before if one.kind is AnnouncementKind.MEETING and not one.for_newcomers]
    if meeting.state is MeetingState.DRAFT or not invitations:
        raise NotAnnounced(_("Nobody was told of this meeting yet. Change its draft instead."))
    rows = _changed(meeting, change, by)
    reminding.give_way(meeting)
    reached = sparing.spared(meeting, audience(meeting)) if change.spares else audience(meeting)
    running = [one for one in before if one.state is AnnouncementState.SENDING]
    cut_short = [one for one in running if dispatch.stop(one, by)]  # no copy leaves that says what is no more
    instead = [_replace(one, meeting, by) for one in running]
    rows = [*rows, *_untold(cut_short, change.kind)]
    made = _announcement(invitations[-1], reached, rows, by)
    _write(made, invitations, change, rows)
    return following.send(made, by) or next((one for one in instead if one is not None), None)


def _hold_still(meeting: Meeting, seen: int) -> None:
    """Of two who change it at the same moment the second finds what the first did (PostgreSQL: by the lock)."""
    database.lock(meeting)
    if newest(meeting) != seen:
        raise Overtaken(_("Somebody changed this meeting a moment ago. This is how it stands now; please look again."))


def _changed(meeting: Meeting, change: Change, by: Viewer) -> Sequence[MeetingChange]:
    if change.kind is ChangeKind.CANCELLED:
        return [cancelling.cancel(meeting, by, change.reason, follows=change.follows)]
    if change.kind is ChangeKind.REINSTATED:
        return [cancelling.reinstate(meeting, by, change.reason)]
    if change.kind is ChangeKind.CLOCK:
        journal.record("meeting.clock-changed", meeting, by.person)
        return [rereckoning.keep_wall(meeting, by)]
    if change.kind is ChangeKind.DOCUMENT:
        return [_filed(meeting, change, by)]
    assert change.meeting is not None
    scheduling.revise(meeting, change.meeting, by, change.reason)
    if change.kind is ChangeKind.TIME and meeting.reply_by_at is not None and meeting.reply_by_at > meeting.starts_at:
        raise Invalid("reply_day", _("People would be asked to reply until after the meeting begins. Until when now?"))
    rows = [row for row in meetings.changes(meeting) if row.id > change.seen]
    if not rows:
        raise NothingChanged(
            change.kind.value, _("This is what it is already. Nothing was changed, and nobody was written to.")
        )
    for row in rows:
        journal.record(f"meeting.{row.kind}-changed", meeting, by.person)
    return rows[::-1]


def _filed(meeting: Meeting, change: Change, by: Viewer) -> MeetingChange:
    """A paper is added, or takes the place of another version."""
    assert change.paper is not None
    if meeting.state is MeetingState.CANCELLED:
        raise scheduling.is_off()
    if change.replaces is None:
        papers.add(meeting, change.paper, by, change.reason)
    else:
        old = papers.paper(meeting, change.replaces, gone=True)
        papers.replace(meeting, old, change.paper, old.revision, by, change.reason)  # who changed it meanwhile was seen
    return meetings.changes(meeting)[0]


def _untold(stopped: Sequence[Announcement], kind: ChangeKind) -> list[MeetingChange]:
    """What letters that were stopped would still have told; of a meeting that is off nothing else matters."""
    if kind is ChangeKind.CANCELLED:
        return []
    rows = {row.id: row for one in stopped for row in queries.changes(one) if row.kind != "cancelled"}
    return [rows[key] for key in sorted(rows)]


def _replace(running: Announcement, meeting: Meeting, by: Viewer) -> Announcement | None:
    """Who has not been sent an invitation that was stopped gets one as the meeting is now."""
    if running.kind is not AnnouncementKind.MEETING or meeting.state is MeetingState.CANCELLED:
        return None
    if running.for_newcomers:  # who has not had theirs is found again
        return None
    texts = {text.language: Text(text.subject, text.body) for text in queries.texts(running)}
    return following.to_the_rest(running, texts, by)


def _announcement(original: Announcement, reached: Audience, rows: Sequence[MeetingChange], by: Viewer) -> Announcement:
    made = following.after(original, AnnouncementKind.CHANGE, reached, by)
    made.urgent = True
    made.changes = [row.id for row in rows]
    return made


def _write(
    made: Announcement, invitations: Sequence[Announcement], change: Change, rows: Sequence[MeetingChange]
) -> None:
    """A version in each language in which the meeting was announced; where nobody typed a word, in each that the house knows, for else
    who reads another one would not get what was typed."""
    typed = {language for language, words in change.words.items() if words.strip()}
    written = {text.language for one in invitations for text in queries.texts(one)} | typed
    if not typed and not any(row.note for row in rows):
        written |= languages.OFFERED.keys()
    for language in sorted(written):
        own = wording.lines(f"words_{language}", change.words.get(language, ""), LONGEST_WORDS)
        usual = change_words.usual(change.kind.value, rows, language)
        following.write(made, language, Text(usual.subject, own or usual.body))


def offered(meeting: Meeting) -> Sequence[ChangeKind]:
    """What may be changed about a meeting as it stands now."""
    if meeting.state is MeetingState.DRAFT or meeting.ends_at <= clock.now():
        return ()
    if meeting.state is MeetingState.CANCELLED:
        return (ChangeKind.REINSTATED,)
    return (
        ChangeKind.ROOM,
        ChangeKind.TIME,
        ChangeKind.ACCESS,
        ChangeKind.DOCUMENT,
        ChangeKind.DETAILS,
        ChangeKind.CANCELLED,
    )


def still_asked(meeting: Meeting, change: Change) -> bool:
    """Whether ``change`` would still change ``meeting`` after another one did."""
    if change.kind not in offered(meeting):
        return False
    if change.paper is not None:
        return papers.differs(meeting, change.paper, change.replaces)
    return change.meeting is None or scheduling.differs(meeting, change.meeting)
