"""Fields for days, clock times, cities and sets: forgiving in what they read, plain in what they refuse."""

import re
from datetime import date, datetime, time
from typing import Any

from wtforms import DateField, IntegerField, SelectMultipleField, StringField, TimeField
from wtforms import SelectField as PlainSelectField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from caucusmail.languages import _
from caucusmail.meetings import cities, paper_words
from caucusmail.web.forms import trimmed

_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")
EARLIEST, LATEST = 2000, 2099  # years
_CLOCK = re.compile(r"(\d{1,2})(?:\s*[:.hH]\s*(\d{2})?)?\s*([ap]\.?m\.?)?", re.IGNORECASE)


class DayField(DateField):  # type: ignore[misc]  # WTForms ships no types
    """A day; the browser's own picker writes 2027-11-30, people also write 30/11/2027."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day."""
        self.data: date | None = None
        text = (valuelist[0] if valuelist else "").strip()
        for pattern in _DAYS:
            try:
                self.data = datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day on a wall has no zone
            except ValueError:
                continue
            if not EARLIEST <= self.data.year <= LATEST:
                read, self.data = self.data.year, None
                raise ValueError(_("The year %(year)s was read. Please write a year from 2000 to 2099.", year=read))
            return
        if text:
            raise ValueError(_("We read “%(text)s”. Please write a day like 2027-11-30 or 30/11/2027.", text=text[:40]))


class ClockField(TimeField):  # type: ignore[misc]  # WTForms ships no types
    """A time of day on 24 hours: 08:15, 8.15, 8h15, 8:15 pm."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time."""
        self.data: time | None = None
        text = (valuelist[0] if valuelist else "").strip()
        read = _CLOCK.fullmatch(text[:8]) if len(text) < 13 else None
        if not text:
            return
        hour, minute, half = (int(read[1]), int(read[2] or 0), (read[3] or "").lower()) if read else (99, 0, "")
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half.startswith("p") else 0)
        if hour > 23 or minute > 59:
            raise ValueError(_("We read “%(text)s”. Please write a time like 08:15 or 17:30.", text=text[:40]))
        self.data = time(hour, minute)


class CityField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """A city whose clock is meant; ``zone`` is the IANA name. Shown with the list ``cities``."""

    data: str | None
    zone = ""

    def pre_validate(self, _form: Any) -> None:
        """Find the clock."""
        self.data = str(trimmed(self.data or ""))
        self.zone = cities.zone_of(self.data) or "" if self.data else ""
        if self.data and not self.zone:
            raise ValidationError(cities.unknown(self.data[:60]))


class NumberField(IntegerField):  # type: ignore[misc]  # WTForms ships no types
    """A whole number; says what was read when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        self.data: int | None = None
        text = (valuelist[0] if valuelist else "").strip()
        if not text:
            return
        if not re.fullmatch(r"\d{1,9}", text):
            raise ValueError(_("We read “%(text)s”. Please write a whole number, such as 60.", text=text[:40]))
        self.data = int(text)


class SizeField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """The size of a file: 180 KB, 1.2 MB, 180 Ko, or its bytes; ``data`` is in bytes."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the size."""
        self.data: int | None = None
        text = (valuelist[0] if valuelist else "").strip()
        if not text:
            return
        self.data = paper_words.read_size(text) if len(text) <= 40 else None
        if self.data is None:
            raise ValueError(_("We read “%(text)s”. Please write a size like 180 KB or 1.2 MB.", text=text[:40]))

    def _value(self) -> str:
        """What was typed, or the size as people write it."""
        if self.raw_data:
            return str(self.raw_data[0])
        return paper_words.exact_size(self.data) if self.data else ""


class SelectField(PlainSelectField):  # type: ignore[misc]  # WTForms ships no types
    """One of a list; not sent at all counts as its first entry."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the choice."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("What was chosen is not on the list. Please choose again.")) from None

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list, in words."""
        if not self.raw_data:
            self.data = self.default or next(iter(self.choices))[0]
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(_("What was chosen is not on the list. Please choose again.")) from None


class _Box(CheckboxInput):  # type: ignore[misc]  # WTForms ships no types
    """One box of several: never ``required``, which would ask for each of them, where one is enough."""

    validation_attrs = ("disabled",)


class MultiCheckboxField(SelectMultipleField):  # type: ignore[misc]  # WTForms ships no types
    """Several of a few, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = _Box()

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list, in words."""
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(_("One of the boxes ticked is not on the list. Please choose again.")) from None
