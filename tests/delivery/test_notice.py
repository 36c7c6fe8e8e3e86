import pytest
from sqlalchemy import select

from caucusmail.database import db, transaction
from caucusmail.delivery import discreet, notice
from caucusmail.delivery.models import Delivery, Lane
from tests.delivery import owed


@pytest.mark.parametrize("language", ["en", "en+fr", "en+en"])
def test_a_version_is_named_after_what_it_holds_back(language):
    both = discreet.key(notice.key(language))
    for held_back in (notice.key(language), discreet.key(language), both):
        assert discreet.plain(held_back) == language
    assert (notice.is_notice(both), notice.is_notice(language)) == (True, False)


def test_a_whole_letter_is_neither_a_notice_nor_in_a_digest():
    rows = [owed.copy(f"{name}@mail.example") for name in ("ada", "ben", "chi")]
    with transaction():
        rows[1].language = notice.key("en")
        rows[2].lane = Lane.DIGEST
    assert db.session.scalars(select(Delivery.id).where(notice.whole())).all() == [rows[0].id]
