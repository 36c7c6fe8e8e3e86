"""One member writes to another through a made-up name: neither sees the other's address, and nothing of the mail that it may
have been goes along: a new letter is made of subject and words, and of pictures that were made anew (``mail.pictures``).

Who lets the members see their name writes under it; everybody else under their made-up name in that caucus. Whoever wrote can
be answered the same way. The journal holds nothing of it, for it would tie names to each other.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from caucusmail import clock, languages, links
from caucusmail.accounts import queries as accounts
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.delivery import ledger
from caucusmail.delivery.ledger import To
from caucusmail.directory import pseudonyms, visibility
from caucusmail.directory.models import Affiliation, AffiliationState, Shown
from caucusmail.directory.pseudonym_models import Pseudonym
from caucusmail.errors import NotFound, TooMany
from caucusmail.languages import _, offered
from caucusmail.mail import mailboxes, quoting, rendering
from caucusmail.mail.mime import Attachment
from caucusmail.mail.rendering import Letter
from caucusmail.mail.slots import clean, line
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit

LONGEST = 4000  # characters
LONGEST_SUBJECT = 150
ONCE = Limit("member-letter", 1, timedelta(days=4))
FROM = Limit("member-letters-from", 20, timedelta(days=1))
TO = Limit("member-letters-to", 40, timedelta(days=1))


@dataclass(frozen=True)
class Words:
    """All that is passed on. ``submission``: what is sent twice under the same one is sent once. ``attached``: files of ours."""

    subject: str
    text: str
    submission: str = ""
    attached: tuple[Attachment, ...] = ()


def place_beside(to: Pseudonym, person: Person) -> Affiliation | None:
    """The membership by which ``person`` may write to ``to``: in the same caucus, and not their own."""
    return db.session.scalar(
        select(Affiliation).where(
            Affiliation.caucus_id == to.caucus_id,
            Affiliation.person_id == person.id,
            Affiliation.state == AffiliationState.ACTIVE,
            Affiliation.id != to.affiliation_id,
        )
    )


def correspondents(slug: str, mailbox: str, person: Person) -> tuple[Pseudonym, Affiliation]:
    """Whom a member of the caucus ``slug`` writes to by this mailbox, and the membership by which they may.

    :raises NotFound: nobody is there, or it is not for this person to write to them; which, is not said.
    """
    to = pseudonyms.written_to(mailbox)
    place = place_beside(to, person) if to is not None and to.affiliation.caucus.slug == slug else None
    if to is None or place is None:
        raise NotFound
    return to, place


def known_as(place: Affiliation) -> str:
    """What the members of the caucus call this person: what they let be seen of their name, or their made-up name."""
    if visibility.shown_to_members(place) is Shown.NAME_AND_ORGANISATION:
        name = line(place.person.name)
        return _("%(name)s (%(ngo)s)", name=name, ngo=line(place.seat.ngo.name)) if place.seat else name
    return pseudonyms.coming(place)


def write(to: Pseudonym, place: Affiliation, words: Words) -> None:
    """Owe ``to`` a letter of ``words`` from the person of ``place``, who can be answered from now on. Twice is once.

    :raises TooMany: from this person, or to that one, today.
    """
    if words.submission and not limits.spend(ONCE, words.submission):
        return
    if not (limits.spend(FROM, str(place.person_id)) and limits.spend(TO, str(to.id))):
        raise TooMany(_("Many letters were written today. Please try again tomorrow."))
    answered = pseudonyms.take(place)
    answered.written_at = clock.now()
    reader = to.affiliation.person
    address = To(_address(to.affiliation), reader.name, reader.id, reader.zone)
    ledger.enqueue(_letter(to, place, answered, words), address, about=("pseudonyms", to.id))


def _address(place: Affiliation) -> str:
    """Where this person reads the letters of the caucus."""
    further = {one.id: one.address for one in accounts.further_addresses(place.person)}
    return further.get(place.address_id or 0, place.person.address)


def _letter(to: Pseudonym, place: Affiliation, answered: Pseudonym, words: Words) -> Letter:
    reader, caucus = to.affiliation.person, to.affiliation.caucus
    language = offered(reader.languages)
    with languages.use(language):
        who = known_as(place)
        made = rendering.letter(
            "directory/member_wrote",
            language,
            mark=quoting.MARK,
            name=clean(reader.name),
            who=who,
            pseudonym=to.name if to.affiliation.shown is Shown.PSEUDONYM else "",
            tag=caucus.tag,
            caucus=languages.pick(caucus.names),
            subject=line(words.subject),
            text=clean(words.text),
            pictures=len(words.attached),
            by_mail=mailboxes.open_here(),
            answer=links.write_to_member(caucus.slug, answered.mailbox),
            choose=links.what_members_see(caucus.slug),
        )
    headers = {**made.headers, "Reply-To": mailboxes.address(caucus.slug, answered.mailbox)}
    return replace(made, headers=headers, attached=words.attached)
