"""Forms of an organisation's own pages."""

from collections.abc import Sequence
from datetime import timedelta

from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length

from caucusmail import languages, tokens, zones
from caucusmail.directory.applications import SHORTEST_SUBMISSION
from caucusmail.directory.models import Caucus, Seat
from caucusmail.directory.typed import Colleague
from caucusmail.languages import _, later
from caucusmail.web.forms import BaseForm
from caucusmail.web.meetings.fields import DayField, MultiCheckboxField, SelectField


class ColleagueForm(BaseForm):
    """One person to be added."""

    submission = HiddenField(validators=[Length(SHORTEST_SUBMISSION, 32)])
    name = StringField(later("Name"), [InputRequired(later("Write the name of the person.")), Length(max=200)])
    title = StringField(later("What they do"), [Length(max=120)])
    address = StringField(
        later("Email address"), [InputRequired(later("Write the email address of the person.")), Length(max=320)]
    )
    language = SelectField(later("Write to them in"))
    caucuses = MultiCheckboxField(later("For"), [InputRequired(later("Tick at least one caucus."))], coerce=int)

    def offer(self, seated: Sequence[Caucus]) -> None:
        """Offer the caucuses in which the organisation has a seat."""
        self.caucuses.choices = [(caucus.id, languages.pick(caucus.names)) for caucus in seated]
        self._slugs = {caucus.slug: caucus.id for caucus in seated}
        self.language.choices = [(code, languages.own_name(code).capitalize()) for code in languages.WRITTEN]

    def begin(self, slug: str) -> None:
        """An empty form: a name of its own against sending twice, and the caucus one came from ticked."""
        self.submission.data = tokens.new_secret()
        self.language.data = languages.offered([languages.current()])
        self.caucuses.data = [self._slugs[slug]] if slug in self._slugs else list(self._slugs.values())[:1]

    def colleague(self) -> Colleague:
        """What was filled in, in the words of the verb; call it once valid."""
        filled = self.data
        return Colleague(
            filled["name"],
            filled["address"],
            filled["title"] or "",
            (filled["language"],),
            caucuses=tuple(filled["caucuses"]),
        )


class SeatForm(BaseForm):
    """Until when a seat is held."""

    day = DayField(later("Last day"))

    def show(self, seat: Seat, zone: str) -> None:
        """The day that is set, in the calendar of ``zone``."""
        self.day.data = zones.day(seat.held_until - timedelta.resolution, zone) if seat.held_until else None


class _NumberField(IntegerField):  # type: ignore[misc]  # WTForms ships no types
    """A number, and in words what is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            read = valuelist[0][:20]
            raise ValueError(_("“%(read)s” is not a number. Write one in digits, like 4.", read=read)) from None


class PlacesForm(BaseForm):
    """How many representatives an organisation may have."""

    places = _NumberField(
        later("Representatives it may have"),
        [InputRequired(later("Write a number, like 4."))],
        render_kw={"class": "short", "inputmode": "numeric"},
    )
