"""Where to go after signing in: back to the page that asked for it, if it is one of ours."""

import re

from flask import current_app, request, url_for

from caucusmail.directory.visibility import Viewer
from caucusmail.web import reader

OURS = re.compile(r"/(?!/)[!-\[\]-~]{0,500}")  # printable ASCII without space and backslash; not "//"


def ours(path: str | None) -> str:
    """``path`` if a browser can only read it as a path on this site; otherwise nothing.

    Browsers drop tabs and line ends, read a backslash as a slash, and fold some characters to ASCII: whatever is not
    plain is refused rather than mended.
    """
    return path if path and OURS.fullmatch(path) and "//" not in path.partition("?")[0] else ""


def in_this_language(path: str) -> str:
    """One of our paths, in the language that is read now."""
    return request.script_root + reader.without_language(path)


def after_sign_in(viewer: Viewer, wanted: str) -> str:
    """The page that was wanted, in the language that is read now; else the one this person works on."""
    if ours(wanted):
        return in_this_language(wanted)
    own = "staff.home" if viewer.secretariat else "compose.list" if viewer.keeps else "my.me"
    return url_for(own if own in current_app.view_functions else "home.home")
