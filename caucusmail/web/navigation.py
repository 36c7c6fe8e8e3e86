"""What stands in the head of every page: where one may go, by what one may do."""

from dataclasses import dataclass, replace

from flask import current_app, request, url_for

from caucusmail.languages import _
from caucusmail.web import reader


@dataclass(frozen=True)
class Link:
    """One entry of the head."""

    label: str
    url: str
    here: bool  # the page shown is this one, or lies below it and below no other entry


def _link(endpoint: str, label: str) -> Link | None:
    if endpoint not in current_app.view_functions:  # a part of the house that is not put up here
        return None
    url = url_for(endpoint)
    path = url.removeprefix(request.script_root)
    return Link(label, url, request.path == path or request.path.startswith(path + "/"))


def head() -> list[Link]:
    """The entries for whoever looks."""
    viewer = reader.office()
    wanted = [
        ("directory.caucuses", _("Caucuses")),
        ("meetings.coming", _("Meetings")),
    ]
    if viewer.person is None:
        wanted += [("join.which", _("Join")), ("accounts.sign_in", _("Sign in"))]
    if viewer.secretariat:
        wanted += [("staff.home", _("Secretariat")), ("staff.queue", _("Queue"))]
    if viewer.secretariat or viewer.keeps:
        wanted.append(("compose.list", _("Announcements")))
    if viewer.person is not None:
        wanted.append(("my.me", _("My page")))
    links = [link for link in (_link(*entry) for entry in wanted) if link]
    nearest = max((link.url for link in links if link.here), key=len, default="")
    return [replace(link, here=link.url == nearest) for link in links]
