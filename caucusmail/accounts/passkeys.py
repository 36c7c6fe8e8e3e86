"""Passkeys (W3C Web Authentication, level 3): discoverable, with user verification, so that one is both steps at once.

The challenge is a token of ours: it proves its age and the session it was made for by itself, and is spent when it is
answered, so that no row is written for a stranger who only looks. Origin and RP ID come from ``SITE_URL``, never from a
request.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from caucusmail import clock, settings, tokens
from caucusmail.accounts import factors, queries
from caucusmail.accounts.letters import Told
from caucusmail.accounts.models import Credential, CredentialKind, Person, SignIn
from caucusmail.database import db, moved
from caucusmail.errors import Invalid, TooMany
from caucusmail.languages import _
from caucusmail.mail import slots
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit
from caucusmail.tokens import BadToken, Purpose

GOOD_FOR = timedelta(minutes=10)
LONGEST_ANSWER = 20_000  # characters
ONCE = Limit("passkey-challenge", 1, timedelta(hours=1))
PER_NETWORK = Limit("passkey-network", 60, timedelta(hours=1))


GARBLED = (WebAuthnException, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What reading an answer that no browser made can end in."""


class BadPasskey(Invalid):
    """The answer of the device is not what was asked for; why, is not said."""


@dataclass(frozen=True)
class Answer:
    """What a device answered: JSON as browsers make it, and the number of the session it was asked in."""

    text: str
    session: int


def _house() -> tuple[str, str]:
    """RP ID and origin (section 5.1.3, 5.1.4.1)."""
    url = settings.current().site_url
    return urlsplit(url).hostname or "", url


def _challenge(session: int) -> bytes:
    return tokens.sign(Purpose.PASSKEY, session, secrets.randbelow(1 << 62)).encode()


def _handle(person: Person) -> bytes:
    """The user handle: tells nothing of the person (section 14.6.1)."""
    return tokens.mac("caucusmail:passkey-user", str(person.id).encode(), 32)


def to_register(person: Person, session: int) -> str:
    """What a browser is asked to make a passkey from, as JSON; ``session`` is a number of the session."""
    known = queries.of_kind(person, CredentialKind.PASSKEY)
    options = webauthn.generate_registration_options(
        rp_id=_house()[0],
        rp_name="CaucusMail",
        user_id=_handle(person),
        user_name=person.address,
        user_display_name=person.name,
        challenge=_challenge(session),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.handle or "")) for one in known],
    )
    return options_to_json(options)


def to_prove(session: int) -> str:
    """What a browser is asked to prove with whichever passkey it has for us, as JSON; tells nobody who is known."""
    options = webauthn.generate_authentication_options(
        rp_id=_house()[0],
        challenge=_challenge(session),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def register(sign_in: SignIn, answer: Answer, label: str) -> Credential:
    """Add a passkey for whoever is signed in; told to every address.

    :raises BadPasskey: another challenge, origin or RP ID, no user verification, or the passkey is known already.
    :raises caucusmail.accounts.factors.TooManyFactors: there are ten already.
    """
    person, now = sign_in.person, clock.now()
    factors.refuse_too_many(person)
    rp_id, origin = _house()
    try:
        found = webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=_spent_challenge(answer),
            expected_rp_id=rp_id,
            expected_origin=origin,
            require_user_verification=True,
        )
    except GARBLED:
        raise _refused() from None
    handle = bytes_to_base64url(found.credential_id)
    if queries.passkey(handle) is not None:
        raise BadPasskey("answer", _("This passkey is set up already."))
    sign_in.factor_at = now
    passkey = Credential(
        person_id=person.id,
        kind=CredentialKind.PASSKEY,
        secret=bytes_to_base64url(found.credential_public_key),
        label=slots.line(label)[: factors.LONGEST_LABEL] or _("Passkey"),
        handle=handle,
        counter=found.sign_count,
        made_at=now,
    )
    return factors.added(passkey, person, Told.PASSKEY_ADDED)


def by_passkey(answer: Answer, network: str) -> Person:
    """The person whose passkey answered; it is both steps.

    :raises BadPasskey: as for ``register``; or nobody's passkey, or one that was copied (its counter went back).
    :raises TooMany: this network tried too often.
    """
    if not limits.hit(PER_NETWORK, network):
        raise TooMany(_("Too many passkeys were tried from your network. Ask for a sign-in letter instead."))
    return db.session.get_one(Person, _verified(answer).person_id)


def prove(sign_in: SignIn, answer: Answer) -> None:
    """The second step of ``sign_in`` by a passkey of its person.

    :raises BadPasskey: as for ``by_passkey``; or somebody else's.
    """
    if _verified(answer).person_id != sign_in.person_id:
        raise _refused()
    sign_in.factor_at = clock.now()


def _verified(answer: Answer) -> Credential:
    rp_id, origin = _house()
    try:
        given = _read(answer)
        handle = bytes_to_base64url(base64url_to_bytes(given["id"]))  # spelt as we keep it, whatever came
        passkey = queries.passkey(handle)
        if passkey is None:
            raise _refused()
        known = base64url_to_bytes(passkey.secret)
        _same_person(passkey, given)
        found = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=_spent_challenge(answer),
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=known,
            credential_current_sign_count=passkey.counter,
            require_user_verification=True,
        )
    except GARBLED:
        raise _refused() from None
    before = passkey.counter
    where = (Credential.id == passkey.id, Credential.counter == before)
    if not moved(Credential, *where, counter=found.new_sign_count, used_at=clock.now()):
        raise _refused()
    return passkey


def _same_person(passkey: Credential, given: dict[str, Any]) -> None:
    """Section 7.2, step 6: the user handle, which a discoverable passkey always gives, is of the passkey's person."""
    person = db.session.get_one(Person, passkey.person_id)
    if base64url_to_bytes(str(given["response"]["userHandle"])) != _handle(person):
        raise _refused()


def _read(answer: Answer) -> dict[str, Any]:
    """:raises ValueError: it is no JSON object of a bearable size."""
    if len(answer.text) > LONGEST_ANSWER:
        raise ValueError
    given = json.loads(answer.text)
    if not isinstance(given, dict):
        raise ValueError
    return given


def _spent_challenge(answer: Answer) -> bytes:
    """The challenge that was answered, if it is ours, of this session, young and answered for the first time.

    :raises BadPasskey: otherwise.
    """
    told = json.loads(base64url_to_bytes(_read(answer)["response"]["clientDataJSON"]))
    challenge = base64url_to_bytes(told["challenge"])
    try:
        session, _chance = tokens.read(
            Purpose.PASSKEY, challenge.decode("ascii"), 2, max_age_s=int(GOOD_FOR.total_seconds())
        )
    except BadToken:
        raise _refused() from None
    if session != answer.session or not limits.spend(ONCE, challenge.decode("ascii")):
        raise _refused()
    return challenge


def _refused() -> BadPasskey:
    return BadPasskey(
        "answer",
        _(
            "This passkey did not work here. Load the page again and try once more, or take another way to sign in: they "
            "all work."
        ),
    )
