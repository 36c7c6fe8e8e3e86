"""The rules of the house for forms: nothing is refused by the browser that the house would explain, or take."""

import ast
import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path

import pytest
from wtforms.validators import InputRequired

from caucusmail import clock, web
from caucusmail.directory.models import Seat
from caucusmail.web.forms import BaseForm
from caucusmail.web.meetings.fields import MultiCheckboxField
from tests import make
from tests.door import let_in
from tests.house.test_routes import address, rules, world
from tests.house.test_source import TEMPLATES, short

__all__ = ["world"]


WEB = Path(web.__file__).parent


class Boxes(HTMLParser):
    """How many boxes there are of each name, and how many of them must be ticked."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: dict[str, list[bool]] = defaultdict(list)
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "input" and ("type", "checkbox") in attributes:
            values = dict(attributes)
            self.all[values.get("name") or ""].append("required" in values)

    def asked_for(self) -> list[str]:
        """The groups of several boxes of which the browser asks for each."""
        return [name for name, required in self.all.items() if len(required) > 1 and all(required)]


class Several(BaseForm):
    some = MultiCheckboxField("Some", [InputRequired()], choices=[("a", "A"), ("b", "B")])


def test_one_box_of_several_is_enough_for_the_browser_too(app):
    with app.test_request_context():
        field = Several(formdata=None).some
        shown = "".join(option() for option in field)
    assert shown.count("checkbox") == 2
    assert (Boxes(shown).asked_for(), field.flags.required) == ([], True)


@pytest.fixture
def looked_after(world):
    """An organisation with two seats, in the hands of the secretariat."""
    ngo, staff = make.ngo("Justicia Andina"), world["staff"]
    make.representative(staff, ngo, admin=True)
    for slug in ("water", "peace"):
        make.keep(Seat(ngo_id=ngo.id, caucus_id=make.caucus(slug).id, since=clock.now()))
    return world | {"ngo_id": ngo.id}


def test_no_page_asks_for_every_box_of_several(app, client, looked_after):
    let_in(client, looked_after["staff"])
    wrong, most = {}, 0
    for rule in rules(app):
        if "GET" in (rule.methods or ()):
            found = Boxes(client.get(address(rule, looked_after)).text)
            most = max([most, *map(len, found.all.values())])
            if found.asked_for():
                wrong[rule.rule] = found.asked_for()
    assert (wrong, most > 1) == ({}, True)


def test_what_is_said_above_a_form_is_shown_wherever_one_is_drawn():
    said = re.compile(r"\berrors\(|form_errors|problems")
    pages = {short(path): path.read_text() for path in TEMPLATES if not path.name.startswith("_")}
    assert [
        name for name, text in pages.items() if "field(" in text and "macro" not in name and not said.search(text)
    ] == []


def test_a_page_whose_form_is_refused_takes_its_status_from_the_form():
    own = re.compile(r"422 if \w+(\.errors| is not None)")
    assert [short(path) for path in WEB.rglob("*.py") if path.name != "forms.py" and own.search(path.read_text())] == []


def test_no_handler_leads_on_without_what_was_typed():
    """``errors.moved_on`` shows it first; a handler that says a word and redirects would lose it."""
    lost = []
    for path in WEB.rglob("*.py"):
        for part in ast.walk(ast.parse(path.read_text())):
            handles = isinstance(part, ast.FunctionDef) and "errorhandler" in ast.dump(ast.List(part.decorator_list))
            if handles and {"redirect", "tell"} & {one.id for one in ast.walk(part) if isinstance(one, ast.Name)}:
                lost.append(part.name)
    assert lost == []


FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
OPENING = re.compile(r"<form\b(?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*>", re.DOTALL)


def test_a_form_with_fields_leaves_it_to_the_house_to_say_what_is_missing():
    drawn = [(short(path), form) for path in TEMPLATES for form in FORM.findall(path.read_text()) if "field(" in form]
    assert len(drawn) > 15
    assert [name for name, form in drawn if "novalidate" not in OPENING.match(form)[0]] == []
