"""The questions of a meeting, for those who keep it: at most three, in each language in which it was announced."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import Length

from caucusmail import languages
from caucusmail.announcements import told
from caucusmail.languages import _, later
from caucusmail.meetings import places, questions, times
from caucusmail.meetings.models import Meeting
from caucusmail.web import guards, reader
from caucusmail.web.forms import BaseForm, RevisionField, refused
from caucusmail.web.meetings import views
from caucusmail.web.meetings.remote import kept
from caucusmail.web.notices import tell

bp = views.bp
LABELS = (later("First question"), later("Second question"), later("Third question"))


def tongues(one: Meeting) -> list[str]:
    """The languages in which it is asked: those of the announcement, or of the title, and those asked in before."""
    asked = {language for question in questions.of(one) for language in question.words}
    return languages.in_our_order({*(told.versions(one) or one.titles or [languages.current()]), *asked})


def form(one: Meeting, filled: Any) -> Any:
    """Three boxes in each language; ``filled`` is the request's, or None: then it shows what is asked now."""
    fields: dict[str, Any] = {"seen": RevisionField(default=0)}
    for place, label in enumerate(LABELS, 1):
        for tongue in tongues(one):
            fields[f"question_{place}_{tongue}"] = StringField(label, [Length(max=questions.LONGEST)])
    now = {f"question_{two.place}_{tongue}": text for two in questions.of(one) for tongue, text in two.words.items()}
    return type("QuestionsForm", (BaseForm,), fields)(filled, data={"seen": questions.version(one), **now})


@bp.get("/<reference>/questions", endpoint="questions")
@guards.keeper
def show(reference: str) -> ResponseReturnValue:
    """What is asked now."""
    one = kept(reference)
    return _page(one, form(one, None), 200)


@bp.post("/<reference>/questions", endpoint="ask_questions")
@guards.keeper
def change(reference: str) -> ResponseReturnValue:
    """Ask something else."""
    one = kept(reference)
    filled = form(one, request.form)
    if not filled.validate():
        return _page(one, filled, 422)
    try:
        _change(one, filled)
    except questions.QuestionsChanged as problem:
        filled.form_errors.append(str(problem))
        filled.seen.data, filled.seen.raw_data = questions.version(one), None  # what was sent would be shown again
        return _page(one, filled, 409)
    if filled.errors:
        return _page(one, filled, filled.status)
    return redirect(url_for(".answers", reference=reference, _anchor="needs"), 303)


def _change(one: Meeting, filled: Any) -> None:
    asked = {
        place: {tongue: filled[f"question_{place}_{tongue}"].data or "" for tongue in tongues(one)}
        for place in range(1, questions.MOST + 1)
    }
    with refused(filled, but=questions.QuestionsChanged):
        questions.change(one, asked, filled.seen.data or 0, reader.viewer())
        tell(_("The questions are kept. They stand beside the buttons of whoever answers from now on."))


def _page(one: Meeting, filled: Any, status: int) -> ResponseReturnValue:
    return render_template(
        "meetings/questions.html",
        one=one,
        form=filled,
        tongues=tongues(one),
        now=questions.of(one) if status == 409 else [],
        places=places,
        times=times,
    ), status
