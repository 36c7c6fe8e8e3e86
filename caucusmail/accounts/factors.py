"""Second factors: apps that make codes, and passkeys. Added, named, removed; and proved at the second step of a sign-in.

Who calls the first three has just proved anew who they are; the surface sees to that. The second step can only be tried by
whoever gave the first proof, and what limits it never locks anybody out: recovery codes and passkeys, which nobody can
guess, work however often codes of an app were tried from elsewhere.
"""

from collections.abc import Sequence
from datetime import timedelta

from caucusmail import clock
from caucusmail.accounts import letters, queries, recovery_codes, sealing, telling, totp
from caucusmail.accounts.letters import Told
from caucusmail.accounts.models import Credential, CredentialKind, Person, SignIn
from caucusmail.audit import journal
from caucusmail.database import db, moved
from caucusmail.errors import Invalid, NotFound, TooMany
from caucusmail.languages import _
from caucusmail.mail import slots
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit

REMEMBERED = timedelta(hours=12)  # how long a second factor is good on the device on which it was proved
MOST = 10  # factors of one person
LONGEST_LABEL = 60
TRIES_PER_SIGN_IN = Limit("second-step", 10, timedelta(minutes=15))
APP_CODES_PER_PERSON = Limit("second-step-person", 20, timedelta(hours=1))


class WrongCode(Invalid):
    """No code of an app or of the recovery codes of this person, or one that was used."""


class TooManyFactors(Invalid):
    """Ten are enough."""


class NoSuchFactor(NotFound):
    """The person has no such factor."""


def of(person: Person) -> Sequence[Credential]:
    """The second factors of ``person``, the oldest first."""
    return queries.of_kind(person, CredentialKind.TOTP, CredentialKind.PASSKEY)


def remembered(sign_in: SignIn) -> bool:
    """Whether a second factor was proved on this device within the last twelve hours."""
    return sign_in.factor_at is not None and clock.now() - sign_in.factor_at < REMEMBERED


def add_app(sign_in: SignIn, secret: str, code: str, label: str) -> Credential:
    """Add, for whoever is signed in, the app that made ``code`` from ``secret``; told to every address.

    :raises WrongCode: it is not the code that the secret makes now; the text names a clock that goes wrong.
    :raises TooManyFactors: there are ten already.
    """
    step = totp.step(secret, code, clock.now())
    if step is None:
        raise WrongCode("code", _not_the_code(secret, code))
    person = sign_in.person
    refuse_too_many(person)
    sign_in.factor_at = clock.now()
    return added(
        Credential(
            person_id=person.id,
            kind=CredentialKind.TOTP,
            secret=sealing.seal(person, secret),
            label=slots.line(label)[:LONGEST_LABEL] or _("App on my phone"),
            counter=step,
            made_at=clock.now(),
        ),
        person,
        Told.APP_ADDED,
    )


def refuse_too_many(person: Person) -> None:
    """:raises TooManyFactors: there are ten already."""
    if len(of(person)) >= MOST:
        raise TooManyFactors("label", _("You have ten ways to prove it is you. Remove one that you no longer use."))


def added(factor: Credential, person: Person, what: Told) -> Credential:
    """Keep a new factor, write it into the journal and tell it to every address of the person."""
    db.session.add(factor)
    journal.record("factor.added", person, person, kind=factor.kind.value)
    telling.everywhere(person, letters.told(person, what, label=factor.label))
    return factor


def _not_the_code(secret: str, code: str) -> str:
    minutes = totp.skewed_by(secret, code, clock.now())
    if minutes:
        return _(
            "The clock of the device with your app is about %(minutes)s minutes wrong, so its codes do not fit. Let it set "
            "its time by itself (in its settings, “Date and time”), and try the next code.",
            minutes=abs(minutes),
        )
    return _(
        "“%(read)s” is not the code that the app shows for this account now. It has six digits and changes every half "
        "minute: wait for the next one.",
        read=code[:20],
    )


def named(person: Person, credential_id: int, label: str) -> None:
    """Give a factor another name.

    :raises NoSuchFactor: the person has none of this id.
    """
    factor = _one(person, credential_id)
    factor.label = slots.line(label)[:LONGEST_LABEL] or factor.label


def remove(person: Person, credential_id: int) -> None:
    """Remove a factor, and with the last one the recovery codes; told to every address.

    :raises NoSuchFactor: the person has none of this id.
    """
    factor = _one(person, credential_id)
    db.session.delete(factor)
    db.session.flush()
    if not of(person):
        recovery_codes.forget(person)
    journal.record("factor.removed", person, person, kind=factor.kind.value)
    telling.everywhere(person, letters.told(person, Told.FACTOR_REMOVED, label=factor.label))


def _one(person: Person, credential_id: int) -> Credential:
    found = next((one for one in of(person) if one.id == credential_id), None)
    if found is None:
        raise NoSuchFactor
    return found


def prove(sign_in: SignIn, text: str) -> None:
    """The second step of ``sign_in``: a code of an app, or a recovery code. Each is used up; the device is remembered.

    :raises WrongCode: it is none, or was used before.
    :raises TooMany: too many tries; says what works all the same.
    """
    person = sign_in.person
    if not limits.hit(TRIES_PER_SIGN_IN, str(sign_in.id)):
        raise TooMany(_("Too many codes were tried. Please sign in anew, in a quarter of an hour at the latest."))
    if len(recovery_codes.typed(text)) == recovery_codes.LENGTH:
        right = recovery_codes.use(person, text)
    elif limits.hit(APP_CODES_PER_PERSON, str(person.id)):
        right = _by_app(person, text)
    else:
        raise TooMany(
            _(
                "Too many codes of an app were tried for this account; perhaps by somebody else. A recovery code or a "
                "passkey works at once, the app again in an hour."
            )
        )
    if not right:
        raise WrongCode("code", _neither(text))
    sign_in.factor_at = clock.now()


def _neither(text: str) -> str:
    return _(
        "“%(read)s” is neither the code your app shows now nor a recovery code that is still unused. Each works only "
        "once: wait for the next one. If none is ever right, let your phone set its time by itself.",
        read=text[:20],
    )


def _by_app(person: Person, text: str) -> bool:
    for app in queries.of_kind(person, CredentialKind.TOTP):
        try:
            secret = sealing.unseal(person, app.secret)
        except sealing.Unreadable:
            continue
        step = totp.step(secret, text, clock.now(), after=app.counter)
        if step is not None and moved(
            Credential, Credential.id == app.id, Credential.counter < step, counter=step, used_at=clock.now()
        ):
            return True
    return False
