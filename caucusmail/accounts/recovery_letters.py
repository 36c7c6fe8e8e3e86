"""The letters of a recovery: to the new address, and to every address we know of the person, with a link that stops it."""

from enum import StrEnum
from typing import Any

from caucusmail import languages, links, zones
from caucusmail.accounts.models import Person, Recovery, RecoveryState
from caucusmail.languages import _, later
from caucusmail.mail import addresses, rendering
from caucusmail.mail.rendering import Letter


class Step(StrEnum):
    """What of a recovery is told."""

    CODE_USED = "code-used"
    ASKED = "asked"
    VOUCHED = "vouched"
    LOOKED_AT_AGAIN = "looked-at-again"
    WAITING = "waiting"
    ENDED = "ended"


_ASKED = later("Somebody asks for another address for your account")
_STEPS: dict[Step, tuple[Any, Any]] = {
    Step.CODE_USED: (
        _ASKED,
        later(
            "Somebody who has one of your recovery codes says that you cannot read your mailbox any more, and asks that "
            "your letters go to %(address)s. Nothing has changed yet."
        ),
    ),
    Step.ASKED: (
        _ASKED,
        later(
            "Somebody says that you cannot read your mailbox any more, and asks that your letters go to %(address)s. "
            "Nothing has changed yet: first somebody who knows you is asked whether it is you, and then the secretariat."
        ),
    ),
    Step.VOUCHED: (
        later("Somebody who knows you says that it is you"),
        later(
            "It was asked that your letters go to %(address)s, and somebody who knows you says that it is you who asks. "
            "Nothing has changed yet: the secretariat decides."
        ),
    ),
    Step.LOOKED_AT_AGAIN: (
        later("The change of your address is looked at once more"),
        later(
            "It was asked that your letters go to %(address)s. A step of it was taken back, so it is looked at once more. "
            "Nothing has changed yet."
        ),
    ),
    Step.WAITING: (
        later("Your address will be changed"),
        later(
            "From %(when)s your letters go to %(address)s, and no more to your present address, unless you stop it "
            "before. Everybody who is signed in as you is signed out then."
        ),
    ),
    Step.ENDED: (
        later("Your address stays as it is"),
        later("It was asked that your letters go to %(address)s. That has ended: nothing was changed."),
    ),
}


def to_new_address(language: str, token: str) -> Letter:
    """To the new address: is it theirs? It names nobody, for it may be a stranger's."""
    with languages.use(language):
        return rendering.letter("accounts/recovery_address", language, link=links.recovery(token))


def told(person: Person, recovery: Recovery, step: Step, token: str) -> Letter:
    """To an address of the person: what has come of it; with a link that stops it, unless it has ended."""
    language = languages.offered(person.languages)
    subject, sentence = _STEPS[step]
    with languages.use(language):
        when = zones.spoken(recovery.due_at, person.zone) if recovery.due_at else ""
        return rendering.letter(
            "accounts/recovery_told",
            language,
            name=person.name,
            subject=str(subject),
            sentence=str(sentence) % {"address": addresses.masked(recovery.address), "when": when},
            link=links.recovery_stop(token) if step is not Step.ENDED else "",
            ask=links.ask(),
        )


def stopped(language: str, state: RecoveryState) -> Letter:
    """To the new address: what was asked for from there was stopped."""
    with languages.use(language):
        said = (
            _("The day was set already; somebody who reads the old address, or the secretariat, has stopped it.")
            if state is RecoveryState.WAITING
            else _("Somebody who reads the old address has stopped it.")
        )
        return rendering.letter("accounts/recovery_stopped", language, said=said, ask=links.ask())
