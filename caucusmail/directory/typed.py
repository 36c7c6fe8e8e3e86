"""What somebody typed on the sign-up form, in the words of the verbs."""

from dataclasses import dataclass

from caucusmail.directory.applications import ApplicationKind


@dataclass(frozen=True)
class Colleague:
    """One person on an application, as typed."""

    name: str
    address: str
    title: str = ""
    languages: tuple[str, ...] = ("en",)
    zone: str = "UTC"
    caucuses: tuple[int, ...] | None = None  # ids; None: those of the whole application


@dataclass(frozen=True)
class SignUp:
    """An application, as typed."""

    kind: ApplicationKind
    submission: str  # random, from the form
    caucuses: tuple[int, ...]  # ids
    people: tuple[Colleague, ...]  # the first filled in the form
    ngo_name: str = ""
    latin_name: str = ""
    acronym: str = ""
    country_code: str | None = None
    in_exile: bool = False
    website: str = ""
    vouchers: str = ""
    authorised: bool = False
    naming_policy: bool = False
