from caucusmail import clock
from caucusmail.announcements import audience, seeing, standing
from caucusmail.announcements.choice import Audience
from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.directory.models import RosterPolicy, Seat, Shown
from tests import make
from tests.announcements.rooms import STAFF, Room, announcement, audience_of, seated


def test_what_a_keeper_may_not_see_of_another_caucus_is_not_shown_and_cannot_be_guessed():
    mine, other = Room(), Room(roster=RosterPolicy.MEMBERS)
    seated(mine, "Ada", "Own")
    seated(other, "Hidden", "Secret", shown=Shown.NOTHING)
    seated(other, "Open", "Public", shown=Shown.NAME_AND_ORGANISATION)
    secretary = visibility.viewer(make.secretary())
    make.member(other.caucus, mine.by.person)
    keeper = visibility.viewer(mine.by.person)
    both = Audience(caucus_ids=(mine.caucus.id, other.caucus.id))
    with transaction():
        sent = audience_of(mine, both, secretary)
    shown = {(one.name, one.organisation) for one in audience.people(sent, keeper).rows}
    assert shown == {("Ada", "Own"), ("", ""), ("Open", "Public")}
    assert audience.people(sent, keeper, find="Hidden").total == audience.people(sent, keeper).total
    assert [one.name for one in audience.people(sent, secretary, find="Hidden").rows] == ["Hidden"]


def test_nobody_learns_the_seat_of_whom_they_may_not_see():
    room = Room()
    seated(room, "Ben", "Bright Future")
    [row] = audience.people(room.drafted(), visibility.STRANGER).rows
    assert (row.name, row.organisation, list(row.let_in)) == ("", "", [])


def test_a_keeper_is_not_told_which_groups_of_another_caucus_somebody_is_on():
    mine, other = Room(), Room()
    who = seated(mine, "Ada")
    make.member(other.caucus, who, other.group)
    both = Audience(caucus_ids=(mine.caucus.id, other.caucus.id))
    secretary = visibility.viewer(make.secretary())
    with transaction():
        sent = audience_of(mine, both, secretary)
    [row] = [one for one in audience.people(sent, mine.by).rows if one.name == "Ada"]
    assert list(row.why) == [mine.group.names["en"], "a group of another caucus"]
    [row] = [one for one in audience.people(sent, secretary).rows if one.name == "Ada"]
    assert list(row.why) == [mine.group.names["en"], other.group.names["en"]]


def in_two_caucuses():
    """A person in the viewer's own caucus as an expert, and on a seat in another one, of which the viewer sees nothing."""
    mine, other = Room(), Room()
    who = seated(mine, "Ada")
    ngo = make.ngo("Secret")
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=other.caucus.id, holder_id=who.id, since=clock.now()))
    make.member(other.caucus, who, other.group, seat_id=seat.id)
    chosen = Audience(caucus_ids=(mine.caucus.id, other.caucus.id))
    return mine, who, standing.question(announcement(mine.caucus, chosen), ["en"])


def test_of_two_places_the_one_that_shows_more_counts():
    mine, who, asked = in_two_caucuses()
    found = seeing.seen([who.id], asked, mine.by)[who.id]
    assert (found.shown, found.organisation) == (Shown.NAME_AND_ORGANISATION, "")
    whole = seeing.seen([who.id], asked, STAFF)[who.id]
    assert (whole.organisation, list(whole.let_in)) == ("Secret", ["individual expert", "representative"])


def test_everybody_sees_themselves_and_nobody_is_seen_who_is_not_there():
    _mine, who, asked = in_two_caucuses()
    own = seeing.seen([who.id, make.person().id], asked, visibility.viewer(who))
    assert {key: one.shown for key, one in own.items()} == {who.id: Shown.NAME_AND_ORGANISATION}
    assert seeing.seen([who.id], asked, visibility.STRANGER)[who.id].shown is Shown.NOTHING


def test_a_seat_in_a_caucus_of_which_one_may_see_nothing_is_not_told_though_its_holder_is_seen_elsewhere():
    mine, who, asked = in_two_caucuses()
    assert list(seeing.seen([who.id], asked, mine.by)[who.id].let_in) == ["individual expert"]
