"""Ten codes on paper, for the day on which phone or mailbox is gone. Each works once; only fingerprints are kept."""

import secrets

from sqlalchemy import delete

from caucusmail import clock, tokens
from caucusmail.accounts import letters, queries, telling
from caucusmail.accounts.letters import Told
from caucusmail.accounts.models import Credential, CredentialKind, Person
from caucusmail.audit import journal
from caucusmail.database import db, moved

MANY = 10
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that look alike on paper
LENGTH = 10  # 49 bits: not to be guessed, whatever the limits


def made(person: Person) -> list[str]:
    """A new set for ``person``, to be shown this once; older codes work no more. Told to every address."""
    codes = ["".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(MANY)]
    forget(person)
    now = clock.now()
    db.session.add_all(
        Credential(person_id=person.id, kind=CredentialKind.RECOVERY_CODE, secret=_kept(person, code), made_at=now)
        for code in codes
    )
    journal.record("recovery-codes.made", person, person)
    telling.everywhere(person, letters.told(person, Told.CODES_MADE))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def forget(person: Person) -> None:
    """Delete all codes of ``person``, used or not."""
    db.session.execute(
        delete(Credential).where(Credential.person_id == person.id, Credential.kind == CredentialKind.RECOVERY_CODE)
    )


def left(person: Person) -> int:
    """How many codes still work."""
    return sum(one.used_at is None for one in queries.of_kind(person, CredentialKind.RECOVERY_CODE))


def are_of(person: Person, codes: list[str]) -> bool:
    """Whether these are the person's present codes, none of them used: all of them, as ``made`` gave them."""
    kept = queries.of_kind(person, CredentialKind.RECOVERY_CODE)
    return sorted(one.secret for one in kept if one.used_at is None) == sorted(
        _kept(person, typed(code)) for code in codes
    )


def typed(text: str) -> str:
    """The letters and digits of what somebody typed, small."""
    return "".join(c for c in text.lower() if c.isascii() and c.isalnum())


def use(person: Person, text: str) -> bool:
    """Use up the code that was typed; False if it is none, or was used (also at this very moment). Told to every address."""
    if not moved(
        Credential,
        Credential.person_id == person.id,
        Credential.kind == CredentialKind.RECOVERY_CODE,
        Credential.secret == _kept(person, typed(text)),
        Credential.used_at.is_(None),
        used_at=clock.now(),
    ):
        return False
    journal.record("recovery-code.used", person, person)
    telling.everywhere(person, letters.told(person, Told.CODE_USED, left=left(person)))
    return True


def _kept(person: Person, code: str) -> str:
    return tokens.fingerprint("recovery-code", f"{person.id} {code}")
