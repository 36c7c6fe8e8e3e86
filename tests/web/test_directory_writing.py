"""Writing to a member who is known by a made-up name, as pages."""

import re

import pytest

from caucusmail import tokens
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.directory import writing
from caucusmail.directory.models import Shown
from caucusmail.directory.writing import Words
from caucusmail.inbound.models import Received
from caucusmail.tokens import Purpose
from tests import letters, make, photos
from tests.directory.correspondents import Two, choose, two
from tests.door import let_in
from tests.inbound.mails import letter, take
from tests.privacy.protected import lift, protect
from tests.web.my import text

WORDS = {"subject": "Room", "text": "Which room is it?"}


@pytest.fixture
def found() -> Two:
    return two()


def path(found: Two) -> str:
    return f"/caucuses/vrwg/members/write/{found.to.mailbox}"


def test_the_roster_leads_to_the_letter_and_the_letter_arrives(client, found):
    let_in(client, found.ada.person)
    assert f'href="{path(found)}"' in client.get("/caucuses/vrwg/members").text
    page = text(client.get(path(found)))
    assert f"Write to {found.to.name}" in page
    assert "They read it as a letter from “Ada Lovelace (Zenith)”" in page
    assert found.mailbox in page
    said = client.post(path(found), data=WORDS | {"submission": "s1"}, follow_redirects=True)
    assert f"We have your letter, and pass it on to {found.to.name} as soon as they can get it." in text(said)
    client.post(path(found), data=WORDS | {"submission": "s1"})
    assert [row.address for row in make.rows(Delivery)] == [found.vega.person.address]
    for answer in (client.get(path(found)), said):
        assert "Halima" not in answer.text
        assert found.vega.person.address not in answer.text


def test_whoever_writes_is_told_the_same_words_whether_the_other_is_protected_or_not(client, found):
    with transaction():
        writing.write(found.ada_answers(), found.vega, Words("Hi", "Shall we meet?"))
    let_in(client, found.ada.person)
    before = text(client.post(path(found), data=WORDS, follow_redirects=True))
    made = protect(found.vega.person)
    said = client.post(path(found), data=WORDS, follow_redirects=True)
    assert (said.status_code, notice(text(said))) == (200, notice(before))
    [first, second] = [row for row in make.rows(Delivery) if row.person_id == found.vega.person_id]
    assert [first.state, second.state] == [DeliveryState.WITHDRAWN] * 2
    lift(made)
    db.session.expire_all()
    assert second.state is DeliveryState.QUEUED  # they get it once it is over


def notice(said: str) -> str:
    return said.partition("We have your letter")[2].partition(".")[0]


def test_what_is_missing_is_said_and_nothing_is_sent(client, found):
    let_in(client, found.ada.person)
    refused = client.post(path(found), data={"subject": "", "text": ""})
    assert refused.status_code == 422
    assert "Nothing was sent yet." in refused.text
    long = client.post(path(found), data={"subject": "x" * 151, "text": "y" * 4001})
    assert "up to 4,000 characters" in long.text
    assert make.rows(Delivery) == []


def test_one_letter_too_many_keeps_what_was_written(client, found, monkeypatch):
    monkeypatch.setattr(writing, "FROM", writing.Limit("member-letters-from", 0, writing.FROM.window))
    let_in(client, found.ada.person)
    answer = client.post(path(found), data=WORDS)
    assert answer.status_code == 429
    assert "Which room is it?" in answer.text
    assert "try again tomorrow" in answer.text


def test_for_anybody_else_there_is_no_such_page(client, found):
    let_in(client, make.person())
    assert client.get(path(found)).status_code == client.get("/caucuses/vrwg/members/write/none").status_code == 404
    let_in(client, found.vega.person)
    assert client.get(path(found)).status_code == 404
    let_in(client, found.ada.person)
    gone = path(found)
    choose(found.vega, Shown.NOTHING)
    assert client.get(gone).status_code == client.post(gone, data=WORDS).status_code == 404


def test_who_takes_no_letters_has_no_link(client, found):
    choose(found.vega, Shown.PSEUDONYM, reachable=False)
    let_in(client, found.ada.person)
    page = client.get("/caucuses/vrwg/members").text
    assert found.to.name in page
    assert found.to.mailbox not in page


def by_mail(found: Two, **more: str) -> str:
    address = found.ada.person.address
    take(letter(address, text="Hello\r\n-- \r\nAda, +254", **more), found.mailbox, address)
    return letters.link(letters.to(address)[-1], "/letter-to-member/")


def test_what_came_by_mail_is_looked_at_changed_and_sent_without_signing_in(client, found):
    link = by_mail(found)
    page = client.get(link)
    assert "Hello" in page.text
    assert "+254" not in page.text
    assert "your signature, were left out" in text(page)
    assert [row.message.kind for row in make.rows(Delivery)] == ["inbound/look_and_send"]
    said = client.post(link, data={"subject": "Hi", "text": "Hello you"}, follow_redirects=True)
    assert "We have your letter" in text(said)
    assert "> Hello you" in letters.text(letters.to(found.vega.person.address)[-1])
    again = client.post(link, data={"subject": "Hi", "text": "Again"}, follow_redirects=True)
    assert "We have your letter" in text(again)
    assert len(make.rows(Delivery)) == 2


def with_pictures(found: Two) -> str:
    address = found.ada.person.address
    logo = photos.part(photos.photo(120, 60), more="Content-ID: <logo>\r\n")
    raw = photos.as_apple(
        address, photos.part(photos.photo()), photos.part(b"%PDF-"), photos.part(photos.photo(900, 300)), logo
    )
    take(raw, found.mailbox, address)
    return letters.link(letters.to(address)[-1], "/letter-to-member/")


def ticked(page: str) -> list[tuple[str, bool]]:
    return [(value, bool(more)) for value, more in re.findall(r'name="pictures" value="(\d)"( checked)?', page)]


def test_each_picture_is_looked_at_and_ticked_before_it_leaves(client, found):
    link = with_pictures(found)
    page = client.get(link)
    assert len(page.data) < 14_336
    assert ticked(page.text) == [("1", True), ("2", True), ("3", False)]
    said = text(page)
    assert "Picture 1 1200 × 900 pixels" in said
    assert "A small one, as signatures have, is not ticked." in said
    assert "1 attachment of your mail is not passed on" in said
    seen = client.get(f"{link}/2")
    assert photos.opened(seen.data).size == (900, 300)
    wanted = {
        "Content-Type": "image/jpeg",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": 'inline; filename="picture-2.jpg"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    assert {name: seen.headers[name] for name in wanted} == wanted
    for nothing in ("0", "4", "99999999999999999999"):
        assert client.get(f"{link}/{nothing}").status_code == 404


def test_what_was_ticked_is_kept_when_something_else_is_missing(client, found):
    link = with_pictures(found)
    refused = client.post(link, data={"subject": "", "text": "Look", "pictures": ["2", "3"]})
    assert refused.status_code == 422
    assert ticked(refused.text) == [("1", False), ("2", True), ("3", True)]
    assert client.post(link, data={"subject": "x", "text": "Look", "pictures": ["x"]}).status_code == 422
    assert len(make.rows(Delivery)) == 1


def test_only_what_is_ticked_is_passed_on_and_nothing_is_kept(client, found):
    link = with_pictures(found)
    client.post(link, data={"subject": "Room", "text": "Look", "pictures": ["2"]})
    sent = letters.to(found.vega.person.address)[-1]
    assert [photos.opened(one.get_content()).size for one in sent.iter_attachments()] == [(900, 300)]
    assert client.get(f"{link}/1").status_code == 404
    assert make.rows(Received)[-1].raw == b""


def test_who_asked_for_discreet_letters_finds_it_where_they_read_them(client, found):
    with transaction():
        found.vega.person.discreet = True
    link = with_pictures(found)
    client.post(link, data={"subject": "Room", "text": "Look", "pictures": ["1", "2"]})
    cover = letters.to(found.vega.person.address)[-1]
    assert list(cover.iter_attachments()) == []
    row = make.rows(Delivery)[-1]
    read = f"/read/{tokens.sign(Purpose.READ, row.id, row.settings_version)}"
    page = client.get(read)
    assert "2 pictures come with this letter" in text(page)
    assert f'href="{read}/2"' in page.text
    seen = client.get(f"{read}/2")
    assert photos.corners(photos.opened(seen.data)) == ["red", "green", "blue", "yellow"]
    assert (seen.headers["Cache-Control"], seen.headers["Content-Type"]) == ("no-store", "image/jpeg")
    assert client.get(f"{read}/3").status_code == client.get(f"{read}/0").status_code == 404


def test_an_old_or_broken_link_is_answered_kindly(client, found):
    link = by_mail(found)
    choose(found.vega, Shown.NOTHING)
    for one in (link, "/letter-to-member/x"):
        answer = client.get(one)
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"


def test_words_are_text_and_never_markup(client, found):
    let_in(client, found.ada.person)
    client.post(path(found), data={"subject": "<b>x</b>", "text": "<script>alert(1)</script>"})
    html = letters.to(found.vega.person.address)[-1].get_body(("html",)).get_content()
    assert "<script" not in html
    assert re.search(r"&gt; &lt;script&gt;", html)
