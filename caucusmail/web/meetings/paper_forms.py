"""The part of a form that describes a paper: beside a meeting's papers, and where a paper is changed and told."""

from collections.abc import Sequence
from typing import Any

from wtforms import FileField, StringField
from wtforms.validators import Length

from caucusmail import languages
from caucusmail.languages import _, later
from caucusmail.meetings import paper_words, papers
from caucusmail.meetings.filed import Paper
from caucusmail.meetings.papers import PaperDraft
from caucusmail.web.meetings.fields import SelectField, SizeField

SENT = (
    4 * 1024 * 1024
)  # bytes of a form with a file in it: one that is somewhat too large is told so with all that was typed


def fields() -> dict[str, Any]:
    """Title, language, and either an address with what is known of it, or a file."""
    kinds = [("", later("not said")), *paper_words.KINDS.items()]
    return {
        "title": StringField(later("Title of the paper"), [Length(max=papers.LONGEST_TITLE)]),
        "language": SelectField(later("Language of the paper")),
        "url": StringField(later("Its web address"), [Length(max=papers.LONGEST_URL)]),
        "media_type": SelectField(later("What it is"), choices=kinds),
        "size": SizeField(later("Size, such as 180 KB or 1.2 MB")),
        "sha256": StringField(later("SHA-256"), [Length(max=200)]),
        "file": FileField(later("Or a PDF, kept here")),
    }


def replacing() -> dict[str, Any]:
    """Which paper this is a new version of."""
    return {"replaces": SelectField(later("Is it a new version of one of these?"))}


def fill_choices(form: Any, here: Sequence[Paper] = ()) -> None:
    """Put languages, and the papers that there are, into the lists of ``form``."""
    form.language.choices = [(code, languages.name(code)) for code in languages.WRITTEN]
    form.title.flags.required = True
    if "replaces" in form:
        form.replaces.choices = [("", _("No, it is a further paper")), *((str(one.id), one.title) for one in here)]


def choose(form: Any, paper_id: str) -> None:
    """Show ``form`` with this paper chosen to be replaced, as it is."""
    if paper_id in {key for key, _title in form.replaces.choices}:
        form.replaces.data = paper_id


def shown(one: Paper) -> dict[str, Any]:
    """A paper as its form shows it."""
    names = ("title", "language", "url", "media_type", "size", "sha256")
    given = {name: getattr(one, name) for name in names}
    return given if one.url else given | {"size": None, "sha256": "", "media_type": ""}


def draft(form: Any) -> PaperDraft:
    """What was filled in, in the words of the verb; call it once valid. What a file is called is not looked at."""
    sent = form.file.data
    content = sent.read(SENT) if hasattr(sent, "read") and sent.filename else None
    return PaperDraft(
        title=form.title.data or "",
        language=form.language.data or "",
        url=form.url.data or "",
        media_type=form.media_type.data or "",
        size=form.size.data,
        sha256=form.sha256.data or "",
        content=content,
    )


def replaced(form: Any) -> int | None:
    """The id of the paper that it takes the place of."""
    return int(form.replaces.data) if form.replaces.data else None
