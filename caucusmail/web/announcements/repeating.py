"""The list behind a number, and what its reader may do for the copies on it: try now, send again, settle, take back."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from caucusmail.announcements import again
from caucusmail.announcements.again import Which
from caucusmail.announcements.models import Announcement
from caucusmail.delivery.models import DeliveryState, Step
from caucusmail.errors import DomainError, NotFound
from caucusmail.languages import _, later, plural
from caucusmail.web import errors, guards, reader
from caucusmail.web.announcements import copies as shown
from caucusmail.web.announcements import desk
from caucusmail.web.announcements.desk import found
from caucusmail.web.forms import BaseForm, trimmed
from caucusmail.web.notices import tell

DONE = {
    Step.TRY_NOW: lambda number: plural(
        "%(number)s copy is tried again now.", "%(number)s copies are tried again now.", number
    ),
    Step.SEND_AGAIN: lambda number: plural(
        "%(number)s copy is sent again now.", "%(number)s copies are sent again now.", number
    ),
    Step.ARRIVED: lambda number: plural(
        "%(number)s copy counts as arrived.", "%(number)s copies count as arrived.", number
    ),
    Step.NOT_ARRIVED: lambda number: plural(
        "%(number)s copy counts as not arrived.", "%(number)s copies count as not arrived.", number
    ),
}


class AgainForm(BaseForm):
    """Why, and for which copies."""

    reason = StringField(
        later("Why?"),
        [InputRequired(later("Say in a few words why; it stays beside the copy.")), Length(max=again.LONGEST_REASON)],
    )
    row = SelectMultipleField(later("Which copies?"), coerce=int, validate_choice=False)
    step = StringField(filters=[lambda value: value if value in set(Step) else None])

    def which(self, state: DeliveryState) -> Which | None:
        """All on the list, or those ticked; None if none is."""
        rows = [one for one in (self.row.data or []) if 0 < one < 2**31]
        if "every" in request.args:
            return Which(state)
        return Which(state, rows) if rows else None


@desk.bp.get("/<int:announcement_id>/progress/<state>")
@guards.keeper
def copies(announcement_id: int, state: str) -> ResponseReturnValue:
    """The list behind one of the numbers."""
    return _page(found(announcement_id), state, AgainForm(formdata=None)), 200


@desk.bp.post("/<int:announcement_id>/progress/<state>", endpoint="again")
@guards.keeper
def ask_again(announcement_id: int, state: str) -> ResponseReturnValue:
    """Do for the ticked copies, or for all, what the button says."""
    announcement, form = found(announcement_id), AgainForm(request.form)
    which = form.which(shown.LISTS[state]) if state in shown.LISTS else None
    if not form.validate() or which is None or not form.step.data:
        if which is None:
            form.row.errors = [_("Tick the copies that you mean.")]
        return _page(announcement, state, form), 422
    step = Step(form.step.data)
    tell(DONE[step](again.take(announcement, step, form.reason.data, reader.viewer(), which)))
    return redirect(url_for(".progress", announcement_id=announcement_id), 303)


def _page(announcement: Announcement, state: str, form: AgainForm) -> str:
    listed = shown.behind(announcement, state, desk.page_number())
    if listed is None:
        raise NotFound(_("There is no list of that name."))
    ticked = set(form.row.data or [])
    return render_template(
        "announcements/copies.html",
        one=announcement,
        title=desk.title(announcement),
        state=state,
        listed=listed,
        form=form,
        ticked=ticked,
        zone=desk.reader_zone(),
    )


@desk.bp.post("/<int:announcement_id>/asked/<int:entry_id>/undo", endpoint="take_back")
@guards.keeper
def take_back(announcement_id: int, entry_id: int) -> ResponseReturnValue:
    """What was asked for copies is taken back, for those that have not left."""
    count = again.undo(found(announcement_id), entry_id, reader.viewer())
    tell(plural("Taken back for %(number)s copy.", "Taken back for %(number)s copies.", count))
    return redirect(url_for(".progress", announcement_id=announcement_id), 303)


class PauseForm(BaseForm):
    """Why nothing more shall leave for now."""

    reason = StringField(
        later("Why is it paused?"),
        [
            InputRequired(later("Say in a few words why, for whoever keeps it with you.")),
            Length(max=again.LONGEST_REASON),
        ],
    )


@desk.bp.get("/<int:announcement_id>/pause")
@guards.keeper
def pause(announcement_id: int) -> ResponseReturnValue:
    """Why? On a page of its own, since that of the numbers moves."""
    return _pause(found(announcement_id), PauseForm(formdata=None)), 200


@desk.bp.post("/<int:announcement_id>/pause", endpoint="hold_back")
@guards.keeper
def hold_back(announcement_id: int) -> ResponseReturnValue:
    """Nothing more of it leaves until somebody lets it go on."""
    announcement, form = found(announcement_id), PauseForm(request.form)
    if not form.validate():
        return _pause(announcement, form), 422
    again.pause(announcement, form.reason.data, reader.viewer())
    tell(_("Paused. Nothing more leaves until somebody lets it go on."))
    return redirect(url_for(".progress", announcement_id=announcement_id), 303)


def _pause(announcement: Announcement, form: PauseForm) -> str:
    return render_template("announcements/pause.html", one=announcement, title=desk.title(announcement), form=form)


@desk.bp.post("/<int:announcement_id>/go-on", endpoint="go_on")
@guards.keeper
def go_on(announcement_id: int) -> ResponseReturnValue:
    """What was paused may leave again."""
    again.go_on(found(announcement_id), trimmed(request.form.get("reason", "")), reader.viewer())
    tell(_("It goes on."))
    return redirect(url_for(".progress", announcement_id=announcement_id), 303)


@desk.bp.errorhandler(again.NotPaused)
@desk.bp.errorhandler(again.NotSending)
def so_already(problem: DomainError) -> ResponseReturnValue:
    """A second click, or a second person, was there first: the numbers as they are now, with the word."""
    announcement_id = (request.view_args or {})["announcement_id"]
    return errors.moved_on(
        problem, (url_for(".progress", announcement_id=announcement_id), _("See where it stands now"))
    )


@desk.bp.errorhandler(again.NothingToRepeat)
@desk.bp.errorhandler(again.Stopped)
@desk.bp.errorhandler(again.TooLateToTakeBack)
def moved_on(problem: DomainError) -> Response:
    """The copies have moved on since the page was opened; the way on is the numbers as they are now."""
    announcement_id = (request.view_args or {})["announcement_id"]
    onward = url_for(".progress", announcement_id=announcement_id), _("See where it stands now")
    return errors.page(409, str(problem), case="too-late", onward=onward)
