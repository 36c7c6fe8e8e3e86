import pytest

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.directory import queries, roster, visibility
from caucusmail.directory.models import AffiliationState, Caucus, RosterPolicy, Seat, Shown
from caucusmail.errors import NotAllowed
from tests import make


def seated(caucus: Caucus, name: str, ngo_name: str, shown: Shown = Shown.NOTHING, **more) -> Person:
    who, ngo = make.person(name), make.ngo(ngo_name, **more)
    seat = make.keep(Seat(ngo_id=ngo.id, caucus_id=caucus.id, holder_id=who.id, since=clock.now()))
    make.representative(who, ngo)
    return make.member(caucus, who, seat_id=seat.id, shown=shown)


@pytest.fixture
def caucus() -> Caucus:
    """Five members, each of whom shows something else to the others."""
    made = make.caucus("water", roster=RosterPolicy.MEMBERS)
    seated(made, "Ada", "Zenith", Shown.NAME_AND_ORGANISATION)
    seated(made, "Ben", "Amani", Shown.ORGANISATION)
    seated(made, "Chi", "Baraka", Shown.REGION)
    seated(made, "Dan", "Chanzo")
    make.member(made, make.person("Eve"), shown=Shown.NAME_AND_ORGANISATION)
    return made


def lines(made: roster.Roster) -> list[tuple[str, str]]:
    return [(one.name, one.organisation) for one in made.members]


def co_member(caucus: Caucus) -> visibility.Viewer:
    return visibility.viewer(make.member(caucus, make.person("Zoe")))


def test_co_members_see_what_each_has_chosen_to_show_and_no_address(caucus):
    seen = roster.members(caucus, co_member(caucus))
    assert lines(seen) == [("", "Amani"), ("Ada", "Zenith"), ("", ""), ("Eve", ""), ("Zoe", "")]
    assert {one.masked for one in seen.members} == {""}
    assert [one.region.slug if one.region else None for one in seen.members] == [
        "africa",
        "africa",
        "africa",
        None,
        None,
    ]
    assert (seen.found, seen.active, seen.organisations) == (5, 6, 4)


def test_those_of_whom_only_the_region_is_seen_stand_by_region_and_not_in_the_order_in_which_they_joined(caucus):
    europe = make.region("europe", place=2)
    for number, region_id in enumerate((europe.id, make.region().id, europe.id, make.region().id)):
        seated(caucus, f"N{number}", f"Org {number}", Shown.REGION, region_id=region_id)
    found = roster.members(caucus, co_member(caucus)).members
    only = [one.region.slug for one in found if one.region and not one.organisation]
    assert only == sorted(only)
    assert set(only) == {"africa", "europe"}


def test_the_secretariat_sees_everybody_by_organisation_with_the_address_masked(caucus):
    seen = roster.members(caucus, visibility.viewer(make.secretary()))
    assert [one.name for one in seen.members] == ["Ben", "Chi", "Dan", "Ada", "Eve"]
    assert all(one.masked.startswith("p***@") for one in seen.members)


def test_a_coordinator_sees_everybody_and_no_address(caucus):
    seen = roster.members(caucus, visibility.viewer(make.coordinator(caucus)))
    assert len(seen.members) == 5
    assert {one.masked for one in seen.members} == {""}


def test_who_is_not_in_sees_nothing_and_where_it_is_hidden_members_neither(caucus):
    for by in (visibility.STRANGER, visibility.viewer(make.person())):
        with pytest.raises(roster.NoRoster):
            roster.members(caucus, by)
    hidden = make.caucus(roster=RosterPolicy.HIDDEN)
    with pytest.raises(roster.NoRoster):
        roster.members(hidden, co_member(hidden))


@pytest.mark.parametrize(
    ("search", "found"),
    [("ada", ["Ada"]), ("ama", [""]), ("ben", []), ("baraka", []), ("dan", []), ("zen ada", ["Ada"]), ("zen eve", [])],
)
def test_what_is_hidden_is_not_found_by_guessing(caucus, search, found):
    assert [one.name for one in roster.members(caucus, co_member(caucus), search).members] == found


@pytest.mark.parametrize("sign", ["%", "_", "\\"])
def test_a_sign_that_stands_for_anything_in_sql_stands_for_itself(caucus, sign):
    assert roster.members(caucus, visibility.viewer(make.secretary()), sign).found == 0


def test_an_organisation_is_found_by_its_short_name_in_full(caucus):
    seated(caucus, "Fay", "Mwangaza Haki Initiative", acronym="MHI")
    staff = visibility.viewer(make.secretary())
    assert [one.name for one in roster.members(caucus, staff, "mhi").members] == ["Fay"]
    assert roster.members(caucus, staff, "mh").found == 0


def test_who_waits_or_has_left_is_not_on_it():
    caucus = make.caucus()
    for state in set(AffiliationState) - {AffiliationState.ACTIVE}:
        make.member(caucus, state=state)
    seen = roster.members(caucus, visibility.viewer(make.secretary()))
    assert (lines(seen), seen.found, seen.active, seen.pages) == ([], 0, 0, 1)


def test_every_page_holds_25_and_one_beyond_the_last_is_the_last():
    caucus = make.caucus()
    for number in range(27):
        make.member(caucus, make.person(f"M {number:02}"))
    staff = visibility.viewer(make.secretary())
    first, last = (roster.members(caucus, staff, page=page) for page in (0, 99))
    assert (first.page, len(first.members), first.pages) == (1, 25, 2)
    assert (last.page, [one.name for one in last.members]) == (2, ["M 25", "M 26"])


@pytest.mark.parametrize("count", [25, 50, 51, 76, 99, 101])
def test_the_pages_hold_everybody_once_and_in_order(count):
    caucus = make.caucus(roster=RosterPolicy.MEMBERS)
    for number in range(count):
        one = make.member(caucus, make.person(f"M {number:03}"), shown=Shown.NAME_AND_ORGANISATION)
    for viewer in (visibility.viewer(make.secretary()), visibility.viewer(one)):
        pages = roster.members(caucus, viewer).pages
        names = [one.name for page in range(pages) for one in roster.members(caucus, viewer, page=page + 1).members]
        assert names == [f"M {number:03}" for number in range(count)]


def test_an_address_is_shown_for_a_reason_that_is_written_down_with_who_looked(caucus):
    who, staff = make.member(caucus, make.person("Fay", "fay@x.example")), make.secretary()
    place = queries.affiliation(who, caucus)
    with transaction():
        assert roster.reveal(place.id, caucus, " A call for help ", visibility.viewer(staff)) == "fay@x.example"
    (entry,) = make.rows(AuditEntry)
    assert (entry.verb, entry.subject_id, entry.by_id) == ("address.shown", place.id, staff.id)
    assert entry.reason == "A call for help"


def test_without_a_reason_no_address_is_shown(caucus):
    place = queries.affiliation(make.member(caucus), caucus)
    with pytest.raises(roster.NoReason) as refused:
        roster.reveal(place.id, caucus, " ", visibility.viewer(make.secretary()))
    assert refused.value.field == "reason"
    assert make.rows(AuditEntry) == []


def test_a_coordinator_is_shown_no_address_but_their_own(caucus):
    who = make.coordinator(caucus, make.member(caucus))
    by = visibility.viewer(who)
    with pytest.raises(NotAllowed):
        roster.reveal(queries.affiliation(make.member(caucus), caucus).id, caucus, "Why not", by)
    with transaction():
        assert roster.reveal(queries.affiliation(who, caucus).id, caucus, "Mine", by) == who.address


def test_an_address_is_asked_for_by_the_caucus_it_is_in(caucus):
    other = make.caucus()
    place = queries.affiliation(make.member(other), other)
    for number in (place.id, 999_999):
        with pytest.raises(roster.NoRoster):
            roster.reveal(number, caucus, "Why not", visibility.viewer(make.secretary()))


def test_organisations_are_found_as_far_as_the_viewer_may_see_them(caucus):
    keeper = visibility.viewer(make.coordinator(caucus))
    assert [one.name for one in roster.organisations(caucus, keeper)] == ["Amani", "Baraka", "Chanzo", "Zenith"]
    assert [one.name for one in roster.organisations(caucus, keeper, "ara", 1)] == ["Baraka"]
    assert [one.name for one in roster.organisations(caucus, visibility.fellow(caucus.id))] == ["Amani", "Zenith"]
    hidden = make.caucus("peace")
    for by in (visibility.fellow(hidden.id), visibility.STRANGER):
        with pytest.raises(roster.NoRoster):
            roster.organisations(hidden, by)


def test_an_organisation_is_known_by_its_exact_name_only(caucus):
    seated(caucus, "Haki Jamii Kenya", "Haki Jamii Kenya", acronym="HJK")
    ngo = roster.organisation_named(caucus, "haki jamii, KENYA")
    assert ngo is not None
    assert roster.organisation_named(caucus, "hjk") == ngo
    assert [roster.organisation_named(caucus, name) for name in ("Haki", "Haki Jamii Ken", "")] == [None, None, None]
    assert roster.organisation_named(make.caucus(), "hjk") is None
