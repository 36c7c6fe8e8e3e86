"""The confirm form's answer to the verb, and the verb's refusals back to the form."""

from datetime import datetime

from caucusmail.announcements import dispatch, timing
from caucusmail.announcements.models import Announcement
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import DomainError, Invalid, NotFound
from caucusmail.languages import _
from caucusmail.web.announcements.forms import ConfirmForm
from caucusmail.web.forms import beside
from caucusmail.zones import TwiceOnTheClock


def _moment(form: ConfirmForm) -> datetime | None:
    """When to send; None for now.

    :raises Invalid: a part of it is missing, or there is no such moment.
    """
    if form.when.data != "later":
        return None
    if form.day.data is None:
        raise Invalid("day", _("On which day shall it be sent?"))
    if form.scheduled_for.data is None:
        raise Invalid("scheduled_for", _("At what time that day shall it be sent?"))
    if not form.zone.zone:
        raise Invalid("zone", _("On the clock of which city? Such as The Hague, New York or Nairobi."))
    second = {"first": False, "second": True}.get(form.second_hour.data)
    return timing.at(datetime.combine(form.day.data, form.scheduled_for.data), form.zone.zone, second)


def decide(form: ConfirmForm, announcement: Announcement, by: Viewer) -> int:
    """Confirm as the form says. 0 if it is done, else the status of the form shown again, with what is in the way."""
    if not form.validate():
        return 422
    try:
        at = _moment(form)
        per_hour = form.per_hour.data or None
        dispatch.confirm(announcement, form.typed.data, form.revision.data or 0, by, at, per_hour)
    except Invalid as problem:
        form.twice = isinstance(problem, TwiceOnTheClock)
        beside(form, problem)
        return 422
    except NotFound:
        raise
    except DomainError as problem:
        form.form_errors.append(str(problem))
        return 409
    return 0
