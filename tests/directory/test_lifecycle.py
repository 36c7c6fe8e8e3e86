"""The life of a caucus."""

import pytest
from sqlalchemy import select

from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.directory import lifecycle
from caucusmail.directory.lifecycle import MOVES, Nature, NoSuchMove
from caucusmail.directory.models import Caucus, JoinMode, Status
from tests import make


def test_each_of_the_six_has_a_nature_of_its_own():
    def nature(status: Status, mode: JoinMode, kept: bool) -> Nature:
        return lifecycle.nature(Caucus(status=status, join_mode=mode), kept=kept)

    assert nature(Status.ACTIVE, JoinMode.EXTERNAL, False) is Nature.ELSEWHERE
    assert nature(Status.ACTIVE, JoinMode.APPROVAL, True) is Nature.BY_APPROVAL
    assert nature(Status.DORMANT, JoinMode.APPROVAL, True) is Nature.DORMANT
    assert nature(Status.ACTIVE, JoinMode.APPROVAL, False) is Nature.OPEN
    assert nature(Status.GATHERING, JoinMode.INTEREST, False) is Nature.GATHERING
    assert nature(Status.ARCHIVED, JoinMode.CLOSED, True) is Nature.ARCHIVED


def test_every_status_and_way_of_joining_together_has_a_nature():
    for status in Status:
        for mode in JoinMode:
            for kept in (True, False):
                assert lifecycle.nature(Caucus(status=status, join_mode=mode), kept=kept) in Nature


def test_a_caucus_goes_once_round_its_life():
    caucus, staff = make.caucus("peace", status=Status.ARCHIVED, join_mode=JoinMode.CLOSED), make.secretary()
    for status in (Status.GATHERING, Status.REVIVING, Status.ACTIVE, Status.DORMANT, Status.ARCHIVED):
        with transaction():
            lifecycle.move(caucus, status, by=staff, reason="as agreed")
        assert caucus.status is status
        assert caucus.join_mode is lifecycle.JOINING[status]
    entries = [entry for entry in make.rows(AuditEntry) if entry.verb == "caucus.moved"]
    assert [entry.detail["now"] for entry in entries] == ["gathering", "reviving", "active", "dormant", "archived"]
    assert {entry.by_id for entry in entries} == {staff.id}


@pytest.mark.parametrize("was", list(Status))
@pytest.mark.parametrize("to", list(Status))
def test_a_move_that_the_table_does_not_know_is_refused(was, to):
    if to in MOVES[was]:
        return
    caucus = make.caucus(status=was, join_mode=lifecycle.JOINING[was])
    with pytest.raises(NoSuchMove, match="cannot become"):
        lifecycle.move(caucus, to, by=make.secretary(), reason="")
    assert caucus.status is was


def test_of_two_who_move_it_at_once_one_is_refused():
    caucus, staff = make.caucus(status=Status.DORMANT), make.secretary()
    stale = caucus.status
    with transaction():
        lifecycle.move(caucus, Status.ARCHIVED, by=staff, reason="")
    db.session.expunge(caucus)
    caucus.status = stale  # what the second one still has on the screen
    with pytest.raises(NoSuchMove, match="just changed"):
        lifecycle.move(caucus, Status.ACTIVE, by=staff, reason="")


def test_a_caucus_that_joins_elsewhere_still_does_so_after_it_slept():
    caucus, staff = make.caucus(join_mode=JoinMode.EXTERNAL, external_url="https://own.example"), make.secretary()
    for status in (Status.DORMANT, Status.ACTIVE):
        with transaction():
            lifecycle.move(caucus, status, by=staff, reason="")
        assert caucus.join_mode is JoinMode.EXTERNAL


def test_neither_a_dormant_nor_an_archived_caucus_sends():
    assert not lifecycle.may_send(make.caucus(status=Status.DORMANT))
    assert not lifecycle.may_send(make.caucus(status=Status.ARCHIVED, join_mode=JoinMode.CLOSED))
    assert not lifecycle.may_send(make.caucus(status=Status.GATHERING, join_mode=JoinMode.INTEREST))
    assert not lifecycle.may_send(make.caucus(join_mode=JoinMode.EXTERNAL))
    assert lifecycle.may_send(make.caucus(status=Status.REVIVING, join_mode=JoinMode.INTEREST))
    assert lifecycle.may_send(make.caucus())
    said = db.session.scalars(select(Caucus).where(lifecycle.sending()).order_by(Caucus.id))
    assert said.all() == [one for one in make.rows(Caucus) if lifecycle.may_send(one)]


def test_archiving_is_the_one_move_with_no_short_way_back():
    gone = {(was, to) for was, targets in MOVES.items() for to in targets if not lifecycle.Move(was, to).reversible}
    assert (Status.DORMANT, Status.ARCHIVED) in gone
    assert (Status.ACTIVE, Status.DORMANT) not in gone
