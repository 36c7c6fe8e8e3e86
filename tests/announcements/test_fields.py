import pytest

from caucusmail.announcements import fields
from caucusmail.announcements.composition import Text
from caucusmail.delivery import filling
from caucusmail.delivery.models import Delivery
from caucusmail.mail.slots import Slot, mark
from tests import make
from tests.announcements.rooms import seen, vrwg


@pytest.mark.parametrize(
    "typed",
    [
        "{name}",
        "{Name}",
        "{{Name}}",
        "{{ name }}",
        "{{NAME}}",
        "{{organisation}}",
        "{{first_name}}",
        "{{ first name }}",
        "{{prénom}}",
        "{{nom}}",
        "{{name}",
        "{name}}",
        "{{{name}}}",
        "{organisation}",
        "{{name }}",
    ],
)
def test_what_was_meant_for_a_field_and_is_none_is_named(typed):
    assert fields.unknown(f"Dear {typed}, come. {typed}") == [typed]


@pytest.mark.parametrize(
    "typed",
    ["{{name}}", "{{groups}}", "{{name}}{{groups}}", "{{7*7}}", "${name}", "#{name}", "{}", "{{}}", "a {set} b"],
)
def test_a_field_and_braces_that_mean_something_else_are_left_alone(typed):
    assert fields.unknown(f"Dear {typed}, come.") == []


def test_a_field_becomes_the_mark_of_its_slot_and_nothing_else_does():
    assert fields.marked("{{name}} {{Name}} {{groups}}") == f"{mark(Slot.NAME)} {{{{Name}}}} {mark(Slot.GROUPS)}"


def test_every_field_is_explained():
    assert fields.MEANS.keys() == fields.SLOTS.keys()


def test_whoever_reads_on_the_site_is_called_by_no_name():
    assert fields.for_anybody("Dear {{name}} of {{groups}}", "Victims") == "Dear colleague of Victims"


def test_the_groups_of_a_reader_are_filled_in():
    room = vrwg()
    member = make.member(room.caucus, group=room.group)
    letter = seen(room, texts={"en": Text("A", "You are in {{groups}}.")}, person=member, meeting=None)
    assert "You are in Victims' Rights." in letter.text


def test_several_groups_are_listed_and_where_none_brought_it_the_senders_own_is_named():
    words = {"groups": {"g1": "Victims", "g2": "Children"}, "group": "Gender"}
    assert filling.groups(Delivery(why="g1 g2"), words) == "Victims and Children"
    assert filling.groups(Delivery(why="t"), words) == "Gender"
