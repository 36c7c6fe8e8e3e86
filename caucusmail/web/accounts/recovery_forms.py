"""The forms of who cannot read their mailbox any more."""

from typing import Any

from wtforms import EmailField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from caucusmail.accounts import recovering
from caucusmail.languages import later
from caucusmail.web.strangers import StrangerForm

_TYPED = {"autocomplete": "email", "dir": "ltr"}
_MISSING: Any = later("Nothing was filled in. Type an address, like name@example.org.")


class _RecoverForm(StrangerForm):
    """The address that cannot be read any more, and one that can."""

    old = EmailField(later("The address we know"), [InputRequired(_MISSING), Length(max=320)], render_kw=_TYPED)
    address = EmailField(later("Your new address"), [InputRequired(_MISSING), Length(max=320)], render_kw=_TYPED)


class RecoverByCodeForm(_RecoverForm):
    """With a recovery code."""

    code = StringField(
        later("A recovery code"),
        [InputRequired(later("Nothing was filled in. A recovery code is like abcde-23456.")), Length(max=40)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "dir": "ltr", "class": "short", "size": 14},
    )


class RecoverByPeopleForm(_RecoverForm):
    """With a name, and how to be reached."""

    name = StringField(
        later("Your name"),
        [InputRequired(later("Nothing was filled in. Write your name as we know it.")), Length(max=200)],
        render_kw={"autocomplete": "name"},
    )
    words = TextAreaField(
        later("How to reach you"),
        [
            InputRequired(later("Nothing was filled in. Write how those who know you can speak to you.")),
            Length(max=recovering.LONGEST_WORDS),
        ],
        render_kw={"rows": 3},
    )
