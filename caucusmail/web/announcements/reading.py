"""The copy of an announcement on the site, for those who were sent it, its members, or everybody if it is public."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from caucusmail import languages
from caucusmail.announcements import corrections, letters, queries
from caucusmail.announcements.models import Announcement, AnnouncementText
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import NotFound
from caucusmail.languages import _
from caucusmail.mail import markdown
from caucusmail.meetings import places
from caucusmail.meetings import queries as meetings
from caucusmail.web import guards, reader
from caucusmail.web.meetings import showing

bp = Blueprint("announcements", __name__, url_prefix="/announcements")


def _chosen(texts: list[AnnouncementText]) -> AnnouncementText:
    """The version asked for, else the one in the reader's own first language that there is."""
    by = reader.viewer()
    wanted = [request.args.get("language", ""), *(by.person.languages if by.person else ()), languages.current(), "en"]
    found = {text.language: text for text in texts}
    return next((found[one] for one in wanted if one in found), texts[0])


@bp.get("/<reference>", endpoint="copy")
@guards.anyone
def copy(reference: str) -> ResponseReturnValue:
    """One announcement in one language."""
    by = reader.viewer()
    announcement = queries.by_reference(reference, by)
    texts = list(queries.texts(announcement)) if announcement else []
    if announcement is None or not texts:
        return _not_here(by)
    return _shown(announcement, texts, by)


def _shown(announcement: Announcement, texts: list[AnnouncementText], by: Viewer) -> str:
    chosen, meeting = _chosen(texts), announcement.meeting
    return render_template(
        "announcements/copy.html",
        one=announcement,
        text=chosen,
        written=markdown.html(letters.for_anybody(chosen, announcement.caucus)),
        texts=texts,
        corrections=corrections.of(announcement),
        corrected=queries.corrected(announcement),
        meeting=meeting,
        inside=meeting is not None and meetings.may_see_place(meeting, by),
        clocks=showing.clocks(meeting, by.person.zone if by.person else None) if meeting else [],
        places=places,
        showing=showing,
    )


def _not_here(by: Viewer) -> ResponseReturnValue:
    """What somebody sees who has not signed in, whether there is an announcement or not: the way in.

    :raises NotFound: they have signed in.
    """
    if by.person is not None:
        raise NotFound(_("There is no announcement at this address that was sent to you."))
    return render_template("announcements/closed.html"), 404
