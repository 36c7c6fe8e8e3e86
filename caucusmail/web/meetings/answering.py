"""Say whether one comes: by the link of a letter, or signed in. GET stores nothing, since mail scanners follow links."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField

from caucusmail.accounts.models import Person
from caucusmail.announcements import asked
from caucusmail.announcements.asked import Asked
from caucusmail.announcements.editions import Edition
from caucusmail.errors import NotAllowed
from caucusmail.languages import _
from caucusmail.meetings import answers, places, times
from caucusmail.meetings.models import AnswerState, AnswerWay, Meeting
from caucusmail.web import guards, notices, old_links, reader
from caucusmail.web.forms import BaseForm
from caucusmail.web.meetings import asking, views

bp = Blueprint("answering", __name__)
old_links.keep_to_oneself(bp)


class AnswerForm(BaseForm):
    """Which button was pressed."""

    answer = StringField()

    def state(self) -> AnswerState | None:
        """What it says; None if nothing that can be said."""
        said = next((state for state in AnswerState if state.value == self.answer.data), None)
        if said is None:
            self.form_errors.append(_("We could not read your answer. Please press one of the buttons."))
        return said


@bp.get("/answer/<token>")
@guards.token
def by_letter(token: str) -> ResponseReturnValue:
    """The buttons, for who followed a letter's link; the link that was pressed only chooses one before."""
    found = asked.by_token(token)
    with reader.suggested(Edition.of(found.copy.language).frame):
        return _page(found, AnswerForm(formdata=None), token)


@bp.post("/answer/<token>")
@guards.token
def answer_by_letter(token: str) -> ResponseReturnValue:
    """Store what was pressed."""
    found, form = asked.by_token(token), AnswerForm(request.form)
    with reader.suggested(Edition.of(found.copy.language).frame):
        state = form.state()
        if answers.standing(found.meeting) not in answers.TAKES or not _asks(found):
            return _page(found, form, token), 409
        if not form.validate() or state is None:
            return _page(found, form, token), 422
        _take(found.meeting, found.person, state, AnswerWay.LINK)
        return redirect(url_for(".by_letter", token=token), 303)


@bp.post("/meetings/<reference>/answer")
@guards.signed_in
def answer(reference: str) -> ResponseReturnValue:
    """The same, for who signed in."""
    meeting, by, form = views.found(reference), reader.viewer(), AnswerForm(request.form)
    if by.person is None or not asked.may_answer(meeting, by.person):
        raise NotAllowed(_("Only the members of this group are asked whether they come."))
    state = form.state()
    if form.validate() and state is not None:
        _take(meeting, by.person, state, AnswerWay.PAGE)
    else:
        notices.tell(form.form_errors[0])
    return redirect(url_for("meetings.meeting", reference=reference, _anchor="answer"), 303)


def _asks(found: Asked) -> bool:
    """Whether this person is still asked: a test asks nobody, and who has left is asked no more."""
    return asked.may_answer(found.meeting, found.person)


def _take(meeting: Meeting, person: Person, state: AnswerState, way: AnswerWay) -> None:
    answers.answer(meeting, person, state, way)
    notices.tell(_("Thank you. Your answer is kept."))


def _page(found: Asked, form: AnswerForm, token: str) -> str:
    return render_template(
        "meetings/answer.html",
        one=found.meeting,
        ask=asking.ask(found.meeting, found.person, url_for(".answer_by_letter", token=token)),
        still=_asks(found),
        form=form,
        hours=times.hours(found.meeting, found.person.zone),
        day=times.day(found.meeting),
        places=places,
        why_not=answers.said(answers.standing(found.meeting)),
    )
