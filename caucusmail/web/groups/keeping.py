"""The email groups of a caucus, for those who keep it: what there is, open one, close one, open it again."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from caucusmail.accounts.models import Person
from caucusmail.audit.models import AuditEntry
from caucusmail.directory import queries as directory
from caucusmail.directory.models import Caucus
from caucusmail.errors import NotFound
from caucusmail.groups import lifecycle, queries
from caucusmail.groups.models import EmailGroup
from caucusmail.groups.news import TOLD_AFTER
from caucusmail.languages import _, pick, plural
from caucusmail.web import guards, reader
from caucusmail.web.forms import refused
from caucusmail.web.groups.forms import CloseForm, OpenForm
from caucusmail.web.notices import tell

bp = Blueprint("email_groups", __name__, url_prefix="/caucuses/<slug>/email-groups")
MINUTES = TOLD_AFTER.seconds // 60


def _kept(slug: str) -> Caucus:
    """The caucus, if the reader keeps it.

    :raises NotFound: there is none, or it is not theirs to keep; which, is not said.
    """
    caucus = directory.caucus(slug)
    if not reader.viewer().keeps_caucus(caucus.id):
        raise NotFound(_("There is no such page, or it belongs to a group that you do not keep."))
    return caucus


def _me() -> Person:
    person = reader.viewer().person
    assert person is not None  # the guard has looked
    return person


def _page(caucus: Caucus, form: OpenForm) -> ResponseReturnValue:
    groups = queries.of_caucus(caucus)
    page = render_template("groups/email_groups.html", caucus=caucus, groups=groups, form=form, minutes=MINUTES)
    return page, form.status


def _done(group: EmailGroup, step: AuditEntry | None) -> ResponseReturnValue:
    """Back to the list, with what happened; ``step`` None: somebody else was quicker."""
    name, slug = pick(group.names), group.caucus.slug
    said = _("“%(group)s” is closed.", group=name) if group.closed_at else _("“%(group)s” is open.", group=name)
    undo = step and url_for(".take_back", slug=slug, local_part=group.local_part, entry_id=lifecycle.key(step))
    tell(_said(said) if step else f"{said} {_('Nothing was changed now.')}", undo or "")
    return redirect(url_for(".groups", slug=slug), 303)


def _said(what: str) -> str:
    """What happened, and when those on the group hear of it."""
    told = plural(
        "Those on it are written to in %(number)s minute, unless you take it back.",
        "Those on it are written to in %(number)s minutes, unless you take it back.",
        MINUTES,
    )
    return f"{what} {told}"


@bp.get("")
@guards.keeper
def groups(slug: str) -> ResponseReturnValue:
    """All of them, the closed ones with the reason."""
    return _page(_kept(slug), OpenForm(formdata=None))


@bp.post("")
@guards.keeper
def open_one(slug: str) -> ResponseReturnValue:
    """Open one more."""
    caucus, form = _kept(slug), OpenForm()
    if form.validate():
        with refused(form):
            step = lifecycle.open_for_all(caucus, form.local_part.data, form.names(), by=_me())
            group = queries.group(caucus, step.detail["local_part"])
            undo = url_for(".take_back", slug=slug, local_part=group.local_part, entry_id=step.id)
            tell(_said(_("“%(group)s” is open.", group=pick(group.names))), undo)
            return redirect(url_for(".groups", slug=slug), 303)
    return _page(caucus, form)


@bp.get("/<local_part>/close")
@bp.post("/<local_part>/close")
@guards.keeper
def close(slug: str, local_part: str) -> ResponseReturnValue:
    """What closing means; then, with a reason, close it."""
    caucus, form = _kept(slug), CloseForm()
    group = queries.group(caucus, local_part)
    if form.validate_on_submit():
        with refused(form):
            return _done(group, lifecycle.close_group(group, form.reason.data, by=_me()))
    if group.closed_at:
        return redirect(url_for(".groups", slug=slug), 303)
    kept = next(one for one in queries.of_caucus(caucus) if one.group is group)
    page = render_template("groups/email_group_close.html", caucus=caucus, kept=kept, form=form, minutes=MINUTES)
    return page, form.status


@bp.post("/<local_part>/reopen")
@guards.keeper
def reopen(slug: str, local_part: str) -> ResponseReturnValue:
    """Open it again."""
    group = queries.group(_kept(slug), local_part)
    return _done(group, lifecycle.reopen_group(group, by=_me()))


@bp.post("/<local_part>/undo/<int:entry_id>")
@guards.keeper
def take_back(slug: str, local_part: str, entry_id: int) -> ResponseReturnValue:
    """As it was before a change."""
    group = queries.group(_kept(slug), local_part)
    done = lifecycle.take_back(group, lifecycle.step(group, entry_id), by=_me())
    again = _("This was taken back before. Nothing was changed now.")
    tell(_("Taken back: everything is as it was before.") if done else again)
    return redirect(url_for(".groups", slug=slug), 303)
