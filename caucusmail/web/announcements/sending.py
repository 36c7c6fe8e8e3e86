"""The last word, the two minutes after it, and what became of every copy."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail import zones
from caucusmail.announcements import dispatch
from caucusmail.announcements import progress as reckoned
from caucusmail.errors import DomainError
from caucusmail.languages import _, plural
from caucusmail.meetings import cities
from caucusmail.web import errors, guards, reader
from caucusmail.web.announcements import deciding, desk, forms, progress, telling
from caucusmail.web.announcements.desk import found
from caucusmail.web.announcements.looking import clocks, summary
from caucusmail.web.notices import tell


@desk.bp.get("/<int:announcement_id>/confirm")
@guards.keeper
def confirm(announcement_id: int) -> ResponseReturnValue:
    """Who gets it, when; the short name to type."""
    announcement = found(announcement_id)
    away = desk.elsewhere(announcement)
    blank = {"revision": announcement.revision, "zone": zones.city(desk.reader_zone())}
    return redirect(away, 303) if away else _ask(announcement_id, forms.ConfirmForm(None, data=blank), 200)


@desk.bp.post("/<int:announcement_id>/confirm", endpoint="send")
@guards.keeper
def send(announcement_id: int) -> ResponseReturnValue:
    """Freeze the audience and hold the copies; a second click finds it done."""
    announcement = found(announcement_id)
    away = desk.elsewhere(announcement)
    form = forms.ConfirmForm(request.form)
    status = 0 if away else deciding.decide(form, announcement, reader.viewer())
    if status:
        return _ask(announcement_id, form, status)
    return redirect(url_for(".progress", announcement_id=announcement_id), 303)


def _ask(announcement_id: int, form: forms.ConfirmForm, status: int) -> ResponseReturnValue:
    announcement = found(announcement_id)
    seen = summary(announcement)
    form.offer_waves(seen["estimate"].total, urgent=announcement.urgent)
    return render_template(
        "announcements/confirm.html", **seen, form=form, clocks=clocks(announcement), cities=cities.every()
    ), status


@desk.bp.errorhandler(dispatch.TooLate)
@desk.bp.errorhandler(dispatch.NothingToStop)
def too_late(problem: DomainError) -> Response:
    """It has gone further than the page that was open; the way on is its page as it is now."""
    onward = url_for(".progress", **(request.view_args or {})), _("See where it stands now")
    return errors.page(409, str(problem), case="too-late", onward=onward)


@desk.bp.errorhandler(dispatch.Overtaken)
def overtaken(problem: DomainError) -> ResponseReturnValue:
    """A second click, or a second person, was there first: its page as it is now, with the word."""
    return errors.moved_on(problem, (url_for(".progress", **(request.view_args or {})), _("See where it stands now")))


@desk.bp.post("/<int:announcement_id>/undo")
@guards.keeper
def undo(announcement_id: int) -> ResponseReturnValue:
    """Back to a draft, as if never confirmed."""
    dispatch.undo(found(announcement_id), reader.viewer())
    tell(_("Taken back. Nothing was sent; it is a draft again."))
    return redirect(url_for(".check", announcement_id=announcement_id), 303)


@desk.bp.post("/<int:announcement_id>/now")
@guards.keeper
def now(announcement_id: int) -> ResponseReturnValue:
    """A scheduled one leaves now, after the usual two minutes."""
    dispatch.reschedule(found(announcement_id), reader.viewer())
    return redirect(url_for(".progress", announcement_id=announcement_id), 303)


@desk.bp.get("/<int:announcement_id>/stop")
@guards.keeper
def ask_stop(announcement_id: int) -> ResponseReturnValue:
    """Really? How many copies would stay here."""
    announcement = found(announcement_id)
    if not dispatch.can_be_stopped(announcement):
        return redirect(url_for(".progress", announcement_id=announcement_id), 303)
    waiting = reckoned.numbers(announcement).due
    title = desk.title(announcement)
    return make_response(render_template("announcements/stop.html", one=announcement, title=title, waiting=waiting))


@desk.bp.post("/<int:announcement_id>/stop")
@guards.keeper
def stop(announcement_id: int) -> ResponseReturnValue:
    """Nothing more of it leaves."""
    withdrawn = dispatch.stop(found(announcement_id), reader.viewer())
    tell(plural("Stopped. %(number)s copy stays here.", "Stopped. %(number)s copies stay here.", withdrawn))
    return redirect(url_for(".progress", announcement_id=announcement_id), 303)


@desk.bp.get("/<int:announcement_id>/progress", endpoint="progress")
@guards.keeper
def watch(announcement_id: int) -> ResponseReturnValue:
    """Held, leaving, or gone: the numbers as they are now."""
    announcement = found(announcement_id)
    if desk.elsewhere(announcement) is None:
        return redirect(url_for(".check", announcement_id=announcement_id), 303)
    seen = progress.of(announcement, desk.reader_zone())
    return make_response(
        render_template(
            "announcements/progress.html",
            one=announcement,
            title=desk.title(announcement),
            seen=seen,
            telling=telling,
            zone=desk.reader_zone(),
        )
    )
