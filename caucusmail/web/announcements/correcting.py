"""Correct what was announced: the texts as they read now, to be mended; and what was wrong, in a sentence."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from caucusmail import languages
from caucusmail.announcements import corrections
from caucusmail.announcements.composition import LONGEST_BODY, LONGEST_SUBJECT, Text
from caucusmail.announcements.corrections import Correction
from caucusmail.announcements.models import Announcement
from caucusmail.errors import Conflict, Invalid
from caucusmail.languages import _, later
from caucusmail.web import errors, guards, reader
from caucusmail.web.announcements import desk
from caucusmail.web.announcements.desk import found
from caucusmail.web.forms import BaseForm, RevisionField, beside
from caucusmail.web.notices import tell


def _form(announcement: Announcement, filled: Any) -> Any:
    now = corrections.reads_now(announcement)
    fields: dict[str, Any] = {"seen": RevisionField(default=0)}
    data: dict[str, Any] = {"seen": corrections.newest(announcement)}
    for tongue, text in now.items():
        fields[f"subject_{tongue}"] = StringField(later("Subject"), [Length(max=LONGEST_SUBJECT)])
        fields[f"body_{tongue}"] = TextAreaField(later("Text"), [Length(max=LONGEST_BODY)])
        note = later("What was wrong, in a sentence")
        fields[f"note_{tongue}"] = TextAreaField(note, [Length(max=corrections.LONGEST_NOTE)])
        data |= {f"subject_{tongue}": text.subject, f"body_{tongue}": text.body}
    form = type("CorrectionForm", (BaseForm,), fields)(filled, data=data)
    for tongue in now:
        form[f"subject_{tongue}"].flags.required = True
    return form


def _correction(form: Any, tongues: list[str]) -> Correction:
    texts = {one: Text(form[f"subject_{one}"].data or "", form[f"body_{one}"].data or "") for one in tongues}
    return Correction(form.seen.data or 0, texts, {one: form[f"note_{one}"].data or "" for one in tongues})


def _tongues(announcement: Announcement) -> list[str]:
    return languages.in_our_order(corrections.reads_now(announcement).keys())


@desk.bp.get("/<int:announcement_id>/correct")
@guards.keeper
def correct(announcement_id: int) -> ResponseReturnValue:
    """How it reads now."""
    one = found(announcement_id)
    corrections.allow(one)
    return _ask(one, _form(one, None), 200)


@desk.bp.post("/<int:announcement_id>/correct", endpoint="tell_correction")
@guards.keeper
def tell_correction(announcement_id: int) -> ResponseReturnValue:
    """Tell those who were sent it, now."""
    one = found(announcement_id)
    form = _form(one, request.form)
    return _told(one, form) if form.validate() else _ask(one, form, 422)


def _told(one: Announcement, form: Any) -> ResponseReturnValue:
    asked = _correction(form, _tongues(one))
    try:
        made = corrections.correct(one, asked, reader.viewer())
    except corrections.CorrectedMeanwhile as problem:
        if asked.texts != corrections.reads_now(one):
            raise
        tell(str(problem))  # a second click: it reads so
        made = None
    except Invalid as problem:
        beside(form, problem)
        return _ask(one, form, 422)
    else:
        if made is None:
            tell(_("Nobody is left to be written to."))
    return redirect(url_for(".progress", announcement_id=(made or one).id), 303)


def _ask(one: Announcement, form: Any, status: int) -> ResponseReturnValue:
    return render_template(
        "announcements/correct.html", one=one, title=desk.title(one), form=form, tongues=_tongues(one)
    ), status


@desk.bp.errorhandler(corrections.CorrectedMeanwhile)
@desk.bp.errorhandler(corrections.NotSent)
def corrected_meanwhile(problem: Conflict) -> ResponseReturnValue:
    """A second click, or a second person, was there first: its page as it is now, with the word."""
    return errors.moved_on(problem, (url_for(".progress", **(request.view_args or {})), _("See where it stands now")))
