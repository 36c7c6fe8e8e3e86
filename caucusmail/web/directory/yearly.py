"""Still true? The page behind the link of the yearly question: no sign-in, a look changes nothing, a button answers."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caucusmail.groups import yearly_answers
from caucusmail.groups.yearly_answers import Different, Sheet
from caucusmail.languages import _
from caucusmail.web import guards, notices, old_links
from caucusmail.web.directory.yearly_forms import YearlyForm

bp = Blueprint("yearly", __name__)
old_links.keep_to_oneself(bp)


def _page(token: str, sheet: Sheet, form: YearlyForm, status: int = 200) -> ResponseReturnValue:
    answered = yearly_answers.last(sheet.answer)
    shown = {"answered": answered, "may_take_back": yearly_answers.may_take_back(sheet)}
    page = render_template("directory/yearly.html", token=token, sheet=sheet, form=form, **shown)
    return page, status


@bp.get("/still-true/<token>")
@guards.token
def ask(token: str) -> ResponseReturnValue:
    """Its people and seats, and what was answered."""
    sheet = yearly_answers.sheet(token)
    form = YearlyForm(formdata=None)
    form.show(sheet)
    return _page(token, sheet, form)


@bp.post("/still-true/<token>")
@guards.token
def answer(token: str) -> ResponseReturnValue:
    """All still true; or who has gone, and what else has changed."""
    sheet, form = yearly_answers.sheet(token), YearlyForm()
    form.offer(sheet)
    if not form.validate():
        return _page(token, sheet, form, 422)
    try:
        yearly_answers.answer(
            sheet, form.gone.data, form.website.data or "", form.words.data or "", seen=form.seen.data
        )
    except Different as problem:
        form.begin_again(sheet, str(problem))
        return _page(token, sheet, form, 409)
    if sheet.reader.id in (form.gone.data or []):  # the link was theirs as one who speaks for it
        return render_template("directory/yearly_gone.html", ngo=sheet.ngo)
    notices.tell(_("Thank you. Your answer counts, and all who were asked are told of it."))
    return redirect(url_for("yearly.ask", token=token), 303)


@bp.post("/still-true/<token>/take-back")
@guards.token
def take_back(token: str) -> ResponseReturnValue:
    """Take the newest answer back."""
    sheet = yearly_answers.sheet(token)
    done = yearly_answers.take_back(sheet)
    again = _("This was taken back before. Nothing was changed now.")
    notices.tell(_("Taken back: all is as it was before that answer.") if done else again)
    return redirect(url_for("yearly.ask", token=token), 303)
