"""What every page of an author's desk asks first: which announcement, and whether the reader keeps its caucus."""

from flask import Blueprint, request, url_for

from caucusmail.announcements import queries
from caucusmail.announcements.models import Announcement, AnnouncementState
from caucusmail.errors import NotFound
from caucusmail.languages import _
from caucusmail.web import reader
from caucusmail.web.announcements import telling

bp = Blueprint("compose", __name__, url_prefix="/compose")


def found(announcement_id: int) -> Announcement:
    """The announcement, if the reader keeps its caucus.

    :raises NotFound: there is none, or it is somebody else's; which, is not said.
    """
    announcement = queries.announcement(announcement_id, reader.viewer())
    if announcement is None:
        raise NotFound(_("There is no such announcement, or it belongs to a group that you do not keep."))
    return announcement


def elsewhere(announcement: Announcement) -> str | None:
    """Where an announcement that is no draft any more is looked at; None for a draft."""
    if announcement.state is AnnouncementState.DRAFT:
        return None
    return url_for("compose.progress", announcement_id=announcement.id)


def reader_zone() -> str:
    """The clock of whoever looks."""
    person = reader.viewer().person
    return person.zone if person is not None else "UTC"


def title(announcement: Announcement) -> str:
    """What it is called on this desk."""
    return telling.title(announcement, queries.subjects([announcement])[announcement.id])


def page_number() -> int:
    """The page of a list that the address asks for."""
    return min(max(1, request.args.get("page", 1, type=int)), 1_000_000)
