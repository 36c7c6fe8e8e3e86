"""The form in which a person gives an address."""

from wtforms import EmailField, RadioField
from wtforms.validators import InputRequired, Length

from caucusmail.languages import later
from caucusmail.web.forms import BaseForm

INSTEAD, BESIDE = "instead", "beside"


class AddressForm(BaseForm):
    """An address, and what for."""

    address = EmailField(
        later("New address"),
        [InputRequired(later("Nothing was filled in. Type your address, like name@example.org.")), Length(max=320)],
        render_kw={"autocomplete": "email", "dir": "ltr"},
    )
    use = RadioField(
        later("What for"),
        [InputRequired(later("Choose one of the two."))],
        choices=[
            (INSTEAD, later("My letters go there, and no more to the address I have now")),
            (BESIDE, later("I have it too: to sign in, and for the letters of some caucuses if I want")),
        ],
        default=INSTEAD,
    )
