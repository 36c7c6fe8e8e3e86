"""The golden set: one of each letter, made through the verbs and caught by a real SMTP server, as bytes and envelopes.

A notice and an invitation to three members (a plain address, an international domain, a long local part), a welcome and a
decision of the secretariat. The site has HTTPS, and we sign.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from caucusmail import clock, settings, signing_keys
from caucusmail.announcements import leaving
from caucusmail.announcements.composition import Text
from caucusmail.announcements.models import Announcement
from caucusmail.database import db, transaction
from caucusmail.delivery import outgoing
from caucusmail.delivery.models import Delivery
from caucusmail.directory import verification
from caucusmail.directory.reasons import Reason
from caucusmail.mail import dkim
from caucusmail.signing_keys import SigningKey
from tests import make
from tests.announcements.rooms import Room, confirmed, ready, released, strategy
from tests.directory.deciding import TO_REVIEW, approved
from tests.sink import Caught, Sink

DOMAIN, SITE = "caucus.example", "https://caucus.example"
PLAIN = "asha@kituo.example"
INTERNATIONAL = "petra@bücher.example"
LONG = "the-office-for-the-rights-of-victims-and-witnesses.secretariat-a@org.example"
READERS = {"Asha Juma": PLAIN, "Petra Müller": INTERNATIONAL, "Élodie Martin-Dubois de la Fondation": LONG}
WELCOMED, DECLINED = "achieng@mhi.example", "someone@elsewhere.example"

KEYS = (SigningKey("rsa-2027a", signing_keys.new_rsa()), SigningKey("ed-2027a", signing_keys.new_ed25519()))
DNS = {f"{dkim.place(key, DOMAIN)}.".encode(): dkim.record(key).encode() for key in KEYS}

BODY = """Dear {{name}}, the room has changed – read [the note](https://docs.example/note?a=1&b=2).

From the first floor to the second.
.
A line that is long enough to be broken somewhere, because it goes on and on until there is no room left on it at all.
"""


@dataclass(frozen=True)
class Golden:
    """What was caught, by kind."""

    notices: list[Caught]
    invitations: list[Caught]
    welcome: Caught
    decision: Caught

    @property
    def announcements(self) -> list[Caught]:
        """What went to a list."""
        return [*self.notices, *self.invitations]

    @property
    def letters(self) -> list[Caught]:
        """What we wrote to one person."""
        return [self.welcome, self.decision]

    @property
    def all(self) -> list[Caught]:
        """Everything."""
        return [*self.announcements, *self.letters]


@contextmanager
def identity() -> Iterator[None]:
    """A site with HTTPS, a way in for mail, and keys to sign with."""
    before = settings.current()
    settings.use(replace(before, site_url=SITE, signing_keys=KEYS, mail_comes_in=True))
    try:
        yield
    finally:
        settings.use(before)


def room() -> Room:
    """A caucus with the three readers."""
    made = Room(slug="vrwg", tag="VRWG", names={"en": "Victims' Rights – Working Group", "fr": "Droits des victimes"})
    for name, address in READERS.items():
        make.member(made.caucus, make.person(name, address), made.group)
    return made


def sent(announcement: Announcement, made: Room) -> None:
    """Confirmed, its hold over, and on its way."""
    released(confirmed(made, announcement))
    with transaction():
        leaving.send_due()


def drain() -> None:
    """Send whatever is due; everything that is owed is, but for what is held."""
    with transaction():
        for row in db.session.query(Delivery):
            row.due_at = min(row.due_at, clock.now())
    while outgoing.turn("golden"):
        pass
    db.session.expire_all()


def golden(sink: Sink) -> Golden:
    """Send the set to ``sink``, which is the application's relay; within ``identity()``."""
    made, staff = room(), make.secretary(address="noor@secretariat.example")
    application = make.application("Mwangaza Haki", [made.caucus], [WELCOMED])
    approved(application, staff)
    other = make.application("Elsewhere", [made.caucus], [DECLINED])
    with transaction():
        verification.decline(other, Reason.NOT_NGO, "Come back when you are one.", seen=TO_REVIEW, by=staff)
    notice = ready(made, texts={"en": Text("The room has changed – café, 2nd floor", BODY)})
    invitation = ready(made, texts={"en": Text("Strategy meeting", BODY)}, meeting=strategy())
    drain()
    letters = {one.recipients[0]: one for one in sink.caught}
    sink.caught.clear()
    caught = []
    for announcement in (notice.id, invitation.id):
        sent(db.session.get_one(Announcement, announcement), made)
        drain()
        caught.append([one for one in sink.caught if one.recipients != [WELCOMED]])
        sink.caught.clear()
    return Golden(*caught, letters[WELCOMED], letters[DECLINED])
