"""The list behind each number of an announcement: what became of each copy, in plain words beside the server's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from caucusmail.announcements import again
from caucusmail.announcements import progress as reckoned
from caucusmail.announcements.again import Said, Which
from caucusmail.announcements.models import Announcement
from caucusmail.delivery import plain_words, suppression
from caucusmail.delivery.again import SENDS
from caucusmail.delivery.models import DUE, DeliveryState, Step
from caucusmail.delivery.retry import Fault
from caucusmail.languages import _, later, plural
from caucusmail.web import reader

LISTS = {state.value: state for state in DeliveryState}
"""The numbers on the page: each state has one, and a list behind it."""

STEPS = {
    DeliveryState.DEFERRED: (Step.TRY_NOW,),
    DeliveryState.FAILED: (Step.TRY_NOW,),
    DeliveryState.UNCERTAIN: (Step.SEND_AGAIN, Step.ARRIVED, Step.NOT_ARRIVED),
}
"""What may be done for a copy, by its state."""

_SAID = {
    Step.TRY_NOW: later("Tried again at once because “%(reason)s”, by %(name)s."),
    Step.SEND_AGAIN: later("Sent again because “%(reason)s”, by %(name)s."),
    Step.ARRIVED: later("Said to have arrived: “%(reason)s”, by %(name)s."),
    Step.NOT_ARRIVED: later("Said not to have arrived: “%(reason)s”, by %(name)s."),
}
_WHY = {
    Fault.RELAY: later("Our mail relay did not answer, or broke off."),
    Fault.NOT_OURS: later("This is the demo: it writes to nobody outside it."),
    Fault.NEEDS_SMTPUTF8: later("Our mail relay cannot write to addresses in this writing."),
    Fault.UNSENDABLE: later("The letter for this person could not be made. The secretariat can find out why."),
    Fault.LOST_ANSWER: later("The connection broke at the last moment."),
    Fault.POWER_CUT: later("The power or the database went away at the last moment."),
    Fault.SUPPRESSED: later("Nothing is sent to this address any more."),
    Fault.PROTECTED: later("Nothing is sent to this person for now."),
    Fault.WORKER_DIED: later("Our program was cut off at the last moment."),
}


@dataclass(frozen=True)
class Line:
    """One copy on a list."""

    id: int
    name: str
    address: str
    at: datetime | None
    meaning: str
    reply: str
    came_back: str  # what a later report said, in plain words; "" if there is none
    bounce: str  # its own words
    said: str  # what a person asked or said of it last
    open: bool  # something can be done for it
    moved: bool = False  # the person has another address since


@dataclass(frozen=True)
class Listed:
    """One page of a list."""

    rows: Sequence[Line]
    number: int
    pages: int
    total: int
    steps: Sequence[Step] = ()  # what can be done for those that are open
    open: int = 0  # how many, on all pages, are open to the first of them


def behind(announcement: Announcement, name: str, page: int) -> Listed | None:
    """The list behind one number; None if there is no number of that name."""
    state = LISTS.get(name)
    if state is None:
        return None
    copies, total = reckoned.copies(announcement, [state], reader.viewer(), page)
    ids = [copy.id for copy in copies]
    steps = tuple(step for step in STEPS.get(state, ()) if again.allows(announcement, step))
    free = {row for step in steps[:2] for row in again.open_rows(announcement, step, Which(state, ids))}
    said = again.said(ids)
    held = state in DUE and again.paused(announcement, reader.viewer()) is not None
    rows = [_line(copy, said.get(copy.id), is_open=copy.id in free, held=held) for copy in copies]
    offered = again.offered(announcement, steps[0], Which(state)) if steps and steps[0] in SENDS else 0
    return Listed(rows, page, max(1, -(-total // reckoned.PER_PAGE)), total, steps if free or offered else (), offered)


def _line(copy: reckoned.Copy, said: Said | None, *, is_open: bool, held: bool) -> Line:
    return Line(
        copy.id,
        copy.name,
        copy.address,
        None if held else copy.at,
        meaning(copy, held=held),
        answer(copy),
        came_back(copy),
        copy.bounce,
        told(said) if said else "",
        is_open,
        copy.moved,
    )


def came_back(copy: reckoned.Copy) -> str:
    """What a report said that came later, in plain words; "" if none came."""
    at_once = copy.state is DeliveryState.FAILED and copy.bounce == copy.reply  # the refusal itself, judged later
    return str(plain_words.meaning(500, copy.bounce)) if copy.bounced_at and not at_once else ""


def answer(copy: reckoned.Copy) -> str:
    """The words of the other server; "" where only our side of a broken connection said something."""
    return plain_words.server_said(copy.reply)


def told(said: Said) -> str:
    """What a person asked or said of a copy, and why."""
    name = said.name or _("somebody who is no longer known")
    return str(_SAID[said.step] % {"reason": said.reason, "name": name})


def meaning(copy: reckoned.Copy, *, held: bool = False) -> str:
    """What became of a copy, in plain words; the server's own words stand beside it. ``held``: nothing leaves for now."""
    if copy.state is DeliveryState.ACCEPTED:
        if copy.note == Step.ARRIVED.value:
            return _("It arrived: the person was asked.")
        if copy.digest:
            return _(
                "It left in the person’s digest, and the next server took that. Whether the mailbox shows it, only its owner knows."
            )
        return _("The next server took it. Whether the mailbox shows it, only its owner knows.")
    if copy.state is DeliveryState.UNCERTAIN:
        return _(
            "The connection broke at the last moment. It may have arrived; it is not sent a second time by itself."
        )
    if copy.state is DeliveryState.WITHDRAWN:
        return _withdrawn(copy.note)
    if copy.state is DeliveryState.IN_FLIGHT:
        return _("It is leaving at this moment.")
    if copy.state is DeliveryState.QUEUED:
        return _queued(copy, held=held)
    return _deferred(copy, held=held) if copy.state is DeliveryState.DEFERRED else _failed(copy)


def _queued(copy: reckoned.Copy, *, held: bool) -> str:
    if held:
        return _("It waits until the announcement goes on.")
    if copy.digest:
        return _("It waits for the person’s digest.")
    return _("It leaves at the time shown.") if copy.later else _("It waits its turn.")


def _withdrawn(note: str) -> str:
    if note == "stopped":
        return _("Not sent: the announcement was stopped before their turn.")
    if note == suppression.NOTE:
        return _("Not sent: mail to this address came back before, so nothing more is sent to it.")
    if note == Fault.PROTECTED.value:
        return _("Not sent: nothing is sent to this person for now.")
    return _("Not sent: the person left, or asked for no more mail, before their turn.")


def _deferred(copy: reckoned.Copy, *, held: bool) -> str:
    why = plain_words.meaning(copy.code, copy.reply)
    if held:
        return _("%(why)s It waits until the announcement goes on.", why=why)
    if copy.code is None and plain_words.broke(copy.reply):
        return _("The connection to the mail relay broke; it is tried again by itself.")
    if copy.code is None:  # no server has answered, so nothing was counted
        return _("The mail relay could not be reached; it is tried again by itself.")
    if copy.note == Fault.RELAY.value:
        return _("Our own mail relay takes no letters at the moment; it is tried again by itself.")
    tried = plural("tried once", "tried %(number)s times", max(1, copy.attempts))
    return _("%(why)s It is tried again by itself (%(tried)s).", why=why, tried=tried)


def _failed(copy: reckoned.Copy) -> str:
    if copy.note == Step.NOT_ARRIVED.value:
        return _("It did not arrive: the person was asked.")
    if copy.note in _WHY:
        return str(_WHY[Fault(copy.note)])
    why = str(plain_words.meaning(copy.code, copy.reply))
    if copy.note == Fault.GAVE_UP.value:
        return _("%(why)s After four days of trying, it was given up.", why=why)
    return why
