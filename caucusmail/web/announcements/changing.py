"""A meeting that was announced changes: choose what, say how, and the same people are told at once."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CombinedMultiDict, MultiDict

from caucusmail.announcements import changes, corrections, sparing
from caucusmail.announcements.changes import Change, ChangeKind
from caucusmail.errors import Conflict, Invalid, NotFound
from caucusmail.languages import _, later, plural
from caucusmail.meetings import places, queries, retelling, scheduling, times
from caucusmail.meetings.models import Meeting, MeetingState
from caucusmail.meetings.papers import ChangedMeanwhile
from caucusmail.web import errors, guards, reader
from caucusmail.web.announcements import absence, change_forms, desk, telling
from caucusmail.web.forms import beside
from caucusmail.web.meetings import agenda_forms, paper_forms
from caucusmail.web.notices import tell
from caucusmail.zones import TwiceOnTheClock

WORDS: dict[ChangeKind, Any] = {
    ChangeKind.ROOM: later("The room or the place"),
    ChangeKind.TIME: later("The day or the time"),
    ChangeKind.ACCESS: later("How to get in"),
    ChangeKind.DOCUMENT: later("A paper: a new one, or a new version"),
    ChangeKind.DETAILS: later("The agenda, the hosts or the languages"),
    ChangeKind.CANCELLED: later("Cancel it"),
    ChangeKind.REINSTATED: later("It takes place after all"),
}


def found(reference: str) -> Meeting:
    """The meeting, if the reader keeps its caucus.

    :raises NotFound: there is none, or it is somebody else's; which, is not said.
    """
    meeting = queries.by_reference(reference, reader.viewer())
    if meeting is None or not reader.viewer().keeps_caucus(meeting.caucus_id):
        raise NotFound(_("There is no such meeting, or it belongs to a group that you do not keep."))
    return meeting


def _kind(name: str) -> ChangeKind:
    """What is to be changed.

    :raises NotFound: there is no such kind of change.
    """
    kind = next((one for one in WORDS if one.value == name), None)
    if kind is None:
        raise _unknown()
    return kind


def _unknown() -> NotFound:
    return NotFound(_("This cannot be changed about the meeting as it stands now."))


@desk.bp.get("/change/<reference>")
@guards.keeper
def choose_change(reference: str) -> ResponseReturnValue:
    """What may be changed."""
    one = found(reference)
    shown = {"offered": changes.offered(one), "words": WORDS, "places": places, "times": times}
    return render_template("announcements/change.html", one=one, corrects=corrections.possible(one), **shown)


@desk.bp.get("/change/<reference>/<kind>")
@guards.keeper
def fill_change(reference: str, kind: str) -> ResponseReturnValue:
    """How it is now; who will be told."""
    one = found(reference)
    chosen = _kind(kind)
    if one.state is MeetingState.CANCELLED and chosen is not ChangeKind.REINSTATED:
        raise scheduling.is_off()
    if chosen not in changes.offered(one):
        raise _unknown()
    form = change_forms.form(chosen, one, change_forms.tongues(one), None)
    if chosen is ChangeKind.DOCUMENT:
        paper_forms.choose(form, request.args.get("paper", ""))
    return _ask(one, chosen, form, 200)


@desk.bp.post("/change/<reference>/<kind>", endpoint="tell_change")
@guards.keeper
def tell_change(reference: str, kind: str) -> ResponseReturnValue:
    """Change it, and tell them."""
    one = found(reference)
    chosen = _kind(kind)
    moved = _moved(one, chosen)
    form = change_forms.form(chosen, one, change_forms.tongues(one), _filled(chosen) if moved is None else moved)
    if moved is not None:
        return _ask(one, chosen, form, 200)
    return _told(one, chosen, form) if form.validate() else _ask(one, chosen, form, 422)


@desk.bp.url_value_preprocessor
def _let_files_in(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A form with a file in it may be larger than others."""
    if endpoint == "compose.tell_change" and (values or {}).get("kind") == ChangeKind.DOCUMENT.value:
        request.max_content_length = paper_forms.SENT


def _filled(kind: ChangeKind) -> Any:
    return CombinedMultiDict([request.form, request.files]) if kind is ChangeKind.DOCUMENT else request.form


def _moved(one: Meeting, kind: ChangeKind) -> MultiDict[str, str] | None:
    """The request with the rows of the agenda as one of their buttons leaves them; None: another button was pressed."""
    if kind is not ChangeKind.DETAILS:
        return None
    return agenda_forms.act(MultiDict(request.form), change_forms.agenda_tongues(one), request.form.get("do", ""))


@desk.bp.post("/change/<reference>/newcomers", endpoint="newcomers")
@guards.keeper
def invite_newcomers(reference: str) -> ResponseReturnValue:
    """Whether who joins later is invited."""
    invited = request.form.get("invited") == "yes"
    scheduling.invite_newcomers(found(reference), reader.viewer(), invited=invited)
    tell(_("Who joins later is invited too.") if invited else _("Who joins later is not invited."))
    return redirect(url_for(".choose_change", reference=reference), 303)


def _told(one: Meeting, kind: ChangeKind, form: Any) -> ResponseReturnValue:
    try:
        asked = change_forms.change(kind, one, change_forms.tongues(one), form)
        made = changes.tell(one, asked, reader.viewer())
    except (changes.Overtaken, ChangedMeanwhile) as problem:
        return _overtaken(one, asked, form, problem)
    except Invalid as problem:
        form.twice = isinstance(problem, TwiceOnTheClock)
        if kind is ChangeKind.DETAILS:
            agenda_forms.refuse(form, problem, change_forms.agenda_tongues(one))
        else:
            beside(form, problem)
        return _ask(one, kind, form, 422)
    if made is None:
        tell(_("It is changed. Nobody is left to be written to: the page of the meeting shows it."))
        return redirect(url_for("meetings.meeting", reference=one.reference), 303)
    return redirect(url_for(".progress", announcement_id=made.id), 303)


def _overtaken(one: Meeting, asked: Change, form: Any, problem: Conflict) -> ResponseReturnValue:
    """Somebody was there first: what was typed stays, beside what is new. A second click finds that it is done."""
    if one.state is MeetingState.CANCELLED and asked.kind not in (ChangeKind.CANCELLED, ChangeKind.REINSTATED):
        raise scheduling.is_off()
    if not changes.still_asked(one, asked):
        tell(str(problem))
        return redirect(url_for("meetings.meeting", reference=one.reference), 303)
    form.form_errors.append(str(problem))
    form.seen.data = form.seen.raw_data = None
    form.seen.process_data(changes.newest(one))
    rows = [row for row in queries.changes(one) if row.id > asked.seen]
    return _ask(one, asked.kind, form, 409, [retelling.change(row, with_place=True) for row in rows])


def _ask(one: Meeting, kind: ChangeKind, form: Any, status: int, newer: Any = ()) -> ResponseReturnValue:
    seen = changes.reach(one)
    return render_template(
        "announcements/change_fill.html",
        one=one,
        kind=kind,
        form=form,
        newer=newer,
        title=WORDS[kind],
        tongues=change_forms.tongues(one),
        audience=telling.audience(seen),
        absent=absence.absent(seen),
        declined=_declined(sparing.number(one)),
        places=places,
        times=times,
        rows=agenda_forms,
        agenda_tongues=change_forms.agenda_tongues(one),
    ), status


def _declined(number: int) -> str:
    """What speaks for and against sparing them."""
    counted = plural("%(number)s person said so.", "%(number)s people said so.", number)
    return f"{counted} " + _("Leave this empty where the change may suit them better; a calendar may also still show the old entry.")  # fmt: skip


@desk.bp.errorhandler(scheduling.MeetingIsOff)
def cancelled_meanwhile(problem: Conflict) -> ResponseReturnValue:
    """It can be reinstated, as long as it is ahead, but not edited."""
    one = found((request.view_args or {})["reference"])
    reinstated = ChangeKind.REINSTATED
    if reinstated not in changes.offered(one):
        return errors.page(409, str(problem))
    where = url_for(".fill_change", reference=one.reference, kind=reinstated.value)
    return errors.page(409, str(problem), onward=(where, str(WORDS[reinstated])))


@desk.bp.errorhandler(changes.Overtaken)
@desk.bp.errorhandler(changes.NotAnnounced)
@desk.bp.errorhandler(ChangedMeanwhile)
def changed_meanwhile(problem: Conflict) -> ResponseReturnValue:
    """Somebody was there first, perhaps the same person with a second click: the meeting as it is now, with the word."""
    here = url_for("meetings.meeting", **(request.view_args or {}) | {"kind": None})
    return errors.moved_on(problem, (here, _("See the meeting as it is now")))
