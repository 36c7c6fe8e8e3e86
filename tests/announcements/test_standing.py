from datetime import timedelta

import pytest
from sqlalchemy import select

from caucusmail import clock
from caucusmail.announcements import estimate as numbers
from caucusmail.announcements import standing
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import Announcement, LeftOut
from caucusmail.announcements.standing import RANKS
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState, Lane, OutgoingMessage, Suppression
from caucusmail.groups import lifecycle
from tests import make
from tests.announcements import worlds
from tests.announcements.rooms import (
    announcement,
)


def earlier(world, who) -> Announcement:
    """An announcement that was sent to ``who``, and withdrawn from one more."""
    message = make.keep(OutgoingMessage(lane=Lane.ANNOUNCE, kind="announcement", sender="x", made_at=clock.now()))
    for person in who:
        make.keep(copy(message, person, DeliveryState.ACCEPTED))
    make.keep(copy(message, next(one for one in world.people if one not in who), DeliveryState.WITHDRAWN))
    return announcement(world.caucuses[0], Audience(everybody=True), message_id=message.id)


def copy(message, person, state) -> Delivery:
    return Delivery(
        message_id=message.id,
        person_id=person.id,
        lane=Lane.ANNOUNCE,
        address=person.address,
        address_key=person.address_key,
        language="en",
        due_at=clock.now(),
        state=state,
        settled_at=clock.now(),
    )


@pytest.mark.parametrize("seed", range(16))
def test_in_and_why_not_hold_everybody_who_was_meant_exactly_once(seed):
    world = worlds.build(seed)
    before = earlier(world, world.people[:6])
    chosen = worlds.choice(seed, world, [before.id])
    sent = announcement(world.caucuses[0], chosen)
    at = clock.now() + timedelta(days=(seed % 3) * 5, minutes=1)
    asked = standing.question(sent, ["en"], at)
    rows = db.session.execute(select(standing.standing(asked))).all()
    found = {row.person_id: (RANKS[row.rank - 1] if row.rank else None, set(row.why.split())) for row in rows}
    assert len(found) == len(rows)
    assert found == worlds.expected(world, chosen, at, {before.id: {one.id for one in world.people[:6]}})
    reckoned = numbers.reckoned(asked)
    assert (
        reckoned.total
        == sum(reason is None for reason, _why in found.values())
        == sum(one.total for one in reckoned.versions)
    )
    assert reckoned.considered == len(found)
    assert len(db.session.execute(standing.copies(asked)).all()) == reckoned.total


def test_the_random_worlds_know_every_reason():
    met: set[LeftOut | None] = set()
    for seed in range(30, 42):
        world = worlds.build(seed)
        had = earlier(world, world.people[:6])
        chosen = worlds.choice(seed, world, [had.id])
        met |= {
            reason
            for reason, _why in worlds.expected(
                world, chosen, clock.now(), {had.id: {one.id for one in world.people[:6]}}
            ).values()
        }
    assert met == {None, *LeftOut} - {LeftOut.AWAY, LeftOut.PROTECTED}  # test_stand_ins', and test_protecting_more's


def test_one_person_over_three_groups_is_one_copy_with_three_reasons_their_own_caucus_first():
    caucuses = [make.caucus() for _ in range(3)]
    groups = [make.group(one) for one in caucuses]
    who = make.person()
    for caucus, group in zip(caucuses, groups, strict=True):
        make.member(caucus, who, group)
    sent = announcement(caucuses[1], Audience(caucus_ids=tuple(one.id for one in caucuses)))
    [row] = db.session.execute(standing.copies(standing.question(sent, ["en"])))
    assert row.why == f"g{groups[1].id} g{groups[0].id} g{groups[2].id}"
    reckoned = numbers.reckoned(standing.question(sent, ["en"]))
    assert [one.people for one in reckoned.overlaps] == [1, 1, 1]
    assert (reckoned.total, reckoned.experts, reckoned.organisations) == (1, 1, 0)


def test_two_people_who_share_a_mailbox_get_a_copy_each():
    caucus = make.caucus()
    group = make.group(caucus)
    for name in ("Ada", "Ben"):
        make.member(caucus, make.person(name, "office@mail.example"), group)
    sent = announcement(caucus, Audience(caucus_ids=(caucus.id,)))
    assert [row[1] for row in db.session.execute(standing.copies(standing.question(sent, ["en"])))] == ["Ada", "Ben"]


def test_a_suppression_belongs_to_an_address_not_to_a_person():
    caucus = make.caucus()
    group = make.group(caucus)
    moved, *shared = (
        make.member(caucus, make.person(name, address), group)
        for name, address in (("A", "old@mail.example"), ("B", "office@mail.example"), ("C", "Office@mail.example"))
    )
    for address, person in (("old@mail.example", moved), ("office@mail.example", shared[0])):
        make.keep(
            Suppression(
                address_fingerprint=worlds.mark(address), reason="bounced", since=clock.now(), person_id=person.id
            )
        )
    sent = announcement(caucus, Audience(caucus_ids=(caucus.id,)))

    def names() -> list[str]:
        return [row[1] for row in db.session.execute(standing.copies(standing.question(sent, ["en"])))]

    assert names() == []
    with transaction():
        moved.address, moved.address_key = "new@mail.example", "new@mail.example"
    assert names() == ["A"]


def test_a_group_that_is_closed_while_its_audience_freezes_brings_nobody():
    caucus = make.caucus()
    group = make.group(caucus)
    make.member(caucus, group=group)
    asked = standing.question(announcement(caucus, Audience(caucus_ids=(caucus.id,))), ["en"])
    assert len(db.session.execute(standing.copies(asked)).all()) == 1
    with transaction():
        lifecycle.close_group(group, "Done.", by=None)
    assert db.session.execute(standing.copies(asked)).all() == []
