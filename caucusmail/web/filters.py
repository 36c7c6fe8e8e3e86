"""Jinja filters and globals: words of the reader's language, times in zones, directions, addresses."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask, current_app, get_flashed_messages, request, session
from markupsafe import Markup, escape

from caucusmail import languages, links, settings, zones
from caucusmail.languages import _, plural
from caucusmail.meetings import places
from caucusmail.web import navigation, reader
from caucusmail.web.assets import asset


def other_language(code: str) -> str:
    """The same page in another language."""
    query = request.query_string.decode("ascii", "ignore")
    return f"/{code}{request.path}" + (f"?{query}" if query else "")


def day(at: datetime) -> str:
    """A date with its weekday, in UTC, for what happened on a day rather than at an hour."""
    return zones.clock(at, "UTC").short_date


def told(words: Mapping[str, str]) -> Markup:
    """The text of ``words`` for this reader; where there is none in their language, marked with the one it is in, so
    that it is spoken right and stands the right way round."""
    text = languages.pick(words)
    code = next((code for code, one in words.items() if one == text), "")
    if words.get(languages.current()) == text or not code:
        return escape(text)
    return Markup('<bdi lang="{}">{}</bdi>').format(code, text)


def upper_first(words: object) -> str:
    """``words`` as they begin a line: ``español`` is ``Español`` there, and nothing else changes."""
    text = str(words)
    return text[:1].upper() + text[1:]


def webcal(address: str) -> str:
    """``address`` of a calendar feed as a device hands it to its calendar program."""
    return f"webcal{address.removeprefix('https').removeprefix('http')}"


def there(endpoint: str) -> bool:
    """Whether this installation has that page: the mailbox exists in the embedded set-up only."""
    return endpoint in current_app.view_functions


def notices() -> list[Any]:
    """What ``web.notices.tell`` left for this page, each once; a stranger without a cookie is not given one."""
    return list(get_flashed_messages(with_categories=True)) if session.get("_flashes") else []


def init_app(app: Flask) -> None:
    """Put filters and globals into the environment."""
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(
        _=_,
        plural=plural,
        city_of=places.city,
        languages=languages,
        links=links,
        zones=zones,
        viewer=reader.viewer,
        other_language=other_language,
        site=settings.current(),
        asset=asset,
        there=there,
        head=navigation.head,
        notices=notices,
    )
    env.filters.update(
        words=languages.pick,
        apart=languages.apart,
        spoken=zones.spoken,
        territory=languages.territory,
        day=day,
        written=zones.written,
        told=told,
        upper_first=upper_first,
        held_in=places.city,
        webcal=webcal,
    )
