"""Whether somebody comes, as a page asks it: what they said before, where they stand on the waiting list, the buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from caucusmail import languages
from caucusmail.accounts.models import Person
from caucusmail.announcements import asked, invited
from caucusmail.directory.models import RosterPolicy
from caucusmail.directory.visibility import Viewer
from caucusmail.languages import _, later, plural
from caucusmail.meetings import answers, checking_in, minutes, quotas, remote, times
from caucusmail.meetings.answers import Standing
from caucusmail.meetings.models import Answer, AnswerState, AnswerWay, Meeting, RemoteLink
from caucusmail.web.meetings import answer_forms
from caucusmail.web.meetings.answer_forms import AnswerForm

LABELS = {
    AnswerState.COMING: later("I will come"),
    AnswerState.NOT_COMING: later("I cannot come"),
    AnswerState.MAYBE: later("I may come"),
}
SAID = {
    AnswerState.COMING: later("You said that you will come."),
    AnswerState.NOT_COMING: later("You said that you cannot come."),
    AnswerState.MAYBE: later("You said that you may come."),
}


@dataclass(frozen=True)
class Ask:
    """The question as it stands for one person."""

    action: str  # where the buttons send to
    meeting: Meeting
    stands: Standing
    mine: Answer | None
    waiting: int | None  # number on the waiting list
    colleagues: int  # who have all the places that their organisation may have; 0: it is not that for which they wait
    chosen: AnswerState | None  # by the link that was pressed: nothing is stored before the button is
    link: RemoteLink | None  # the private one, if their answer lets them see it
    promised: bool  # whether there is one for whoever comes
    form: AnswerForm  # what may be filled in beside the buttons

    @property
    def takes(self) -> bool:
        """Whether an answer is taken."""
        return self.stands in answers.TAKES

    @property
    def hidden(self) -> bool:
        """Whether nobody may learn who else is in the group."""
        return self.meeting.caucus.roster is RosterPolicy.HIDDEN

    @property
    def buttons(self) -> Sequence[tuple[AnswerState, str]]:
        """The answers to give, the chosen one first."""
        order = sorted(AnswerState, key=lambda state: state is not self.chosen)
        return [(state, str(LABELS[state])) for state in order]

    @property
    def said(self) -> list[str]:
        """What this person answered, in sentences; nothing if they did not."""
        if self.mine is None:
            return []
        found = [str(SAID[self.mine.state])]
        if self.waiting is not None:
            found.append(_("You are number %(number)s on the waiting list.", number=self.waiting))
            found += self._kept_waiting
            found.append(_("We write to you when there is a place for you."))
        if self.mine.way is AnswerWay.CALENDAR:
            found.append(self._by_calendar(self.mine.from_address))
        if self.mine.late:
            found.append(_("Your answer came after the deadline. It is kept all the same, and marked as late."))
        return found

    @staticmethod
    def _by_calendar(address: str) -> str:
        if not address:
            return _("It came from your calendar.")
        return _(
            "It came from a calendar, in a reply to your own invitation, by another address than yours: %(address)s. If that was not you, answer again here.",
            address=languages.isolate(address),
        )

    @property
    def rule(self) -> str:
        """How many of one organisation can have a place, in a sentence, as long as it is not said above; "": as many as like."""
        return quotas.rule(self.meeting.places_each) if self.meeting.places_each and not self._kept_waiting else ""

    @property
    def _kept_waiting(self) -> list[str]:
        """Why the room is not all they wait for. Nobody is named, and nothing is said of other organisations."""
        if not self.colleagues or self.meeting.places_each is None:
            return []
        taken = self._taken
        rule = quotas.rule(self.meeting.places_each)
        return [f"{taken} {rule}", _("You move up when one of these places becomes free, or when there may be more.")]

    @property
    def _taken(self) -> str:
        """Of a hidden group without a number: it would say that a colleague is a member."""
        if self.hidden:
            return _("The places of your organisation are taken.")
        return plural(
            "%(number)s person of your organisation already has a place.",
            "%(number)s people of your organisation already have a place.",
            self.colleagues,
        )

    @property
    def until(self) -> str:
        """Until when, in a sentence."""
        deadline = times.deadline(self.meeting)
        if self.stands is Standing.LATE:
            return _(
                "The time to answer ended on %(deadline)s. You can still answer, or change what you said.",
                deadline=deadline,
            )
        if deadline:
            return _("Please answer by %(deadline)s. Until then you can change what you said.", deadline=deadline)
        return _("You can change what you said until the meeting ends.")


def ask(meeting: Meeting, person: Person, action: str, form: AnswerForm | None = None) -> Ask:
    """The question to ``person``; ``form`` is what they filled in that could not be kept."""
    mine = answers.of(meeting, person)
    chosen = next((state for state in AnswerState if state.value == request.args.get("answer")), None)
    waiting = answers.number_waiting(meeting, mine) if mine is not None else None
    colleagues = quotas.full(meeting, person) if waiting is not None else 0
    link, promised = remote.shown(meeting, mine), remote.promised(meeting)
    shown = answer_forms.form(meeting, mine) if form is None else form
    return Ask(action, meeting, answers.standing(meeting), mine, waiting, colleagues, chosen, link, promised, shown)


def ask_member(meeting: Meeting, by: Viewer) -> Ask | None:
    """The question on the meeting's own page: to who signed in and is in its caucus, or keeps it, as long as it can be
    answered."""
    if by.person is None or meeting.caucus_id not in by.member_of | by.keeps:
        return None
    found = ask(meeting, by.person, url_for("answering.answer", reference=meeting.reference))
    return found if found.takes else None


@dataclass(frozen=True)
class ThereNow:
    """Whether somebody may say that they are at a meeting, and did."""

    counted: bool


def there_now(meeting: Meeting, by: Viewer) -> ThereNow | None:
    """The button on the meeting's own page while it is on, to who may answer it (``announcements.asked``)."""
    if by.person is None or not checking_in.is_on(meeting) or not asked.may_answer(meeting, by.person):
        return None
    return ThereNow(checking_in.of(meeting, by.person) is not None)


def shown(meeting: Meeting, by: Viewer) -> dict[str, Any]:
    """What the meeting's own page asks who looks at it, and offers them of its minutes."""
    return {
        "ask": ask_member(meeting, by),
        "there_now": there_now(meeting, by),
        "minutes_here": minutes.published(meeting) and invited.may_read_minutes(meeting, by),
        "minutes_to_write": by.keeps_caucus(meeting.caucus_id) and minutes.can_be_written(meeting),
    }
