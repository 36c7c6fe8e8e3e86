"""Say whether one comes: by the link of a letter, or signed in. GET stores nothing, since mail scanners follow links."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail.accounts.models import Person
from caucusmail.announcements import asked
from caucusmail.announcements.editions import Edition
from caucusmail.errors import NotAllowed
from caucusmail.languages import _
from caucusmail.meetings import answers, places, times
from caucusmail.meetings.models import AnswerWay, Meeting
from caucusmail.web import guards, notices, old_links, reader, typed
from caucusmail.web.forms import refused
from caucusmail.web.meetings import answer_forms, asking, views
from caucusmail.web.meetings.answer_forms import AnswerForm

bp = Blueprint("answering", __name__)
old_links.keep_to_oneself(bp)


@bp.get("/answer/<token>")
@guards.token
def by_letter(token: str) -> ResponseReturnValue:
    """The buttons, for who followed a letter's link; the link that was pressed only chooses one before."""
    found = asked.by_token(token)
    with reader.suggested(Edition.of(found.copy.language).frame):
        return _page(found.meeting, found.person, url_for(".answer_by_letter", token=token))


@bp.post("/answer/<token>")
@guards.token
def answer_by_letter(token: str) -> ResponseReturnValue:
    """Store what was pressed."""
    found = asked.by_token(token)
    meeting, person, here = found.meeting, found.person, url_for(".answer_by_letter", token=token)
    with reader.suggested(Edition.of(found.copy.language).frame):
        if answers.standing(meeting) not in answers.TAKES or not asked.may_answer(meeting, person):
            return _page(meeting, person, here), 409
        form = _take(meeting, person, AnswerWay.LINK)
        if form is not None:
            return _page(meeting, person, here, form), form.status
        return redirect(url_for(".by_letter", token=token), 303)


@bp.post("/meetings/<reference>/answer")
@guards.signed_in
def answer(reference: str) -> ResponseReturnValue:
    """The same, for who signed in."""
    meeting, by = views.found(reference), reader.viewer()
    if by.person is None or not asked.may_answer(meeting, by.person):
        raise NotAllowed(_("Only the members of this group are asked whether they come."))
    form = _take(meeting, by.person, AnswerWay.PAGE)
    if form is not None:
        return _page(meeting, by.person, url_for(".answer", reference=reference), form), form.status
    return redirect(url_for("meetings.meeting", reference=reference, _anchor="answer"), 303)


def _take(meeting: Meeting, person: Person, way: AnswerWay) -> AnswerForm | None:
    """Keep what was pressed and filled in; the form, if something is to be put right first."""
    form: AnswerForm = answer_forms.form(meeting, None, request.form)
    state = form.state()
    if form.validate() and state is not None:
        with refused(form):
            answers.answer(meeting, person, state, way, filled=form.needs())
            notices.tell(_("Thank you. Your answer is kept."))
            return None
    return form


def _page(meeting: Meeting, person: Person, action: str, form: AnswerForm | None = None) -> str:
    return render_template(
        "meetings/answer.html",
        one=meeting,
        ask=asking.ask(meeting, person, action, form),
        still=asked.may_answer(meeting, person),
        hours=times.hours(meeting, person.zone),
        day=times.day(meeting),
        places=places,
        why_not=answers.said(answers.standing(meeting)),
        typed=typed.now(409),
    )
