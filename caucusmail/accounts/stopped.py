"""A form that was sent where a fresh proof was due: kept beside the sign-in until the proof is given, so that nothing typed is lost.

It is sealed for its person, goes along when the proof makes a new sign-in of the old one, and is good for an hour.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update

from caucusmail import clock, seals
from caucusmail.accounts.models import SignIn
from caucusmail.database import db

USE = "caucusmail:stopped"
GOOD_FOR = timedelta(hours=1)
LONGEST = 50_000  # characters


@dataclass(frozen=True)
class Stopped:
    """One form, as it was sent."""

    endpoint: str
    path: str  # it was sent to, without the language
    page: str  # it stood on
    fields: Sequence[tuple[str, str]]


def keep(sign_in: SignIn, form: Stopped) -> bool:
    """Keep ``form`` in place of an older one; False: it is too long."""
    words = json.dumps([form.endpoint, form.path, form.page, list(form.fields)])
    if len(words) > LONGEST:
        drop(sign_in)
        return False
    sign_in.stopped, sign_in.stopped_at = seals.seal(USE, str(sign_in.person_id), words), clock.now()
    return True


def of(sign_in: SignIn) -> Stopped | None:
    """The form that waits there, if one does."""
    if sign_in.stopped is None or sign_in.stopped_at is None or clock.now() - sign_in.stopped_at > GOOD_FOR:
        return None
    try:
        endpoint, path, page, fields = json.loads(seals.unseal(USE, str(sign_in.person_id), sign_in.stopped))
    except seals.Unreadable:
        return None
    return Stopped(endpoint, path, page, [(name, value) for name, value in fields])


def drop(sign_in: SignIn) -> None:
    """Keep it no longer."""
    if sign_in.stopped is not None:
        sign_in.stopped = sign_in.stopped_at = None


def carry(before: SignIn | None, after: SignIn | None) -> None:
    """Let what waited at one sign-in wait at the next one of the same person; anybody else's is gone."""
    if before is None:
        return
    if after is not None and after.person_id == before.person_id:
        after.stopped, after.stopped_at = before.stopped, before.stopped_at
    drop(before)


def forget() -> None:
    """Blank what is past being used."""
    late = SignIn.stopped_at < clock.now() - GOOD_FOR
    db.session.execute(update(SignIn).where(late).values(stopped=None, stopped_at=None))
