"""What a person changes on their own pages. Every change says what happened and can be taken back."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from caucusmail import clock, languages, zones
from caucusmail.accounts import preferences as chosen
from caucusmail.accounts import revoking
from caucusmail.directory import exporting, showing
from caucusmail.errors import NotFound
from caucusmail.groups import membership, pauses, queries, undo
from caucusmail.groups.models import Subscription
from caucusmail.languages import _
from caucusmail.web import guards, reader
from caucusmail.web.forms import refused
from caucusmail.web.groups import door, wording
from caucusmail.web.groups.door import Door
from caucusmail.web.groups.forms import PauseForm, PreferencesForm, ServedForm, ShownForm
from caucusmail.web.old_links import keep_to_oneself

bp = Blueprint("my_changes", __name__)
keep_to_oneself(bp)


@door.own(bp, "/leave/<slug>", "POST")
def leave(token: str, slug: str) -> ResponseReturnValue:
    """The second tap: leave one caucus."""
    came = door.enter(token)
    gone = [former.caucus for former in queries.left_lately(came.person) if former.caucus.slug == slug]
    caucus = gone[0] if gone else came.place(slug).caucus
    step = membership.leave_caucus(came.person, caucus, by=came.person)
    return came.said(_("You have left %(name)s.", name=languages.pick(caucus.names)), step)


@door.own(bp, "/leave", "POST")
def leave_all(token: str) -> ResponseReturnValue:
    """The second tap: leave everything."""
    came = door.enter(token)
    step = membership.leave_all(came.person, by=came.person)
    return came.said(_("You have left everything. Nothing more is sent to you."), step)


@door.own(bp, "/back/<slug>", "POST")
def come_back(token: str, slug: str) -> ResponseReturnValue:
    """Go back into a caucus left lately."""
    came = door.enter(token)
    former = [place.caucus for place in queries.left_lately(came.person) if place.caucus.slug == slug]
    caucus = former[0] if former else came.place(slug).caucus
    if former:
        membership.come_back(came.person, caucus, by=came.person)
    return came.said(_("You are in %(name)s again, as before.", name=languages.pick(caucus.names)), None)


@door.own(bp, "/pause", "GET", "POST")
def pause(token: str) -> ResponseReturnValue:
    """Choose from when until when nothing comes."""
    came = door.enter(token)
    form = PauseForm()
    form.offer(queries.places(came.person))
    if request.method != "POST":
        form.begin(queries.places(came.person), request.args.get("caucus", ""), came.person.zone)
    elif form.validate():
        with refused(form):
            return _pause(came, form)
    page = render_template("groups/pause.html", door=came, form=form, city=zones.city(came.person.zone))
    return page, form.status


def _pause(came: Door, form: PauseForm) -> ResponseReturnValue:
    caucus = came.place(form.caucus.data).caucus if form.caucus.data else None
    step = pauses.pause(came.person, caucus, form.first.data, form.back.data, by=came.person, lets=form.lets)
    place = queries.subscriptions(came.person, caucus)[0]
    return came.said(_paused(came, place, languages.pick(caucus.names) if caucus else ""), step)


def _paused(came: Door, place: Subscription, name: str) -> str:
    """What is paused, from when and until when."""
    first, back = (
        zones.spoken(moment, came.person.zone) if moment else "" for moment in (place.paused_from, place.paused_until)
    )
    if queries.is_paused(place, clock.now()):
        if name:
            return _("%(name)s is paused: its letters come again from %(back)s.", name=name, back=back)
        return _("Everything is paused: letters come again from %(back)s.", back=back)
    if name:
        return _("%(name)s sends you nothing from %(first)s until %(back)s.", name=name, first=first, back=back)
    return _("Nothing is sent to you from %(first)s until %(back)s.", first=first, back=back)


@door.own(bp, "/resume", "POST")
def resume(token: str) -> ResponseReturnValue:
    """Let letters come again now, from one caucus or from all."""
    came = door.enter(token)
    slug = request.form.get("caucus", "")
    step = pauses.resume(came.person, came.place(slug).caucus if slug else None, by=came.person)
    return came.said(wording.resumed(came.person), step)


@door.own(bp, "/groups/<local_part>", "GET", "POST")
def serve(token: str, local_part: str) -> ResponseReturnValue:
    """Choose how one email group serves its reader."""
    came = door.enter(token)
    place, form = _subscription(came, local_part), ServedForm()
    form.offer(came.person)
    if request.method != "POST":
        form.mode.data = place.mode
    elif form.validate():
        step = pauses.set_mode(came.person, place.group, form.mode.data, by=came.person)
        return came.said(wording.served(form.mode.data, languages.pick(place.group.names), came.person), step)
    return render_template("groups/served.html", door=came, form=form, place=place), form.status


def _subscription(came: Door, local_part: str) -> Subscription:
    for place in queries.subscriptions(came.person):
        if place.group.local_part == local_part:
            return place
    raise NotFound


@door.own(bp, "/preferences", "GET", "POST")
def preferences(token: str) -> ResponseReturnValue:
    """Choose languages, time zone, reminders, and how much letters say."""
    came = door.enter(token)
    form = PreferencesForm()
    form.offer(came.person)
    if request.method != "POST":
        form.show(came.person)
    elif form.validate():
        with refused(form):
            came.only_hides("discreet", less=came.person.discreet and not form.discreet.data)
            step = chosen.change(
                came.person,
                form.order(came.person),
                form.zone.data,
                by=came.person,
                reminders=form.remind,
                discreet=form.discreet.data,
            )
            with languages.use(languages.offered(came.person.languages)):
                came.said(_("Saved. Letters written from now on follow this."), step)
            return came.in_own_language()
    return render_template("groups/preferences.html", door=came, form=form), form.status


@door.own(bp, "/shown/<slug>", "GET", "POST")
def shown(token: str, slug: str) -> ResponseReturnValue:
    """Choose what the other members of one caucus see of one."""
    came = door.enter(token)
    place, form = came.member_place(slug), ShownForm()
    form.offer(place, known=not token)
    if request.method != "POST":
        form.show(place)
    elif form.validate():
        with refused(form):
            came.only_hides("shown", less=showing.shows_more(place.affiliation.shown, form.shown.data))
            chosen_now = {"reachable": form.reachable.data}
            step = showing.choose(place.affiliation, form.shown.data, by=came.person, **chosen_now)
            return came.said(_("Saved. It holds from now on, on every page."), step)
    takings = [] if token else exporting.takings(place.caucus, reader.viewer())
    page = render_template("groups/shown.html", door=came, person=came.person, form=form, place=place, takings=takings)
    return page, form.status


@door.own(bp, "/undo/<step>", "POST")
def take_back(token: str, step: str) -> ResponseReturnValue:
    """Take a change of one's own back."""
    came = door.enter(token)
    entry = undo.read(step)
    if undo.person(entry) is not came.person:
        raise NotFound
    said = _("Taken back: everything is as it was before.")
    if not undo.take_back(entry):
        said = _("This was taken back before. Nothing was changed now.")
    elif entry.verb == chosen.CHANGED:
        came.said(said, None)
        return came.in_own_language()
    return came.said(said, None)


@bp.get("/me/old-links")
@guards.signed_in
def old_links() -> ResponseReturnValue:
    """What making them invalid means: it cannot be taken back."""
    return render_template("groups/old_links.html", door=door.enter(""))


@bp.post("/me/old-links")
@guards.signed_in
def revoke_links() -> ResponseReturnValue:
    """Make them invalid."""
    came = door.enter("")
    revoking.revoke_links(came.person, by=came.person)
    return came.said(_("The links in your old letters no longer work. The next letter brings you a new one."), None)
