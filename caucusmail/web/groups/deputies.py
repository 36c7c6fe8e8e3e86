"""Away, with a deputy: name one, the deputy's answer, end it early, and let it run on."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from caucusmail import clock, zones
from caucusmail.accounts.models import Person
from caucusmail.directory import absences, hand_overs
from caucusmail.directory.absence_models import Absence, AbsenceState
from caucusmail.directory.models import Representative
from caucusmail.groups import deputies
from caucusmail.groups.deputies import Away
from caucusmail.languages import _, later
from caucusmail.web import guards, notices, old_links, reader
from caucusmail.web.forms import BaseForm, refused
from caucusmail.web.meetings.fields import DayField, SelectField

bp = Blueprint("deputies", __name__)
old_links.keep_to_oneself(bp)


class AwayForm(BaseForm):
    """Who stands in, from when, until when."""

    deputy = SelectField(later("Who stands in"), [InputRequired(later("Choose somebody."))], coerce=int)
    first = DayField(later("First day away"))
    back = DayField(later("First day back"), [InputRequired(later("Choose the day on which letters come again."))])

    def offer(self, holder: Representative) -> None:
        """Offer those who could."""
        self.deputy.choices = [(one.person_id, one.person.name) for one in deputies.choices(holder)]


def _acting() -> Person:
    person = reader.viewer().person
    assert person is not None  # the guard has looked
    return person


def _home(ngo_id: int) -> str:
    """The organisation's page, for who looks after it; else one's own."""
    by = reader.viewer()
    inside = by.secretariat or ngo_id in by.administers
    return url_for("organisation.people", ngo_id=ngo_id) if inside else url_for("my.me")


@bp.get("/organisations/<int:ngo_id>/people/<int:representative_id>/away")
@bp.post("/organisations/<int:ngo_id>/people/<int:representative_id>/away")
@guards.proved
def offer(ngo_id: int, representative_id: int) -> ResponseReturnValue:
    """Name who is to stand in."""
    holder = hand_overs.representative(reader.viewer(), ngo_id, representative_id)
    form = AwayForm()
    form.offer(holder)
    if request.method == "POST" and form.validate():
        with refused(form):
            away = Away(form.deputy.data, form.first.data, form.back.data)
            return _offered(deputies.offer(holder, away, by=_acting()), ngo_id)
    return _page(holder, form), form.status


def _page(holder: Representative, form: AwayForm) -> str:
    by = reader.viewer()
    return render_template(
        "groups/deputy.html",
        holder=holder,
        form=form,
        own=holder.person_id == by.id,
        ahead=absences.ahead([holder]),
        caucuses=absences.caucuses(holder),
        city=zones.city(holder.person.zone),
        may_add=by.secretariat or holder.ngo_id in by.administers,
    )


def _offered(made: Absence, ngo_id: int) -> ResponseReturnValue:
    own = made.representative.person_id == _acting().id
    said = (
        _("We wrote to %(name)s. Until they say yes, letters come to you.", name=made.deputy.name)
        if own
        else _("We wrote to %(name)s. Until they say yes, letters come to the holder.", name=made.deputy.name)
    )
    other = deputies.away_too(made)
    if other is not None:
        said += " " + _(
            "%(name)s is away too: %(begins)s – %(ends)s. In that time letters stay with the holder, and the coordinators are told.",
            name=made.deputy.name,
            begins=zones.spoken(other.begins_at, made.representative.person.zone),
            ends=zones.spoken(other.ends_at, made.representative.person.zone),
        )
    notices.tell(said, url_for("deputies.end", ngo_id=ngo_id, absence_id=made.id))
    return redirect(_home(ngo_id), 303)


@bp.post("/organisations/<int:ngo_id>/absences/<int:absence_id>/end")
@guards.signed_in
def end(ngo_id: int, absence_id: int) -> ResponseReturnValue:
    """End it before its time, or take the question back."""
    one = deputies.own(reader.viewer(), ngo_id, absence_id)
    deputies.end(one, by=_acting())
    back = url_for("deputies.resume", ngo_id=ngo_id, absence_id=one.id) if deputies.resumes(one, _acting()) else ""
    notices.tell(_("Ended: what is announced from now on goes to the holder."), back)
    return redirect(_home(ngo_id), 303)


@bp.post("/organisations/<int:ngo_id>/absences/<int:absence_id>/resume")
@guards.signed_in
def resume(ngo_id: int, absence_id: int) -> ResponseReturnValue:
    """Let it run on after all."""
    one = deputies.own(reader.viewer(), ngo_id, absence_id)
    deputies.resume(one, by=_acting())
    notices.tell(
        _(
            "Taken back: %(name)s stands in again. What went back to the holder meanwhile stays theirs.",
            name=one.deputy.name,
        )
    )
    return redirect(_home(ngo_id), 303)


@bp.get("/deputy/<token>")
@guards.token
def ask(token: str) -> ResponseReturnValue:
    """What a deputy would get; two buttons. Later: the button to stop."""
    made = deputies.read(token)
    return render_template(
        "groups/deputy_ask.html",
        made=made,
        ngo=made.representative.ngo,
        holder=made.representative.person,
        caucuses=absences.caucuses(made.representative) if made.state is AbsenceState.OFFERED else [],
        state=made.state.value,
        running=made.ends_at > clock.now(),
    )


@bp.post("/deputy/<token>")
@guards.token
def answer(token: str) -> ResponseReturnValue:
    """Yes, no, or no longer."""
    made, said = deputies.read(token), request.form.get("answer")
    if made.state is AbsenceState.OFFERED and said == "yes":
        deputies.accept(made)
    elif made.state is AbsenceState.OFFERED and said == "no":
        deputies.decline(made)
    elif made.state is AbsenceState.ACCEPTED and said == "end":
        deputies.end(made, by=made.deputy)
    return redirect(url_for("deputies.ask", token=token), 303)
