"""A page's form as a browser would send it back: every field with the value it shows."""

from html.parser import HTMLParser
from typing import Any


class _Reader(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside = action, False
        self.fields: dict[str, list[str]] = {}
        self._select = self._area = ""
        self._chosen: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.inside = values.get("method") == "post" and values.get("action", "").endswith(self.action)
        name = values.get("name", "")
        if not self.inside:
            return
        if tag == "input" and name:
            ticked = values.get("type") not in ("checkbox", "radio") or "checked" in values
            if ticked and "disabled" not in values:
                self.fields.setdefault(name, []).append(values.get("value", "on"))
        elif tag == "select":
            self._select, self._chosen = name, None
        elif tag == "option" and self._select and (self._chosen is None or "selected" in values):
            self._chosen = values.get("value", "")
        elif tag == "textarea":
            self._area, self._text = name, ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select" and self._select:
            self.fields[self._select] = [self._chosen or ""]
            self._select = ""
        elif tag == "textarea" and self._area:
            self.fields[self._area] = [self._text.removeprefix("\r\n").removeprefix("\n")]
            self._area = ""


def form(html: str, action: str, **changed: Any) -> dict[str, Any]:
    """The fields of the POST form whose action ends with ``action``, with ``changed`` put in (None: left out)."""
    reader = _Reader(action)
    reader.feed(html)
    merged: dict[str, Any] = {**reader.fields, **changed}
    return {name: value for name, value in merged.items() if value is not None}
