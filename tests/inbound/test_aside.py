import pytest

from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.delivery import suppression
from caucusmail.errors import Invalid, NotFound
from caucusmail.inbound import aside, queries
from tests import make
from tests.delivery.owed import copy
from tests.inbound.mails import return_path, take


def test_an_address_is_written_to_again_with_a_reason_in_the_journal() -> None:
    secretary = make.secretary()
    with transaction():
        suppression.suppress("ada@mail.example", "bounced")
    mark = suppression.mark("ada@mail.example")
    with pytest.raises(Invalid):
        aside.lift(mark, "  ", by=secretary)
    with transaction():
        assert aside.lift(mark, "She called.", by=secretary) == "a***@mail.example"
    assert aside.suppressed() == []
    [entry] = [one for one in make.rows(AuditEntry) if one.verb == "address.lifted"]
    assert (entry.reason, entry.by_id) == ("She called.", secretary.id)
    with pytest.raises(NotFound):
        aside.lift(mark, "Again.", by=secretary)


def test_what_was_looked_at_is_off_the_list_and_can_be_put_back() -> None:
    received, secretary = take(b"odd \0", return_path(copy())), make.secretary()
    with transaction():
        aside.look_at(received, by=secretary)
        aside.look_at(received, by=secretary)
    assert queries.aside() == []
    with transaction():
        aside.lay_again(received, by=secretary)
    assert queries.aside() == [received]
    verbs = [one.verb for one in make.rows(AuditEntry) if one.verb.startswith("received.")]
    assert verbs == ["received.seen", "received.unseen"]


def test_a_message_is_shown_as_text_whatever_is_in_it() -> None:
    received = take(b"\xff\0<script>\r\n", return_path(copy()))
    assert aside.readable(aside.message(received.id)) == "\ufffd\ufffd<script>\n"
    with pytest.raises(NotFound):
        aside.message(0)
