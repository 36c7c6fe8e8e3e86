from datetime import timedelta

from sqlalchemy import event

from caucusmail import clock, zones
from caucusmail.database import db
from caucusmail.directory import visibility
from caucusmail.meetings import queries
from caucusmail.meetings.models import Meeting, MeetingKind, MeetingState
from tests import make


def meeting(caucus, days: float = 1, state=MeetingState.CONFIRMED, **more) -> Meeting:
    begins = (clock.now() + timedelta(days=days)).replace(second=0, microsecond=0)
    ends = begins + timedelta(hours=1)
    wall = begins.astimezone(zones.zone(zones.THE_HAGUE)).replace(tzinfo=None)
    values = {
        "reference": f"r{caucus.id}-{days}",
        "uid": f"{caucus.id}-{days}@x",
        "caucus_id": caucus.id,
        "state": state,
        "kind": MeetingKind.STRATEGY,
        "titles": {"en": f"In {days}"},
        "city": "",
        "zone": zones.THE_HAGUE,
        "starts": wall,
        "ends": wall + timedelta(hours=1),
        "starts_at": begins,
        "ends_at": ends,
        "tzdata": "x",
        "made_at": clock.now(),
    }
    return make.keep(Meeting(**values | more))


def viewers(caucus):
    return {
        "stranger": visibility.STRANGER,
        "member": visibility.viewer(make.member(caucus)),
        "keeper": visibility.viewer(make.coordinator(caucus)),
        "secretary": visibility.viewer(make.secretary()),
        "other": visibility.viewer(make.member(make.caucus())),
    }


def test_who_sees_which_meeting():
    caucus = make.caucus()
    meeting(caucus, 1)
    meeting(caucus, 2, public=True)
    meeting(caucus, 3, MeetingState.DRAFT, public=True)
    meeting(caucus, 4, MeetingState.CANCELLED)
    meeting(caucus, -1, public=True)
    seen = {who: [one.titles["en"] for one in queries.coming(by, 10)] for who, by in viewers(caucus).items()}
    inside = ["In 1", "In 2", "In 4"]
    assert seen == {"stranger": ["In 2"], "other": ["In 2"], "member": inside, "keeper": inside, "secretary": inside}
    assert [one.titles["en"] for one in queries.of_caucus(caucus, visibility.STRANGER)] == ["In 2"]


def test_room_and_access_are_for_members():
    caucus = make.caucus()
    one = meeting(caucus, public=True)
    assert {who: queries.may_see_place(one, by) for who, by in viewers(caucus).items()} == {
        "stranger": False,
        "other": False,
        "member": True,
        "keeper": True,
        "secretary": True,
    }


def test_the_reference_opens_what_was_announced_and_a_draft_only_for_its_keepers():
    caucus = make.caucus()
    announced, draft = meeting(caucus, 1), meeting(caucus, 2, MeetingState.DRAFT)
    known = viewers(caucus)
    assert all(queries.by_reference(announced.reference, by) is announced for by in known.values())
    assert {who for who, by in known.items() if queries.by_reference(draft.reference, by)} == {"keeper", "secretary"}
    assert queries.by_reference("nothing", known["secretary"]) is None


def test_a_list_of_meetings_takes_as_many_statements_for_ten_as_for_one():
    def count() -> int:
        db.session.expire_all()
        statements = []
        bind = db.session.get_bind()
        event.listen(bind, "before_cursor_execute", lambda *a: statements.append(a[2]))
        for one in queries.coming(visibility.STRANGER, 50):
            assert one.caucus.slug
        return len(statements)

    meeting(make.caucus(), 1, public=True)
    few = count()
    for days in range(2, 12):
        meeting(make.caucus(), days, public=True)
    assert count() == few
