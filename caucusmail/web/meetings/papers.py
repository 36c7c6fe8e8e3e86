"""The papers of a meeting, for those who keep it; and one that is kept here, for whoever the meeting is for.

As long as nobody was told of the meeting they are changed here; afterwards where a change is told (``web.announcements.changing``).
"""

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CombinedMultiDict

from caucusmail.errors import Invalid, NotAllowed, NotFound
from caucusmail.languages import _
from caucusmail.meetings import enclosures, paper_words, papers
from caucusmail.meetings.filed import Paper
from caucusmail.meetings.models import Meeting, MeetingState
from caucusmail.web import guards, reader
from caucusmail.web.forms import BaseForm, RevisionField, beside
from caucusmail.web.meetings import paper_forms, views
from caucusmail.web.meetings.remote import kept
from caucusmail.web.notices import tell

bp = views.bp


def _form(filled: Any, data: Mapping[str, Any]) -> Any:
    made = type("PaperForm", (BaseForm,), {"seen": RevisionField(default=0), **paper_forms.fields()})(filled, data=data)
    paper_forms.fill_choices(made)
    return made


@bp.get("/<reference>/papers", endpoint="papers")
@guards.keeper
def every(reference: str) -> ResponseReturnValue:
    """All papers, and a form for a further one."""
    return _page(kept(reference), _form(None, {}), 200)


@bp.post("/<reference>/papers", endpoint="add_paper")
@guards.keeper
def add(reference: str) -> ResponseReturnValue:
    """A further paper."""
    one, form = kept(reference), _form(_filled(), {})
    if one.state is not MeetingState.DRAFT:
        return _announced_meanwhile(one, form)
    if not form.validate():
        return _page(one, form, 422)
    try:
        made = papers.add(one, paper_forms.draft(form), reader.viewer())
    except Invalid as problem:
        beside(form, problem)
        return _page(one, form, 422)
    return _told(one, _("“%(title)s” is among the papers.", title=made.title), _address(one, made, "remove"))


@bp.get("/<reference>/papers/<int:paper_id>/change")
@guards.keeper
def edit_paper(reference: str, paper_id: int) -> ResponseReturnValue:
    """One paper, to be changed."""
    one = kept(reference)
    paper = papers.paper(one, paper_id)
    return _page(one, _form(None, paper_forms.shown(paper) | {"seen": paper.revision}), 200, paper)


@bp.post("/<reference>/papers/<int:paper_id>/change", endpoint="change_paper")
@guards.keeper
def change(reference: str, paper_id: int) -> ResponseReturnValue:
    """Another version, or other words."""
    one, form = kept(reference), _form(_filled(), {})
    paper = papers.paper(one, paper_id)
    if one.state is not MeetingState.DRAFT:
        return _announced_meanwhile(one, form, paper)
    return _changed(one, paper, form) if form.validate() else _page(one, form, 422, paper)


def _changed(one: Meeting, paper: Paper, form: Any) -> ResponseReturnValue:
    try:
        papers.replace(one, paper, paper_forms.draft(form), form.seen.data or 0, reader.viewer())
    except papers.ChangedMeanwhile as problem:
        form.form_errors.append(str(problem))
        form.seen.data, form.seen.raw_data = paper.revision, None  # what was sent would be shown again
        return _page(one, form, 409, paper)
    except Invalid as problem:
        beside(form, problem)
        return _page(one, form, 422, paper)
    return _told(one, _("“%(title)s” is changed.", title=paper.title))


@bp.post("/<reference>/papers/<int:paper_id>/remove")
@guards.keeper
def remove_paper(reference: str, paper_id: int) -> ResponseReturnValue:
    """Take it off, at once."""
    one = kept(reference)
    paper = papers.paper(one, paper_id, gone=True)
    papers.remove(one, paper, reader.viewer())
    return _told(one, _("“%(title)s” is taken off.", title=paper.title), _address(one, paper, "put_back"))


@bp.post("/<reference>/papers/<int:paper_id>/put-back")
@guards.keeper
def put_back_paper(reference: str, paper_id: int) -> ResponseReturnValue:
    """As it was."""
    one = kept(reference)
    paper = papers.paper(one, paper_id, gone=True)
    try:
        papers.put_back(one, paper, reader.viewer())
    except Invalid as problem:
        return _told(one, str(problem))
    return _told(one, _("“%(title)s” is among the papers again.", title=paper.title))


@bp.post("/<reference>/papers/<int:paper_id>/move")
@guards.keeper
def move_paper(reference: str, paper_id: int) -> ResponseReturnValue:
    """One place up or down."""
    one = kept(reference)
    papers.move(
        one, papers.paper(one, paper_id), {"up": -1, "down": 1}.get(request.form.get("way", ""), 0), reader.viewer()
    )
    return redirect(url_for(".papers", reference=reference), 303)


@bp.post("/<reference>/papers/<int:paper_id>/attach")
@guards.keeper
def attach_paper(reference: str, paper_id: int) -> ResponseReturnValue:
    """Send it along with the letters that name it, or no longer."""
    one = kept(reference)
    paper, wanted = papers.paper(one, paper_id), request.form.get("along") == "yes"
    try:
        enclosures.attach(one, paper, wanted, reader.viewer())
    except Invalid as problem:
        return _told(one, str(problem))
    if wanted:
        return _told(one, _("“%(title)s” is sent along with the letters that name it.", title=paper.title))
    return _told(one, _("Letters name “%(title)s” and lead to it; it is not sent along.", title=paper.title))


@bp.get("/<reference>/papers/<int:paper_id>")
@guards.anyone
def paper(reference: str, paper_id: int) -> ResponseReturnValue:
    """The bytes of one that is kept here; who has not signed in is shown the way in, whether there is one or not."""
    one = views.found(reference)
    if reader.viewer().person is None:
        return redirect(url_for("accounts.sign_in", next=request.path), 303)
    if not views.sees_papers(one):
        raise NotFound(_("There is no such paper, or it has been taken off."))
    return _served(one, papers.paper(one, paper_id))


def _served(one: Meeting, paper: Paper) -> Response:
    response = make_response(papers.content(paper))
    response.headers["Content-Type"] = papers.PDF
    response.headers["Content-Disposition"] = f'attachment; filename="{enclosures.filename(one, paper)}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.set_etag(paper.sha256)
    return response


@bp.url_value_preprocessor
def _let_files_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A form with a file in it may be larger than others."""
    if endpoint in ("meetings.add_paper", "meetings.change_paper"):
        request.max_content_length = paper_forms.SENT


def _filled() -> Any:
    return CombinedMultiDict([request.form, request.files])


def _announced_meanwhile(one: Meeting, form: Any, paper: Paper | None = None) -> ResponseReturnValue:
    """Another keeper announced it: what was typed stays, and goes on to where a change is told."""
    if one.state is MeetingState.CANCELLED:
        raise NotAllowed(_("This meeting was cancelled. It can be reinstated, but not edited."))
    form.form_errors.append(
        _(
            "This meeting was announced meanwhile. What you typed is below: the button tells it to those who got the announcement."
        )
    )
    form.seen.data, form.seen.raw_data = 0, None  # of a paper; there it counts the changes that were seen
    return _page(one, form, 409, paper)


def _address(one: Meeting, paper: Paper, verb: str) -> str:
    return url_for(f".{verb}_paper", reference=one.reference, paper_id=paper.id)


def _told(one: Meeting, words: str, back: str = "") -> ResponseReturnValue:
    tell(words, back)
    return redirect(url_for(".papers", reference=one.reference), 303)


def _page(one: Meeting, form: Any, status: int, paper: Paper | None = None) -> ResponseReturnValue:
    shown = {"one": one, "form": form, "paper": paper, "papers": papers.of(one), "paper_words": paper_words}
    return render_template("meetings/papers.html", draft=one.state is MeetingState.DRAFT, **shown), status
