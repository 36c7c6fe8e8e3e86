"""Who comes, in numbers, for those who keep the group."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from caucusmail import languages
from caucusmail.announcements import turnout
from caucusmail.languages import _
from caucusmail.meetings import answers, needs, places, questions, times
from caucusmail.meetings.models import Meeting
from caucusmail.web import guards, reader
from caucusmail.web.meetings import needs_told, views

bp = views.bp


@bp.get("/<reference>/answers", endpoint="answers")
@guards.keeper
def answered(reference: str) -> ResponseReturnValue:
    """How many come, cannot, may, and have not said; of a hidden group only totals, rounded."""
    one = views.found(reference)
    found = turnout.turnout(one, reader.viewer())
    return render_template(
        "meetings/answers.html",
        one=one,
        found=found,
        organisations=[(name or _("No organisation"), counts) for name, counts in found.organisations],
        regions=[(languages.pick(names) or _("No region"), counts) for names, counts in found.regions],
        proposals=[(times.between(one, each.starts_at, each.ends_at), each.number) for each in found.proposals],
        **_needs(one),
        places=places,
        day=times.day(one),
        deadline=times.deadline(one),
        why_not=answers.said(answers.standing(one)),
    )


def _needs(one: Meeting) -> dict[str, Any]:
    """What people need and said: how many, and who agreed to be named."""
    by, asked = reader.viewer(), {question.id: languages.pick(question.words) for question in questions.of(one)}
    return {
        "totals": needs_told.lines(needs.totals(one, by), asked),
        "named": [(person, needs_told.said(person, asked)) for person in needs.named(one, by)],
    }
