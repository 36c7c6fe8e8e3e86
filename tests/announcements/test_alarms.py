from caucusmail.announcements import alarms, queries
from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.delivery import pausing
from caucusmail.delivery.models import DeliveryState, Pause
from tests import letters, make
from tests.announcements.gone import gone
from tests.announcements.rooms import peopled

SAID = "550 5.7.26 mail from <ada.lovelace@mail.example> is not authenticated"


def told(why: Pause = Pause.POLICY, words: str = SAID) -> tuple[int, int]:
    """What the first and the second look wrote."""
    counts = []
    room = peopled()
    sent = gone(room, DeliveryState.QUEUED)
    make.secretary(address="sec@house.example", languages=["fr"])
    with transaction():
        pausing.pause(queries.message_of(sent).id, why, words)
    for _look in range(2):
        with transaction():
            counts.append(alarms.tell_of_pauses())
    told.keeper = room.by.person.address
    return counts[0], counts[1]


def test_a_pause_is_told_once_to_those_who_keep_it_and_to_the_secretariat():
    assert told() == (2, 0)
    letter = letters.to(told.keeper)[-1]
    text = letters.text(letter)
    assert letter["Subject"] == "Paused: News"
    assert "flask doctor" in text
    assert "Let it go on" in text
    assert "/progress" in text
    assert "550 5.7.26" in text
    assert "ada.lovelace@" not in text
    entry = [one for one in make.rows(AuditEntry) if one.verb == "announcement.paused"]
    assert [(one.by_id, one.detail) for one in entry] == [(None, {"why": "policy"})]


def test_a_pause_is_told_in_the_language_of_its_reader():
    told()
    [letter] = letters.to("sec@house.example")
    assert letter["Subject"].startswith("En pause")


def test_a_pause_for_addresses_does_not_send_its_reader_to_the_server():
    told(Pause.REFUSED, "")
    text = letters.text(letters.to(told.keeper)[-1])
    assert "do not exist" in text
    assert "flask doctor" not in text


def test_a_pause_that_somebody_asked_for_is_told_to_nobody():
    assert told(Pause.ASKED, "The room may change") == (0, 0)
