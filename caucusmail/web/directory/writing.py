"""Write to a member who is known by a made-up name: on the site, or by a mail that its writer looks at before it leaves."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from caucusmail import tokens
from caucusmail.directory import writing
from caucusmail.directory.models import Affiliation
from caucusmail.directory.pseudonym_models import Pseudonym
from caucusmail.directory.writing import LONGEST, LONGEST_SUBJECT, Words
from caucusmail.errors import NotFound, TooMany
from caucusmail.inbound import corresponding
from caucusmail.inbound.corresponding import Held
from caucusmail.languages import _, later
from caucusmail.mail import mailboxes
from caucusmail.meetings import paper_words
from caucusmail.web import guards, notices, old_links, pictures, reader
from caucusmail.web.forms import BaseForm

bp = Blueprint("writing", __name__)
old_links.keep_to_oneself(bp)


class WritingForm(BaseForm):
    """A letter to a member."""

    submission = HiddenField()
    subject = StringField(
        later("Subject"),
        [
            InputRequired(later("The subject was empty. Say in a few words what it is about.")),
            Length(max=LONGEST_SUBJECT, message=later("A subject may be up to 150 characters long.")),
        ],
    )
    text = TextAreaField(
        later("Your letter"),
        [
            InputRequired(later("Your letter was empty. Write what you would like to say.")),
            Length(max=LONGEST, message=later("Your letter may be up to 4,000 characters long.")),
        ],
    )

    pictures = SelectMultipleField(later("Pictures"), coerce=int, validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submission.data = self.submission.data or tokens.new_secret()


def _page(form: WritingForm, to: Pseudonym, place: Affiliation, back: str, **more: Any) -> str:
    by_mail = mailboxes.address(to.affiliation.caucus.slug, to.mailbox) if mailboxes.open_here() else ""
    return render_template(
        "directory/write_to_member.html",
        form=form,
        to=writing.known_as(to.affiliation),
        me=writing.known_as(place),
        caucus=place.caucus,
        by_mail=by_mail if back else "",
        back=back,
        **more,
    )


def _came_by_mail(token: str, form: WritingForm, found: Held) -> str:
    return _page(form, found.to, found.place, "", draft=found.draft, token=token, size=paper_words.size)


@bp.get("/caucuses/<slug>/members/write/<mailbox>")
@guards.signed_in
def write(slug: str, mailbox: str) -> ResponseReturnValue:
    """An empty letter."""
    to, place = _correspondents(slug, mailbox)
    return _page(WritingForm(formdata=None), to, place, url_for("members.members", slug=slug))


@bp.post("/caucuses/<slug>/members/write/<mailbox>")
@guards.signed_in
def send(slug: str, mailbox: str) -> ResponseReturnValue:
    """Send it."""
    (to, place), form = _correspondents(slug, mailbox), WritingForm()
    back, status = url_for("members.members", slug=slug), 422
    if form.validate():
        try:
            writing.write(to, place, Words(form.subject.data, form.text.data, form.submission.data[:64]))
            name = writing.known_as(to.affiliation)  # whether it leaves now or later is not for its writer to know
            notices.tell(_("We have your letter, and pass it on to %(name)s as soon as they can get it.", name=name))
            return redirect(back, 303)
        except TooMany as problem:
            form.form_errors.append(str(problem))
            status = 429
    return _page(form, to, place, back), status


def _correspondents(slug: str, mailbox: str) -> tuple[Pseudonym, Affiliation]:
    person = reader.viewer().person
    if person is None:
        raise NotFound
    return writing.correspondents(slug, mailbox, person)


@bp.get("/letter-to-member/<token>")
@guards.token
def look(token: str) -> ResponseReturnValue:
    """What would be passed on of a mail; or that it was."""
    found = corresponding.held(token)
    form = WritingForm(formdata=None)
    if found.draft is None:
        return render_template("directory/written_to_member.html", to=writing.known_as(found.to.affiliation))
    form.subject.data, form.text.data = found.draft.subject, found.draft.text
    form.pictures.data = [number for number, one in enumerate(found.draft.pictures, 1) if one.ticked]
    return _came_by_mail(token, form, found)


@bp.get("/letter-to-member/<token>/<int:number>")
@guards.token
def picture(token: str, number: int) -> ResponseReturnValue:
    """One of its pictures, as it would be passed on."""
    return pictures.served(corresponding.attached(token), number)


@bp.post("/letter-to-member/<token>")
@guards.token
def pass_on(token: str) -> ResponseReturnValue:
    """Pass it on, as its writer left it; a second time changes nothing."""
    found, form = corresponding.held(token), WritingForm()
    status = 422
    if form.validate():
        try:
            corresponding.send(token, form.subject.data, form.text.data, form.pictures.data)
            return redirect(url_for("writing.look", token=token), 303)
        except TooMany as problem:
            form.form_errors.append(str(problem))
            status = 429
    return _came_by_mail(token, form, found), status
