"""What one may fill in beside the buttons of an answer: needs, the meeting's own questions. All of it may stay empty."""

from typing import Any

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Length

from caucusmail import languages
from caucusmail.languages import _, later
from caucusmail.meetings import needs, places, questions
from caucusmail.meetings.models import Answer, AnswerState, Meeting
from caucusmail.meetings.needs import Needs
from caucusmail.web.forms import BaseForm
from caucusmail.web.meetings.fields import SelectField

BESIDE = ("answer", "filled_in", "on_door_list", "csrf_token")
"""What does not stand among the boxes that are folded away."""


class AnswerForm(BaseForm):
    """Which button was pressed, and what was filled in; ``filled_in`` says that the boxes stood on the page."""

    answer = StringField()
    filled_in = HiddenField()
    interpretation = SelectField(later("Interpretation into"), default="")
    other_need = StringField(later("Something else, in a few words"), [Length(max=needs.LONGEST)])
    may_contact = BooleanField(
        later("Those who keep this group may see this with my name and my address, and write to me about it")
    )

    def state(self) -> AnswerState | None:
        """What the button says; None if nothing that can be said."""
        said = next((state for state in AnswerState if state.value == self.answer.data), None)
        if said is None:
            self.form_errors.append(_("We could not read your answer. Please press one of the buttons."))
        return said

    @property
    def questions(self) -> list[Any]:
        """The fields of the meeting's own questions."""
        return [field for field in self if field.name.startswith("said_")]

    @property
    def open(self) -> bool:
        """Whether the boxes are shown at once: something stands in them, or is to be put right."""
        boxes = [field for field in self if field.name not in BESIDE]
        return any(field.data or field.errors for field in boxes)

    def needs(self) -> Needs | None:
        """What was filled in, in the words of the verb; None: the boxes did not stand on the page."""
        if not self.filled_in.data:
            return None
        return Needs(
            interpretation=self.interpretation.data or "",
            wheelchair="wheelchair" in self and self["wheelchair"].data,
            from_afar="from_afar" in self and self["from_afar"].data,
            other=self.other_need.data or "",
            said={int(field.name.removeprefix("said_")): field.data or "" for field in self.questions},
            may_contact=self.may_contact.data,
            on_door_list="on_door_list" in self and self["on_door_list"].data,
        )


def form(meeting: Meeting, mine: Answer | None, filled: Any = None) -> Any:
    """The form as it is for ``meeting``; ``filled`` is the request's, or None: then it shows what ``mine`` holds."""
    fields: dict[str, Any] = {}
    if places.on_site(meeting):
        fields["wheelchair"] = BooleanField(later("I use a wheelchair"))
        fields["on_door_list"] = BooleanField(
            later("If I come, my name and my organisation may be on the list for the door of the building")
        )
    if places.by_line(meeting):
        fields["from_afar"] = BooleanField(later("I take part online"))
    for one in questions.of(meeting):
        fields[f"said_{one.id}"] = StringField(languages.pick(one.words), [Length(max=needs.LONGEST)])
    made = type("AnswerFormHere", (AnswerForm,), fields)(filled, data=_shown(mine))
    first = languages.in_our_order(meeting.interpretation)
    rest = [code for code in languages.WRITTEN if code not in first]
    made.interpretation.choices = [("", _("Not needed")), *((code, languages.name(code)) for code in (*first, *rest))]
    return made


def _shown(mine: Answer | None) -> dict[str, Any]:
    if mine is None:
        return {}
    now = needs.kept(mine)
    said = {f"said_{key}": words for key, words in now.said.items()}
    return {
        "interpretation": now.interpretation,
        "wheelchair": now.wheelchair,
        "from_afar": now.from_afar,
        "other_need": now.other,
        "may_contact": now.may_contact,
        "on_door_list": now.on_door_list,
        **said,
    }
