"""Who reads, and in which language.

The language is the first part of the path (``/fr/caucuses``), so that no cookie is needed and a page can be passed on.
The WSGI wrapper moves it into SCRIPT_NAME: routes do not know of it and ``url_for`` keeps it. Without it, the reader's
own languages (their account's, else the browser's) decide.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import Flask, g, request

from caucusmail import languages, settings
from caucusmail.accounts import factors
from caucusmail.directory import visibility
from caucusmail.directory.visibility import Viewer
from caucusmail.web import sessions

KEY = "caucusmail.language"
THE_SAME_TO_ALL = ("static", "health.health")
"""Endpoints that never ask who reads: they answer without a database too."""


def _known() -> set[str]:
    pseudo = {languages.PSEUDO} if settings.current().embedded else set()
    return set(languages.OFFERED) | pseudo


class LanguagePrefix:
    """WSGI: ``/fr/join`` is ``/join`` read in French."""

    def __init__(self, app: Callable[..., Iterable[bytes]], known: set[str]) -> None:
        self.app, self.known = app, known

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Move a known language from the path into SCRIPT_NAME."""
        first, _, rest = environ.get("PATH_INFO", "/").removeprefix("/").partition("/")
        if first in self.known:
            environ[KEY] = first
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/" + first
            environ["PATH_INFO"] = "/" + rest
        return self.app(environ, start_response)


def without_language(path: str) -> str:
    """``path`` as the routes know it: ``/fr/me?x=1`` is ``/me?x=1``."""
    first, _, rest = path.removeprefix("/").partition("/")
    return f"/{rest}" if first in _known() else path


def viewer() -> Viewer:
    """Who looks at this page: a signed-in person with what they may do, or a stranger. Found once a request.

    Where a second factor is required and was not proved on this device, the powers of an office are held back.
    """
    if "viewer" not in g:
        device = sessions.device()
        g.office = visibility.viewer(device.sign_in.person) if device else visibility.STRANGER
        back = device is not None and in_office(g.office) and not _factor_given(device)
        g.viewer = replace(g.office, secretariat=False, keeps=frozenset()) if back else g.office
    found: Viewer = g.viewer
    return found


def office() -> Viewer:
    """Whoever looks, with the powers that are held back until a second factor is proved: for naming ways, never for
    opening them."""
    found: Viewer = g.get("office", viewer())
    return found


def held_back() -> bool:
    """Whether whoever looks could do more, had they proved a second factor on this device."""
    return office() != viewer()


def in_office(viewer: Viewer) -> bool:
    """Whether they reach other people: the secretariat, a coordinator."""
    return viewer.secretariat or bool(viewer.keeps)


def _factor_given(device: sessions.Device) -> bool:
    return factors.remembered(device.sign_in) or not settings.current().second_factor_required


def renewed() -> Viewer:
    """Who looks, found anew: after signing in or out in the middle of a request."""
    g.pop("viewer", None)
    return viewer()


def _choose() -> str:
    chosen = request.environ.get(KEY)
    if chosen:
        return str(chosen)
    if request.endpoint not in THE_SAME_TO_ALL and viewer().person is not None:
        return languages.offered(viewer().person.languages)  # type: ignore[union-attr]  # checked on the line above
    return request.accept_languages.best_match(list(languages.OFFERED)) or languages.DEFAULT


def _begin() -> None:
    """Forget what an earlier request left in ``g`` (in tests several share one), then speak the reader's language."""
    for name in ("viewer", "office", "_login_user", "csrf_token"):
        g.pop(name, None)
    enter()


def enter() -> None:
    """Speak the reader's language from here to the end of the request."""
    g.language_block = languages.use(_choose())
    g.language_block.__enter__()


@contextmanager
def suggested(language: str) -> Iterator[None]:
    """Speak ``language`` inside the block (that of the letter which led here), unless the address says which."""
    with languages.use(languages.current() if KEY in request.environ else language):
        yield


def _leave(_error: BaseException | None) -> None:
    block = g.pop("language_block", None)
    if block is not None:
        block.__exit__(None, None, None)


def init_app(app: Flask) -> None:
    """Wrap the WSGI application and choose the language before anything else is done."""
    app.wsgi_app = LanguagePrefix(app.wsgi_app, _known())  # type: ignore[method-assign]  # Flask's documented way
    app.before_request(_begin)
    app.teardown_request(_leave)
