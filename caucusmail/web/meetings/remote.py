"""The private link of a meeting, for those who keep it: set it, change it, take it away; whoever comes is written to."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from caucusmail.errors import NotFound
from caucusmail.languages import _, later
from caucusmail.meetings import places, remote, times
from caucusmail.meetings.models import Meeting
from caucusmail.web import guards, reader
from caucusmail.web.forms import BaseForm, RevisionField, refused
from caucusmail.web.meetings import views
from caucusmail.web.notices import tell

bp = views.bp


class RemoteForm(BaseForm):
    """The way in, and what is to be typed or dialled there."""

    seen = RevisionField(default=0)
    url = StringField(later("Address of the online meeting"), [Length(max=remote.LONGEST)])
    words = TextAreaField(later("Passcode, numbers to dial in"), [Length(max=remote.LONGEST)])


def kept(reference: str) -> Meeting:
    """The meeting, if the reader keeps it.

    :raises NotFound: there is none, or it is not theirs to keep; which, is not said.
    """
    one = views.found(reference)
    if not reader.viewer().keeps_caucus(one.caucus_id):
        raise NotFound(_("There is no such meeting, or it belongs to a group that you do not keep."))
    return one


@bp.get("/<reference>/remote", endpoint="remote")
@guards.keeper
def show(reference: str) -> ResponseReturnValue:
    """The link as it is, and who gets it."""
    one = kept(reference)
    now = remote.kept(one)
    return _page(one, RemoteForm(formdata=None, obj=now, data={"seen": remote.number(one)}), 200)


@bp.post("/<reference>/remote", endpoint="set_remote")
@guards.keeper
def change(reference: str) -> ResponseReturnValue:
    """Change it, and write to whoever comes."""
    one, form = kept(reference), RemoteForm(request.form)
    if form.validate():
        try:
            with refused(form, but=remote.LinkChanged):
                _change(one, form)
                return redirect(url_for("meetings.meeting", reference=reference), 303)
        except remote.LinkChanged as problem:
            form.form_errors.append(str(problem))
            form.seen.data, form.seen.raw_data = remote.number(one), None  # what was sent would be shown again
            return _page(one, form, 409)
    return _page(one, form, form.status)


def _change(one: Meeting, form: RemoteForm) -> None:
    url, words = form.url.data or "", form.words.data or ""
    remote.change(one, url, words, form.seen.data or 0, reader.viewer())
    if url or words:
        tell(_("The private link is kept. Whoever comes gets it in a letter, and nobody else."))
    else:
        tell(_("The private link is taken away. Whoever had it is written to."))


def _page(one: Meeting, form: RemoteForm, status: int) -> ResponseReturnValue:
    now = remote.kept(one)
    return render_template("meetings/remote.html", one=one, form=form, now=now, places=places, times=times), status
