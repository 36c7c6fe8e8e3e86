"""Forms of the secretariat."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from caucusmail.directory import lifecycle
from caucusmail.directory.applications import ApplicationState
from caucusmail.directory.models import Caucus, RosterPolicy, Status
from caucusmail.directory.reasons import Reason, short
from caucusmail.directory.reviewing import Beside, File
from caucusmail.directory.verification import DecidedAlready
from caucusmail.languages import _, later
from caucusmail.web.directory import desk
from caucusmail.web.forms import BaseForm
from caucusmail.web.meetings.fields import DayField, SelectField

NEW = "new"
WRITTEN = ("en", "fr")
"""The languages in which the secretariat writes the words of the house."""


class Seen(BaseForm):
    """A decision on an application, with the state in which it was seen."""

    text = ""
    """Which field holds what was written."""

    seen = HiddenField()
    overtaken = ""  # somebody else was quicker: the words that say so

    @property
    def state(self) -> ApplicationState:
        """The state the decider saw; something that cannot be, if it is none."""
        known = {state.value: state for state in ApplicationState}
        return known.get(self.seen.data or "", ApplicationState.EXPIRED)

    @property
    def typed(self) -> str:
        """What was written, to be kept when somebody else was quicker."""
        return str(self[self.text].data or "")


@contextmanager
def too_slow(form: Seen) -> Iterator[None]:
    """Note in the form that somebody else was quicker; the view then shows how things stand, 409, with what was typed."""
    try:
        yield
    except DecidedAlready as problem:
        form.overtaken = str(problem)


class ApproveForm(Seen):
    """In, as a new organisation or as one that is in already."""

    text = "how"
    into = RadioField(later("Let them in"), validate_choice=False)
    how = TextAreaField(
        later("How do you know them?"),
        [InputRequired(later("Say in a few words how you know them, so that others can follow.")), Length(max=2000)],
        render_kw={"rows": 3},
    )
    provisional = BooleanField(later("Provisionally: for six months, and not into confidential caucuses"))

    def validate_into(self, field: Any) -> None:
        """It names a new organisation, or one by its number; whether there is one is the view's question."""
        if field.data != NEW and not (field.data or "").isdecimal():
            raise ValidationError(_("Choose whether this is a new organisation or one that is in already."))

    def offer(self, file: File, chosen: Beside | None) -> None:
        """Offer a new organisation, those that look alike, and the one that was looked for."""
        alike = [*file.strong, *file.weak[:5]]
        beside = alike if chosen is None or chosen in alike else [*alike, chosen]
        named = [
            (
                str(one.ngo.id),
                _(
                    "as people of %(ngo)s, which is in already (%(taken)s of %(cap)s representatives)",
                    ngo=one.ngo.name,
                    taken=one.people,
                    cap=one.ngo.seats_cap,
                ),
            )
            for one in beside
        ]
        self.into.choices = [(NEW, _("as a new organisation")), *named]


class AskForm(Seen):
    """A question."""

    text = "question"
    question = TextAreaField(
        later("Your question"),
        [InputRequired(later("No question is written. The applicant reads it word for word.")), Length(max=4000)],
        render_kw={"rows": 4},
    )


class DeclineForm(Seen):
    """Not now, and why."""

    text = "words"
    reason = RadioField(later("Why they are declined"), [InputRequired(later("Choose a reason."))])
    words = TextAreaField(later("In your own words"), [Length(max=4000)], render_kw={"rows": 4})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [(one.value, short(one)) for one in Reason]


class HoldForm(Seen):
    """Aside."""

    text = "note"
    note = TextAreaField(later("Note for your colleagues"), [Length(max=2000)], render_kw={"rows": 3})


def _near(_form: Any, field: Any) -> None:
    if field.data is not None and not 2020 <= field.data.year <= 2100:
        raise ValidationError(_("The year %(year)s was read. Choose a day in the coming years.", year=field.data.year))


class WindowForm(BaseForm):
    """When applications are looked at."""

    opens = DayField(later("First day"), [InputRequired(later("Choose the first day, like 12/01/2027.")), _near])
    closes = DayField(later("Last day"), [InputRequired(later("Choose the last day, like 31/01/2027.")), _near])
    note_en = StringField(later("Why paused until then, in English"), [Length(max=300)])
    note_fr = StringField(later("The same in French"), [Length(max=300)])

    def days(self) -> tuple[date, date]:
        """First and last day; call it once valid."""
        filled = self.data
        return filled["opens"], filled["closes"]

    def note(self) -> dict[str, str]:
        """Why, by language."""
        filled = self.data
        return {code: filled[f"note_{code}"] for code in WRITTEN if filled[f"note_{code}"]}


class MoveForm(BaseForm):
    """Another status for a caucus."""

    to = SelectField(later("New status"), coerce=Status, validate_choice=False)
    reason = StringField(later("Why"), [InputRequired(later("Say why in a few words; it is kept.")), Length(max=500)])

    def offer(self, caucus: Caucus) -> None:
        """Offer the moves there are; another is the verb's to refuse."""
        self.to.choices = [(to, lifecycle.spoken(to)) for to in Status if to in lifecycle.MOVES[caucus.status]]


class KeeperForm(BaseForm):
    """Somebody who is to coordinate a caucus."""

    address = EmailField(
        later("Their email address"), [InputRequired(later("Type the address they signed up with.")), Length(max=320)]
    )


class WordsForm(BaseForm):
    """The words of a caucus."""

    name_en = StringField(
        later("Name in English"), [InputRequired(later("Every group has an English name.")), Length(max=200)]
    )
    name_fr = StringField(later("Name in French"), [Length(max=200)])
    about_en = TextAreaField(
        later("Who it is for, in English"),
        [InputRequired(later("Say in English who it is for.")), Length(max=2000)],
        render_kw={"rows": 4},
    )
    about_fr = TextAreaField(later("Who it is for, in French"), [Length(max=2000)], render_kw={"rows": 4})
    roster = SelectField(later("Who may see who is in"), coerce=RosterPolicy, choices=list(desk.ROSTERS.items()))

    def show(self, caucus: Caucus) -> None:
        """Fill in the words as they are."""
        for code in WRITTEN:
            self[f"name_{code}"].data = caucus.names.get(code)
            self[f"about_{code}"].data = caucus.about.get(code)
        self.roster.data = caucus.roster

    def written(self, kind: str) -> dict[str, str]:
        """What was filled in of ``name`` or ``about``, by language; call it once valid."""
        filled = self.data
        return {code: filled[f"{kind}_{code}"] or "" for code in WRITTEN}


class RevealForm(BaseForm):
    """Why an address is looked at."""

    reason = StringField(later("Why do you need it?"), [Optional(), Length(max=500)])
