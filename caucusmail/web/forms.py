"""BaseForm: CSRF, trimmed text, messages in the reader's language; ``RevisionField``; ``beside`` and ``refused`` show a verb's
refusal beside its field, or above the form."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, IntegerField
from wtforms.i18n import get_translations
from wtforms.widgets import HiddenInput

from caucusmail import languages
from caucusmail.errors import Conflict, Invalid, TooMany
from caucusmail.mail import slots
from caucusmail.web import typed


def trimmed(value: Any) -> Any:
    """Text without outer white space, NUL and other control characters (but line ends and tabs) and marks of slots, in NFC."""
    if not isinstance(value, str):
        return value
    kept = "".join(c for c in slots.unmarked(value) if c in "\n\r\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", kept).strip()


def one_line(value: Any) -> Any:
    """Text without line ends and other separators that would break a line (a name reaches headers)."""
    return slots.line(value) if isinstance(value, str) else value


_LINES = ("StringField", "EmailField", "URLField", "SearchField", "TelField")


class RevisionField(IntegerField):  # type: ignore[misc]  # WTForms ships no types
    """The revision that a page was made from; whatever is none counts as older than all."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        text = valuelist[0] if valuelist else ""
        self.data: int | None = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class BaseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What every form of the house has."""

    late = False  # a verb refused because things have changed since the page was opened

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed.note(self)

    @property
    def status(self) -> int:
        """With which status the page of the form is shown."""
        return 409 if self.late else 422 if self.errors else 200

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        """WTForms' settings."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Trim text, and keep on one line what is typed into one; before a field's own filters."""
            kind = unbound_field.field_class.__name__
            filters = [trimmed, one_line] if kind in _LINES else [trimmed] if kind == "TextAreaField" else []
            own = [one for one in unbound_field.kwargs.get("filters", ()) if one not in filters]
            options |= {"filters": [*filters, *own]}
            return unbound_field.bind(form=form, **options)

        def get_translations(self, form: Any) -> Any:  # noqa: ARG002 - WTForms' signature
            """WTForms' own messages in the reader's language."""
            return get_translations([languages.offered([languages.current()])])


def needed(_form: Any, _field: Any) -> None:
    """Marks a field that is no option; whether it is missing is said where the whole is looked at."""


needed.field_flags = {"required": True}  # type: ignore[attr-defined]  # read by WTForms


def beside(form: Any, problem: Invalid, name: str | None = None) -> None:
    """Show ``problem`` beside its field (or the one called ``name``), or above the form where there is no such field."""
    field: Field | None = form._fields.get(problem.field if name is None else name)
    if field is None:
        form.form_errors.append(str(problem))
    else:
        field.errors = [*field.errors, str(problem)]


@contextmanager
def refused(form: BaseForm, but: type[Conflict] | tuple[type[Conflict], ...] = ()) -> Iterator[None]:
    """Show a verb's refusal in the form, with all that was typed, instead of as a page; the view then renders it (``status``).

    ``Invalid("field", …)`` stands beside that field; a ``Conflict`` above the form, except those that the view itself (``but``)
    or the page of refusals says more of.
    """
    try:
        yield
    except Invalid as problem:
        beside(form, problem)
    except Conflict as problem:
        if isinstance(problem, (but, TooMany)):
            raise
        form.late = True
        form.form_errors.append(str(problem))
