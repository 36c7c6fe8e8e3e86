"""The texts people agree to, by version and language; and the proof that somebody did.

A text stands beside each tick, is shown again on the page where the person confirms, and is kept word for word under its
fingerprint. Change a sentence here and raise ``VERSION``.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from caucusmail import clock, languages
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.directory.models import (
    Basis,
    Caucus,
    Consent,
    ConsentText,
    JoinMode,
    RosterPolicy,
    Sensitivity,
)
from caucusmail.languages import _

VERSION = "2026-11-29"


@dataclass(frozen=True)
class Shown:
    """A consent text as it is shown: what is agreed to, in which language, and its fingerprint."""

    text: str
    language: str

    @property
    def fingerprint(self) -> str:
        """SHA-256 over version, language and text, hex."""
        return sha256("\n".join((VERSION, self.language, self.text)).encode()).hexdigest()


def shown(caucus: Caucus) -> Shown:
    """What joining ``caucus`` means, in the current language: what we keep, why, who sees it, how it ends."""
    name = languages.pick(caucus.names)
    if caucus.join_mode is JoinMode.INTEREST:
        sentences = [
            _(
                "Keep my name, my email address and, if I speak for one, my organisation, and write to me at most twice until it restarts: %(caucus)s.",
                caucus=name,
            )
        ]
    else:
        sentences = [
            _(
                "Keep my name, my email address and, if I speak for one, my organisation, and write to me about the work and the meetings of: %(caucus)s.",
                caucus=name,
            )
        ]
    sentences.append(
        _("Its coordinators, the secretariat and, if I speak for an organisation, its administrators see that I am in.")
    )
    if caucus.roster is RosterPolicy.MEMBERS:
        sentences.append(
            _("Other members see nothing of me, unless I choose on my own page what they may see; never my address.")
        )
    else:
        sentences.append(_("Other members do not see it."))
    if caucus.sensitivity is Sensitivity.CONFIDENTIAL:
        sentences.append(_("Being in may say something about my beliefs; nobody outside is ever told."))
    sentences.append(_("I can leave at any time."))
    return Shown(" ".join(sentences), languages.current())


def keep(text: Shown) -> str:
    """Keep the text word for word, once; its fingerprint."""
    known = db.session.scalar(select(ConsentText.fingerprint).where(ConsentText.fingerprint == text.fingerprint))
    if known is None:
        values = {"fingerprint": text.fingerprint, "version": VERSION, "language": text.language, "text": text.text}
        insert: Any = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
        db.session.execute(
            insert(ConsentText).values(**values).on_conflict_do_nothing()
        )  # two may be the first at once
    return text.fingerprint


def give(person: Person, caucus: Caucus, fingerprint: str, *, form: str, asked_at: datetime) -> Consent:
    """Note that ``person`` agreed now to the text kept under ``fingerprint``, which was put to them at ``asked_at``."""
    now = clock.now()
    given = Consent(
        person_id=person.id,
        caucus_id=caucus.id,
        text_fingerprint=fingerprint,
        basis=Basis.CONSENT,
        form=form,
        asked_at=min(asked_at, now),
        given_at=now,
    )
    db.session.add(given)
    return given
