"""The reasons for which an application is declined, in words that its applicant reads."""

from enum import StrEnum

from caucusmail.languages import _


class Reason(StrEnum):
    """Why not. Each has a sentence; OTHER stands for words of one's own."""

    NOT_FOUND = "not-found"
    NOT_NGO = "not-ngo"
    NOT_AUTHORISED = "not-authorised"
    DOUBLE = "double"
    OUTSIDE = "outside"
    OTHER = "other"


def told(reason: Reason) -> str:
    """The reason as the applicant reads it, in the current language."""
    return {
        Reason.NOT_FOUND: _("We could not find enough about your organisation, or anybody who knows it, to be sure."),
        Reason.NOT_NGO: _(
            "The caucuses are open to non-governmental organisations, and in some cases to individual experts."
        ),
        Reason.NOT_AUTHORISED: _("Your organisation told us that this sign-up was not made in its name."),
        Reason.DOUBLE: _("Your organisation is in already. Its administrator can add you on its own page."),
        Reason.OUTSIDE: _("What you work on lies outside what these caucuses are for."),
        Reason.OTHER: "",
    }[reason]


def short(reason: Reason) -> str:
    """The reason as the secretariat chooses it."""
    return {
        Reason.NOT_FOUND: _("Could not be verified"),
        Reason.NOT_NGO: _("Not an NGO"),
        Reason.NOT_AUTHORISED: _("Not authorised by the organisation"),
        Reason.DOUBLE: _("The organisation is in already"),
        Reason.OUTSIDE: _("Outside the work of these caucuses"),
        Reason.OTHER: _("Another reason, in my own words"),
    }[reason]
