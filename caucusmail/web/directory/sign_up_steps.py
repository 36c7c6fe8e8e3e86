"""The steps of the sign-up form: what each shows, what is carried from one to the next, and what they make together.

No session holds what was typed: each page posts all of it to the next, the fields it does not show as hidden ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from caucusmail import clock, tokens
from caucusmail.directory import consent, joining, registration, windows
from caucusmail.directory.applications import SHORTEST_SUBMISSION, ApplicationKind
from caucusmail.directory.models import Admits, Caucus, Family, JoinMode
from caucusmail.directory.typed import Colleague, SignUp
from caucusmail.errors import Invalid
from caucusmail.languages import _
from caucusmail.tokens import BadToken, Purpose
from caucusmail.web.directory import wording
from caucusmail.web.directory.sign_up_forms import PeopleForm, WhichForm, WhoForm, problems
from caucusmail.web.forms import BaseForm, beside

STEPS = ("which", "who", "people", "check")
OWN = {
    "which": ("caucuses",),
    "who": ("kind", "ngo_name", "latin_name", "acronym", "country_code", "in_exile", "website", "vouchers"),
    "people": ("people", "authorised", "naming_policy"),
    "check": (),
}
"""The fields that each step shows itself."""

STEP_WITH = {name: step for step, names in OWN.items() for name in names}
"""The step that shows a field."""

CARRIED = ("submission", "began", "nickname")
QUICKEST, OLDEST = 3, 12 * 3600  # seconds


class Refused(Exception):
    """A step does not stand; ``answer`` is its page, with what is wrong."""

    def __init__(self, answer: tuple[str, int]) -> None:
        super().__init__("a step has errors")
        self.answer = answer


@dataclass
class Steps:
    """One posted form, read step by step."""

    posted: MultiDict[str, str]
    notice: str = ""  # said at the top of the page
    elsewhere: Caucus | None = None  # asked for, and joined on its own site
    which: WhichForm = field(init=False)
    who: WhoForm = field(init=False)
    people: PeopleForm = field(init=False)

    def __post_init__(self) -> None:
        self.which = WhichForm(self.posted)
        self.who = WhoForm(self.posted)
        self.people = PeopleForm(self.posted, who=self.who)

    def form(self, step: str) -> BaseForm:
        """The form of a step."""
        found: BaseForm = getattr(self, step)
        return found

    def wished(self) -> Sequence[Caucus]:
        """What is ticked.

        :raises registration.NoSuchCaucus: a caucus that does not exist.
        """
        slugs = set(self.which.caucuses.data or ())
        found = joining.by_slugs(slugs)
        if len(found) != len(slugs):
            raise registration.NoSuchCaucus(_("There is no such caucus."))
        return found

    def stand_until(self, step: str) -> None:
        """Go through the steps before ``step``.

        :raises Refused: one of them does not stand.
        """
        for earlier in STEPS[: STEPS.index(step)]:
            if not self.form(earlier).validate():
                raise Refused((self.page(earlier), 422))
            if earlier == "which":
                self._beside(earlier, lambda: registration.check_caucuses(self.wished()))
            if earlier == "who":
                self._beside(earlier, lambda: registration.check_caucuses(self.wished(), self._kind()))
        if step == "check":
            self._beside("people", lambda: registration.check(self.sign_up()))

    def _kind(self) -> ApplicationKind:
        return ApplicationKind(self.who.kind.data)

    def _beside(self, step: str, check: Any) -> None:
        try:
            check()
        except Invalid as problem:
            step = STEP_WITH.get(problem.field, step)
            form = self.form(step)
            place = problem.field.split("-")
            nested = form.people[int(place[1])].form if place[0] == "people" else form
            beside(nested if place[-1] in nested._fields else form, problem, place[-1])
            raise Refused((self.page(step), 422)) from None

    def sign_up(self) -> SignUp:
        """What all steps make together; call it once they stand."""
        who, people = self.who.data, self.people
        alone = self.who.individual
        return SignUp(
            kind=self._kind(),
            submission=self.posted.get("submission", "")[:32],
            caucuses=tuple(caucus.id for caucus in self.wished()),
            people=tuple(_colleague(entry.form) for entry in people.people),
            ngo_name="" if alone else who["ngo_name"],
            latin_name="" if alone else who["latin_name"],
            acronym="" if alone else who["acronym"],
            country_code=who["country_code"] or None,
            in_exile=who["in_exile"],
            website=who["website"],
            vouchers=who["vouchers"],
            authorised=bool(people.authorised.data) and not alone,
            naming_policy=bool(people.naming_policy.data),
        )

    def send(self, network: str) -> None:
        """Have it stored; it may be sent again.

        :raises Refused: it is too old, sent too often, or settled: the check page again, with all of it.
        """
        if self._too_old():
            self.notice = _(
                "This form was open for more than twelve hours. Nothing is lost: look it over and send it again."
            )
            raise Refused((self.page("check"), 422))
        try:
            registration.apply(self.sign_up(), network)
        except registration.TooManySignUps as problem:
            self.notice = str(problem)
            raise Refused((self.page("check"), 429)) from None
        except registration.Settled as problem:
            self.notice = str(problem)
            self.posted["submission"] = tokens.new_secret()
            raise Refused((self.page("check"), 409)) from None

    def page(self, step: str) -> str:
        """The page of a step, with all that the others hold carried along."""
        own = OWN[step]
        hidden = [
            (name, value)
            for name, value in self.posted.items(multi=True)
            if name.partition("-")[0] in _ALL and name.partition("-")[0] not in own
        ]
        context: dict[str, Any] = {"step": step, "steps": self, "carried": hidden}
        if step != "check":
            context |= {"form": self.form(step), "problems": list(problems(self.form(step)))}
        if step == "which":
            context |= {"families": families(), "review": windows.review(clock.now())}
        return render_template(
            f"directory/join_{step}.html", wording=wording, consent=consent, Admits=Admits, JoinMode=JoinMode, **context
        )

    def by_machine(self) -> bool:
        """Whether the field no person sees was filled in, or it came sooner than a person can type, or with no moment of ours."""
        began = self.posted.get("began", "")
        if self.posted.get("nickname"):
            return True
        if _age_below(began, 1, OLDEST):  # shown again after it was too old
            return False
        return not _age_below(began, 0, None) or _age_below(began, 0, QUICKEST - 1)

    def _too_old(self) -> bool:
        """Whether it was begun more than twelve hours ago; if so, it may be sent again from now."""
        began = self.posted.get("began", "")
        old = _age_below(began, 0, None) and not _age_below(began, 0, OLDEST)
        if old:
            self.posted["began"] = tokens.sign(Purpose.FORM_TIME, 1)
        return old


_ALL = frozenset(name for own in OWN.values() for name in own) | frozenset(CARRIED)


def begun(ticked: Sequence[str]) -> Steps:
    """A fresh form, with these caucuses ticked."""
    posted: MultiDict[str, str] = MultiDict([("caucuses", slug) for slug in ticked])
    posted["submission"] = tokens.new_secret()
    posted["began"] = tokens.sign(Purpose.FORM_TIME)
    return Steps(posted)


def without(slug: str) -> Steps:
    """What this request posted, but for one caucus."""
    steps = posted()
    steps.posted.setlist("caucuses", [one for one in steps.posted.getlist("caucuses") if one != slug])
    return Steps(steps.posted)


def posted() -> Steps:
    """What this request posted; an added or removed colleague included."""
    values: MultiDict[str, str] = MultiDict(request.form)
    if len(values.get("submission", "")) < SHORTEST_SUBMISSION:  # lost on the way: it would be taken for others' forms
        values["submission"] = tokens.new_secret()
    steps = Steps(values)
    people = steps.people.people
    if "add" in values and len(people) < registration.MOST_PEOPLE:
        people.append_entry()
        people[-1].form.choose_among(steps.who.country_code.data or None)
    gone = values.get("remove", type=int)
    if gone is not None and 0 < gone < len(people):
        kept = [entry.form.data for place, entry in enumerate(people) if place != gone]
        people.process(None, kept)
        for entry in people:
            entry.form.choose_among(steps.who.country_code.data or None)
    return steps


def families() -> dict[Family, list[Caucus]]:
    """What can be joined, by family."""
    found: dict[Family, list[Caucus]] = {}
    for caucus in joining.offered():
        found.setdefault(caucus.family, []).append(caucus)
    return found


def _colleague(form: Any) -> Colleague:
    spoken = dict.fromkeys(code for code in (form.language.data, form.second_language.data) if code)
    return Colleague(form.name.data, form.address.data, form.title.data, tuple(spoken), form.zone.data)


def _age_below(token: str, numbers: int, seconds: int | None) -> bool:
    try:
        tokens.read(Purpose.FORM_TIME, token, numbers, seconds)
    except BadToken:
        return False
    return True
