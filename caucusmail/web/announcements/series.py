"""Another announcement like one that was sent, and its meeting repeated: drafts, with one way back for all of them."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import AnyOf

from caucusmail import clock
from caucusmail.announcements import series
from caucusmail.errors import Invalid, NotFound
from caucusmail.languages import _, later, plural
from caucusmail.meetings import places, queries, recurring
from caucusmail.meetings.models import Meeting
from caucusmail.meetings.recurring import Rhythm
from caucusmail.web import guards, reader
from caucusmail.web.announcements import desk
from caucusmail.web.forms import BaseForm, beside
from caucusmail.web.meetings.fields import DayField, NumberField
from caucusmail.web.notices import tell

RHYTHMS = [
    (Rhythm.WEEKLY.value, later("Every week")),
    (Rhythm.FORTNIGHTLY.value, later("Every two weeks")),
    (Rhythm.MONTHLY.value, later("Every month on the same weekday, such as the third Tuesday")),
]


class RepeatForm(BaseForm):
    """How often, and how long."""

    rhythm = RadioField(
        later("How often"),
        [AnyOf([value for value, _label in RHYTHMS], later("Choose how often."))],
        choices=RHYTHMS,
        validate_choice=False,
    )
    times = NumberField(later("How many more times"))
    until = DayField(later("Or until, that day included"))

    def repetitions(self, meeting: Meeting) -> list[series.Repetition]:
        """The meeting on each day; call it once valid.

        :raises Invalid: there is no such day, or there are too many.
        """
        first, from_ = meeting.starts.date(), series.after(meeting, clock.now())
        days = recurring.days(first, Rhythm(self.rhythm.data), from_, self.times.data, self.until.data)
        return series.repetitions(meeting, days)


def _kept(reference: str) -> Meeting:
    """The meeting, if the reader keeps its caucus."""
    by = reader.viewer()
    meeting = queries.by_reference(reference, by)
    if meeting is None or not by.keeps_caucus(meeting.caucus_id):
        raise NotFound(_("There is no such meeting, or it belongs to a group that you do not keep."))
    return meeting


@desk.bp.post("/like/<reference>")
@guards.keeper
def like(reference: str) -> ResponseReturnValue:
    """A new draft like this meeting, without its day."""
    made = series.another(_kept(reference), reader.viewer())
    said = _("This is a new draft like that meeting. Say on which day it is. Nothing is sent.")
    tell(said, url_for(".discard", announcement_id=made.id))
    return redirect(url_for(".edit", announcement_id=made.id, _anchor="when"), 303)


@desk.bp.get("/repeat/<reference>")
@guards.keeper
def repeat(reference: str) -> ResponseReturnValue:
    """How often?"""
    return _ask(_kept(reference), RepeatForm(None, data={"rhythm": Rhythm.WEEKLY.value}), [], 200)


@desk.bp.post("/repeat/<reference>", endpoint="repeated")
@guards.keeper
def repeated(reference: str) -> ResponseReturnValue:
    """First the days are shown, then the drafts are made."""
    meeting, form = _kept(reference), RepeatForm(request.form)
    found, status = _read(form, meeting)
    if status != 200 or request.form.get("do") != "make":
        return _ask(meeting, form, found, status)
    made = series.repeat(meeting, [one.day for one in found], reader.viewer())
    said = plural(
        "%(number)s draft is made. Nothing is sent.", "%(number)s drafts are made. Nothing is sent.", len(made)
    )
    key = made[0].meeting.series if made[0].meeting is not None else ""
    tell(said, url_for(".discard_series", series_key=key), _("Take all of them off the list"))
    return redirect(url_for(".list"), 303)


def _read(form: RepeatForm, meeting: Meeting) -> tuple[list[series.Repetition], int]:
    """The repetitions asked for; none where the form makes no sense; 422 if one of them cannot be."""
    if not form.validate():
        return [], 422
    try:
        found = form.repetitions(meeting)
    except Invalid as problem:
        beside(form, problem)
        return [], 422
    return found, 422 if any(one.problem for one in found) else 200


def _ask(meeting: Meeting, form: RepeatForm, found: list[Any], status: int) -> ResponseReturnValue:
    wrong = any(one.problem for one in found)
    seen = {"one": meeting, "form": form, "found": found, "wrong": wrong}
    return render_template("announcements/repeat.html", **seen, places=places, most=recurring.MOST), status


@desk.bp.post("/series/<series_key>/discard", endpoint="discard_series")
@guards.keeper
def discard_series(series_key: str) -> ResponseReturnValue:
    """Take all drafts of a series off the list."""
    number = series.discard(_own(series_key), reader.viewer())
    said = plural("%(number)s draft is off the list.", "%(number)s drafts are off the list.", number)
    tell(said, url_for(".restore_series", series_key=series_key))
    return redirect(url_for(".list"), 303)


@desk.bp.post("/series/<series_key>/restore", endpoint="restore_series")
@guards.keeper
def restore_series(series_key: str) -> ResponseReturnValue:
    """Bring them back."""
    number = series.restore(_own(series_key), reader.viewer())
    tell(plural("%(number)s draft is back.", "%(number)s drafts are back.", number))
    return redirect(url_for(".list"), 303)


def _own(series_key: str) -> str:
    """The key of a series whose caucus the reader keeps."""
    by, here = reader.viewer(), series.of(series_key)
    if not here or not all(by.keeps_caucus(one.caucus_id) for one in here):
        raise NotFound(_("There is no such series, or it belongs to a group that you do not keep."))
    return series_key
