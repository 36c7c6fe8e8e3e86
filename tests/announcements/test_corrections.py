"""Stop, correct: who was sent it is told what was wrong, who was not gets it right at once; nobody gets the old after that."""

import pytest

from caucusmail.announcements import corrections, dispatch, leaving
from caucusmail.announcements.composition import Text
from caucusmail.announcements.corrections import CorrectedMeanwhile, Correction, NothingCorrected, NotSent
from caucusmail.announcements.models import Announcement, AnnouncementKind
from caucusmail.database import db, transaction
from caucusmail.delivery import outgoing
from caucusmail.delivery.models import DeliveryState
from caucusmail.directory import visibility
from caucusmail.errors import Invalid, NotAllowed
from tests import make
from tests.announcements import rooms
from tests.announcements.rooms import Room, copies

WRONG = {
    "en": Text("The vote", "Dear all,\n\nVote for three seats.\n\nThe desk"),
    "fr": Text("Le vote", "Trois sièges."),
}
RIGHT = {
    "en": Text("The vote", "Dear all,\n\nVote for four seats.\n\nThe desk"),
    "fr": Text("Le vote", "Quatre sièges."),
}


@pytest.fixture
def room() -> Room:
    room = rooms.vrwg()
    for name, chain in (("Ada", ["en"]), ("Ben", ["en"]), ("Chi", ["en"]), ("Élodie", ["fr"]), ("Eve", ["en"])):
        make.member(room.caucus, make.person(name, languages=chain), room.group)
    return room


def some_gone(room: Room, share: int, **more) -> Announcement:
    """An announcement of which so many copies have left."""
    made = rooms.confirmed(room, rooms.ready(room, **{"texts": WRONG} | more))
    rooms.released(made)
    with transaction():
        leaving.send_due()
    while len(served(db.session.get_one(Announcement, made.id))) < share:
        outgoing.turn("w", limit=1)
        db.session.expire_all()
    return db.session.get_one(Announcement, made.id)


def served(sent: Announcement) -> set[str]:
    return {one.address for one in copies(sent) if one.state is DeliveryState.ACCEPTED}


def corrected(sent: Announcement, room: Room, texts=RIGHT, **more) -> Announcement | None:
    with transaction():
        made = corrections.correct(sent, Correction(corrections.newest(sent), texts, **more), room.by)
    key = made.id if made else None
    while outgoing.turn("w"):
        pass
    db.session.expire_all()
    return db.session.get(Announcement, key) if key else None


def who(sink, text: str, subject: str = "") -> set[str]:
    """Who was sent letters with this text, and this word in the subject; tests left out."""
    return {
        one.recipients[0]
        for one in sink.caught
        if text in one.text and subject in str(one.message["Subject"]) and "TEST" not in str(one.message["Subject"])
    }


@pytest.mark.parametrize("share", [0, 2, 5])
def test_stopped_at_any_moment_each_gets_what_is_theirs(room, sink, share):
    sent = some_gone(room, share)
    old, everybody = served(sent), {one.address for one in copies(sent)}
    letters = len(sink.caught)
    corrected(sent, room)
    after = sink.caught[letters:]
    told = {one.recipients[0] for one in after if "CORRECTION" in str(one.message["Subject"])}
    told |= {one.recipients[0] for one in after if "RECTIFICATIF" in str(one.message["Subject"])}
    new = ({one.recipients[0] for one in after} & everybody) - told
    assert (told, new) == (old, everybody - old)
    assert not [one for one in after if one.recipients[0] in new and ("three" in one.text or "Trois" in one.text)]


def test_the_lines_that_changed_come_first_old_and_new_and_the_whole_text_after(room, sink):
    sent = some_gone(room, 5)
    made = corrected(sent, room, notes={"en": "Sorry: there are four."})
    assert made.kind is AnnouncementKind.CORRECTION
    letter = next(one for one in sink.caught if "CORRECTION: The vote" in str(one.message["Subject"]))
    start = "Corrected: Vote for four seats.\r\n  was: Vote for three seats.\r\n\r\n"
    assert letter.text.startswith(start)
    assert "Sorry: there are four." in letter.text
    assert "Dear all," in letter.text.removeprefix(start)


def test_the_first_letter_and_its_correction_stand_in_one_thread(room, sink):
    corrected(some_gone(room, 5), room)
    ada = [one for one in sink.caught if str(one.message["To"]).startswith("Ada ")]
    assert len({str(one.message["References"]) for one in ada}) == 1
    assert len({str(one.message["Message-ID"]) for one in ada}) == len(ada)


def test_a_correction_is_corrected_from_where_it_stands(room, sink):
    sent = some_gone(room, 5)
    corrected(sent, room)
    assert corrections.reads_now(sent) == RIGHT
    again = dict(RIGHT) | {"en": Text("The vote", "Dear all,\n\nVote for five seats.\n\nThe desk")}
    corrected(sent, room, again)
    last = [one for one in sink.caught if "five" in one.text][-1]
    assert last.text.startswith("Corrected: Vote for five seats.\r\n  was: Vote for four seats.")


def test_what_reads_as_before_is_told_to_nobody(room, sink):
    sent = some_gone(room, 5)
    before = len(sink.caught)
    with pytest.raises(NothingCorrected), transaction():
        corrections.correct(sent, Correction(0, WRONG), room.by)
    with pytest.raises(Invalid, match="subject"), transaction():
        corrections.correct(sent, Correction(0, {**RIGHT, "fr": Text("", "x")}), room.by)
    assert len(sink.caught) == before


def test_a_second_click_tells_nobody_twice(room, sink):
    sent = some_gone(room, 5)
    corrected(sent, room)
    with pytest.raises(CorrectedMeanwhile), transaction():
        corrections.correct(sent, Correction(0, {**RIGHT, "en": Text("Other", "x")}), room.by)


def test_a_draft_is_edited_and_a_correction_is_corrected_where_it_began(room, sink):
    with pytest.raises(NotSent), transaction():
        corrections.correct(rooms.ready(room, texts=WRONG), Correction(0, RIGHT), room.by)
    made = corrected(some_gone(room, 5), room)
    with pytest.raises(NotSent), transaction():
        corrections.correct(made, Correction(0, RIGHT), room.by)


def test_only_who_keeps_the_caucus_corrects(room, sink):
    with pytest.raises(NotAllowed), transaction():
        corrections.correct(some_gone(room, 5), Correction(0, RIGHT), visibility.viewer(make.person()))


def test_what_was_stopped_before_is_corrected_for_those_who_had_it(room, sink):
    sent = some_gone(room, 2)
    with transaction():
        dispatch.stop(sent, room.by)
    db.session.expire_all()
    old = served(sent)
    made = corrected(sent, room)
    assert {one.address for one in copies(made)} == old


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        ("a\nb\nc", "a\nx\nc", [("b", "x")]),
        ("a\nb", "a\nb\nc", [("", "c")]),
        ("a\nb\nc", "a\nc", [("b", "")]),
        ("a\n\n b ", "a\nb", []),
        ("\n".join("abcdefghijklmnop"), "\n".join("ABCDEFGHIJKLMNOP"), []),
    ],
)
def test_which_lines_changed(was, now, found):
    assert corrections.lines(Text("S", was), Text("S", now)) == found
