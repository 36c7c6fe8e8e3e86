"""Template, language and context to a letter: subject, complete plain text, HTML made from the same words.

A letter is ``templates/<package>/mail/<name>.txt`` with blocks ``subject`` and ``body``. The HTML part is made from the
text inside ``templates/mail/frame.html`` (or from a ``.html`` twin); the plain text is always complete. Each ends with
``templates/mail/footer.txt``, unless the letter has a block ``footer`` of its own.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateNotFound
from markupsafe import Markup, escape

from caucusmail import languages, links, zones
from caucusmail.languages import _, plural
from caucusmail.mail import slots
from caucusmail.mail.mime import Attachment

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
_URL = re.compile(rf"https?://[^\s<>()\"]+[^\s<>()\".,;:!?’”]|{slots.OPEN}link_[a-z_]+{slots.CLOSE}")


@dataclass(frozen=True)
class Letter:
    """One letter in one language, before it has a recipient."""

    kind: str  # "directory/confirm_application"
    language: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)  # beside the usual ones
    attached: Sequence[Attachment] = ()


@cache
def _environment(*, autoescape: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=autoescape,  # noqa: S701 - plain text is no HTML; the other environment escapes
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(_=_, plural=plural, links=links, languages=languages, zones=zones)
    environment.filters.update(words=languages.pick, spoken=zones.spoken)
    return environment


def letter(kind: str, language: str, /, **context: Any) -> Letter:
    """Render ``templates/<package>/mail/<name>`` in ``language`` (as offered) with ``context``."""
    package, _slash, name = kind.partition("/")
    with languages.use(language):
        template = _environment(autoescape=False).get_template(f"{package}/mail/{name}.txt")
        subject = " ".join(_block(template, "subject", _apart(context)).split())
        body, footer = _tidy(_block(template, "body", context)), _footer(template, context)
        try:
            inner = _environment(autoescape=True).get_template(f"{package}/mail/{name}.html").render(context)
        except TemplateNotFound:
            inner = html_of(body)
        text = f"{body}\n{footer}" if footer else body
        inner = Markup(inner) + html_of(footer)  # noqa: S704 - escaped in html_of or by its template
        return Letter(kind, language, subject, text, framed(inner, subject))


def _apart(context: Mapping[str, Any]) -> dict[str, Any]:
    """``context`` for a line of plain text: names that run against it stand isolated."""
    return {
        name: languages.apart(value)
        if isinstance(value, str)
        else [languages.apart(one) if isinstance(one, str) else one for one in value]
        if isinstance(value, list | tuple)
        else value
        for name, value in context.items()
    }


def _block(template: Template, name: str, context: Mapping[str, Any]) -> str:
    return "".join(template.blocks[name](template.new_context(dict(context))))


def _footer(template: Template, context: Mapping[str, Any]) -> str:
    if "footer" in template.blocks:
        made = _block(template, "footer", context)
    else:
        made = _environment(autoescape=False).get_template("mail/footer.txt").render()
    return _tidy(made) if made.strip() else ""


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def html_of(text: str) -> Markup:
    """Plain text as HTML: paragraphs, line ends, and addresses of pages as links. Everything is escaped."""
    paragraphs = (escape(paragraph.strip()) for paragraph in text.split("\n\n") if paragraph.strip())
    made = (
        _URL.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', str(paragraph)).replace("\n", "<br>\n")
        for paragraph in paragraphs
    )
    return Markup("\n").join(Markup(f"<p>{paragraph}</p>") for paragraph in made)  # noqa: S704 - escaped above


def framed(inner: Markup, title: str, hue: int | None = None) -> str:
    """A whole HTML document around ``inner`` in the current language, its style inlined; no image, no remote thing."""
    page = _environment(autoescape=True).get_template("mail/frame.html").render(inner=inner, title=title, hue=hue)
    inlined: str = import_module("css_inline").inline(page, load_remote_stylesheets=False)  # workers of bulk frame none
    return inlined
