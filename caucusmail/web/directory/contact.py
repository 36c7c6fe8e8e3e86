"""A form that reaches the keepers of a caucus, or the secretariat, without showing anybody's address; the pages use ``answer``."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from caucusmail import tokens
from caucusmail.directory import contact
from caucusmail.directory.browsing import Group
from caucusmail.directory.contact import LONGEST, Question
from caucusmail.directory.models import Caucus
from caucusmail.errors import TooMany
from caucusmail.languages import later
from caucusmail.mail import addresses
from caucusmail.web.forms import refused
from caucusmail.web.sessions import network
from caucusmail.web.strangers import StrangerForm


class QuestionForm(StrangerForm):
    """A question and how to answer it."""

    submission = HiddenField()
    name = StringField(
        later("Your name"),
        [
            InputRequired(later("Your name was empty. Write the name you want to be called by.")),
            Length(max=200, message=later("Your name may be up to 200 characters long.")),
        ],
    )
    address = StringField(
        later("Your email address"),
        [
            InputRequired(
                later("Your email address was empty. Write one like name@example.org, so that they can answer.")
            ),
            Length(max=320, message=later("An email address is at most 320 characters long.")),
        ],
    )
    text = TextAreaField(
        later("Your question"),
        [
            InputRequired(later("Your question was empty. Write what you would like to know.")),
            Length(max=LONGEST, message=later("Your question may be up to 4,000 characters long.")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submission.data = self.submission.data or tokens.new_secret()

    def validate_address(self, field: StringField) -> None:
        """One address that can be answered."""
        try:
            addresses.parse(field.data or "")
        except addresses.BadAddress as problem:
            raise ValidationError(str(problem)) from None

    def question(self) -> Question:
        """What was filled in; call it once valid."""
        name = " ".join(str(self.name.data).split())
        return Question(name, self.address.data, self.text.data, self.submission.data[:64])


def answer(group: Group | None) -> ResponseReturnValue:
    """Show the form; take it; send everybody on to the same page of thanks."""
    form = QuestionForm(request.form)
    caucus = group.caucus if group else None
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.validate() and not form.too_quick():
        try:
            with refused(form):
                if not form.by_machine():
                    contact.ask(form.question(), caucus, network=network())
                return redirect(_thanks(caucus), code=303)
        except TooMany as problem:
            form.form_errors.append(str(problem))
            status = 429
    return render_template("directory/contact.html", form=form, caucus=caucus), 409 if form.late else status


def _thanks(caucus: Caucus | None) -> str:
    return url_for("directory.thanks", slug=caucus.slug) if caucus else url_for("home.thanks")


def thanks(group: Group | None) -> ResponseReturnValue:
    """What happens with a question that was sent; loading it again sends nothing."""
    return render_template("directory/asked.html", caucus=group.caucus if group else None)
