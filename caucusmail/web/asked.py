"""What an address may ask for: numbers that a column can hold, and text without NUL. Anything else is not there.

The databases differ in what they refuse (PostgreSQL: NUL, and integers above 2³¹; SQLite: those above 2⁶³); here it is
refused alike, before it reaches them.
"""

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1


class Number(IntegerConverter):
    """A row's number in the path of a page."""

    regex = "[0-9]{1,10}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST)


def number(name: str) -> int | None:
    """The number ``name`` of the query, if it can be a row's."""
    found = request.args.get(name, type=int)
    return found if found is not None and 0 <= found <= LARGEST else None


def posted_number(name: str) -> int:
    """The number ``name`` of the form; 0, which is no row's, if it can be none."""
    found = request.form.get(name, 0, type=int)
    return found if 0 <= found <= LARGEST else 0


def posted_numbers(name: str) -> set[int]:
    """The numbers ``name`` of the form that can be rows'; what can be none is left out."""
    return {found for text in request.form.getlist(name) if (found := read(text)) is not None}


def read(text: str) -> int | None:
    """The number that ``text`` is, if it can be a row's. Python refuses to read thousands of digits, so length comes first."""
    found = int(text) if len(text) <= 10 and text.isascii() and text.isdigit() else None
    return found if found is not None and found <= LARGEST else None


def _refuse_nul() -> None:
    if "\0" in request.path:
        abort(404)
    if any("\0" in text for pair in request.args.items(multi=True) for text in pair):
        abort(400)


def init_app(app: Flask) -> None:
    """Have ``<int:…>`` mean such a number (``<moment:…>``: seconds since 1970), and look at each address first."""
    app.url_map.converters |= {"int": Number, "moment": IntegerConverter}
    app.before_request(_refuse_nul)
