"""The form in which somebody names a successor."""

from collections.abc import Sequence
from datetime import datetime, time

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from caucusmail import languages, zones
from caucusmail.directory.hand_overs import Successor
from caucusmail.directory.models import Seat
from caucusmail.languages import later
from caucusmail.web.forms import BaseForm
from caucusmail.web.meetings.fields import DayField, MultiCheckboxField, SelectField


class HandOverForm(BaseForm):
    """Who, which seats, when, and a line of farewell."""

    name = StringField(later("Name"), [InputRequired(later("Write the name of the person.")), Length(max=200)])
    address = StringField(
        later("Email address"), [InputRequired(later("Write the email address of the person.")), Length(max=320)]
    )
    title = StringField(later("What they do"), [Length(max=120)])
    language = SelectField(later("Write to them in"))
    seats = MultiCheckboxField(later("Which seats"), [InputRequired(later("Tick at least one seat."))], coerce=int)
    day = DayField(later("From which day"))
    words = TextAreaField(later("A line to them"), [Length(max=500)])

    def offer(self, seats: Sequence[Seat]) -> None:
        """Offer the seats that are held."""
        self.seats.choices = [(seat.id, languages.pick(seat.caucus.names)) for seat in seats]
        self.language.choices = [(code, languages.own_name(code).capitalize()) for code in languages.WRITTEN]

    def begin(self) -> None:
        """All seats, in the language of the page."""
        self.seats.data = [number for number, _name in self.seats.choices]
        self.language.data = languages.offered([languages.current()])

    def successor(self, zone: str) -> Successor:
        """What was filled in, in the words of the verb; call it once valid. A day begins in ``zone``."""
        filled = self.data
        day = filled["day"]
        return Successor(
            filled["name"],
            filled["address"],
            filled["language"],
            tuple(filled["seats"]),
            filled["title"] or "",
            filled["words"] or "",
            zones.instant(datetime.combine(day, time.min), zone) if day else None,
        )
