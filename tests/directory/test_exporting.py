"""The list of members as a file."""

from datetime import timedelta

import pytest

from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.directory import exporting, looked_at, visibility
from caucusmail.directory.models import Caucus, RosterPolicy, Shown
from caucusmail.directory.roster import NoReason, NoRoster
from caucusmail.errors import NotAllowed
from tests import make
from tests.directory.test_roster import seated


@pytest.fixture
def caucus() -> Caucus:
    made = make.caucus("water", roster=RosterPolicy.MEMBERS)
    for number in range(30):
        seated(
            made, f"Person {number:02}", f"Organisation {number:02}", Shown.PSEUDONYM if number % 2 else Shown.NOTHING
        )
    return made


def take(caucus: Caucus, who, reason: str = "Seating plan", **more):
    with transaction():
        return exporting.take(caucus, visibility.viewer(who), reason, **more)


def test_it_holds_everybody_as_the_roster_shows_them_and_no_address(caucus):
    found = take(caucus, make.coordinator(caucus))
    assert [(one.member.organisation, one.member.name) for one in found] == [
        (f"Organisation {number:02}", f"Person {number:02}") for number in range(30)
    ]
    assert {(one.address, one.member.pseudonym) for one in found} == {("", "")}


def test_addresses_are_the_secretariats_and_only_when_asked_for(caucus):
    staff, keeper = make.secretary(), make.coordinator(caucus)
    assert {one.address for one in take(caucus, staff)} == {""}
    with_addresses = take(caucus, staff, addresses=True)
    assert len({one.address for one in with_addresses}) == 30
    assert all("@" in one.address for one in with_addresses)
    with pytest.raises(NotAllowed):
        take(caucus, keeper, addresses=True)


def test_nobody_else_takes_it(caucus):
    for who in (make.person(), make.member(caucus), make.coordinator(make.caucus())):
        with pytest.raises(NoRoster):
            take(caucus, who)
    assert [one.verb for one in make.rows(AuditEntry) if one.verb == looked_at.TAKEN] == []


def test_no_reason_no_list(caucus):
    for reason in ("", "  "):
        with pytest.raises(NoReason):
            take(caucus, make.secretary(), reason)


def test_who_took_it_is_read_by_those_who_keep_it_with_the_reason_and_by_members_without(caucus, stopped_clock):
    keeper, staff, member = make.coordinator(caucus), make.secretary(), make.member(caucus)
    take(caucus, staff, "An audit", addresses=True)
    take(make.caucus(), staff, "Another")
    for who, reason in ((keeper, "An audit"), (staff, "An audit"), (member, "")):
        (one,) = exporting.takings(caucus, visibility.viewer(who))
        assert (one.by, one.reason, one.members, one.addresses) == (staff.name, reason, 31, True)
    with pytest.raises(NoRoster):
        exporting.takings(caucus, visibility.viewer(make.person()))
    stopped_clock.shift(timedelta(days=366))
    assert exporting.takings(caucus, visibility.viewer(keeper)) == []
