import mailbox
from pathlib import Path

import pytest

from caucusmail.mailbox import store
from tests.mailbox.conftest import LETTER, Put


def test_bytes_come_back_as_they_were(put: Put) -> None:
    kept = store.letter(put())
    assert kept is not None
    assert kept.raw == LETTER
    assert kept.recipients == "amina@mail.example"


def test_the_newest_letter_stands_first(put: Put) -> None:
    first, second = put(), put()
    assert [line.id for line in store.lines("", None, 10)] == [second, first]


def test_older_letters_follow_a_number(put: Put) -> None:
    first, second = put(), put()
    assert [line.id for line in store.lines("", second, 10)] == [first]


@pytest.mark.parametrize("wanted", ["AMINA@mail", "Réunion", "amina"])
def test_a_letter_is_found_by_address_or_subject(put: Put, wanted: str) -> None:
    put()
    assert len(store.lines(wanted, None, 10)) == 1


@pytest.mark.parametrize("wanted", ["%", "_", "\\", "bram"])
def test_signs_of_a_search_language_mean_themselves(put: Put, wanted: str) -> None:
    put()
    assert store.lines(wanted, None, 10) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"Subject: =?utf-8?b?!!!?=\r\n\r\n",
        b"Subject: \xff\xfe\r\n\r\n",
        b"Subject: =?nonsense?q?x?=\r\n\r\n",
        b"no header at all",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
    ],
)
def test_a_broken_letter_is_kept_too(put: Put, raw: bytes) -> None:
    kept = store.letter(put(raw))
    assert kept is not None
    assert kept.raw == raw


def test_the_mbox_is_read_back_letter_by_letter(put: Put, tmp_path: Path) -> None:
    for number in range(3):
        put(LETTER.replace(b"at ten", b"at %d" % number))
    file = tmp_path / "all.mbox"
    file.write_bytes(b"".join(store.as_mbox(kept) for kept in store.everything()))
    subjects = [message["Subject"] for message in mailbox.mbox(file)]
    assert [subject[-1] for subject in subjects] == ["0", "1", "2"]


def test_from_lines_are_quoted_so_that_it_can_be_undone(put: Put) -> None:
    put()
    whole = store.as_mbox(next(store.everything()))
    assert b"\n>From here on\n>>From there\n" in whole
    assert whole.startswith(b"From notices@caucus.example ")
    assert whole.endswith(b"\n\n")
