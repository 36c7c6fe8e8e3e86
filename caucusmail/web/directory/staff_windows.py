"""Review windows: when the secretariat looks at applications, and what applicants are told."""

from datetime import datetime

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caucusmail import clock
from caucusmail.directory import queries
from caucusmail.directory import windows as review_windows
from caucusmail.languages import _
from caucusmail.web import guards
from caucusmail.web.directory import desk
from caucusmail.web.directory.staff import bp
from caucusmail.web.directory.staff_forms import WindowForm
from caucusmail.web.forms import refused
from caucusmail.web.notices import tell


def _page(form: WindowForm, status: int) -> ResponseReturnValue:
    shown = {"coming": review_windows.coming(), "review": review_windows.review(clock.now()), "now": clock.now()}
    return render_template("directory/staff_windows.html", form=form, windows=review_windows, **shown), status


@bp.get("/review-windows")
@guards.secretariat
def windows() -> ResponseReturnValue:
    """The windows that are open or to come."""
    return _page(WindowForm(formdata=None), 200)


@bp.post("/review-windows")
@guards.secretariat
def add_window() -> ResponseReturnValue:
    """Set a window, from the first day to the end of the last, in The Hague."""
    form = WindowForm()
    if form.validate():
        with refused(form):
            window = review_windows.add(*form.days(), form.note(), by=desk.me())
            undo = url_for("staff.remove_window", window_id=window.id)
            tell(_("The window is set. Applicants see it from now on."), undo)
            return redirect(url_for("staff.windows"), 303)
    return _page(form, form.status)


@bp.post("/review-windows/<int:window_id>/close")
@guards.secretariat
def close_window(window_id: int) -> ResponseReturnValue:
    """End an open window now."""
    was = review_windows.close(queries.window(window_id), by=desk.me())
    undo = url_for("staff.reopen_window", window_id=window_id, until=int(was.timestamp()))
    tell(_("The window is closed. Applicants are told when the next one opens."), undo)
    return redirect(url_for("staff.windows"), 303)


@bp.post("/review-windows/<int:window_id>/reopen/<moment:until>")
@guards.secretariat
def reopen_window(window_id: int, until: int) -> ResponseReturnValue:
    """Take the closing back."""
    until = min(until, int(clock.now().timestamp()) + 366 * 86_400)
    closes_at = datetime.fromtimestamp(until, clock.now().tzinfo)
    review_windows.reopen(queries.window(window_id), closes_at, by=desk.me())
    tell(_("The window is open again."))
    return redirect(url_for("staff.windows"), 303)


@bp.post("/review-windows/<int:window_id>/remove")
@guards.secretariat
def remove_window(window_id: int) -> ResponseReturnValue:
    """Take a window off the list."""
    step = review_windows.remove(queries.window(window_id), by=desk.me())
    tell(_("The window is removed."), url_for("staff.put_window_back", entry_id=step.id))
    return redirect(url_for("staff.windows"), 303)


@bp.post("/review-windows/put-back/<int:entry_id>")
@guards.secretariat
def put_window_back(entry_id: int) -> ResponseReturnValue:
    """Take a removal back."""
    review_windows.put_back(review_windows.removal(entry_id), by=desk.me())
    tell(_("The window is set again, as it was."))
    return redirect(url_for("staff.windows"), 303)
