"""From a proof to a page: the second step where one is owed, then in."""

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue

from caucusmail.accounts.models import Person
from caucusmail.languages import _
from caucusmail.web import proving, reader, sessions
from caucusmail.web.accounts.way_on import after_sign_in
from caucusmail.web.notices import tell


def first_step(person: Person) -> ResponseReturnValue:
    """``person`` gave the first proof: in, or on to the second step."""
    if sessions.factor_due(person):
        sessions.wait(person)
        return redirect(url_for("factors.second_step"), 303)
    return through(person)


def through(person: Person, *, factor: bool = False) -> ResponseReturnValue:
    """Sign ``person`` in on this browser, and lead on; ``factor``: by a second factor."""
    wanted = str(session.get("next") or "")
    sessions.enter(person, factor=factor)
    reader.renewed()
    tell(_("You are signed in as %(name)s.", name=person.name))
    return redirect(proving.way_on(wanted) or onward(wanted), 303)


def onward(wanted: str) -> str:
    """The page that was wanted, else the one this person works on; where an office needs a second factor and there is
    none yet, the page that explains it stands in the way."""
    to = after_sign_in(reader.office(), wanted)
    return url_for("factors.needed", next=reader.without_language(to)) if reader.held_back() else to
