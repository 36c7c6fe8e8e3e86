"""What clashes with a draft's meeting, in sentences; taking the better time that is suggested, and going back."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from caucusmail import zones
from caucusmail.announcements import clashes, composition, praying
from caucusmail.announcements.clashes import Clash
from caucusmail.announcements.models import Announcement
from caucusmail.errors import Conflict
from caucusmail.languages import _, pick, plural
from caucusmail.meetings import places
from caucusmail.web import guards, reader
from caucusmail.web.announcements import desk
from caucusmail.web.announcements.desk import found
from caucusmail.web.notices import tell

FURTHEST = 7_000_000_000  # seconds since 1970: in the year 2191


@dataclass(frozen=True)
class Said:
    """The clashes in sentences, and the better time."""

    lines: list[str]
    better: str = ""  # a sentence; "": none
    button: str = ""
    url: str = ""


def said(announcement: Announcement) -> Said:
    """What clashes with the meeting of ``announcement``, for whoever looks."""
    known, meeting = clashes.of(announcement, reader.viewer()), announcement.meeting
    lines = [*(_line(one) for one in known.found), _praying(announcement)]
    if known.slot is None or meeting is None:
        return Said([one for one in lines if one])
    when = zones.spoken(known.slot.begins, meeting.zone)
    url = url_for(".take_slot", announcement_id=announcement.id, starts=int(known.slot.begins.timestamp()))
    return Said([one for one in lines if one], _better(when, known), _("Move it to %(time)s", time=when), url)


def _better(when: str, known: clashes.Clashes) -> str:
    assert known.slot is not None  # asked for only then
    if known.slot.people == 0:
        return (
            _("%(time)s: nobody who is meant is expected elsewhere.", time=when)
            if known.slot_exact
            else _("%(time)s: few who are meant, if anybody, are expected elsewhere.", time=when)
        )
    return plural(
        "%(time)s: %(number)s person who is meant is expected elsewhere.",
        "%(time)s: %(number)s people who are meant are expected elsewhere.",
        known.slot.people,
        time=when,
    )


def _line(clash: Clash) -> str:
    """One clash as a sentence; "" for one in which nobody is concerned."""
    if clash.meeting is None:
        return _("About %(number)s people hold places in meetings of other groups at that hour.", number=clash.people)
    names = {"meeting": places.title(clash.meeting), "group": pick(clash.meeting.caucus.names)}
    if clash.people is None:
        return _(
            "At that hour is “%(meeting)s” (%(group)s); fewer than five people, if anybody, hold places in both.",
            **names,
        )
    if not clash.exact:
        return _("About %(number)s people hold places in both this and “%(meeting)s” (%(group)s) at that hour.", number=clash.people, **names)  # fmt: skip
    if clash.people == 0:
        return ""
    return _both(clash, names) + (
        " " + _("About %(number)s of them said that they come to it.", number=clash.accepted) if clash.accepted else ""
    )


def _praying(announcement: Announcement) -> str:
    number = praying.number(announcement)
    if number is None:
        return ""
    return _(
        "For about %(number)s people who are meant, this is the hour of Friday prayers in a country where Friday is a day off.",
        number=number,
    )


def _both(clash: Clash, names: dict[str, str]) -> str:
    assert clash.people is not None  # it is exact
    return plural(
        "%(number)s person holds places in both this and “%(meeting)s” (%(group)s) at that hour.",
        "%(number)s people hold places in both this and “%(meeting)s” (%(group)s) at that hour.",
        clash.people,
        **names,
    )


@desk.bp.post("/<int:announcement_id>/slot/<moment:starts>", endpoint="take_slot")
@guards.keeper
def take_slot(announcement_id: int, starts: int) -> ResponseReturnValue:
    """Move the draft's meeting to this moment, with the length it has."""
    announcement = found(announcement_id)
    was = _move(announcement, datetime.fromtimestamp(min(starts, FURTHEST), UTC))
    undo = url_for(".take_slot", announcement_id=announcement_id, starts=int(was.timestamp()))
    tell(_("The meeting has another time in this draft. Look at the reply date too."), undo)
    return redirect(url_for(".check", announcement_id=announcement_id), 303)


def _move(announcement: Announcement, begins: datetime) -> datetime:
    """Give the draft's meeting this start; when it started before."""
    draft, meeting = composition.draft_of(announcement), announcement.meeting
    if meeting is None or draft.meeting is None:
        raise Conflict(_("This draft has no meeting with a day and times that could be moved."))
    was, length, zone = meeting.starts_at, meeting.ends_at - meeting.starts_at, zones.zone(meeting.zone)
    first, last = (at.astimezone(zone) for at in (begins, begins + length))
    moved = replace(
        draft.meeting,
        starts=first.replace(tzinfo=None, fold=0),
        ends=last.replace(tzinfo=None, fold=0),
        second_hour=bool(first.fold or last.fold),
    )
    composition.revise(announcement, replace(draft, meeting=moved), announcement.revision, reader.viewer())
    return was
