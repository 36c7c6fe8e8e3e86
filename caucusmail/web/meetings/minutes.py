"""The minutes of a meeting: read by those who were invited; written, published, corrected and withdrawn by its keepers."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from caucusmail import languages
from caucusmail.announcements import invited
from caucusmail.errors import NotFound
from caucusmail.languages import _, later
from caucusmail.mail import markdown
from caucusmail.meetings import minutes, places, times
from caucusmail.meetings.minutes import MinutesEdition, OlderRevision
from caucusmail.meetings.models import Meeting
from caucusmail.web import asked, guards, notices, reader
from caucusmail.web.forms import BaseForm, RevisionField, needed, refused
from caucusmail.web.meetings import remote, views
from caucusmail.web.meetings.fields import SelectField

bp = views.bp


@bp.get("/<reference>/minutes", endpoint="minutes")
@guards.signed_in
def read(reference: str) -> ResponseReturnValue:
    """The newest edition in one language; former ones by their number."""
    one, by = views.found(reference), reader.viewer()
    shown = list(minutes.editions(one)) if minutes.published(one) and invited.may_read_minutes(one, by) else []
    if not shown:
        raise NotFound(_("There are no minutes at this address for you: they are shown to those who were invited."))
    wanted = asked.number("edition")
    edition = next((found for found in shown if found.number == wanted), shown[0])
    return _shown(one, edition, shown)


def _shown(one: Meeting, edition: MinutesEdition, all_of_them: Sequence[MinutesEdition]) -> str:
    person = reader.viewer().person
    wanted = [request.args.get("language", ""), languages.current(), *(person.languages if person else ()), "en"]
    tongue = next((code for code in wanted if code in edition.texts), next(iter(edition.texts)))
    return render_template(
        "meetings/minutes.html",
        one=one,
        edition=edition,
        editions=all_of_them,
        tongue=tongue,
        written=markdown.html(edition.texts[tongue]),
        places=places,
        day=times.day(one),
    )


class _MinutesForm(BaseForm):
    tongues: Sequence[str] = ()

    def texts(self) -> dict[str, str]:
        """What was typed, by language."""
        return {tongue: self[f"body_{tongue}"].data or "" for tongue in self.tongues}


def _form(one: Meeting, filled: Any = None) -> Any:
    """The form over what was saved, with the languages it is in, one that is added, or the reader's own."""
    kept = minutes.of(one)
    texts = dict(kept.texts) if kept is not None else {}
    added = [code for code in (request.args.get("add"),) if code in languages.WRITTEN]
    tongues = list(dict.fromkeys([*texts, *added])) or [languages.offered([languages.current()])]
    fields: dict[str, Any] = {
        "revision": RevisionField(default=0),
        "add": SelectField(later("Add a language")),
        "note": StringField(later("What was corrected"), [Length(max=minutes.LONGEST_NOTE)]),
        "tongues": tongues,
    }
    for code in tongues:
        fields[f"body_{code}"] = TextAreaField(later("Minutes"), [Length(max=minutes.LONGEST), needed])
    data = {f"body_{code}": text for code, text in texts.items()} | {"revision": kept.revision if kept else 0}
    form = type("MinutesForm", (_MinutesForm,), fields)(filled, data=data)
    others = [(code, languages.name(code)) for code in languages.WRITTEN if code not in tongues]
    form.add.choices = [("", _("No other language")), *others]
    return form


@bp.get("/<reference>/minutes/write")
@guards.keeper
def write_minutes(reference: str) -> ResponseReturnValue:
    """What was written so far, to be changed."""
    one = remote.kept(reference)
    return _desk(one, _form(one))


@bp.post("/<reference>/minutes/write")
@guards.keeper
def save_minutes(reference: str) -> ResponseReturnValue:
    """Keep it, then look at it, publish it, or go on."""
    one = remote.kept(reference)
    form, do = _form(one, request.form), request.form.get("do", "save")
    if form.validate():
        try:
            with refused(form, but=(OlderRevision, minutes.NothingToShow)):
                return redirect(_saved(one, form, do), 303)
        except (OlderRevision, minutes.NothingToShow) as problem:
            form.form_errors.append(str(problem))
            return _desk(one, form, problem.current if isinstance(problem, OlderRevision) else None)
    return _desk(one, form)


def _saved(one: Meeting, form: Any, do: str) -> str:
    """Keep what was typed; where to go then."""
    by = reader.viewer()
    kept = minutes.save(one, form.texts(), form.revision.data, by)
    if do == "publish":
        minutes.publish(one, kept.revision, form.note.data or "", by)
        undo = url_for(".withdraw_minutes", reference=one.reference)
        notices.tell(_("The minutes are published. Those who were invited can read them here."), undo)
        return url_for(".minutes", reference=one.reference)
    notices.tell(_("Saved."))
    show = "preview" if do == "preview" else None
    return url_for(".write_minutes", reference=one.reference, add=form.add.data or None, show=show, _anchor=show)


def _desk(one: Meeting, form: Any, current: Any = None) -> ResponseReturnValue:
    if current is not None:
        form.revision.data, form.revision.raw_data = current.revision, None  # saved once more, theirs stands
    kept = minutes.of(one)
    preview = kept.texts if kept is not None and request.args.get("show") == "preview" and not form.errors else {}
    page = render_template(
        "meetings/minutes_write.html",
        one=one,
        form=form,
        kept=kept,
        editions=minutes.editions(one),
        current=current,
        can_be=minutes.can_be_written(one),
        preview=[(code, markdown.html(text)) for code, text in preview.items()],
        places=places,
        day=times.day(one),
    )
    return page, 409 if current is not None else form.status


@bp.post("/<reference>/minutes/withdraw")
@guards.keeper
def withdraw_minutes(reference: str) -> ResponseReturnValue:
    """Show them to nobody but keepers any more."""
    one = remote.kept(reference)
    minutes.withdraw(one, reader.viewer())
    notices.tell(
        _("The minutes are withdrawn: only those who keep the group see them."),
        url_for(".put_back_minutes", reference=reference),
    )
    return redirect(url_for(".write_minutes", reference=reference), 303)


@bp.post("/<reference>/minutes/put-back")
@guards.keeper
def put_back_minutes(reference: str) -> ResponseReturnValue:
    """Show them again."""
    minutes.put_back(remote.kept(reference), reader.viewer())
    notices.tell(_("The minutes are published again."))
    return redirect(url_for(".minutes", reference=reference), 303)


@bp.post("/<reference>/minutes/tell")
@guards.keeper
def tell_of_minutes(reference: str) -> ResponseReturnValue:
    """A draft of a letter to those who were sent the meeting; nothing is sent yet."""
    one = remote.kept(reference)
    if not minutes.published(one):
        raise minutes.NothingToShow(_("These minutes are not published."))
    draft = invited.tell_of_minutes(one, reader.viewer())
    notices.tell(
        _("This is a draft to those who were sent the meeting. Nothing is sent yet."),
        url_for("compose.discard", announcement_id=draft.id),
    )
    return redirect(url_for("compose.edit", announcement_id=draft.id), 303)
