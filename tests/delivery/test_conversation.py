"""The session without a socket: whatever a server says at whatever step, each letter ends once, and as itself."""

from collections import deque
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caucusmail.delivery.conversation import Conversation
from caucusmail.delivery.envelopes import Extensions, needs_utf8
from caucusmail.delivery.outcome import Outcome, Phase
from tests.delivery.talks import (
    IN_STEP,
    PIPELINED,
    Copy,
    Server,
    asked,
    begun,
    ends,
    letter,
    long_letter,
    permitted,
    talk_until_it_ends,
    written,
)

ADA, BEA, CY = letter("ada"), letter("bea"), letter("cy")
BOTH = pytest.mark.parametrize("extensions", [PIPELINED, IN_STEP], ids=["pipelined", "in step"])
ENVELOPE = b"MAIL FROM:<%s@ours.example>\r\nRCPT TO:<%s@mail.example>\r\nDATA\r\n"


def envelope(name: bytes) -> bytes:
    return ENVELOPE % (name, name)


def test_pipelined_the_next_envelope_leaves_with_the_content():
    talk: Conversation[Copy] = Conversation(PIPELINED)
    talk.offer(ADA)
    assert written(talk) == envelope(b"ada")
    talk.offer(BEA)
    assert written(talk) == b""
    talk.receive(b"250 ok\r\n250 ok\r\n354 go on\r\n")
    talk.permit()
    assert written(talk) == ADA.raw + b".\r\n" + envelope(b"bea")
    talk.receive(b"250 2.0.0 queued\r\n250 ok\r\n250 ok\r\n354 go on\r\n")
    assert ends(talk) == {"ada": Outcome(Phase.DOT, 250, "2.0.0 queued")}
    assert talk.asking is BEA


def test_without_pipelining_each_command_waits_for_its_answer():
    talk: Conversation[Copy] = Conversation(IN_STEP)
    talk.offer(ADA)
    talk.offer(BEA)
    said = [written(talk)]
    for reply in (b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
        talk.receive(reply)
        said.append(written(talk))
    assert b"".join(said) == envelope(b"ada")
    assert said[3] == b""
    talk.permit()
    assert written(talk) == ADA.raw + b".\r\n"
    talk.receive(b"250 queued\r\n")
    assert written(talk) == b"MAIL FROM:<bea@ours.example>\r\n"


@BOTH
def test_no_content_leaves_before_it_is_permitted(extensions):
    talk = asked(extensions, ADA, BEA)
    assert written(talk) == b""
    talk.permit()
    assert written(talk).startswith(ADA.raw)


def test_what_was_not_offered_is_not_said():
    assert Extensions.of(["pipelining", "size"]) == PIPELINED
    assert Extensions.of(["8bitmime", "smtputf8"]) == Extensions(False, True, True)
    assert Extensions.of([]) == IN_STEP


@pytest.mark.parametrize(
    ("copy", "extensions", "options"),
    [
        (ADA, Extensions(True, True, True), b""),
        (letter("ada", "é\r\n".encode()), Extensions(True, True, True), b" BODY=8BITMIME"),
        (letter("ada", "é\r\n".encode()), Extensions(True, False, False), b""),
        (Copy("ada", b"x\r\n", recipient="用户@mail.example"), Extensions(True, True, True), b" SMTPUTF8"),
        (Copy("ada", "é\r\n".encode(), "é@ours.example"), Extensions(True, True, True), b" SMTPUTF8 BODY=8BITMIME"),
    ],
)
def test_an_extension_is_asked_for_where_it_is_needed(copy, extensions, options):
    talk: Conversation[Copy] = Conversation(extensions)
    talk.offer(copy)
    assert written(talk).partition(b"\r\n")[0].partition(b">")[2] == options
    assert needs_utf8(copy) is (b"SMTPUTF8" in options)


@pytest.mark.parametrize(
    ("raw", "dotted"),
    [
        (b".\r\n", b"..\r\n"),
        (b"..\r\n.x\r\n", b"...\r\n..x\r\n"),
        (b"a\r\n.\r\n.\r\nb\r\n", b"a\r\n..\r\n..\r\nb\r\n"),
        (b"a.\r\nb.c\r\n", b"a.\r\nb.c\r\n"),
        (b"no end", b"no end\r\n"),
    ],
)
def test_a_line_that_begins_with_a_dot_begins_with_two(raw, dotted):
    talk = asked(IN_STEP, letter("ada", raw))
    talk.permit()
    assert written(talk) == dotted + b".\r\n"


def test_the_dot_is_taken_after_long_content_and_not_with_it():
    ada = long_letter("ada")
    talk = asked(PIPELINED, ada, BEA)
    talk.permit()
    assert [talk.take(), talk.take(), talk.take()] == [ada.raw, b".\r\n" + envelope(b"bea"), b""]


def test_what_a_socket_takes_at_once_leaves_in_one_write_with_its_dot_and_the_next_envelope():
    talk = asked(PIPELINED, ADA, BEA)
    talk.permit()
    assert [talk.take(), talk.take()] == [ADA.raw + b".\r\n" + envelope(b"bea"), b""]


REFUSALS = [(450, "4.2.1 later"), (550, "5.1.1 nobody"), (599, ""), (400, "")]


@BOTH
@pytest.mark.parametrize(("code", "words"), REFUSALS)
@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_refusal_of_the_envelope_ends_this_letter_and_the_next_begins_anew(extensions, step, code, words):
    talk = begun(extensions, ADA, BEA)
    replies = [b"250 ok\r\n", b"250 ok\r\n", b"503 no\r\n"]
    replies[step - 1] = f"{code} {words}\r\n".encode()
    said = b""
    for reply in replies if extensions.pipelining else replies[:step]:
        talk.receive(reply)
        said += written(talk)
    assert ends(talk) == {"ada": Outcome(Phase(step), code, words)}
    assert b"RSET\r\nMAIL FROM:<bea" in said
    assert not talk.broken


@BOTH
@pytest.mark.parametrize(("code", "words"), [*REFUSALS, (250, "2.0.0 ok"), (299, "")])
def test_the_answer_to_the_dot_is_the_outcome(extensions, code, words):
    talk = permitted(extensions, ADA)
    talk.receive(f"{code} {words}\r\n".encode())
    assert ends(talk) == {"ada": Outcome(Phase.DOT, code, words)}
    assert talk.quiet
    assert talk.room


def test_after_a_refused_recipient_and_354_a_lone_dot_is_said_and_the_refusal_stands():
    talk = begun(PIPELINED, ADA, BEA)
    talk.receive(b"250 ok\r\n550 5.1.1 nobody\r\n354 go on\r\n")
    assert talk.asking is None
    assert written(talk) == b".\r\n"
    talk.receive(b"250 2.0.0 delivered to nobody\r\n")
    assert ends(talk) == {"ada": Outcome(Phase.RCPT, 550, "5.1.1 nobody")}
    assert written(talk) == b"RSET\r\n" + envelope(b"bea")


def test_after_a_refused_sender_and_354_we_hang_up():
    talk = begun(PIPELINED, ADA, BEA)
    talk.receive(b"553 no\r\n250 ok\r\n354 go on\r\n")
    assert talk.broken
    assert written(talk) == b""
    assert talk.lost(talk.broken) == [BEA]
    assert ends(talk) == {"ada": Outcome(Phase.MAIL, 553, "no")}


def test_a_refused_rset_ends_the_session_and_not_the_letter():
    talk = begun(IN_STEP, ADA, BEA)
    talk.receive(b"550 no\r\n")
    assert written(talk) == b"RSET\r\nMAIL FROM:<bea@ours.example>\r\n"
    talk.receive(b"500 what?\r\n")
    assert talk.lost(talk.broken) == [BEA]
    assert ends(talk) == {"ada": Outcome(Phase.MAIL, 550, "no")}


def test_who_may_not_leave_ends_as_we_say_and_the_session_with_it():
    talk = asked(PIPELINED, ADA, BEA)
    talk.refuse(Outcome(Phase.DATA, words="ours"))
    assert written(talk) == b""
    assert talk.lost(talk.broken) == [BEA]
    assert ends(talk) == {"ada": Outcome(Phase.DATA, words="ours")}


@BOTH
@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_server_that_closes_says_so_of_the_letter_it_was_at(extensions, step):
    talk = begun(extensions, ADA, BEA)
    for reply in [b"250 ok\r\n"] * (step - 1) + [b"421 closing\r\n"]:
        talk.receive(reply)
        written(talk)
    assert talk.lost(talk.broken) == [BEA]
    assert ends(talk) == {"ada": Outcome(Phase(step), 421, "closing")}


CODES = st.sampled_from([250, 250, 250, 250, 451, 550, 421, 0])
DATA_CODES = st.sampled_from([354, 354, 354, 503, 451, 421, 0])


@given(
    st.sampled_from([PIPELINED, IN_STEP]),
    st.integers(1, 6),
    st.lists(st.tuples(CODES, DATA_CODES), min_size=1, max_size=12),
    st.lists(st.integers(1, 60), min_size=1, max_size=5),
    st.lists(st.sampled_from([b"", b".", b"..", b". .", b"x.", b"RSET", b"MAIL FROM:<n0@ours.example>"]), max_size=5),
)
def test_against_a_server_that_does_anything_it_may_each_letter_ends_once_and_as_itself(
    extensions, number, codes, sizes, lines
):
    letters = [letter(f"n{one}", b"\r\n".join([*lines, b"n%d" % one, b""])) for one in range(number)]
    waiting, answers, octets = deque(letters), cycle([*codes, (250, 354)]), cycle(sizes)
    ended: dict[str, Outcome] = {}
    delivered: list[tuple[str, bytes]] = []
    while waiting:
        server = Server(lambda command: next(answers)[command == "DATA"])
        talk: Conversation[Copy] = Conversation(extensions)
        waiting.extendleft(reversed(talk_until_it_ends(talk, server, waiting, octets)))
        assert talk.done, "a session that ends must have ended a letter"
        assert server.wrong == []
        assert not ends(talk).keys() & ended.keys()
        ended |= ends(talk)
        delivered += server.delivered
    assert sorted(ended) == sorted(copy.name for copy in letters)
    whole = {copy.name: copy.raw for copy in letters}
    assert sorted(delivered) == sorted((name, whole[name]) for name, end in ended.items() if end.accepted)
    for name, end in ended.items():
        if end.code is not None:
            assert end.words == f"{end.phase.name} {name}"
