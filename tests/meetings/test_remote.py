"""The private link: who comes gets it, each link once; who does not come, or waits, never does."""

from datetime import timedelta

import pytest

from caucusmail import clock
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState, OutgoingText
from caucusmail.directory import visibility
from caucusmail.errors import Invalid, NotAllowed
from caucusmail.meetings import answers, forgetting, remote
from caucusmail.meetings.models import Meeting, MeetingMode, MeetingState, RemoteLink
from tests import letters, make
from tests.meetings.test_answers import COMING, MAYBE, NOT_COMING, say
from tests.meetings.test_queries import meeting

URL, OTHER = "https://meet.example/j/8221?pwd=q7", "https://meet.example/j/9000"
WORDS = "Passcode: 4711\n+31 20 555 0100"


def online(**more) -> Meeting:
    return meeting(make.caucus(), **{"mode": MeetingMode.HYBRID} | more)


def put(one: Meeting, url: str = URL, words: str = WORDS, seen: int | None = None) -> None:
    with transaction():
        by = visibility.viewer(make.coordinator(one.caucus))
        remote.change(one, url, words, remote.number(one) if seen is None else seen, by)


def got(who) -> list[str]:
    """The subjects of what is still owed to them, or was sent."""
    rows = db.session.query(Delivery).filter_by(address_key=who.address_key).order_by(Delivery.id).all()
    kept = [row.state is not DeliveryState.WITHDRAWN for row in rows]
    return [letter["Subject"] for letter, is_kept in zip(letters.to(who.address), kept, strict=True) if is_kept]


def left(who) -> None:
    """What is owed to them has left the house."""
    with transaction():
        for row in db.session.query(Delivery).filter_by(address_key=who.address_key, state=DeliveryState.QUEUED):
            row.state, row.settled_at = DeliveryState.ACCEPTED, clock.now()


def seen_by(one: Meeting, who) -> str:
    found = remote.shown(one, answers.of(one, who))
    return found.url if found is not None else ""


def test_who_comes_gets_it_in_one_letter_and_nobody_else_does():
    one = online(places=1)
    put(one)
    comes, waits, may, cannot = (make.person() for _ in range(4))
    for who, state in ((comes, COMING), (waits, COMING), (may, MAYBE), (cannot, NOT_COMING)):
        say(one, who, state)
    [letter] = letters.to(comes.address)
    assert letter["Subject"].startswith("How to take part online")
    assert URL in letters.text(letter)
    assert "Passcode: 4711" in letters.text(letter)
    assert [got(who) for who in (waits, may, cannot)] == [[], [], []]
    assert [seen_by(one, who) for who in (comes, waits, may, cannot)] == [URL, "", "", ""]


def test_answering_again_brings_no_second_letter_of_the_same_link():
    one, who = online(), make.person()
    put(one)
    say(one, who, COMING)
    left(who)
    for state in (COMING, NOT_COMING, COMING, MAYBE, COMING):
        say(one, who, state)
    assert len(got(who)) == 1


def test_set_after_the_answers_it_is_written_to_whoever_comes():
    one, comes, may = online(), make.person(), make.person()
    say(one, comes, COMING)
    say(one, may, MAYBE)
    put(one)
    assert [len(got(who)) for who in (comes, may)] == [1, 0]


def test_another_link_is_told_to_all_who_come_and_the_old_one_leaves_no_more():
    one, early, late = online(), make.person(), make.person()
    put(one)
    say(one, early, COMING)
    left(early)
    say(one, late, COMING)
    put(one, OTHER, "")
    assert [subject.partition(":")[0] for subject in got(early)] == ["How to take part online", "Another private link"]
    assert len(got(late)) == 1
    assert OTHER in letters.text(letters.to(late.address)[-1])
    assert URL not in letters.text(letters.to(late.address)[-1])


def test_who_withdraws_sees_it_no_more_and_gets_what_was_changed_since_when_they_come_after_all():
    one, who = online(), make.person()
    put(one)
    say(one, who, COMING)
    left(who)
    say(one, who, NOT_COMING)
    assert seen_by(one, who) == ""
    put(one, OTHER)
    assert len(got(who)) == 1
    say(one, who, COMING)
    assert seen_by(one, who) == OTHER
    assert len(got(who)) == 2


def test_a_letter_that_has_not_left_is_withdrawn_with_the_answer_and_owed_again_with_the_next():
    one, who = online(), make.person()
    put(one)
    say(one, who, COMING)
    say(one, who, NOT_COMING)
    assert got(who) == []
    say(one, who, COMING)
    assert len(got(who)) == 1


def test_who_moves_up_gets_it_with_the_place():
    one = online(places=1)
    put(one)
    first, second = make.person(), make.person()
    say(one, first, COMING)
    say(one, second, COMING)
    say(one, first, NOT_COMING)
    assert [subject.partition(":")[0] for subject in got(second)] == [
        "There is a place for you",
        "How to take part online",
    ]
    assert seen_by(one, second) == URL


def test_taken_away_it_is_shown_no_more_and_who_had_it_is_told_once():
    one, had, never = online(), make.person(), make.person()
    put(one)
    say(one, had, COMING)
    left(had)
    put(one, "", "")
    say(one, never, COMING)
    say(one, had, COMING)
    assert got(had)[-1].startswith("The private link no longer holds")
    assert (len(got(had)), got(never), seen_by(one, had)) == (2, [], "")
    left(had)
    put(one)
    assert (len(got(had)), len(got(never))) == (3, 1)


@pytest.mark.parametrize(
    "url", ["http://meet.example/x", "meet.example", "javascript:alert(1)", "https://", "https://a:b@meet.example/", "https://meet.example/a b", "https://[", 'https://meet.example/"x']
)  # fmt: skip
def test_what_is_no_address_to_follow_is_refused_beside_its_field(url):
    with pytest.raises(Invalid) as refused:
        put(online(), url)
    assert refused.value.field == "url"
    assert make.rows_by(RemoteLink, RemoteLink.meeting_id) == []


def test_what_is_already_so_writes_to_nobody():
    one, who = online(), make.person()
    put(one)
    say(one, who, COMING)
    with pytest.raises(remote.SameLink):
        put(one)
    assert len(got(who)) == 1


def test_of_two_keepers_the_second_is_told_what_the_first_did():
    one = online()
    put(one, seen=0)
    with pytest.raises(remote.LinkChanged):
        put(one, OTHER, seen=0)
    assert remote.kept(one).url == URL


def test_only_who_keeps_the_meeting_sets_it():
    one = online()
    for who in (make.member(one.caucus), make.coordinator(make.caucus())):
        with pytest.raises(NotAllowed):
            remote.change(one, URL, "", 0, visibility.viewer(who))


@pytest.mark.parametrize("more", [{"mode": MeetingMode.IN_PERSON}, {"state": MeetingState.CANCELLED}, {"days": -1}])
def test_a_meeting_that_has_no_use_for_it_takes_none(more):
    with pytest.raises(remote.NoLinkNow):
        put(online(**more))


@pytest.mark.parametrize("how", ["cancelled", "over"])
def test_of_a_meeting_that_is_off_or_over_it_is_shown_to_nobody(how):
    one, who = online(), make.person()
    put(one)
    say(one, who, COMING)
    with transaction():
        if how == "cancelled":
            one.state = MeetingState.CANCELLED
        else:
            one.starts_at, one.ends_at = (clock.now() - timedelta(hours=hours) for hours in (2, 1))
    assert (seen_by(one, who), remote.promised(one)) == ("", False)


def test_the_journal_and_the_meetings_row_hold_nothing_of_it():
    one = online()
    put(one)
    put(one, OTHER, "")
    put(one, "", "")
    entries = make.rows(AuditEntry)
    assert [entry.verb for entry in entries] == ["meeting.link-set", "meeting.link-changed", "meeting.link-removed"]
    told = repr([(entry.reason, entry.detail) for entry in entries]) + repr(vars(db.session.get(Meeting, one.id)))
    assert "meet.example" not in told
    assert "4711" not in told


def test_thirty_days_after_the_meeting_neither_link_nor_letter_holds_it():
    one, who = online(), make.person()
    put(one)
    say(one, who, COMING)
    with transaction():
        one.starts_at, one.ends_at = (clock.now() - timedelta(days=days) for days in (32, 31))
    with transaction():
        forgetting.forget()
    db.session.expire_all()
    assert make.rows_by(RemoteLink, RemoteLink.meeting_id) == []
    assert [text.raw for text in make.rows(OutgoingText)] == [b""]
