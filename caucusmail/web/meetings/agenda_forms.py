"""The agenda in a form: rows that are moved, taken off and put back by buttons of the form itself, so that nothing that
was typed is lost on the way and nothing is kept before it is saved."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from caucusmail.errors import Invalid
from caucusmail.languages import later
from caucusmail.meetings import agenda
from caucusmail.meetings.agenda import Item, Speaker
from caucusmail.web.forms import beside
from caucusmail.web.meetings.fields import ClockField, NumberField

COUNT = "item_count"
MOST_ROWS = agenda.MOST + 20  # those taken off among them
BLANK = 3  # rows of an agenda that is still empty

Row = dict[str, str]


def fields(tongues: Sequence[str], rows: int) -> dict[str, Any]:
    """The fields of so many rows; ``item2_title_fr`` for each language."""
    made: dict[str, Any] = {COUNT: HiddenField(default=str(rows))}
    for number in range(1, rows + 1):
        name = f"item{number}"
        title = StringField(later("Item"), [Length(max=agenda.LONGEST_TITLE)])
        made |= {f"{name}_title_{tongue}": title for tongue in tongues}
        made |= {
            f"{name}_starts": ClockField(later("Starts at")),
            f"{name}_minutes": NumberField(later("Minutes")),
            f"{name}_leads": StringField(later("Led by: name, organisation"), [Length(max=300)]),
            f"{name}_speakers": TextAreaField(later("Speakers, one a line: name, organisation"), [Length(max=4000)]),
            f"{name}_gone": HiddenField(),
        }
    return made


def shown(items: Sequence[Item]) -> dict[str, Any]:
    """``items`` as the rows of a form show them."""
    found: dict[str, Any] = {}
    for number, item in enumerate(items, start=1):
        name = f"item{number}"
        leads = [_typed(one) for one in item.speakers if one.leads]
        found |= {f"{name}_title_{tongue}": title for tongue, title in item.titles.items()}
        found |= {
            f"{name}_starts": time.fromisoformat(item.starts) if item.starts else None,
            f"{name}_minutes": item.minutes,
            f"{name}_leads": "; ".join(leads),
            f"{name}_speakers": "\n".join(_typed(one) for one in item.speakers if not one.leads),
        }
    return found


def _typed(one: Speaker) -> str:
    return f"{one.name}, {one.organisation}" if one.organisation else one.name


def count(filled: Mapping[str, str]) -> int:
    """How many rows the request brings; whatever is no number counts as none."""
    text = filled.get(COUNT, "")
    return min(int(text), MOST_ROWS) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def act(filled: MultiDict[str, str], tongues: Sequence[str], do: str) -> MultiDict[str, str] | None:
    """The request with its rows as the button ``do`` leaves them; None: that button is none of theirs.

    ``up-3``, ``down-3``, ``off-3`` and ``back-3`` are about the third row, ``more`` is for further rows.
    """
    verb, _dash, text = do.partition("-")
    rows = _rows(filled, tongues)
    at = int(text) - 1 if text.isascii() and text.isdigit() and len(text) < 4 else -1
    if verb == "more":
        rows += [{}] * max(0, min(BLANK, MOST_ROWS - len(rows)))
    elif verb in ("up", "down", "off", "back") and 0 <= at < len(rows):
        _moved(rows, at, verb)
    else:
        return None
    kept = MultiDict((name, value) for name, value in filled.items(multi=True) if not name.startswith("item"))
    kept[COUNT] = str(len(rows))
    for number, row in enumerate(rows, start=1):
        kept.update({f"item{number}_{name}": value for name, value in row.items()})
    return kept


def _rows(filled: Mapping[str, str], tongues: Sequence[str]) -> list[Row]:
    names = [*(f"title_{tongue}" for tongue in tongues), "starts", "minutes", "leads", "speakers", "gone"]
    return [{name: filled.get(f"item{number}_{name}", "") for name in names} for number in range(1, count(filled) + 1)]


def _moved(rows: list[Row], at: int, verb: str) -> None:
    if verb in ("off", "back"):
        rows[at] = rows[at] | {"gone": "1" if verb == "off" else ""}
        return
    step = -1 if verb == "up" else 1
    here = at + step
    while 0 <= here < len(rows) and rows[here].get("gone"):  # past what was taken off
        here += step
    if 0 <= here < len(rows):
        rows.insert(here, rows.pop(at))


def numbers(form: Any) -> range:
    """The numbers of its rows."""
    return range(1, count({COUNT: str(form[COUNT].data or "")}) + 1)


def gone(form: Any, number: int) -> bool:
    """Whether this row was taken off."""
    return bool(form[f"item{number}_gone"].data)


def spoken_to(form: Any, number: int) -> bool:
    """Whether the boxes for people are shown at once: something stands in them, or is to be put right."""
    boxes = [form[f"item{number}_{end}"] for end in ("leads", "speakers")]
    return any(box.data or box.errors for box in boxes)


def items(form: Any, tongues: Sequence[str]) -> list[Item]:
    """What was filled in, in the words of the verb; call it once valid. Rows that are empty or taken off are no items."""
    return [_item(form, number, tongues) for number in _kept(form, tongues)]


def _kept(form: Any, tongues: Sequence[str]) -> list[int]:
    ends = [*(f"title_{tongue}" for tongue in tongues), "starts", "minutes", "leads", "speakers"]
    return [
        number
        for number in numbers(form)
        if not gone(form, number) and any(form[f"item{number}_{end}"].data for end in ends)
    ]


def _item(form: Any, number: int, tongues: Sequence[str]) -> Item:
    name = f"item{number}"
    starts = form[f"{name}_starts"].data
    leads = [_speaker(one, leads=True) for one in (form[f"{name}_leads"].data or "").split(";") if one.strip()]
    others = (form[f"{name}_speakers"].data or "").splitlines()
    return Item(
        {tongue: form[f"{name}_title_{tongue}"].data or "" for tongue in tongues},
        f"{starts:%H:%M}" if starts is not None else "",
        form[f"{name}_minutes"].data,
        tuple([*leads, *(_speaker(one) for one in others if one.strip())]),
    )


def _speaker(text: str, *, leads: bool = False) -> Speaker:
    name, _comma, organisation = text.partition(",")
    return Speaker(name.strip() or organisation.strip(), organisation.strip() if name.strip() else "", leads)


def refuse(form: Any, problem: Invalid, tongues: Sequence[str]) -> None:
    """Show what the verb refuses beside the row it means: the verb numbers the rows that are kept."""
    head, _line, end = problem.field.partition("_")
    kept = _kept(form, tongues)
    at = int(head.removeprefix("item")) - 1 if head.removeprefix("item").isdigit() else -1
    if not 0 <= at < len(kept):
        beside(form, problem)
        return
    beside(form, problem, f"item{kept[at]}_{end}" if end != "title" else f"item{kept[at]}_title_{tongues[0]}")
