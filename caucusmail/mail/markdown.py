"""Markdown as authors write it: to safe HTML for letters and pages, and to plain text.

No raw HTML, no images (nothing remote is loaded by a reader's program), links to pages and mailboxes only. What
markdown-it makes passes an allow-list once more.

Both libraries are read into memory with the first text that is made: most workers never make one, and each would weigh two
megabytes more.
"""

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from caucusmail.mail import slots

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "s",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "code",
    "pre",
}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
_URL = re.compile(r"https?://[^\s<>\"\u2068\u2069\ue000\ue001]+[^\s<>\".,;:!?)'’”\]\u2068\u2069\ue000\ue001]")


@cache
def _parser() -> "MarkdownIt":
    made: MarkdownIt = import_module("markdown_it").MarkdownIt("commonmark", {"html": False})
    return made.enable(["table", "strikethrough"]).disable("image")


@cache
def _allow_list() -> Any:
    return import_module("nh3")


@cache
def _token() -> "type[Token]":
    kind: type[Token] = import_module("markdown_it.token").Token
    return kind


def html(source: str) -> Markup:
    """``source`` as HTML that may stand in any page or letter; headings begin at the third level."""
    tokens = _parser().parse(slots.clean(source))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + 2)}"
        if token.children:
            token.children = _linked(token.children)
    made = _parser().renderer.render(tokens, _parser().options, {})
    return Markup(_allow_list().clean(made, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None))  # noqa: S704 - cleaned by allow-list


def text(source: str) -> str:
    """``source`` as plain text: Markdown is meant to be read as it is, with every address in it."""
    return slots.clean(source).strip()


def _linked(children: "list[Token]") -> "list[Token]":
    """Addresses of pages that were typed as they are become links, outside links."""
    made: list[Token] = []
    inside = 0
    for token in children:
        inside += token.nesting if token.type in ("link_open", "link_close") else 0
        made += _split(token) if token.type == "text" and not inside else [token]
    return made


def _split(token: "Token") -> "list[Token]":
    kind, made, end = _token(), [], 0
    for found in _URL.finditer(token.content):
        opening = kind("link_open", "a", 1, attrs={"href": found[0]})
        made += [_text(token.content[end : found.start()]), opening, _text(found[0]), kind("link_close", "a", -1)]
        end = found.end()
    return [*made, _text(token.content[end:])]


def _text(content: str) -> "Token":
    return _token()("text", "", 0, content=content)
