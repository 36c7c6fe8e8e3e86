"""Who is in a caucus, for those who may see it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from caucusmail.directory import queries, roster
from caucusmail.directory.models import Caucus
from caucusmail.web import guards, reader
from caucusmail.web.directory.staff_forms import RevealForm
from caucusmail.web.forms import refused

bp = Blueprint("members", __name__)


def _page(caucus: Caucus, form: RevealForm, status: int, shown: tuple[int, str] = (0, "")) -> ResponseReturnValue:
    search = request.args.get("q", "")[:100].replace("\x00", "").strip()
    number = request.args.get("page", 1, type=int)
    page = roster.members(caucus, reader.viewer(), search, min(max(number, 1), 100_000))
    return render_template(
        "directory/members.html", caucus=caucus, roster=page, search=search, form=form, shown=shown
    ), status


@bp.get("/caucuses/<slug>/members")
@guards.signed_in
def members(slug: str) -> ResponseReturnValue:
    """One page of members, as much as the viewer may see."""
    return _page(queries.caucus(slug), RevealForm(formdata=None), 200)


@bp.post("/caucuses/<slug>/members/<int:affiliation_id>/address")
@guards.secretariat_proved
def reveal(slug: str, affiliation_id: int) -> ResponseReturnValue:
    """Show one address once; the reason is kept."""
    caucus, form = queries.caucus(slug), RevealForm()
    if form.validate():
        with refused(form):
            address = roster.reveal(affiliation_id, caucus, form.reason.data or "", reader.viewer())
            return _page(caucus, RevealForm(formdata=None), 200, (affiliation_id, address))
    return _page(caucus, form, form.status, (affiliation_id, ""))
