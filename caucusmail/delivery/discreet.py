"""Letters to whoever asked for discreet ones: nobody who looks over their shoulder learns what they belong to.

Such a copy says that there is a message, and where its reader finds it; who writes, about what and to whom else stands in no
part or header of it. What it would have said is compiled beside it, and shown by ``delivery.held``. Both are versions of
one message: the ledger names the discreet one by its language and ``MARK``.
"""

from collections.abc import Mapping

from caucusmail import languages, settings
from caucusmail.delivery import notice
from caucusmail.languages import _
from caucusmail.mail import compiled, headers, rendering
from caucusmail.mail.slots import Slot, mark

MARK = "!"


def key(language: str) -> str:
    """What the ledger calls the discreet version in ``language``."""
    return f"{language}{MARK}"


def plain(language: str) -> str:
    """The version that a discreet one, or a notice, holds back; any other is itself."""
    return language.rstrip(MARK + notice.MARK)


def is_discreet(language: str) -> bool:
    """Whether the ledger means a discreet version."""
    return language.endswith(MARK)


def sender(language: str, usual: str) -> str:
    """The local part that the return path of such a copy begins with, in place of its group's."""
    return headers.NOTICES if is_discreet(language) else usual


def address() -> str:
    """Where such letters come from."""
    return f"{headers.NOTICES}@{settings.current().mail_domain}"


def compile_in(language: str, more: Mapping[str, str], calendar: str = "", *, leaves: bool) -> bytes:
    """The letter in ``language`` (as offered), slots open. ``leaves``: it can be left by one click, as what it holds back."""
    with languages.use(language):
        letter = rendering.letter(
            "delivery/discreet",
            language,
            slots={slot.value: mark(slot) for slot in Slot},
            leaves=leaves,
        )
        return compiled.compile_letter(letter, compiled.mailbox(_("Messages"), address()), more, calendar)
