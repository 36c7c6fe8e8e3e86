"""Calendar feeds, for programs that come back every hour: to all, of one caucus, and each person's own by its address."""

from flask import Blueprint, Response, make_response
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Gone

from caucusmail.accounts import calendar_address
from caucusmail.directory import browsing, visibility
from caucusmail.errors import NotFound
from caucusmail.meetings import feeds
from caucusmail.meetings.feeds import Feed
from caucusmail.web import guards

bp = Blueprint("feeds", __name__)

SHARED = "public, max-age=300"  # seconds: a change shall be read within minutes
OWN = "private, no-cache"


def _answer(feed: Feed, kept: str) -> Response:
    """The calendar with all that lets an unchanged one cost a few bytes; ``kept`` says where copies may lie."""
    response = make_response(feed.text)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'inline; filename="meetings.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = kept
    response.last_modified = feed.changed_at
    return response


@bp.get("/calendar.ics")
@guards.anyone
def public() -> ResponseReturnValue:
    """All public meetings."""
    return _answer(feeds.public(), SHARED)


@bp.get("/caucuses/<slug>/calendar.ics")
@guards.anyone
def caucus(slug: str) -> ResponseReturnValue:
    """The public meetings of one caucus."""
    group = browsing.group(slug)
    if group is None:
        raise NotFound
    return _answer(feeds.of_caucus(group.caucus), SHARED)


@bp.get("/calendar/<token>.ics")
@guards.token
def own(token: str) -> ResponseReturnValue:
    """The meetings of a person's own groups."""
    try:
        person = calendar_address.owner(token)
    except calendar_address.Ended:
        raise Gone from None
    return _answer(feeds.own(visibility.viewer(person)), OWN)
