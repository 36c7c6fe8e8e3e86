"""Whatever people write where a header could be made of it: on the wire there are our headers only, and our readers only."""

import re

import pytest
from flask.testing import FlaskClient

from caucusmail import clock
from caucusmail.announcements import dispatch, leaving
from caucusmail.announcements.composition import Text
from caucusmail.announcements.models import Announcement
from caucusmail.database import db, transaction
from caucusmail.delivery import outgoing
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.directory.reasons import Reason
from tests import make
from tests.announcements.rooms import Room, meeting
from tests.directory.correspondents import two
from tests.entering import enter
from tests.filled import form
from tests.sink import Sink

TRICKS = [
    "x\r\nBcc: evil@evil.example",
    "x\nSubject: other\n\nbody",
    "x\r\n.\r\nMAIL FROM:<evil@evil.example>",
    "x\x85Bcc: evil@evil.example",
    "x\u2028Bcc: evil@evil.example",
    "A 💩 x=?UTF-8?Q?=0A?=Bcc: evil@evil.example",
    "=?utf-8?B?WApCY2M6IGV2aWxAZXZpbC5leGFtcGxlCg==?=",
    '"x" <evil@evil.example>, y',
    'x\\" <evil@evil.example>',
    "x,evil@evil.example;",
    "\ue000name\ue001 {{7*7}} {% x %} ${7*7} %(name)s %s {0}",
    "é" * 190,
    "x" * 120,
]
OURS = set(
    [
        "from",
        "to",
        "date",
        "subject",
        "message-id",
        "reply-to",
        "references",
        "list-id",
        "list-help",
        "list-subscribe",
        "list-unsubscribe",
        "list-unsubscribe-post",
        "list-owner",
        "list-archive",
        "list-post",
        "precedence",
        "feedback-id",
        "auto-submitted",
        "x-auto-response-suppress",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "content-language",
        "sender",
    ]
)
"""The names of headers that a letter of ours may have."""


@pytest.fixture(params=TRICKS, ids=range(len(TRICKS)))
def trick(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def sent(sink: Sink) -> None:
    """Send all that is owed, now, and look at what came out: our headers, our recipients, one of each."""
    with transaction():
        for row in db.session.query(Delivery):
            row.due_at = clock.now()
        for one in db.session.query(Announcement):
            one.release_at = one.release_at and clock.now()
    with transaction():
        leaving.send_due()
    owed = {row.address for row in make.rows(Delivery)}
    outgoing.turn("w")
    db.session.expire_all()
    assert {row.state for row in make.rows(Delivery)} == {DeliveryState.ACCEPTED}
    assert sink.caught
    for caught in sink.caught:
        assert len(caught.recipients) == 1
        assert set(caught.recipients) <= owed
        assert "evil" not in caught.sender
        whole(caught.raw)


def whole(raw: bytes) -> None:
    """The head of a message holds our headers only, each in lines that a server takes."""
    head, _end, body = raw.partition(b"\r\n\r\n")
    assert body
    assert not re.search(rb"[^\r]\n|\r[^\n]|\x00", raw)
    lines = head.split(b"\r\n")
    names = [line.partition(b":")[0].decode().lower() for line in lines if line[:1] not in (b" ", b"\t")]
    assert set(names) <= OURS, set(names) - OURS
    assert len(names) == len(set(names)), names
    assert all(len(line) <= 998 and line.isascii() for line in lines)
    for name in ("to", "from", "reply-to"):
        line = b"".join(line for line in lines if line.lower().startswith(name.encode() + b":"))
        assert b"<evil@evil.example>" not in re.sub(rb'"(\\.|[^"\\])*"', b"", line), line


def test_a_stranger_s_question(client: FlaskClient, sink: Sink, trick: str, monkeypatch: pytest.MonkeyPatch):
    caucus = make.caucus("vrwg", tag="VRWG")
    make.coordinator(caucus, make.person("Ilse"))
    made = re.search(r'name="made"[^>]*value="([^"]+)"', client.get("/en/caucuses/vrwg/contact").text)
    assert made
    later = clock.now().timestamp() + 60
    monkeypatch.setattr(clock, "now", lambda: clock.datetime.fromtimestamp(later, clock.UTC))
    answer = client.post(
        "/en/caucuses/vrwg/contact",
        data={"made": made[1], "name": trick, "address": "bob@x.example", "text": trick * 2},
    )
    assert answer.status_code == 303, answer.text
    sent(sink)
    assert [one.message["Reply-To"] for one in sink.caught] == ["bob@x.example"]


def test_what_the_secretariat_writes(client: FlaskClient, sink: Sink, trick: str):
    caucus = make.caucus("vrwg")
    enter(client, make.secretary())
    asked, declined, approved = (make.application(trick[:200].strip(), [caucus]) for _ in range(3))
    seen = {"seen": "to-review"}
    for one, verb, data in (
        (asked, "ask", {"question": trick}),
        (declined, "decline", {"reason": Reason.OTHER.value, "words": trick}),
        (approved, "approve", {"how": trick, "into": "new"}),
    ):
        answer = client.post(f"/en/staff/applications/{one.id}/{verb}", data=seen | data)
        assert answer.status_code == 303, (verb, answer.text)
    sent(sink)


def test_names_of_caucuses_and_of_their_readers(client: FlaskClient, sink: Sink, trick: str):
    enter(client, make.secretary())
    make.caucus("vrwg")
    words = {"name_en": trick, "name_fr": trick, "about_en": trick, "about_fr": trick, "roster": "hidden"}
    answer = client.post("/en/staff/caucuses/vrwg/words", data=words)
    if answer.status_code == 422:
        assert len(trick) > 120
        return
    keeper = make.person("Keeper", "keeper@mail.example")
    client.post("/en/staff/caucuses/vrwg/keepers", data={"address": keeper.address, "role": "coordinator"})
    assert make.rows(Delivery), "the new coordinator is written to"
    sent(sink)


@pytest.fixture
def room() -> Room:
    room = Room(slug="vrwg")
    make.member(room.caucus, make.person("Achieng", "achieng@mhi.example"), room.group)
    return room


def test_an_announcement_with_a_meeting(client: FlaskClient, sink: Sink, trick: str, room: Room):
    coordinator = db.session.get(make.Person, room.by.id)
    enter(client, coordinator)
    draft = room.drafted(
        texts={"en": Text("News", "Body")},
        meeting=meeting(titles={"en": "Strategy"}, venue_name="Hall", city="The Hague", room="1"),
    )
    page = client.get(f"/en/compose/{draft.id}").text
    fields = form(page, f"/compose/{draft.id}", subject_en=trick, body_en=trick, do="save")
    fields |= dict.fromkeys(
        ("venue_name", "street", "room", "hosts", "access_contact", "access_en", "agenda_en"), trick[:110]
    )
    answer = client.post(f"/en/compose/{draft.id}", data=fields)
    assert answer.status_code in (303, 422), answer.text
    if answer.status_code == 422:  # a subject is one line, and not too long
        assert len(trick) > 150 or re.search("[\r\n\u2028]", trick)
        assert re.search(r'<p class="error"[^>]*>[^<]*(line|long)', answer.text), answer.text
        return
    one = db.session.get(Announcement, draft.id)
    with transaction():
        dispatch.send_test(one, room.by)
    with transaction():
        dispatch.confirm(one, "vrwg", one.revision, room.by)
    sent(sink)
    assert {one.recipients[0] for one in sink.caught} == {"achieng@mhi.example", coordinator.address}
    copy = sink.to("achieng@mhi.example")[0]
    if "7*7" in trick:
        for literal in ("{{7*7}}", "{% x %}", "${7*7}", "%(name)s", "{0}"):
            assert literal in copy.text, copy.text
            assert literal in str(copy.message["Subject"])


def test_what_one_member_writes_to_another(client: FlaskClient, sink: Sink, trick: str):
    found = two()
    with transaction():
        found.ada.person.name = trick[:200].strip()
    enter(client, found.ada.person)
    path = f"/en/caucuses/vrwg/members/write/{found.to.mailbox}"
    answer = client.post(path, data={"subject": trick[:150], "text": trick * 2})
    assert answer.status_code == 303, answer.text
    sent(sink)
    assert [one.recipients for one in sink.caught] == [[found.vega.person.address]]
    assert found.ada.person.address not in sink.caught[0].raw.decode()
