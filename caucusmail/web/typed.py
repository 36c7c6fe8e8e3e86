"""What a person typed into the form that was just refused: shown again to be copied, so that nothing typed is lost."""

from collections.abc import Iterator, Sequence

from flask import current_app, g, request
from wtforms import Field, HiddenField, PasswordField, StringField

from caucusmail.languages import _

SECRET = frozenset({"answer", "code", "password"})
"""Fields whose content is shown and kept nowhere."""

OURS = frozenset({"csrf_token", "do", "made", "nickname", "revision", "seen", "submission"})
"""Fields that no person fills in."""

UNREADABLE = (400, 405, 413)
"""Refusals of a request whose form could not be read, or was none of ours."""


def note(form: object) -> None:
    """Remember that ``form`` was made in this request: it knows which fields are typed into, and what they are called."""
    g.setdefault("forms", []).append(form)


def now(status: int) -> Sequence[tuple[str, str]]:
    """The label and the text of each field that was typed into, in the form of this request that is answered with ``status``.

    Nothing where the form did not come from a page of ours: a stranger's page must not write into ours.
    """
    ours = g.get("csrf_valid") or not current_app.config["WTF_CSRF_ENABLED"]
    if request.method != "POST" or request.endpoint is None or status in UNREADABLE or not ours:
        return []
    return list(dict.fromkeys(_found()))


def _found() -> Iterator[tuple[str, str]]:
    known: dict[str, Field] = {field.name: field for form in g.get("forms", ()) for field in form}
    for name, sent in request.form.items(multi=True):
        text, field = sent.strip(), known.get(name)
        if text and name not in SECRET | OURS and (_typed_into(field) if field is not None else _written(text)):
            yield (str(field.label.text) if field is not None else _("What you typed"), text)


def _typed_into(field: Field) -> bool:
    return isinstance(field, StringField) and not isinstance(field, HiddenField | PasswordField)


def _written(text: str) -> bool:
    """Whether a text of which only the name of its field is known was written by a person: the names of choices are one word."""
    return "@" in text or any(sign.isspace() for sign in text)
