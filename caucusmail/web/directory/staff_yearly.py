"""The yearly question as the secretariat sees it: how it stands, who has not answered, when it is asked."""

from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail import clock, zones
from caucusmail.directory import yearly as question
from caucusmail.directory import yearly_report
from caucusmail.directory.yearly_models import Answered
from caucusmail.errors import NotFound
from caucusmail.languages import _
from caucusmail.web import asked, guards
from caucusmail.web.directory import desk
from caucusmail.web.directory.staff import bp
from caucusmail.web.directory.yearly_forms import PlanForm
from caucusmail.web.forms import refused
from caucusmail.web.notices import tell


def _state() -> Answered:
    name = request.args.get("state", Answered.WAITING.value)
    if name not in {one.value for one in Answered}:
        raise NotFound
    return Answered(name)


def _page(form: PlanForm) -> ResponseReturnValue:
    last, plan, state = question.newest(), question.planned(), _state()
    shown: dict[str, Any] = {"last": last, "plan": plan, "state": state.value, "number": question.to_be_asked()}
    if last is not None:
        shown["report"] = yearly_report.of(last, clock.now())
        shown["page"] = yearly_report.page(last, state, asked.number("page") or 1)
        shown |= {"goal": yearly_report.GOAL, "untouched": question.untouched(last)}
    if plan is not None:
        shown["plan_day"] = zones.written(zones.day(plan.begins_at, zones.THE_HAGUE))
    return render_template("directory/staff_yearly.html", form=form, **shown), form.status


def _back(said: str, undo: str = "") -> ResponseReturnValue:
    tell(said, undo)
    return redirect(url_for("staff.yearly"), 303)


@bp.get("/yearly")
@guards.secretariat
def yearly() -> ResponseReturnValue:
    """How the newest round stands, and when the next one begins."""
    return _page(PlanForm(formdata=None))


@bp.post("/yearly/begin")
@guards.secretariat
def begin_yearly() -> ResponseReturnValue:
    """Begin a round now."""
    begun = question.begin(by=desk.me())
    undo = url_for("staff.take_back_yearly", round_id=begun.id)
    said = _("The round has begun. Its letters are written in ten to twenty minutes; until then it can be taken back.")
    return _back(said, undo)


@bp.post("/yearly/<int:round_id>/take-back")
@guards.secretariat
def take_back_yearly(round_id: int) -> ResponseReturnValue:
    """Take a round back of which nothing has left."""
    question.take_back(question.round_(round_id), by=desk.me())
    return _back(_("Taken back: nobody is asked."))


@bp.post("/yearly/plan")
@guards.secretariat
def plan_yearly() -> ResponseReturnValue:
    """Have a round begin by itself on a day."""
    form = PlanForm()
    if form.validate():
        with refused(form):
            was = question.planned()
            undo = _again(was.begins_at) if was else url_for("staff.unplan_yearly")
            question.plan(form.chosen, by=desk.me())
            return _back(_("The next round begins by itself on %(day)s.", day=zones.written(form.chosen)), undo)
    return _page(form)


@bp.post("/yearly/unplan")
@guards.secretariat
def unplan_yearly() -> ResponseReturnValue:
    """Have none begin by itself."""
    was = question.unplan(by=desk.me())
    return _back(_("No round begins by itself."), _again(was) if was else "")


def _again(was: datetime) -> str:
    return url_for("staff.plan_yearly_again", until=int(was.timestamp()))


@bp.post("/yearly/plan/<moment:until>")
@guards.secretariat
def plan_yearly_again(until: int) -> ResponseReturnValue:
    """Put the day back."""
    until = min(until, int(clock.now().timestamp()) + 1000 * 86_400)
    day = zones.day(datetime.fromtimestamp(until, clock.now().tzinfo), zones.THE_HAGUE)
    question.plan(day, by=desk.me())
    return _back(_("Taken back: everything is as it was before."))


@bp.post("/yearly/ask/<int:yearly_id>")
@guards.secretariat
def ask_yearly(yearly_id: int) -> ResponseReturnValue:
    """Write to one organisation once more."""
    one = question.answer(yearly_id)
    question.ask_again(one, by=desk.me())
    return _back(_("%(name)s is written to again within ten minutes.", name=one.ngo.name))
