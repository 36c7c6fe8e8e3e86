"""Take the list of a caucus's members as a file: say why, prove who it is, take it; and who took it before."""

from collections.abc import Sequence

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from caucusmail import clock, languages
from caucusmail.directory import exporting, queries, visibility
from caucusmail.directory.exporting import LONGEST_REASON, Line
from caucusmail.directory.models import Caucus
from caucusmail.languages import _, later
from caucusmail.web import guards, reader, spreadsheet
from caucusmail.web.forms import BaseForm, refused

bp = Blueprint("exporting", __name__)


_NEEDED = later("Say what you need the list for. The reason is kept with your name.")


class ExportForm(BaseForm):
    """Why the list is taken."""

    reason = StringField(later("What do you need the list for?"), [InputRequired(_NEEDED), Length(max=LONGEST_REASON)])
    addresses = BooleanField(later("With email addresses"))


def _page(caucus: Caucus, form: ExportForm, status: int) -> ResponseReturnValue:
    by = reader.viewer()
    return render_template(
        "directory/export_members.html",
        caucus=caucus,
        form=form,
        may_see_addresses=visibility.may_see_addresses(by),
        takings=exporting.takings(caucus, by),
    ), status


@bp.get("/caucuses/<slug>/members/export")
@guards.keeper_proved
def ask(slug: str) -> ResponseReturnValue:
    """The form, and who took the list before."""
    caucus = queries.caucus(slug)
    exporting.allowed(caucus, reader.viewer())
    return _page(caucus, ExportForm(formdata=None), 200)


@bp.post("/caucuses/<slug>/members/export")
@guards.keeper_proved
def take(slug: str) -> ResponseReturnValue:
    """The file, once it is said what for."""
    caucus, by, form = queries.caucus(slug), reader.viewer(), ExportForm()
    exporting.allowed(caucus, by)
    if form.validate():
        with refused(form):
            addresses = bool(form.addresses.data)
            found = exporting.take(caucus, by, form.reason.data or "", addresses=addresses)
            return spreadsheet.answer(_rows(found, addresses=addresses), f"members-{slug}-{clock.now():%Y-%m-%d}")
    return _page(caucus, form, form.status)


def _rows(found: Sequence[Line], *, addresses: bool) -> list[list[str]]:
    head = [_("Organisation"), _("Name"), _("Country or region"), *([_("Address")] if addresses else [])]
    return [head, *(_row(one, addresses=addresses) for one in found)]


def _row(one: Line, *, addresses: bool) -> list[str]:
    who = one.member
    region = languages.pick(who.region.names) if who.region else ""
    place = languages.territory(who.country) if who.country else region
    return [who.organisation, who.name, place, *([one.address] if addresses else [])]
