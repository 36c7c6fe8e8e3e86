"""Whom a letter asks, and who may still answer."""

import pytest

from caucusmail import tokens
from caucusmail.announcements import asked, dispatch
from caucusmail.database import transaction
from caucusmail.directory import affiliation, queries, visibility
from caucusmail.tokens import BadToken, Purpose
from tests import make
from tests.announcements.rooms import confirmed, copies, meeting, peopled, ready


def told(room, **more):
    """A meeting that was announced to the room, and the copies."""
    sent = confirmed(room, ready(room, meeting=meeting(), **more))
    return sent, copies(sent)


def link(row) -> str:
    return tokens.sign(Purpose.MEETING_REPLY, row.id)


def test_the_link_of_a_copy_asks_its_reader_about_its_meeting():
    sent, [first, *_others] = told(peopled())
    found = asked.by_token(link(first))
    assert (found.copy, found.meeting, found.person.id) == (first, sent.meeting, first.person_id)


def test_a_token_of_nothing_or_of_a_letter_without_a_meeting_asks_nobody():
    room = peopled()
    [first, *_others] = copies(confirmed(room, ready(room)))
    _sent, [about, *_rest] = told(room)
    for token in (
        "",
        "x",
        link(first),
        tokens.sign(Purpose.MEETING_REPLY, 99_999),
        tokens.sign(Purpose.ONE_CLICK, about.id),
    ):
        with pytest.raises(BadToken):
            asked.by_token(token)


def test_members_and_keepers_are_asked_and_who_has_left_is_not():
    room = peopled()
    sent, rows = told(room)
    person = asked.by_token(link(rows[0])).person
    assert asked.may_answer(sent.meeting, person)
    assert asked.may_answer(sent.meeting, room.by.person)
    assert not asked.may_answer(sent.meeting, make.person())
    with transaction():
        affiliation.end(queries.affiliation(person, room.caucus), by=person)
    assert not asked.may_answer(sent.meeting, person)


def test_who_was_told_through_another_caucus_is_asked_as_long_as_they_are_in_it():
    room, other = peopled(), peopled()
    make.coordinator(other.caucus, room.by.person)
    room.by = visibility.viewer(room.by.person)
    guest = make.member(other.caucus, None, other.group)
    audience = room.draft().audience.__class__(caucus_ids=(room.caucus.id, other.caucus.id))
    sent = ready(room, meeting=meeting(), audience=audience)
    with transaction():
        dispatch.confirm(sent, "ALL 7", sent.revision, room.by)
    assert asked.may_answer(sent.meeting, guest)
    with transaction():
        affiliation.end(queries.affiliation(guest, other.caucus), by=guest)
    assert not asked.may_answer(sent.meeting, guest)
