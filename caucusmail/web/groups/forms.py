"""Forms of a person's own pages, and of the email groups that somebody keeps."""

from collections.abc import Sequence

from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from caucusmail import clock, languages, zones
from caucusmail.accounts import hours
from caucusmail.accounts.hours import Hours
from caucusmail.accounts.models import Person
from caucusmail.directory import pseudonyms, showing
from caucusmail.directory.models import Ngo, Shown
from caucusmail.groups.models import Mode
from caucusmail.groups.queries import Place, pause_open
from caucusmail.groups.snapshots import LETS
from caucusmail.languages import _, later
from caucusmail.web.forms import BaseForm
from caucusmail.web.groups import wording
from caucusmail.web.meetings.fields import DayField, MultiCheckboxField, SelectField

NONE = ""
CHOICES = 3  # languages that the page lets one order


class PauseForm(BaseForm):
    """From when, until when, and where."""

    caucus = SelectField(later("Which letters"), default=NONE)
    first = DayField(later("First day without letters"))
    back = DayField(later("First day with letters again"))
    lets_urgent = BooleanField(later("But send me urgent announcements"))
    lets_coming = BooleanField(later("But tell me when a meeting that I said I come to is cancelled or moved"))

    def offer(self, places: Sequence[Place]) -> None:
        """Offer the caucuses that letters come from."""
        served = [place.caucus for place in places if place.subscriptions]
        self.caucus.choices = [
            (NONE, _("All letters")),
            *((caucus.slug, languages.pick(caucus.names)) for caucus in served),
        ]

    def begin(self, places: Sequence[Place], slug: str, zone: str) -> None:
        """Choose the caucus one came from, and show the days of a pause it has; one that runs began, so it needs no day."""
        self.caucus.data = slug
        pauses = {(place.paused_from, place.paused_until) for place in places if slug in (NONE, place.caucus.slug)}
        first, back = pauses.pop() if len(pauses) == 1 else (None, None)
        self.first.data = zones.day(first, zone) if first and first > clock.now() else None
        self.back.data = zones.day(back, zone) if back else None
        chosen = [one for place in places if slug in (NONE, place.caucus.slug) for one in place.subscriptions]
        open_now = [one for one in chosen if pause_open(one, clock.now())]
        self.lets_urgent.data = any(one.lets_urgent for one in open_now)
        self.lets_coming.data = any(one.lets_coming for one in open_now) if open_now else True

    @property
    def lets(self) -> list[str]:
        """What comes through the pause; call it once valid."""
        return [name for name in LETS if self[f"lets_{name}"].data]


class OpenForm(BaseForm):
    """A new email group of a caucus."""

    local_part = StringField(
        later("Its address, before the @"), [InputRequired(later("Write what stands before the @.")), Length(max=40)]
    )
    name_en = StringField(
        later("Name in English"), [InputRequired(later("Every email group has an English name.")), Length(max=200)]
    )
    name_fr = StringField(later("Name in French"), [Length(max=200)])

    def names(self) -> dict[str, str]:
        """The names that were filled in, by language; call it once valid."""
        filled = self.data
        return {code: filled[f"name_{code}"] or "" for code in languages.OFFERED}


class CloseForm(BaseForm):
    """Why an email group is closed."""

    reason = StringField(
        later("Why it is closed"),
        [InputRequired(later("Say why it is closed: its members read it.")), Length(max=500)],
    )


class PreferencesForm(BaseForm):
    """Languages in order, the time zone, and whether meetings are recalled the day before."""

    first = SelectField(later("I would rather read"))
    second = SelectField(later("If there is no such version, then"))
    third = SelectField(later("And then"))
    zone = SelectField(later("My time zone"))
    no_reminders = BooleanField(later("No reminders: do not write to me the day before a meeting"))
    discreet = BooleanField(later("Discreet letters: let them say only that there is a message for me"))

    def offer(self, person: Person) -> None:
        """Offer the languages a text may be written in and the zones of the world; show the person's own."""
        known = [*languages.WRITTEN, *(code for code in person.languages if code not in languages.WRITTEN)]
        named = [(code, languages.own_name(code).capitalize()) for code in known]
        self.first.choices = named
        self.second.choices = self.third.choices = [(NONE, _("nothing else")), *named]
        self.zone.choices = _zones()

    def show(self, person: Person) -> None:
        """Fill in what the person has chosen so far."""
        chosen = [*person.languages[:CHOICES], NONE, NONE]
        self.first.data, self.second.data, self.third.data = chosen[:CHOICES]
        self.zone.data = person.zone
        self.no_reminders.data = not person.reminders
        self.discreet.data = person.discreet

    @property
    def remind(self) -> bool:
        """Whether reminders are wanted."""
        return not self.no_reminders.data

    def order(self, person: Person) -> list[str]:
        """The languages as ordered; a fourth and further one stays behind them."""
        chosen = [str(field.data) for field in (self.first, self.second, self.third) if field.data]
        return [*chosen, *(code for code in person.languages[CHOICES:] if code not in chosen)]


class ServedForm(BaseForm):
    """How one email group serves its reader."""

    mode = RadioField(later("What comes to me"), [InputRequired(later("Choose one of the lines."))], coerce=Mode)

    def offer(self, person: Person) -> None:
        """Offer every way; a digest with when it would come."""
        self.mode.choices = [(one.value, wording.offered(one, person)) for one in Mode]


class HoursForm(BaseForm):
    """In which hours letters come, and when a digest does."""

    anytime = RadioField(later("When may letters come?"), [InputRequired(later("Choose one of the lines."))])
    begins = SelectField(later("From"), coerce=int)
    ends = SelectField(later("Until"), coerce=int)
    days = MultiCheckboxField(later("On these days"))
    weekly = RadioField(later("My digest comes"), [InputRequired(later("Choose one of the lines."))])

    def offer(self) -> None:
        """Offer every hour and every day."""
        self.anytime.choices = [("yes", _("At any time, as they are sent")), ("no", _("Only in these hours"))]
        self.begins.choices = [(hour, f"{hour:02d}:00") for hour in range(24)]
        self.ends.choices = [(hour, f"{hour:02d}:00") for hour in range(1, 25)]
        self.days.choices = [(day, hours.weekday(int(day))) for day in hours.WEEK]
        self.weekly.choices = [
            ("no", _("On each of these days")),
            ("yes", _("Once a week, on the first of these days")),
        ]

    def show(self, person: Person) -> None:
        """What the person has chosen so far; the usual hours, where nothing."""
        chosen = hours.of(person)
        self.anytime.data = "yes" if chosen.begins is None else "no"
        self.begins.data, self.ends.data = (chosen.begins, chosen.ends) if chosen.begins is not None else hours.USUAL
        self.days.data, self.weekly.data = list(chosen.days), "yes" if chosen.weekly else "no"

    def hours(self, person: Person) -> Hours:
        """What was filled in; call it once valid."""
        begins, ends = (None, None) if self.anytime.data == "yes" else (self.begins.data, self.ends.data)
        return Hours(person.zone, begins, ends, "".join(self.days.data or ()), self.weekly.data == "yes")


class ShownForm(BaseForm):
    """What fellow members see of one."""

    shown = RadioField(
        later("What the other members see of you"),
        [InputRequired(later("Choose one of the lines."))],
        coerce=Shown,
    )
    reachable = BooleanField(later("Members may write to me through a made-up name"))

    def offer(self, place: Place, *, known: bool) -> None:
        """Offer what there is to show, each line with the very words that others would read; the made-up name only where it is
        ``known`` who looks: letters with their links get passed on."""
        name, ngo = place.affiliation.person.name, place.ngo
        lines = {
            Shown.NAME_AND_ORGANISATION: (
                _("My name and organisation: %(name)s, %(ngo)s", name=name, ngo=place.ngo_names)
                if ngo
                else _("My name: %(name)s", name=name)
            ),
            Shown.ORGANISATION: _("Only my organisation: %(ngo)s", ngo=place.ngo_names),
            Shown.REGION: _("Only my region: %(region)s", region=_region(ngo)),
            Shown.PSEUDONYM: (
                _("Only a made-up name: %(name)s", name=pseudonyms.coming(place.affiliation))
                if known
                else _("Only a made-up name")
            ),
            Shown.NOTHING: _("Nothing of me"),
        }
        self.shown.choices = [(one.value, lines[one]) for one in showing.choices(ngo)]

    def show(self, place: Place) -> None:
        """Choose what others see so far."""
        offered = showing.choices(place.ngo)
        now = place.affiliation.shown
        self.shown.data = now if now in offered else Shown.NOTHING
        made_up = pseudonyms.of(place.affiliation)
        self.reachable.data = made_up is None or made_up.reachable


def _region(ngo: Ngo | None) -> str:
    return languages.pick(ngo.region.names) if ngo and ngo.region else ""


def _zones() -> dict[str, list[tuple[str, str]]]:
    areas: dict[str, list[tuple[str, str]]] = {}
    for name in zones.names():
        area, _slash, place = name.partition("/")
        areas.setdefault(area if place else "UTC", []).append((name, (place or name).replace("_", " ")))
    return areas
