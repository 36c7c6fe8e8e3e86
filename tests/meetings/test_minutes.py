"""Minutes: saved, published, corrected beside what they were, withdrawn and put back; by keepers, once the meeting has begun."""

import pytest
from sqlalchemy.exc import IntegrityError

from caucusmail import clock
from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.errors import Invalid, NotFound
from caucusmail.meetings import minutes
from caucusmail.meetings.minutes import MinutesEdition, NothingToShow, NotYet, OlderRevision
from caucusmail.meetings.models import MeetingState
from tests import make
from tests.meetings.doors import begun, keeper, on


def save(one, by, revision=0, **texts) -> int:
    with transaction():
        return minutes.save(one, texts or {"en": "We met."}, revision, by).revision


def publish(one, by, revision=1, note=""):
    with transaction():
        return minutes.publish(one, revision, note, by)


def act(verb, one, by) -> None:
    with transaction():
        verb(one, by)


@pytest.fixture
def held():
    one = on()
    return one, keeper(one).by


def test_what_is_saved_is_a_draft_and_saving_the_same_again_is_no_new_revision(held):
    one, by = held
    assert [save(one, by), save(one, by, 1), save(one, by, 1, fr="Nous…", en="We met.")] == [1, 1, 2]
    assert minutes.of(one).texts == {"fr": "Nous…", "en": "We met."}
    assert (minutes.published(one), minutes.editions(one)) == (False, [])


def test_of_two_tabs_the_older_is_refused_and_what_stands_is_shown_to_it(held):
    one, by = held
    save(one, by)
    save(one, by, 1, en="Newer.")
    for late in (lambda: save(one, by, 1, en="Late."), lambda: publish(one, by, 1)):
        with pytest.raises(OlderRevision) as problem:
            late()
        assert problem.value.current.texts == {"en": "Newer."}
    assert minutes.editions(one) == []
    with pytest.raises(OlderRevision):
        save(one, by, 0, en="A second beginning.")


def test_a_correction_stands_beside_what_was_published_before_with_its_date_and_note(held):
    one, by = held
    save(one, by)
    first = publish(one, by, note="not said of the first")
    assert publish(one, by) is first
    second = publish(one, by, save(one, by, 1, en="We met twice."), "how often")
    assert [(row.number, row.texts["en"], row.note) for row in minutes.editions(one)] == [
        (2, "We met twice.", "how often"),
        (1, "We met.", ""),
    ]
    assert second.at >= first.at
    assert first.by_id == by.id
    verbs = [entry.verb for entry in make.rows(AuditEntry)]
    assert verbs == ["meeting.minutes-published", "meeting.minutes-corrected"]


def test_a_draft_of_a_correction_changes_nothing_that_is_read(held):
    one, by = held
    save(one, by)
    publish(one, by)
    save(one, by, 1, en="To be corrected.")
    assert minutes.published(one)
    assert minutes.editions(one)[0].texts == {"en": "We met."}


def test_what_is_withdrawn_is_shown_no_more_and_comes_back_as_it_was(held):
    one, by = held
    for verb in (minutes.withdraw, minutes.put_back):
        with pytest.raises(NothingToShow):
            act(verb, one, by)
    save(one, by)
    publish(one, by)
    act(minutes.withdraw, one, by)
    assert not minutes.published(one)
    with pytest.raises(NothingToShow):
        act(minutes.withdraw, one, by)
    act(minutes.put_back, one, by)
    assert minutes.published(one)
    assert len(minutes.editions(one)) == 1
    act(minutes.withdraw, one, by)
    publish(one, by)
    assert (minutes.published(one), len(minutes.editions(one))) == (True, 1)


def test_nothing_is_no_minutes(held):
    one, by = held
    with pytest.raises(NothingToShow, match="Nothing was written yet"):
        publish(one, by, 0)
    save(one, by, en="  ")
    with pytest.raises(NothingToShow):
        publish(one, by)


@pytest.mark.parametrize("texts", [{"xx": "…"}, {"en": "x" * (minutes.LONGEST + 1)}])
def test_what_cannot_be_kept_is_refused(held, texts):
    with pytest.raises(Invalid):
        save(*held, **texts)


def test_only_who_keeps_the_group_writes_publishes_withdraws_and_puts_back(held):
    one, by = held
    save(one, by)
    publish(one, by)
    for other in (visibility.STRANGER, visibility.viewer(make.member(one.caucus)), keeper(on()).by):
        for verb in (
            lambda who: minutes.save(one, {"en": "…"}, 1, who),
            lambda who: minutes.publish(one, 1, "", who),
            lambda who: minutes.withdraw(one, who),
            lambda who: minutes.put_back(one, who),
        ):
            with pytest.raises(NotFound):
                verb(other)
    assert minutes.published(one)


def test_minutes_are_of_a_meeting_that_has_begun_and_was_not_cancelled():
    for one in (begun(make.caucus(), 5), on(state=MeetingState.CANCELLED)):
        with pytest.raises(NotYet):
            save(one, keeper(one).by)
    past = begun(make.caucus(), -60 * 24 * 400)
    save(past, keeper(past).by)


def test_two_editions_never_have_one_number(held):
    values = {"meeting_id": held[0].id, "number": 1, "texts": {}, "at": clock.now()}
    make.keep(MinutesEdition(**values))
    with pytest.raises(IntegrityError):
        make.keep(MinutesEdition(**values))
