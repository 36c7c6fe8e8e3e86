"""Forms of signing in."""

from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from caucusmail.accounts import factors
from caucusmail.languages import later
from caucusmail.web.forms import BaseForm


class SignInForm(BaseForm):
    """An address; with it a password, or none: then a letter is written."""

    address = EmailField(
        later("Your email address"),
        [InputRequired(later("Nothing was filled in. Type your address, like name@example.org.")), Length(max=320)],
        render_kw={"autocomplete": "username", "autofocus": True},
    )
    password = PasswordField(later("Password"), [Length(max=1000)], render_kw={"autocomplete": "current-password"})


class CodeForm(BaseForm):
    """The code from the letter."""

    code = StringField(
        later("Code from the letter"),
        [InputRequired(later("Nothing was filled in. The code has eight digits, like 4829-1374.")), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "short", "size": 10},
    )


class PasswordForm(BaseForm):
    """A new password."""

    password = PasswordField(
        later("New password"),
        [InputRequired(later("Nothing was filled in. A password needs at least 12 characters."))],
        render_kw={"autocomplete": "new-password", "minlength": 12, "maxlength": 200},
    )


class AppForm(BaseForm):
    """An app that shows codes, and one of them to prove it."""

    label = StringField(
        later("A name for it"),
        [Length(max=factors.LONGEST_LABEL)],
        render_kw={"autocomplete": "off", "maxlength": factors.LONGEST_LABEL},
    )
    code = StringField(
        later("The code it shows now"),
        [InputRequired(later("Nothing was filled in. The app shows six digits for this account.")), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "short", "size": 10},
    )


class SecondStepForm(BaseForm):
    """A code of an app, or a recovery code."""

    code = StringField(
        later("Code"),
        [
            InputRequired(later("Nothing was filled in. Type the code your app shows, or a recovery code.")),
            Length(max=40),
        ],
        render_kw={"autocomplete": "one-time-code", "class": "short", "size": 14, "autocapitalize": "none"},
    )


class PasskeyForm(BaseForm):
    """What a device answered; a script fills it in."""

    answer = HiddenField(
        later("Passkey"), [InputRequired(later("Nothing came from your device. Press the button once more."))]
    )


class NewPasskeyForm(PasskeyForm):
    """A new passkey and its name."""

    label = StringField(
        later("A name for it"),
        [Length(max=factors.LONGEST_LABEL)],
        render_kw={"autocomplete": "off", "maxlength": factors.LONGEST_LABEL},
    )
