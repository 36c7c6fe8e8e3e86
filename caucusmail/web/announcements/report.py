"""The report of an announcement: a page to read and to print, and a file for a spreadsheet."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caucusmail import zones
from caucusmail.announcements import again, audience, report
from caucusmail.announcements.models import Announcement, AnnouncementState
from caucusmail.announcements.progress import Copy
from caucusmail.delivery import suppression
from caucusmail.delivery.models import DUE, DeliveryState
from caucusmail.delivery.retry import Fault
from caucusmail.errors import NotFound
from caucusmail.languages import _, later, plural
from caucusmail.web import guards, reader, spreadsheet
from caucusmail.web.announcements import absence, copies, desk, telling
from caucusmail.web.announcements.desk import found

NAMED = (
    DeliveryState.FAILED,
    DeliveryState.UNCERTAIN,
    DeliveryState.DEFERRED,
    DeliveryState.WITHDRAWN,
    DeliveryState.ACCEPTED,
)
"""States of which the report tells names, trouble first."""

STATES = {
    DeliveryState.ACCEPTED: later("Accepted"),
    DeliveryState.QUEUED: later("Still to send"),
    DeliveryState.IN_FLIGHT: later("Leaving now"),
    DeliveryState.DEFERRED: later("Deferred"),
    DeliveryState.FAILED: later("Failed"),
    DeliveryState.UNCERTAIN: later("Uncertain"),
    DeliveryState.WITHDRAWN: later("Withdrawn"),
}
_GONE = (AnnouncementState.SENDING, AnnouncementState.SENT, AnnouncementState.STOPPED)


@desk.bp.get("/<int:announcement_id>/report", endpoint="report")
@guards.keeper
def read(announcement_id: int) -> ResponseReturnValue:
    """Who got it when, who did not and why."""
    announcement = found(announcement_id)
    if announcement.state not in _GONE:
        return redirect(url_for(".progress", announcement_id=announcement_id), 303)
    return render_template("announcements/report.html", **_shown(announcement))


def _shown(announcement: Announcement) -> dict[str, Any]:
    """What the page needs."""
    seen, by = report.of(announcement), reader.viewer()
    return {
        "one": announcement,
        "title": desk.title(announcement),
        "seen": seen,
        "named": {state: report.copies(announcement, by, state) for state in NAMED if seen.states.get(state)},
        "back": report.copies(announcement, by, DeliveryState.ACCEPTED, came_back=True) if seen.came_back else [],
        "states": STATES,
        "copies": copies,
        "telling": telling,
        "absence": absence,
        "withdrawn": withdrawn(seen),
        "held": _held(announcement),
        "zone": city_zone(announcement),
    }


@desk.bp.post("/<int:announcement_id>/report.csv", endpoint="report_csv")
@guards.keeper_proved
def take(announcement_id: int) -> ResponseReturnValue:
    """Everybody, one a line, for a spreadsheet; that it was taken is noted, since it leaves the house with names in it."""
    announcement, by = found(announcement_id), reader.viewer()
    if announcement.state not in _GONE:
        raise NotFound(_("There is no report yet: nothing of this announcement has left."))
    report.taken_along(announcement, by)
    return spreadsheet.answer(lines(announcement), f"report-{announcement.id}")


def _held(announcement: Announcement) -> bool:
    """Nothing of it leaves until somebody lets it go on."""
    leaving = announcement.state is AnnouncementState.SENDING
    return leaving and again.paused(announcement, reader.viewer()) is not None


def city_zone(announcement: Announcement) -> str:
    """The clock of the meeting's city; without a meeting, the reader's."""
    return announcement.meeting.zone if announcement.meeting is not None else desk.reader_zone()


def withdrawn(seen: report.Report) -> list[str]:
    """Why copies of the frozen list were not sent, in words."""
    stopped = seen.withdrawn.get("stopped", 0)
    bounced = seen.withdrawn.get(suppression.NOTE, 0)
    protected = seen.withdrawn.get(Fault.PROTECTED.value, 0)
    left = sum(seen.withdrawn.values()) - stopped - bounced - protected
    said = []
    if protected:
        said.append(
            plural(
                "%(number)s copy was not sent because nothing is sent to that person for now.",
                "%(number)s copies were not sent because nothing is sent to those people for now.",
                protected,
            )
        )
    if left:
        said.append(
            plural(
                "%(number)s person left, or asked for no more mail, before their copy was sent.",
                "%(number)s people left, or asked for no more mail, before their copy was sent.",
                left,
            )
        )
    if bounced:
        said.append(
            plural(
                "%(number)s copy was not sent because mail to its address came back before.",
                "%(number)s copies were not sent because mail to their addresses came back before.",
                bounced,
            )
        )
    if stopped:
        said.append(
            plural(
                "%(number)s copy was held back because the announcement was stopped.",
                "%(number)s copies were held back because the announcement was stopped.",
                stopped,
            )
        )
    return said


def lines(announcement: Announcement) -> Iterator[list[str]]:
    """The file, line by line: a heading, every copy, everybody who was left out."""
    by, zone, held = reader.viewer(), city_zone(announcement), _held(announcement)
    city = zones.city(zone)
    yield [
        _("Name"),
        _("Address"),
        _("State"),
        _("When (%(city)s)", city=city),
        _("When (UTC)"),
        _("Tries"),
        _("What it means"),
        _("What the other server said"),
    ]
    for copy in report.every(announcement, by):
        at = None if held and copy.state in DUE else copy.at
        moments = [_moment(at, zone), _moment(at, "UTC")]
        words = " ".join(part for part in (str(copy.code or ""), copies.answer(copy)) if part)
        yield [
            copy.name or _("(not shown to you)"),
            copy.address,
            str(STATES[copy.state]),
            *moments,
            str(copy.attempts),
            _meaning(copy, held=held),
            words,
        ]
    for gap in report.absent(announcement, by):
        why = audience.why_not(gap.reason, gap.until, gap.zone)
        yield [gap.name or _("(not shown to you)"), "", _("Left out"), "", "", "0", why, ""]


def _meaning(copy: Copy, *, held: bool) -> str:
    back = copies.came_back(copy)
    return copies.meaning(copy, held=held) + (" " + _("It came back later: %(why)s", why=back) if back else "")


def _moment(at: datetime | None, zone: str) -> str:
    return at.astimezone(zones.zone(zone) if zone != "UTC" else UTC).strftime("%Y-%m-%d %H:%M:%S") if at else ""
