"""The secretariat's form of a session: names, and a few rows of days and a city."""

from typing import Any

from wtforms import StringField
from wtforms.validators import Length

from caucusmail import languages, zones
from caucusmail.errors import Invalid
from caucusmail.languages import _, later
from caucusmail.meetings import cities, queries, sessions
from caucusmail.meetings.sessions import Part, SessionDraft
from caucusmail.web.forms import BaseForm, beside
from caucusmail.web.meetings.fields import CityField, DayField, SelectField

TONGUES = tuple(languages.WRITTEN)
FIRST = ("en", "fr")
"""Names that are always asked for; those in other languages stand below."""


def _row(number: int) -> dict[str, Any]:
    return {
        f"part{number}": DayField(later("First day")),
        f"part{number}_ends": DayField(later("Last day")),
        f"part{number}_city": CityField(later("City"), [Length(max=120)]),
        f"part{number}_venue": SelectField(later("Place")),
    }


class SessionForm(BaseForm):
    """A session."""

    numbers = range(1, sessions.MOST_PARTS + 1)

    def fill(self) -> "SessionForm":
        """Put the places on the list."""
        places = [(str(one.id), languages.pick(one.names)) for one in queries.venues()]
        for number in self.numbers:
            self[f"part{number}_venue"].choices = [("", _("none, or not known yet")), *places]
        self["part1"].flags.required = self["part1_city"].flags.required = True
        return self

    def rows(self) -> list[int]:
        """The rows to show: what is filled in, and one more."""
        filled = [number for number in self.numbers if self._begun(number)]
        return list(self.numbers)[: max(filled, default=0) + 1]

    def _begun(self, number: int) -> bool:
        names = (f"part{number}{end}" for end in ("", "_ends", "_city", "_venue"))
        return any(self[name].data or self[name].errors for name in names)

    def draft(self) -> SessionDraft:
        """What was filled in, in the words of the verb; call it once valid. Rows left empty are no parts.

        :raises Invalid: a row of which something is missing.
        """
        names = {tongue: self[f"name_{tongue}"].data or "" for tongue in TONGUES}
        return SessionDraft(names, [self._part(number) for number in self.numbers if self._begun(number)])

    def _part(self, number: int) -> Part:
        name = f"part{number}"
        begins, venue = self[name].data, self[f"{name}_venue"].data
        if begins is None:
            raise Invalid(name, _("On which day does this part begin?"))
        city = self[f"{name}_city"]
        ends = self[f"{name}_ends"].data or begins
        return Part(begins, ends, city.data or "", city.zone, int(venue) if venue else None)

    def beside(self, problem: Invalid) -> None:
        """Show what the verb refuses where it can be mended: the verb numbers the rows that are filled in."""
        place = problem.field.removeprefix("part")
        filled = [number for number in self.numbers if self._begun(number)]
        if problem.field == "names":
            beside(self, problem, "name_en")
        elif place.isdecimal() and filled[int(place) - 1 : int(place)]:
            beside(self, problem, f"part{filled[int(place) - 1]}")
        else:
            beside(self, problem, "part1")


def form(formdata: Any = None, draft: SessionDraft | None = None) -> SessionForm:
    """The form, empty, over ``draft``, or as it was filled in."""
    names = {f"name_{one}": StringField(languages.name(one), [Length(max=200)]) for one in TONGUES}
    fields = {name: value for number in SessionForm.numbers for name, value in _row(number).items()}
    made: SessionForm = type("Form", (SessionForm,), names | fields)(formdata, data=_shown(draft))
    return made.fill()


def _shown(draft: SessionDraft | None) -> dict[str, Any]:
    if draft is None:
        return {}
    shown: dict[str, Any] = {f"name_{tongue}": text for tongue, text in draft.names.items()}
    for number, part in enumerate(draft.parts, start=1):
        known = cities.zone_of(part.city) == part.zone
        shown |= {
            f"part{number}": part.begins,
            f"part{number}_ends": part.ends,
            f"part{number}_city": part.city if known else zones.city(part.zone),
            f"part{number}_venue": str(part.venue_id or ""),
        }
    return shown
