"""One member writes to another who is known by a made-up name."""

from email.message import EmailMessage

import pytest

from caucusmail import clock
from caucusmail.accounts.models import SecondAddress
from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.delivery.models import Delivery
from caucusmail.directory import pseudonyms, writing
from caucusmail.directory.models import RosterPolicy, Shown
from caucusmail.directory.writing import Words
from caucusmail.errors import NotFound, TooMany
from caucusmail.mail import mailboxes
from tests import letters, make
from tests.directory.correspondents import Two, choose, two
from tests.directory.test_contact import letters as as_they_leave

WORDS = Words("Room", "Which room is it?")


def write(found: Two, words: Words = WORDS) -> None:
    with transaction():
        writing.write(found.to, found.ada, words)


def letter(found: Two) -> EmailMessage:
    return letters.to(found.vega.person.address)[-1]


def test_the_letter_names_its_writer_as_members_see_them_and_can_be_answered():
    found = two()
    write(found)
    text = letters.text(letter(found))
    assert "Ada Lovelace (Zenith), of vrwg caucus, writes to you." in text
    assert f"They know you only as {found.to.name}" in text
    assert "> Which room is it?" in text
    assert letter(found)["Subject"] == "[VRWG] Room"
    assert found.mailbox_of_ada() in letter(found)["Reply-To"]


def test_whoever_shows_no_name_writes_under_a_made_up_one():
    found = two()
    for shown in (Shown.NOTHING, Shown.ORGANISATION, Shown.REGION, Shown.PSEUDONYM):
        choose(found.ada, shown)
        promised = writing.known_as(found.ada)
        write(found)
        assert pseudonyms.of(found.ada).name == promised
        text = letters.text(letter(found))
        assert f"{promised}, of vrwg caucus" in text
        assert "Ada" not in letter(found).as_string() + text
        assert "Zenith" not in text


def test_neither_side_is_given_the_address_of_the_other_nor_a_link_of_their_own():
    found = two()
    write(found)
    (sent,) = as_they_leave().values()
    whole = sent.as_string() + letters.text(sent)
    assert found.ada.person.address not in whole
    assert "/my/" not in whole
    assert found.vega.person.name not in str(sent["Reply-To"])


def test_who_wrote_is_answered_though_they_show_no_made_up_name():
    found = two()
    assert pseudonyms.of(found.ada) is None
    write(found)
    own = pseudonyms.written_to(pseudonyms.of(found.ada).mailbox)
    with transaction():
        writing.write(own, found.vega, Words("Re: Room", "Room 4."))
    answer = letters.to(found.ada.person.address)[-1]
    assert f"{found.to.name}, of vrwg caucus, answers you" in letters.text(answer)
    for hidden in ("Halima", "Canary", found.vega.person.address):
        assert hidden not in answer.as_string() + letters.text(answer)


def test_closing_the_mailbox_closes_it_for_answers_too():
    found = two()
    write(found)
    choose(found.ada, Shown.NOTHING, reachable=False)
    assert pseudonyms.written_to(pseudonyms.of(found.ada).mailbox) is None


def test_it_goes_where_its_reader_reads_the_letters_of_the_caucus():
    found = two()
    who = found.vega.person
    key = {"address": "vega@second.example", "address_key": "vega@second.example"}
    further = make.keep(SecondAddress(person_id=who.id, verified_at=clock.now(), **key))
    with transaction():
        found.vega.address_id = further.id
    write(found)
    assert [row.address for row in make.rows(Delivery)] == ["vega@second.example"]


@pytest.mark.parametrize("who", ["stranger", "of another caucus", "self", "left", "no such mailbox", "wrong caucus"])
def test_nobody_else_finds_anybody_there(who):
    found = two()
    slug, mailbox, person = "vrwg", found.to.mailbox, found.ada.person
    assert writing.correspondents(slug, mailbox, person) == (found.to, found.ada)
    if who == "stranger":
        person = make.person()
    elif who == "of another caucus":
        person = make.member(make.caucus(roster=RosterPolicy.MEMBERS))
    elif who == "self":
        person = found.vega.person
    elif who == "left":
        choose(found.vega, Shown.NOTHING)
    elif who == "no such mailbox":
        mailbox = "0" * 20
    else:
        slug = make.caucus().slug
        make.member(make.rows(type(found.caucus))[-1], person)
    with pytest.raises(NotFound):
        writing.correspondents(slug, mailbox, person)


def test_the_same_form_sent_twice_is_one_letter():
    found = two()
    for _ in range(2):
        write(found, Words("Room", "Which?", "a-form"))
    assert len(make.rows(Delivery)) == 1


def test_there_is_an_end_to_what_one_person_sends_in_a_day():
    found = two()
    for number in range(writing.FROM.tries):
        write(found, Words("Room", str(number)))
    with pytest.raises(TooMany):
        write(found)
    assert len(make.rows(Delivery)) == writing.FROM.tries


def test_the_journal_ties_no_name_to_a_made_up_one():
    found = two()
    before = len(make.rows(AuditEntry))
    write(found)
    assert len(make.rows(AuditEntry)) == before
    said = " ".join(f"{one.verb} {one.detail} {one.reason}" for one in make.rows(AuditEntry))
    assert found.to.name not in said
    assert found.to.mailbox not in said


def test_where_no_mail_comes_in_the_letter_speaks_of_the_site_only(monkeypatch):
    found = two()
    monkeypatch.setattr(mailboxes, "open_here", lambda: False)
    write(found)
    text = letters.text(letter(found))
    assert "reply to this letter" not in text
    assert "##-" not in text
    assert "Answer on the site: http" in text
