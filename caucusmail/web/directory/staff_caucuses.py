"""The secretariat's pages of caucuses: their life, who keeps them, their words."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caucusmail.directory import browsing, describing, keeping, lifecycle, queries
from caucusmail.directory.models import Caucus, Status
from caucusmail.languages import _, pick
from caucusmail.web import guards
from caucusmail.web.directory import desk, wording
from caucusmail.web.directory.staff import bp
from caucusmail.web.directory.staff_forms import KeeperForm, MoveForm, WordsForm
from caucusmail.web.forms import refused
from caucusmail.web.notices import tell


@bp.get("/caucuses")
@guards.secretariat
def caucuses() -> ResponseReturnValue:
    """All groups with their status and how many keep them."""
    return render_template("directory/staff_caucuses.html", families=browsing.by_family(), wording=wording)


def _page(caucus: Caucus, **forms: Any) -> ResponseReturnValue:
    shown = {
        "move": MoveForm(formdata=None),
        "keeper": KeeperForm(formdata=None),
        "words": WordsForm(formdata=None),
    } | forms
    shown["move"].offer(caucus)
    if "words" not in forms:
        shown["words"].show(caucus)
    keepers = keeping.serving(caucus)
    page = render_template(
        "directory/staff_caucus.html",
        caucus=caucus,
        keepers=keepers,
        coordinated=keeping.coordinated(keepers),
        desk=desk,
        now_is=lifecycle.spoken(caucus.status),
        **shown,
    )
    return page, 409 if any(one.late for one in forms.values()) else 422 if forms else 200


@bp.get("/caucuses/<slug>")
@guards.secretariat
def caucus(slug: str) -> ResponseReturnValue:
    """One group, to be changed."""
    return _page(queries.caucus(slug))


@bp.post("/caucuses/<slug>/status")
@guards.secretariat
def move(slug: str) -> ResponseReturnValue:
    """Move it on in its life."""
    found, form = queries.caucus(slug), MoveForm()
    form.offer(found)
    if not form.validate():
        return _page(found, move=form)
    done = lifecycle.move(found, form.to.data, by=desk.me(), reason=form.reason.data)
    back = url_for("staff.move_back", slug=slug, was=done.was.value) if done.reversible else ""
    tell(_("%(caucus)s is now %(status)s.", caucus=pick(found.names), status=lifecycle.spoken(done.now)), undo_url=back)
    return redirect(url_for("staff.caucus", slug=slug), 303)


@bp.post("/caucuses/<slug>/status/back/<was>")
@guards.secretariat
def move_back(slug: str, was: str) -> ResponseReturnValue:
    """Take the last move back."""
    found = queries.caucus(slug)
    to = next((one for one in Status if one.value == was), found.status)
    done = lifecycle.move(found, to, by=desk.me(), reason="taken back")
    tell(_("%(caucus)s is %(status)s again.", caucus=pick(found.names), status=lifecycle.spoken(done.now)))
    return redirect(url_for("staff.caucus", slug=slug), 303)


@bp.post("/caucuses/<slug>/keepers")
@guards.secretariat_proved
def appoint(slug: str) -> ResponseReturnValue:
    """Let somebody keep it."""
    found, form = queries.caucus(slug), KeeperForm()
    if form.validate():
        with refused(form):
            keeper = keeping.appoint(found, form.address.data, by=desk.me())
            undo = url_for("staff.end_keeper", slug=slug, keeper_id=keeper.id)
            tell(_("%(name)s keeps it from now and has been written to.", name=keeper.person.name), undo_url=undo)
            return redirect(url_for("staff.caucus", slug=slug), 303)
    return _page(found, keeper=form)


@bp.post("/caucuses/<slug>/keepers/<int:keeper_id>/end")
@guards.secretariat_proved
def end_keeper(slug: str, keeper_id: int) -> ResponseReturnValue:
    """End a term."""
    keeper = queries.keeper(keeper_id, queries.caucus(slug))
    kept = keeping.end(keeper, by=desk.me())
    said = _("%(name)s no longer keeps it.", name=keeper.person.name)
    if not kept:
        said += " " + _("Nobody coordinates it now: its page says so, and requests come to you.")
    tell(said, undo_url=url_for("staff.resume_keeper", slug=slug, keeper_id=keeper_id))
    return redirect(url_for("staff.caucus", slug=slug), 303)


@bp.post("/caucuses/<slug>/keepers/<int:keeper_id>/resume")
@guards.secretariat_proved
def resume_keeper(slug: str, keeper_id: int) -> ResponseReturnValue:
    """Take the ending of a term back."""
    keeper = queries.keeper(keeper_id, queries.caucus(slug))
    keeping.resume(keeper, by=desk.me())
    tell(_("%(name)s keeps it as before.", name=keeper.person.name))
    return redirect(url_for("staff.caucus", slug=slug), 303)


@bp.post("/caucuses/<slug>/words")
@guards.secretariat_proved
def describe(slug: str) -> ResponseReturnValue:
    """Change its words."""
    found, form = queries.caucus(slug), WordsForm()
    if form.validate():
        with refused(form):
            names, about = found.names | form.written("name"), found.about | form.written("about")
            step = describing.describe(found, names, about, form.roster.data, by=desk.me())
            undo = url_for("staff.take_words_back", slug=slug, entry_id=step.id) if step else ""
            tell(_("The words are changed.") if step else _("Nothing was different, so nothing was changed."), undo)
            return redirect(url_for("staff.caucus", slug=slug), 303)
    return _page(found, words=form)


@bp.post("/caucuses/<slug>/words/back/<int:entry_id>")
@guards.secretariat_proved
def take_words_back(slug: str, entry_id: int) -> ResponseReturnValue:
    """The words as they were before a change."""
    found = queries.caucus(slug)
    done = describing.take_back(found, describing.step(found, entry_id), by=desk.me())
    tell(_("The words are as they were before.") if done else _("This was taken back before. Nothing was changed now."))
    return redirect(url_for("staff.caucus", slug=slug), 303)
