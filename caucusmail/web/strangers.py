"""StrangerForm: what a form for anybody has instead of a puzzle: a field no person fills in, and the signed moment it was made.

Nothing is asked of the person. ``by_machine()``: answer as if all were well and do nothing. ``too_quick()``: no person
fills in a form within two seconds, but browsers do; show it again, a second press will do.
"""

from typing import Any

from wtforms import HiddenField, StringField

from caucusmail import clock, tokens
from caucusmail.languages import _
from caucusmail.tokens import BadToken, Purpose
from caucusmail.web.forms import BaseForm

QUICKEST = 2  # seconds
OLDEST = 24 * 3600  # seconds


class StrangerForm(BaseForm):
    """A form that anybody may send."""

    nickname = StringField()  # the field no person sees
    made = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sent = self.made.data or ""
        self.made.data = tokens.sign(Purpose.FORM_TIME, int(clock.now().timestamp() * 1000))

    def by_machine(self) -> bool:
        """Whether the field no person sees was filled in."""
        return bool(self.nickname.data)

    def too_quick(self) -> bool:
        """Whether it came back sooner than a person can type, or with no moment of ours; says so in the form.

        A browser may have filled it in. The moment it was first shown still counts, so that the next press is taken.
        """
        try:
            (made_ms,) = tokens.read(Purpose.FORM_TIME, self._sent, 1, max_age_s=OLDEST)
        except BadToken:
            self.form_errors.append(
                _("This form was open for more than a day. Nothing is lost: look it over and press again.")
            )
            return True
        quick: bool = clock.now().timestamp() - made_ms / 1000 < QUICKEST
        if quick:
            self.made.data = self._sent
            self.form_errors.append(
                _(
                    "That was very quick; perhaps your browser filled it in. Nothing is lost: look it over and press once more."
                )
            )
        return quick
