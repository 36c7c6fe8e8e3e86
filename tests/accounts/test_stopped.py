from datetime import timedelta

from sqlalchemy import text

from caucusmail.accounts import queries, signing_in, stopped
from caucusmail.accounts.models import SignIn
from caucusmail.accounts.stopped import Stopped
from caucusmail.database import db, transaction
from tests import make

FORM = Stopped(
    "hand_over.offer", "/organisations/7/hand-over", "/organisations/7", [("name", "Ilse Ünver"), ("name", "b")]
)


def sign_in(person=None) -> SignIn:
    with transaction():
        found = queries.signed_in(signing_in.begin(person or make.person()))
    assert found is not None
    return found


def kept(at: SignIn) -> SignIn:
    with transaction():
        assert stopped.keep(at, FORM)
    return at


def test_a_form_is_kept_as_it_was_sent():
    assert stopped.of(kept(sign_in())) == FORM


def test_the_table_alone_does_not_give_away_what_was_typed():
    kept(sign_in())
    raw = db.session.execute(text("SELECT stopped FROM sign_ins WHERE stopped IS NOT NULL")).scalar_one()
    assert "Ilse" not in raw
    assert "hand" not in raw


def test_it_goes_along_with_the_same_person_and_with_nobody_else():
    one = kept(sign_in())
    again, other = sign_in(one.person), sign_in()
    with transaction():
        stopped.carry(one, again)
    assert (stopped.of(one), stopped.of(again)) == (None, FORM)
    with transaction():
        stopped.carry(again, other)
    assert (stopped.of(again), stopped.of(other)) == (None, None)


def test_moved_to_another_persons_row_it_does_not_open():
    one, other = kept(sign_in()), sign_in()
    with transaction():
        other.stopped, other.stopped_at = one.stopped, one.stopped_at
    assert stopped.of(other) is None


def test_a_form_that_is_too_long_is_not_kept_and_neither_is_the_one_before():
    one = kept(sign_in())
    with transaction():
        assert not stopped.keep(one, Stopped("a", "/", "/", [("words", "x" * stopped.LONGEST)]))
    assert stopped.of(one) is None


def test_after_an_hour_it_is_neither_offered_nor_kept(stopped_clock):
    one = kept(sign_in())
    stopped_clock.shift(stopped.GOOD_FOR)
    assert stopped.of(one) == FORM
    stopped_clock.shift(timedelta(seconds=1))
    assert stopped.of(one) is None
    with transaction():
        signing_in.forget_before(timedelta(days=90))
    db.session.expire_all()
    assert (one.stopped, one.stopped_at) == (None, None)
