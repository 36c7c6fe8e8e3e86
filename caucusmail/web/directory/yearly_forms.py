"""The form behind the link of the yearly question, and the one that plans a round."""

from datetime import date

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from caucusmail.groups.yearly_answers import Sheet
from caucusmail.languages import later
from caucusmail.web.directory.sign_up_forms import web_address
from caucusmail.web.forms import BaseForm
from caucusmail.web.meetings.fields import DayField, MultiCheckboxField


class YearlyForm(BaseForm):
    """Who has gone, the website, and what else has changed."""

    seen = HiddenField()
    gone = MultiCheckboxField(later("Who no longer speaks for it"), coerce=int)
    website = StringField(
        later("Website"), [Length(max=300), web_address], render_kw={"inputmode": "url", "dir": "ltr", "size": "30"}
    )
    words = TextAreaField(later("What else has changed"), [Length(max=1000)])

    def offer(self, sheet: Sheet) -> None:
        """Offer those of whom the reader may say so."""
        self.gone.choices = [
            (one.representative.id, one.representative.person.name) for one in sheet.lines if one.may_go
        ]

    def show(self, sheet: Sheet) -> None:
        """Nothing ticked, and what is known."""
        self.offer(sheet)
        self.seen.data, self.gone.data, self.website.data = sheet.seen, [], sheet.ngo.website

    def begin_again(self, sheet: Sheet, why: str) -> None:
        """What was typed stays; who has gone is to be said of the people as they are now."""
        self.seen.data, self.gone.data = sheet.seen, []
        self.form_errors.append(why)


class PlanForm(BaseForm):
    """On which day the next round begins by itself."""

    day = DayField(later("Begins on"), [InputRequired(later("Choose a day."))])

    @property
    def chosen(self) -> date:
        """The day; call it once valid."""
        assert self.day.data is not None
        return self.day.data
