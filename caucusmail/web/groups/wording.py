"""How an email group serves its reader, in words."""

from caucusmail import zones
from caucusmail.accounts import hours
from caucusmail.accounts.models import Person, Shelter
from caucusmail.groups.models import Mode
from caucusmail.groups.queries import Place
from caucusmail.groups.snapshots import LETS
from caucusmail.languages import _


def how(mode: Mode, person: Person) -> str:
    """On the reader's own page: what comes."""
    if silent(person):
        return nothing_comes()
    return {
        Mode.EVERY: _("Every letter comes by mail."),
        Mode.DIGEST: digest(person),
        Mode.NOTICE: _("A short notice comes by mail; you read on the site."),
        Mode.NONE: _("No letters: you read on the site."),
    }[mode]


def offered(mode: Mode, person: Person) -> str:
    """A line to choose."""
    return {
        Mode.EVERY: _("Every letter, as it is sent"),
        Mode.DIGEST: _(
            "A digest: one letter with what is new in all my groups that come so. %(when)s", when=when(person)
        ),
        Mode.NOTICE: _("Only a notice: that there is something new, with its subject and a link to read it"),
        Mode.NONE: _("No letters: I read on the site"),
    }[mode]


def silent(person: Person) -> bool:
    """Whether no letters of groups come, because the reader is protected."""
    return person.shelter is Shelter.SILENT


def nothing_comes() -> str:
    """What comes to who is protected."""
    return _("No letters come for now: you are protected.")


def resumed(person: Person) -> str:
    """A pause is over."""
    if silent(person):
        return _("The pause is over. No letters come for now: you are protected.")
    return _("Letters come again from now on.")


def served(mode: Mode, name: str, person: Person) -> str:
    """What was chosen for the group ``name``, once it is done."""
    if silent(person):
        return _("Saved for %(name)s. No letters come for now: you are protected.", name=name)
    return {
        Mode.EVERY: _("Letters from %(name)s come to you.", name=name),
        Mode.DIGEST: _("Letters from %(name)s come in your digest.", name=name),
        Mode.NOTICE: _("From %(name)s a short notice comes; you read on the site.", name=name),
        Mode.NONE: _("No letters from %(name)s any more: you read on the site.", name=name),
    }[mode]


def digest(person: Person) -> str:
    """That letters come in a digest, and when."""
    return _("Letters come in your digest. %(when)s", when=when(person))


def when(person: Person) -> str:
    """When a digest comes, as a sentence."""
    wanted = hours.of(person)
    time, city = f"{wanted.digest_hour:02d}:00", zones.city(person.zone)
    if wanted.weekly:
        return _(
            "It comes every %(day)s at %(time)s in %(city)s.", day=hours.weekday(wanted.first_day), time=time, city=city
        )
    return _("It comes at %(time)s in %(city)s (%(days)s).", days=hours.weekdays(wanted.days), time=time, city=city)


def reading(person: Person) -> str:
    """In which hours letters come."""
    wanted = hours.of(person)
    if wanted.begins is None or wanted.ends is None:
        return _("At any time")
    times = {"begins": f"{wanted.begins:02d}:00", "ends": hours.until(wanted), "days": hours.weekdays(wanted.days)}
    return _("From %(begins)s until %(ends)s in %(city)s (%(days)s)", city=zones.city(person.zone), **times)


def through(place: Place) -> str:
    """What comes in spite of the pause of a caucus's groups; "" if nothing does."""
    urgent, coming = (any(getattr(one, f"lets_{name}") for one in place.subscriptions) for name in LETS)
    if urgent and coming:
        return _(
            "Urgent announcements still come, and word that a meeting which you said you come to is cancelled or moved."
        )
    if urgent:
        return _("Urgent announcements still come.")
    return _("Word that a meeting which you said you come to is cancelled or moved still comes.") if coming else ""
