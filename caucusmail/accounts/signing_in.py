"""Sign in by a one-time link or its code, or by a password; sign out here, or everywhere.

What is answered, and how long it takes, is the same whether the address is known or not: who asks for a letter only
leaves a note, and a job looks whether anybody is reached there (``write_asked``). The limits keep strangers from
guessing and from flooding a mailbox; they never lock anybody out, for a letter that has arrived always works: its link
knows no limit, and the window of the limit is shorter than the life of a link. Nor do strangers use up what somebody needs to type a
code: letters are counted for each network that asks, tries for each letter, and the code is long enough for that.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from caucusmail import clock, database, tokens
from caucusmail.accounts import hashing, letters, queries, stopped
from caucusmail.accounts.models import Person, SignIn, SignInLetter
from caucusmail.audit import journal
from caucusmail.database import db, delete_some, moved
from caucusmail.delivery import covers, ledger
from caucusmail.errors import Invalid, NotFound, TooMany
from caucusmail.languages import _
from caucusmail.mail import addresses
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit
from caucusmail.tokens import BadToken, Purpose

ASKED = "sign-in-asked"
"""The queue that writes the letters that were asked for."""

VALID = timedelta(minutes=15)
LASTS = timedelta(days=30)
LASTS_STAFF = timedelta(hours=12)  # secretariat and coordinators
USED_EVERY = timedelta(hours=1)
FRESH = timedelta(minutes=15)  # how long a proof is good for dangerous changes

LETTERS_PER_PLACE = Limit("sign-in-letter-place", 3, timedelta(minutes=10))  # address and network
LETTERS_PER_ADDRESS = Limit("sign-in-letter", 9, timedelta(minutes=10))
"""From wherever. Both are shorter than VALID: a letter that works has arrived."""
ASKED_PER_NETWORK = Limit("sign-in-asked", 30, timedelta(hours=1))
A_TURN = 50  # letters
GROUP = 4  # digits, twice: five tries at each of nine letters in ten minutes hit one address once in forty years
TRIES_PER_CODE = Limit("sign-in-code", 5, VALID)
CODES_PER_NETWORK = Limit("sign-in-codes", 30, timedelta(hours=1))
PASSWORDS_PER_ADDRESS = Limit("password-address", 50, timedelta(hours=1))
PASSWORDS_PER_PLACE = Limit("password-place", 10, timedelta(hours=1))  # address and network
PASSWORDS_PER_NETWORK = Limit("password-network", 60, timedelta(hours=1))


class WrongCode(Invalid):
    """The code typed is not the one in the newest letter, or was tried too often, or is too old."""


class WrongPassword(Invalid):
    """Address and password do not go together; which of the two, is not said."""


class NoSuchDevice(NotFound):
    """The person is not signed in there."""


class WhoAreYou(Invalid):
    """Several people read this mailbox: one must be chosen."""


def ask(address: str, network: str, before: int | None = None) -> int:
    """Ask for a letter to ``address``; the id of the asking, known or not. ``network`` is who asks.

    A code works only together with this id, so that nobody can use up somebody else's tries. Nothing is looked up here:
    neither the answer nor its time can tell who is known. ``before`` is what the same browser asked: where no further letter is
    written, the code of that letter still works there.

    :raises caucusmail.mail.addresses.BadAddress: it cannot be an address.
    :raises TooMany: this network asked too often, for whatever address.
    """
    parsed = addresses.parse(address)
    if not limits.hit(ASKED_PER_NETWORK, network):
        raise TooMany(_("Too many sign-in letters were asked for from your network. Please try again in an hour."))
    may_write = limits.hit(LETTERS_PER_PLACE, f"{parsed.key} {network}") and limits.hit(LETTERS_PER_ADDRESS, parsed.key)
    now = clock.now()
    earlier = db.session.get(SignInLetter, before) if before and not may_write else None
    if earlier and earlier.address_key == parsed.key and earlier.asked_at > now - VALID:
        return earlier.id
    key, looked_at = (parsed.key, None) if may_write else (_mark(parsed.key), now)  # nobody will look whose it is
    asked = SignInLetter(address_key=key, asked_at=now, looked_at=looked_at)
    db.session.add(asked)
    db.session.flush()
    database.wake(ASKED)
    return asked.id


def _mark(key: str) -> str:
    """The address key as a keyed fingerprint; of one that is none any more, itself."""
    return tokens.fingerprint("asked-address", key) if "@" in key else key


def write_asked() -> int:
    """Write the letters that were asked for, where somebody is reached; how many. A job calls it."""
    now = clock.now()
    late = SignInLetter.looked_at.is_(None) & (SignInLetter.asked_at <= now - VALID)
    db.session.execute(update(SignInLetter).where(late).values(address_key="", looked_at=now))
    waiting = (
        select(SignInLetter)
        .where(SignInLetter.looked_at.is_(None), SignInLetter.asked_at > now - VALID)
        .order_by(SignInLetter.id)
        .limit(A_TURN)
        .with_for_update(skip_locked=True)
    )
    asked = db.session.scalars(waiting).all()
    for one in asked:
        one.looked_at = now
    if len(asked) == A_TURN:
        database.wake(ASKED)
    return sum(_write(one) for one in asked)


def _write(asked: SignInLetter) -> bool:
    people = queries.reached_at(asked.address_key)
    if not people:
        return False
    if all(one.shelter is not None for one in people):  # of who is protected no address is kept
        asked.address_key = covers.of(asked.address_key) or asked.address_key
    code = tokens.new_code(GROUP)
    asked.code_fingerprint = tokens.fingerprint("sign-in-code", code)
    letter = letters.sign_in(people, tokens.sign(Purpose.SIGN_IN, asked.id), code)
    to = letters.to(people, queries.mailbox(asked.address_key))
    ledger.enqueue(letter, to, about=("sign_in_letters", asked.id))
    return True


def _asked(token: str) -> SignInLetter:
    (letter_id,) = tokens.read(Purpose.SIGN_IN, token, 1, max_age_s=int(VALID.total_seconds()))
    asked = db.session.get(SignInLetter, letter_id)
    if asked is None or asked.used_at is not None or clock.now() - asked.asked_at > VALID:
        raise BadToken
    return asked


def people(token: str) -> Sequence[Person]:
    """Whom this link lets in; several, if they share a mailbox. Changes nothing.

    :raises BadToken: forged, used, too old, or the address is nobody's any more.
    """
    found = queries.reached_at(_asked(token).address_key)
    if not found:
        raise BadToken
    return found


def by_token(token: str, chosen: int | None = None) -> Person:
    """Use up a link: the person it proves. ``chosen`` is the person's id where several share the mailbox.

    :raises BadToken: forged, used (also at this very moment, by another window), too old.
    :raises WhoAreYou: several people, and none of them chosen.
    """
    asked, readers = _asked(token), people(token)
    person = readers[0] if len(readers) == 1 else next((one for one in readers if one.id == chosen), None)
    if person is None:
        raise WhoAreYou("person", _("Several people share this mailbox. Please choose who you are."))
    if not moved(SignInLetter, SignInLetter.id == asked.id, SignInLetter.used_at.is_(None), used_at=clock.now()):
        raise BadToken
    return person


def by_code(asked_id: int, code: str, network: str) -> str:
    """The link's token, for who has typed the code of the letter asked for as ``asked_id`` (the number ``ask`` gave).

    :raises WrongCode: it is not that code, or was tried five times, or is older than 15 minutes.
    :raises TooMany: this network tried too often.
    """
    if not limits.hit(CODES_PER_NETWORK, network):
        raise TooMany(_("Too many codes were tried from your network. The link in the letter still works."))
    asked = db.session.get(SignInLetter, asked_id)
    in_time = limits.hit(TRIES_PER_CODE, str(asked_id))
    typed = "".join(c for c in code if c.isdecimal() and c.isascii())
    expected = asked.code_fingerprint if asked else ""
    given = tokens.fingerprint("sign-in-code", f"{typed[:GROUP]}-{typed[GROUP:]}")
    right = hmac.compare_digest(expected, given)
    if not (in_time and right and asked and asked.used_at is None and clock.now() - asked.asked_at <= VALID):
        raise WrongCode(
            "code",
            _(
                "“%(read)s” is not the code of the newest letter, or it is older than 15 minutes, or it was tried too "
                "often. The code has eight digits, like 4829-1374. You can also press the link in the letter.",
                read=code[:20],
            ),
        )
    return tokens.sign(Purpose.SIGN_IN, asked.id)


def by_password(address: str, password: str, network: str) -> Person:
    """The person whose address and password these are.

    :raises WrongPassword: they do not go together, or passwords were tried too often; the mail link works all the same.
    """
    key = addresses.key(address)
    counts = (PASSWORDS_PER_NETWORK, network), (PASSWORDS_PER_PLACE, f"{key} {network}"), (PASSWORDS_PER_ADDRESS, key)
    if not all([limits.hit(limit, of) for limit, of in counts]):
        raise TooMany(
            _("Too many passwords were tried. Ask for a sign-in letter instead, or try again in an hour."),
        )
    fitting = hashing.first_fitting(queries.passwords(queries.reached_at(key)), password[:1000])
    if fitting is None:
        raise WrongPassword(
            "password",
            _(
                "This address and this password do not go together. Leave the password empty to get a letter with a "
                "link instead."
            ),
        )
    fitting.used_at = clock.now()
    for limit, of in counts:
        limits.give_back(limit, of)  # who knows it may sign in as often as they like
    return db.session.get_one(Person, fitting.person_id)


def begin(person: Person, lasts: timedelta = LASTS, *, factor_at: datetime | None = None) -> str:
    """Sign ``person`` in on one more device, by a proof given this moment; the secret for its cookie.

    ``factor_at``: when a second factor was last proved on this device.
    """
    secret = tokens.new_secret()
    sign_in = _row(person, secret, lasts)
    sign_in.factor_at = factor_at
    db.session.add(sign_in)
    journal.record("signed-in", sign_in, person)
    return secret


def wait(person: Person) -> str:
    """Note that ``person`` gave the first proof on a device and owes the second; the secret for its cookie.

    It opens nothing but the second step, for as long as a letter is good.
    """
    secret = tokens.new_secret()
    sign_in = _row(person, secret, VALID)
    sign_in.waits = True
    db.session.add(sign_in)
    db.session.flush()
    return secret


def _row(person: Person, secret: str, lasts: timedelta) -> SignIn:
    now = clock.now()
    return SignIn(
        person_id=person.id,
        secret_fingerprint=tokens.fingerprint("sign-in", secret),
        began_at=now,
        proved_at=now,
        ends_at=now + lasts,
    )


def note_use(sign_in: SignIn) -> None:
    """Note that something was done here, at most once an hour: enough to tell a device that lies in a drawer."""
    now = clock.now()
    if sign_in.ended_at is None and now - (sign_in.used_at or sign_in.began_at) > USED_EVERY:
        sign_in.used_at = now


def end(person: Person, sign_in_id: int) -> None:
    """End one sign-in of ``person``, on whatever device; one that has ended is fine.

    :raises NoSuchDevice: they have none of this id.
    """
    sign_in = db.session.get(SignIn, sign_in_id)
    if sign_in is None or sign_in.person_id != person.id:
        raise NoSuchDevice
    if moved(SignIn, SignIn.id == sign_in_id, SignIn.ended_at.is_(None), ended_at=clock.now()):
        journal.record("signed-out-elsewhere", person, person)


def sign_out(secret: str) -> None:
    """End the sign-in of this cookie; one that has ended is fine."""
    fingerprint = tokens.fingerprint("sign-in", secret)
    moved(SignIn, SignIn.secret_fingerprint == fingerprint, SignIn.ended_at.is_(None), ended_at=clock.now())


def sign_out_everywhere(person: Person, *, by: Person | None, keep: int | None = None) -> None:
    """End every sign-in of ``person``, but the one with the id ``keep``: after a change of password or of role."""
    db.session.execute(
        update(SignIn)
        .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None), SignIn.id != (keep or 0))
        .values(ended_at=clock.now())
    )
    journal.record("signed-out-everywhere", person, by)


def forget_before(age: timedelta) -> int:
    """Delete some letters asked for, and sign-ins ended, longer than ``age`` ago; how many. A job calls it daily.

    What still waits for a proof, and is past being used, goes too.
    """
    before = clock.now() - age
    stopped.forget()
    return delete_some(SignInLetter, SignInLetter.asked_at < before) + delete_some(SignIn, SignIn.ends_at < before)
