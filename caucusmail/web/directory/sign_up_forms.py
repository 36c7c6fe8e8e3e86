"""The three forms of signing up, and the two of confirming. Each reads its own fields of what was posted; the rest is carried."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, StopValidation, ValidationError

from caucusmail import languages
from caucusmail.directory import joining, lookalikes, registration
from caucusmail.directory.applications import ApplicationKind
from caucusmail.languages import _, later
from caucusmail.mail import addresses
from caucusmail.web.directory import sign_up_choices as choices
from caucusmail.web.forms import BaseForm

MOST_PEOPLE = registration.MOST_PEOPLE


def _line(label: Any, longest: int, required: Any = None, **more: Any) -> StringField:
    kind = more.pop("kind", StringField)
    too_long = later("That is longer than %(most)s characters. Please shorten it.", most=longest)
    validators = [*([DataRequired(required)] if required else []), Length(max=longest, message=too_long)]
    return kind(label, validators, **more)


def _readable(field: StringField) -> None:
    if not lookalikes.can_be_read(field.data or ""):
        raise ValidationError(_("This name has no letter or digit that can be read. Write the name as it is known."))


def web_address(_form: Any, field: StringField) -> None:
    """A web address or nothing; ``https://`` may be left out."""
    if not field.data:
        return
    text = field.data if "://" in field.data else f"https://{field.data}"
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and " " not in text
    except ValueError:
        good = False
    if not good or len(text) > 300:
        read = _("“%(read)s” is not a web address. It should look like www.example.org.", read=field.data[:80])
        raise ValidationError(read)
    field.data = text


class StepForm(BaseForm):
    """A part of the whole form. The request bears the token and is refused without it before any step is read."""

    class Meta(BaseForm.Meta):
        """As above."""

        csrf = False


class WhichForm(StepForm):
    """Which caucuses. A tick is the consent to the text below it."""

    caucuses = SelectMultipleField(later("Caucuses"), validate_choice=False)

    def validate_caucuses(self, field: SelectMultipleField) -> None:
        """At least one."""
        if not field.data:
            raise ValidationError(_("Nothing is ticked. Tick at least one caucus, team or network."))


class WhoForm(StepForm):
    """An organisation, or an expert alone; how they can be verified."""

    kind = RadioField(
        later("Who signs up?"),
        choices=[
            (ApplicationKind.ORGANISATION.value, later("An organisation, and one or more people of it")),
            (ApplicationKind.INDIVIDUAL.value, later("I alone, as an expert without an organisation")),
        ],
        default=ApplicationKind.ORGANISATION.value,
    )
    ngo_name = _line(later("Name of the organisation"), 250, render_kw={"autocomplete": "organization", "dir": "auto"})
    latin_name = _line(later("The same in Latin letters, if the name is in another script"), 250)
    acronym = _line(later("Short name or acronym"), 40, render_kw={"dir": "auto"})
    country_code = SelectField(later("Country"), validate_choice=False)
    in_exile = BooleanField(later("In exile, or I would rather not say"))
    website = _line(later("Website, or another page about you"), 300, render_kw={"inputmode": "url", "dir": "ltr"})
    vouchers = TextAreaField(
        later("Who knows you?"),
        [Length(max=4000, message=later("That is longer than 4,000 characters. Please shorten it."))],
        render_kw={"rows": 3, "dir": "auto"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ngo_name.flags.required = True  # by validate_ngo_name, unless somebody signs up alone
        self.country_code.choices = [("", _("Choose a country")), *choices.countries()]

    @property
    def individual(self) -> bool:
        """Whether somebody signs up alone."""
        return bool(self.kind.data == ApplicationKind.INDIVIDUAL.value)

    def validate_ngo_name(self, field: StringField) -> None:
        """An organisation has a name."""
        if not self.individual and not field.data:
            raise ValidationError(
                _("The name of the organisation is empty. Write it as it is registered or known, in any script.")
            )
        if not self.individual:
            _readable(field)

    def validate_country_code(self, field: SelectField) -> None:
        """A country from the list, or none on purpose."""
        if field.data and field.data not in joining.country_codes():
            raise ValidationError(_("Choose a country from the list."))
        if not field.data and not self.in_exile.data and not self.individual:
            raise ValidationError(_("Choose a country, or tick that you are in exile or would rather not say."))

    def validate_website(self, field: StringField) -> None:
        """A web address; ``https://`` may be left out."""
        web_address(self, field)


class PersonForm(StepForm):
    """One person; of a colleague only what is needed, the organisation's data are not asked again."""

    name = _line(
        later("Name"),
        200,
        later("The name is empty. Write it as the person wants to be called."),
        render_kw={"autocomplete": "name", "dir": "auto"},
    )
    title = _line(later("What you do there"), 120, render_kw={"autocomplete": "organization-title", "dir": "auto"})
    address = _line(
        later("Email address"),
        320,
        later("The email address is empty. It should look like name@example.org."),
        kind=EmailField,
        render_kw={"autocomplete": "email", "dir": "ltr"},
    )
    language = SelectField(later("Language for letters"), validate_choice=False)
    second_language = SelectField(later("Second language"), validate_choice=False)
    zone = SelectField(later("Your city (for meeting times)"), validate_choice=False)

    def validate_name(self, field: StringField) -> None:
        """A name that can be read."""
        if not field.errors:
            _readable(field)

    def validate_address(self, field: EmailField) -> None:
        """One address we could write to."""
        try:
            addresses.parse(field.data)
        except addresses.BadAddress as problem:
            raise ValidationError(str(problem)) from None

    def validate_language(self, field: SelectField) -> None:
        """One of the list."""
        if field.data not in languages.WRITTEN:
            raise ValidationError(_("Choose a language from the list."))

    def validate_second_language(self, field: SelectField) -> None:
        """One of the list, or none."""
        if field.data and field.data not in languages.WRITTEN:
            raise ValidationError(_("Choose a language from the list."))
        if field.data and field.data == self.language.data:
            raise ValidationError(_("This is the first language again. Choose another one, or none."))

    def validate_zone(self, field: SelectField) -> None:
        """A zone there is."""
        if not choices.is_zone(field.data):
            raise ValidationError(_("Choose a city from the list."))

    def choose_among(self, country_code: str | None) -> None:
        """Offer languages, and the cities of the country first."""
        written = [(code, languages.own_name(code)) for code in languages.WRITTEN]
        self.language.choices = written
        self.second_language.choices = [("", _("No second language")), *written]
        self.zone.choices = choices.zones_for(country_code, self.zone.data)
        self.language.data = self.language.data or languages.offered([languages.current()])
        self.zone.data = self.zone.data or self.zone.choices[0][0]


class PeopleForm(StepForm):
    """The people who join; the first is who fills in the form."""

    people = FieldList(FormField(PersonForm), min_entries=1, max_entries=MOST_PEOPLE)
    authorised = BooleanField(later("I am authorised by my organisation to sign it up."))
    naming_policy = BooleanField(
        later("We may say that we are members. We do not say that we speak for the Coalition or a caucus.")
    )

    individual = False

    def __init__(self, *args: Any, who: WhoForm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.individual = who.individual
        while self.individual and len(self.people) > 1:
            self.people.pop_entry()
        if self.individual:
            self.naming_policy.label.text = _(
                "I may say that I am a member. I do not say that I speak for the Coalition or a caucus."
            )
        for entry in self.people:
            entry.form.choose_among(who.country_code.data or None)

    def validate_authorised(self, field: BooleanField) -> None:
        """For an organisation only."""
        if not self.individual and not field.data:
            raise StopValidation(
                _("Tick this if your organisation has asked you to sign it up. Otherwise ask them first.")
            )

    def validate_naming_policy(self, field: BooleanField) -> None:
        """Everybody."""
        if not field.data:
            raise StopValidation(_("Tick this to go on: it is a rule of the Coalition for all members."))


class CodeForm(BaseForm):
    """The code of a letter, typed."""

    address = _line(
        later("Email address the letter came to"),
        320,
        later("The email address is empty. It should look like name@example.org."),
        kind=EmailField,
        render_kw={"autocomplete": "email", "dir": "ltr"},
    )
    code = _line(
        later("Code in the letter"),
        40,
        later("The code is empty. It has six digits, like 482-913."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "short", "size": 10, "dir": "ltr"},
    )


def problems(form: BaseForm) -> Iterator[tuple[str, str]]:
    """Everything that is wrong: the id of the field, and what to do; nested forms included."""
    for field in form:
        if isinstance(field, FieldList):
            for entry in field:
                yield from problems(entry.form)
        else:
            yield from ((field.id, str(error)) for error in field.errors)
    yield from (("", str(error)) for error in form.form_errors)
