"""The secretariat's pages of people: find one, see what they are here, make their old links invalid."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail.accounts import revoking
from caucusmail.directory import acquaintances
from caucusmail.web import guards, reader
from caucusmail.web.directory import desk
from caucusmail.web.directory.staff import bp
from caucusmail.web.forms import trimmed
from caucusmail.web.notices import tell


@bp.get("/people")
@guards.secretariat
def people() -> ResponseReturnValue:
    """Find somebody by name or whole address, or list the experts who speak for no organisation."""
    search = (trimmed(request.args.get("q", "")) or "")[:100]
    alone = request.args.get("alone") == "1"
    found = acquaintances.find(reader.viewer(), search, alone=alone)
    shown = {"search": search, "alone": alone, "most": acquaintances.MOST_FOUND}
    return render_template("directory/staff_people.html", found=found, desk=desk, **shown)


@bp.get("/people/<int:person_id>")
@guards.secretariat
def person(person_id: int) -> ResponseReturnValue:
    """One person: memberships, organisations, what they keep."""
    found = acquaintances.one(reader.viewer(), person_id)
    return render_template("directory/staff_person.html", one=found, desk=desk)


@bp.get("/people/<int:person_id>/old-links")
@guards.secretariat
def old_links(person_id: int) -> ResponseReturnValue:
    """What making somebody's old links invalid means: it cannot be taken back."""
    found = acquaintances.one(reader.viewer(), person_id).person
    back = url_for("staff.person", person_id=person_id)
    return render_template("directory/old_links.html", person=found, back=back)


@bp.post("/people/<int:person_id>/old-links")
@guards.secretariat
def revoke_links(person_id: int) -> ResponseReturnValue:
    """Make them invalid, for somebody who asked for it."""
    found = acquaintances.one(reader.viewer(), person_id).person
    revoking.revoke_links(found, by=desk.me())
    tell(desk.links_revoked(found))
    return redirect(url_for("staff.person", person_id=person_id), 303)
