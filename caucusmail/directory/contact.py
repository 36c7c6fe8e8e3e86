"""ask(): a stranger's question reaches those who keep a caucus, without anybody's address being shown.

The question goes to them alone: no copy to the sender, so that the form cannot be used to write to third parties.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from caucusmail import clock
from caucusmail.accounts.models import Person, SiteRole
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.delivery import ledger
from caucusmail.delivery.ledger import To
from caucusmail.directory import absences
from caucusmail.directory.models import Caucus, Keeper, KeeperRole
from caucusmail.errors import Conflict, TooMany
from caucusmail.languages import _, offered, pick
from caucusmail.mail import addresses, rendering
from caucusmail.mail.rendering import Letter
from caucusmail.mail.slots import clean
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit

ONCE = Limit("question-form", 1, timedelta(days=1))
LIMITS = {
    "network": Limit("question-network", 5, timedelta(hours=1)),
    "address": Limit("question-address", 5, timedelta(days=1)),
    "readers": Limit("question-readers", 60, timedelta(days=1)),
}
LONGEST = 4000  # characters


@dataclass(frozen=True)
class Question:
    """What somebody wrote, and how to answer them."""

    name: str
    address: str
    text: str
    submission: str = ""  # random, from the form: a form sent twice is one question


class NobodyThere(Conflict):
    """Neither a keeper nor a secretariat is there to read it."""


def ask(question: Question, caucus: Caucus | None, *, network: str, by_mail: bool = False) -> None:
    """Send ``question`` to the coordinators of ``caucus``, or to the secretariat if there is none or no caucus is meant;
    the same form sent again does nothing. ``by_mail``: it was no form, somebody wrote to an address of ours.

    :raises BadAddress: we could not be sure to whom to answer.
    :raises TooMany: too many questions from this network or address, or to these readers.
    :raises NobodyThere: nobody could read it.
    """
    sender = addresses.parse(question.address)
    _within_limits(network, sender.key, caucus)
    readers = readers_of(caucus)
    if not readers:
        raise NobodyThere(_("Nobody can read this at the moment. Please try again tomorrow."))
    if question.submission and not limits.spend(ONCE, question.submission):
        return
    about = ("caucuses", caucus.id) if caucus else ("", None)
    for reader in readers:
        letter = _letter(question, sender.text, caucus, reader, by_mail=by_mail)
        ledger.enqueue(letter, To(reader.address, reader.name, reader.id, reader.zone), about=about)
    if caucus:
        journal.record("caucus.asked", caucus, None, readers=len(readers))


def _letter(question: Question, address: str, caucus: Caucus | None, reader: Person, *, by_mail: bool) -> Letter:
    made = rendering.letter(
        "directory/question",
        offered(reader.languages),
        reader=clean(reader.name),
        name=clean(question.name),
        address=address,
        text=clean(question.text),
        by_mail=by_mail,
        tag=caucus.tag if caucus else "",
        caucus=pick(caucus.names, reader.languages) if caucus else "",
    )
    return replace(made, headers={**made.headers, "Reply-To": address}) if address.isascii() else made


def _within_limits(network: str, address_key: str, caucus: Caucus | None) -> None:
    keys = {"network": network, "address": address_key, "readers": caucus.slug if caucus else "secretariat"}
    for name, key in keys.items():
        if not limits.hit(LIMITS[name], key):
            raise TooMany(
                _("There have been many questions from your network. Please try again in an hour.")
                if name == "network"
                else _("There have been many questions today. Please try again tomorrow.")
            )


def readers_of(caucus: Caucus | None) -> Sequence[Person]:
    """Who reads what is written to ``caucus``: its coordinators who are not away, or the secretariat if there is none or no caucus is meant."""
    return (absences.at_their_post(_coordinators(caucus)) if caucus else []) or db.session.scalars(
        select(Person).where(Person.role == SiteRole.SECRETARIAT, Person.left_at.is_(None)).order_by(Person.id)
    ).all()


def _coordinators(caucus: Caucus) -> Sequence[Person]:
    now = clock.now()
    return db.session.scalars(
        select(Person)
        .join(Keeper, Keeper.person_id == Person.id)
        .where(
            Keeper.caucus_id == caucus.id,
            Keeper.role == KeeperRole.COORDINATOR,
            Keeper.since <= now,
            Keeper.until.is_(None) | (Keeper.until > now),
            Person.left_at.is_(None),
        )
        .order_by(Person.id)
    ).all()
