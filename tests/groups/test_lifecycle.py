import pytest
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingMessage
from caucusmail.directory.models import Status
from caucusmail.errors import Invalid, NotFound
from caucusmail.groups import lifecycle, membership, queries
from caucusmail.groups.models import EmailGroup
from tests import make
from tests.groups.leaving import served


def test_a_new_group_is_open_and_empty():
    caucus = make.caucus()
    with transaction():
        group = lifecycle.open_group(caucus, "water-news", {"en": "Water news"}, by=None)
    assert (queries.open_groups(caucus), served(group)) == ([group], [])


@pytest.mark.parametrize("name", ["Water", "postmaster", "water"])
def test_an_address_that_cannot_be_had_is_refused_beside_its_field(name):
    caucus = make.caucus("water")
    make.group(caucus)
    with pytest.raises(Invalid) as refused:
        lifecycle.open_group(caucus, name, {}, by=None)
    assert refused.value.field == "local_part"


def test_an_archived_caucus_opens_no_group():
    with pytest.raises(lifecycle.Archived):
        lifecycle.open_group(make.caucus(status=Status.ARCHIVED), "peace", {}, by=None)


@pytest.fixture
def water():
    """A caucus with one email group, its member, and who keeps it."""
    caucus = make.caucus("water")
    group = make.group(caucus)
    return group, make.member(caucus, group=group), make.coordinator(caucus)


def close(group, by, reason="Nobody writes to it."):
    with transaction():
        return lifecycle.close_group(group, reason, by=by)


def reopen(group, by):
    with transaction():
        return lifecycle.reopen_group(group, by=by)


def take_back(group, step, by):
    with transaction():
        return lifecycle.take_back(group, lifecycle.step(group, step.id), by=by)


def test_closing_twice_is_closing_once_and_opening_again_keeps_the_places(water):
    group, person, keeper = water
    assert close(group, keeper)
    assert close(group, keeper, "Again.") is None
    assert group.closed_why == "Nobody writes to it."
    assert queries.open_groups(group.caucus) == []
    assert membership.subscribe(person, group.caucus) == []
    assert reopen(group, keeper)
    assert reopen(group, keeper) is None
    assert (served(group), group.closed_why) == ([person], "")


@pytest.mark.parametrize("reason", ["", "  ", "\u2028\n"])
def test_a_group_is_closed_for_a_reason(water, reason):
    group, _person, keeper = water
    with pytest.raises(lifecycle.NoReason, match="Say why"):
        close(group, keeper, reason)
    assert group.closed_at is None


def test_the_database_itself_keeps_no_closed_group_without_a_reason(water):
    group, _person, _keeper = water
    with pytest.raises(IntegrityError), transaction():
        group.closed_at = clock.now()
        db.session.flush()


def test_who_closed_it_and_why_stays_in_the_journal_after_it_is_open_again(water):
    group, _person, keeper = water
    close(group, keeper)
    reopen(group, keeper)
    entries = [(one.verb, one.by_id, one.reason) for one in make.rows(AuditEntry)]
    assert entries == [
        ("group.closed", keeper.id, "Nobody writes to it."),
        ("group.reopened", keeper.id, ""),
    ]


def test_an_archived_caucus_opens_no_group_again_and_takes_no_closing_back(water):
    group, _person, keeper = water
    step = close(group, keeper)
    with transaction():
        group.caucus.status = Status.ARCHIVED
    with pytest.raises(lifecycle.Archived, match="stay closed"):
        reopen(group, keeper)
    with pytest.raises(lifecycle.Archived):
        take_back(group, step, keeper)
    assert group.closed_at is not None


def test_every_step_is_taken_back_once_and_only_while_it_is_the_last(water):
    group, _person, keeper = water
    closed = close(group, keeper)
    since = group.closed_at
    assert take_back(group, closed, keeper)
    assert group.closed_at is None
    assert not take_back(group, closed, keeper)
    again = close(group, keeper, "It is quiet.")
    opened = reopen(group, keeper)
    with pytest.raises(lifecycle.ChangedAgain):
        take_back(group, again, keeper)
    assert take_back(group, opened, keeper)
    assert (group.closed_at >= since, group.closed_why) == (True, "It is quiet.")


def test_a_step_of_another_group_is_none_of_this_one(water):
    group, _person, keeper = water
    step = close(group, keeper)
    other = make.group(make.caucus())
    with pytest.raises(NotFound):
        lifecycle.step(other, step.id)
    with pytest.raises(NotFound):
        lifecycle.step(group, step.id + 1000)


def test_all_members_are_on_a_group_that_is_opened_for_all_and_it_can_be_as_if_it_had_never_been(water):
    group, person, keeper = water
    make.member(make.caucus())
    with transaction():
        step = lifecycle.open_for_all(group.caucus, " Water-NEWS ", {"en": "Water news", "fr": " "}, by=keeper)
    opened = queries.group(group.caucus, "water-news")
    assert (served(opened), opened.names) == ([person], {"en": "Water news"})
    assert take_back(opened, step, keeper)
    assert [one.local_part for one in make.rows(EmailGroup)] == ["water"]
    assert make.rows(OutgoingMessage) == []


def test_an_opening_is_not_taken_back_once_a_letter_about_it_has_left(water):
    group, person, keeper = water
    with transaction():
        step = lifecycle.open_for_all(group.caucus, "water-news", {"en": "Water news"}, by=keeper)
    opened = queries.group(group.caucus, "water-news")
    (row,) = make.rows(Delivery)
    with transaction():
        row.state, row.settled_at = DeliveryState.ACCEPTED, clock.now()
    with pytest.raises(lifecycle.ChangedAgain, match="Close it instead"):
        take_back(opened, step, keeper)
    assert served(opened) == [person]


def test_a_group_without_an_english_name_is_not_opened(water):
    group, _person, keeper = water
    with pytest.raises(lifecycle.Nameless):
        lifecycle.open_for_all(group.caucus, "water-news", {"en": " ", "fr": "Eau"}, by=keeper)
