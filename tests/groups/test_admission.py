from datetime import timedelta

from caucusmail import clock
from caucusmail.database import db, transaction
from caucusmail.delivery.models import DeliveryState
from caucusmail.directory.applications import ApplicationState
from caucusmail.directory.verification import Decision
from caucusmail.groups import admission
from tests import make
from tests.announcements.rooms import Room, confirmed, copies, ready


def test_taking_an_approval_back_withdraws_the_copies_that_lie_ready():
    room, staff = Room(), make.secretary()
    make.member(room.caucus, make.person("Ben"), room.group)
    application = make.application(caucuses=[room.caucus], people=["ada@mail.example"])
    with transaction():
        admission.approve(application, Decision("known"), seen=ApplicationState.TO_REVIEW, by=staff)
    sent = confirmed(room, ready(room), at=clock.now() + timedelta(days=2))
    with transaction():
        admission.reopen(application, by=staff)
    db.session.expire_all()
    assert {one.address: one.state for one in copies(sent) if one.name != "Ben"} == {
        "ada@mail.example": DeliveryState.WITHDRAWN
    }
    assert [one.state for one in copies(sent) if one.name == "Ben"] == [DeliveryState.QUEUED]
