from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from caucusmail.announcements import audience
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import LeftOut
from caucusmail.database import db, transaction
from caucusmail.directory import visibility
from caucusmail.groups import pauses
from tests import make
from tests.announcements.rooms import (
    Room,
    audience_of,
    confirmed,
    paused,
    ready,
    seated,
)


def test_the_lists_name_people_with_their_organisation_and_reason_before_and_after_freezing():
    room = Room()
    seated(room, "Ben", "Bright Future")
    seated(room, "Ada")
    paused(room, seated(room, "Chi", "Calm"))
    sent = ready(room)
    for _ in ("draft", "frozen"):
        page = audience.people(sent, room.by)
        assert [(one.name, one.organisation, one.language, list(one.why)) for one in page.rows] == [
            ("Ada", "", "en", [room.group.names["en"]]),
            ("Ben", "Bright Future", "en", [room.group.names["en"]]),
        ]
        assert (page.total, page.pages) == (2, 1)
        out = audience.left_out(sent, room.by)
        assert [(one.name, one.organisation, list(one.why), one.reason) for one in out.rows] == [
            ("Chi", "Calm", ["paused, sees it on the site"], LeftOut.PAUSED)
        ]
        assert audience.left_out(sent, room.by, reason=LeftOut.PAUSED).total == 1
        assert audience.left_out(sent, room.by, reason=LeftOut.SUPPRESSED).total == 0
        assert [one.name for one in audience.people(sent, room.by, find="bright").rows] == ["Ben"]
        assert [one.name for one in audience.people(sent, room.by, find="AD").rows] == ["Ada"]
        assert audience.people(sent, room.by, find="%").total == 0
        if sent.message_id is None:
            confirmed(room, sent)


def test_long_lists_come_in_pages_and_every_person_is_on_one():
    room = Room()
    for number in range(audience.PER_PAGE + 3):
        seated(room, f"P{number:03}")
    sent = room.drafted()
    pages = [audience.people(sent, room.by, page=number) for number in (1, 2, 3, 0)]
    assert [len(page.rows) for page in pages] == [audience.PER_PAGE, 3, 0, audience.PER_PAGE]
    assert (pages[0].total, pages[0].pages) == (audience.PER_PAGE + 3, 2)
    assert len({one.person_id for page in pages[:2] for one in page.rows}) == audience.PER_PAGE + 3


def test_numbers_and_lists_take_as_many_statements_for_ten_times_the_people():
    def count(people: int) -> int:
        room = Room()
        for number in range(people):
            seated(room, f"P{number}", f"O{number}")
        sent = room.drafted(audience=Audience(caucus_ids=(room.caucus.id,), exclude_group_ids=(room.group.id,)[:0]))
        db.session.expire_all()
        statements: list[str] = []

        def note(*args) -> None:
            statements.append(args[2])

        bind = db.session.get_bind()
        event.listen(bind, "before_cursor_execute", note)
        audience.estimate(sent)
        audience.people(sent, room.by)
        audience.left_out(sent, room.by)
        event.remove(bind, "before_cursor_execute", note)
        return len(statements)

    assert count(4) == count(40)


def test_every_reason_has_words():
    assert all(audience.why_not(reason) for reason in LeftOut)
    until = datetime(2027, 1, 30, 23, tzinfo=UTC)
    assert (
        audience.why_not(LeftOut.PAUSED, until, "Europe/Paris") == "paused until Sun 31 Jan 2027, sees it on the site"
    )


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Honolulu"])
def test_a_pause_ends_on_the_day_that_its_reader_chose(zone):
    room = Room()
    person = make.member(room.caucus, make.person("Dee", zone=zone), room.group)
    make.member(room.caucus, make.person("Ben"), room.group)
    back = pauses.today(zone) + timedelta(days=20)
    with transaction():
        pauses.pause(person, None, None, back, by=person)
    sent = ready(room)
    for _ in ("draft", "frozen"):
        [out] = audience.left_out(sent, room.by).rows
        assert f" {back.day} " in out.why[0]
        if sent.message_id is None:
            confirmed(room, sent)


def test_the_whole_demo_world_is_reckoned(demo_world):
    secretary = visibility.viewer(make.secretary())
    room = Room()
    sent = audience_of(room, Audience(everybody=True), secretary)
    reckoned = audience.estimate(sent)
    page = audience.people(sent, secretary)
    assert reckoned.total > 1000
    assert page.total == reckoned.total
