"""The session without a socket, when the server breaks off or says what no server may say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caucusmail.delivery.conversation import LONGEST_LINE, MOST_LINES, Conversation
from caucusmail.delivery.envelopes import Extensions
from caucusmail.delivery.outcome import Outcome, Phase
from tests.delivery.talks import (
    IN_STEP,
    PIPELINED,
    Copy,
    asked,
    begun,
    ends,
    letter,
    long_letter,
    permitted,
    written,
)

ADA, BEA, CY = letter("ada"), letter("bea"), letter("cy")
BOTH = pytest.mark.parametrize("extensions", [PIPELINED, IN_STEP], ids=["pipelined", "in step"])
NONSENSE = [
    b"\r\n",
    b"hello\r\n",
    b"25\r\n",
    b"2500 ok\r\n",
    b"100 continue\r\n",
    b"600 ok\r\n",
    b"999\r\n",
    b"250_ok\r\n",
    b" 250 ok\r\n",
    b"\xff\xfe\x00\r\n",
    b"\0250 ok\r\n",
    b"-250 ok\r\n",
    b"\xd9\xa2\xd9\xa5\xd9\xa0 ok\r\n",  # 250 in Arabic digits
    b"250 " + b"x" * LONGEST_LINE + b"\r\n",
    b"x" * (LONGEST_LINE + 1),
    b"250-more\r\n" * (MOST_LINES + 1),
]
"""What is no reply at all (RFC 5321, 4.2)."""


@BOTH
@pytest.mark.parametrize("nonsense", NONSENSE)
@pytest.mark.parametrize("step", [0, 1, 2])
def test_what_is_no_answer_ends_the_session_before_the_content(extensions, step, nonsense):
    talk = begun(extensions, ADA, BEA)
    for _ in range(step):
        talk.receive(b"250 ok\r\n")
        written(talk)
    talk.receive(nonsense)
    assert talk.broken
    assert talk.lost(talk.broken) == [BEA]
    [end] = ends(talk).values()
    assert (end.phase, end.code, end.uncertain) == (Phase(step + 1), None, False)


@BOTH
@pytest.mark.parametrize("nonsense", [*NONSENSE, b"354 go on\r\n", b"300 hm\r\n"])
def test_what_is_no_answer_to_a_dot_leaves_it_uncertain(extensions, nonsense):
    talk = permitted(extensions, ADA, BEA)
    talk.receive(nonsense)
    assert talk.broken
    assert talk.lost(talk.broken) == [BEA]
    assert ends(talk)["ada"].uncertain


@pytest.mark.parametrize("line", [b"250", b"250 ", b"250 " + b"x" * 500, "250 reçu é".encode(), b"250 \xff\xfe\0\x1b"])
def test_an_odd_text_after_a_code_is_no_matter(line):
    talk = permitted(PIPELINED, ADA)
    talk.receive(line + b"\r\n")
    end = ends(talk)["ada"]
    assert end.accepted
    assert "\0" not in end.words
    assert len(end.words) <= 500


def test_the_lines_of_an_answer_are_one_text_and_its_last_line_decides():
    talk = permitted(PIPELINED, ADA)
    talk.receive(b"250-first\r\n250-\r\n451  second \r\n")
    assert ends(talk) == {"ada": Outcome(Phase.DOT, 451, "first second")}


def test_an_answer_that_never_ends_is_not_kept():
    talk = permitted(PIPELINED, ADA)
    for _ in range(100):
        talk.receive(b"x" * 65536)
    assert talk.broken == "an answer without an end"
    assert len(talk._buffer) <= LONGEST_LINE + 65536


@BOTH
def test_an_answer_may_come_in_any_pieces(extensions):
    said = b"250 ok\r\n250-a\r\n250 b\r\n354 go on\r\n" if extensions.pipelining else b"250-a\r\n250 ok\r\n"
    for cut in range(len(said) + 1):
        talk = begun(extensions, ADA)
        for piece in (said[:cut], said[cut:]):
            talk.receive(piece)
        assert not talk.broken
        assert (talk.asking is ADA) is extensions.pipelining


def test_lines_may_end_without_cr():
    talk = begun(PIPELINED, ADA)
    talk.receive(b"250 ok\n250 ok\n354 go on\n")
    assert talk.asking is ADA


@BOTH
@pytest.mark.parametrize("reply", [b"250 ok\r\n", b"550 no\r\n", b"421 idle for too long\r\n"])
def test_an_answer_to_nothing_ends_the_session_and_no_letter(extensions, reply):
    talk: Conversation[Copy] = Conversation(extensions)
    talk.receive(reply)
    assert talk.broken
    assert not talk.room
    talk.offer(ADA)
    assert written(talk) == b""
    assert talk.lost(talk.broken) == [ADA]
    assert talk.done == []


@BOTH
def test_an_answer_before_its_command_was_written_is_an_answer_to_nothing(extensions):
    talk: Conversation[Copy] = Conversation(extensions)
    talk.offer(ADA)
    talk.receive(b"550 no\r\n")
    assert talk.broken
    talk.lost(talk.broken)
    assert ends(talk)["ada"].code is None


def test_one_answer_too_many_lets_no_content_leave_and_fails_nobody():
    talk = begun(PIPELINED, ADA)
    talk.receive(b"250 stray\r\n250 ok\r\n250 ok\r\n354 go on\r\n")
    assert talk.asking is None
    talk.lost(talk.broken)
    assert ends(talk)["ada"] == Outcome(Phase.DATA, None, "an answer out of step: 250 ok")


@BOTH
@pytest.mark.parametrize("step", [0, 1])
def test_go_on_before_data_is_out_of_step(extensions, step):
    talk = begun(extensions, ADA)
    for reply in [b"250 ok\r\n"] * step + [b"354 go on\r\n"]:
        talk.receive(reply)
        written(talk)
    assert talk.asking is None
    talk.lost(talk.broken)
    assert ends(talk)["ada"].code is None


@BOTH
def test_what_is_said_while_nobody_answered_the_permission_ends_the_session(extensions):
    talk = asked(extensions, ADA, BEA)
    talk.receive(b"421 too slow\r\n")
    assert talk.lost(talk.broken) == [BEA]
    assert ends(talk) == {"ada": Outcome(Phase.DATA, None, "421 too slow")}


@BOTH
def test_who_comes_after_a_letter_and_hears_421_at_once_is_given_back(extensions):
    talk = permitted(extensions, ADA, BEA)
    talk.receive(b"250 queued\r\n")
    written(talk)
    talk.receive(b"421 enough for one connection\r\n")
    assert talk.lost(talk.broken) == [BEA]
    assert ends(talk) == {"ada": Outcome(Phase.DOT, 250, "queued")}


@BOTH
@pytest.mark.parametrize("code", [421, 451, 552])
def test_a_refusal_in_the_middle_of_the_content_stands_and_no_dot_follows(extensions, code):
    talk = asked(extensions, long_letter("ada"), BEA)
    talk.permit()
    talk.wrote(len(talk.take()) - 1)
    talk.receive(f"{code} enough\r\n".encode())
    assert talk.broken
    assert talk.lost(talk.broken) == [BEA]
    assert ends(talk) == {"ada": Outcome(Phase.DATA, code, "enough")}


@BOTH
def test_thanks_in_the_middle_of_the_content_are_no_acceptance(extensions):
    talk = asked(extensions, long_letter("ada"))
    talk.permit()
    talk.wrote(len(talk.take()))
    talk.receive(b"250 queued\r\n")
    talk.lost(talk.broken)
    end = ends(talk)["ada"]
    assert (end.phase, end.code) == (Phase.DATA, None)


@BOTH
@pytest.mark.parametrize("octets", range(4))
def test_of_one_write_only_what_reached_the_socket_counts(extensions, octets):
    talk = asked(extensions, ADA)
    talk.permit()
    assert talk.take() == ADA.raw + b".\r\n"
    talk.wrote(len(ADA.raw) + octets)
    talk.lost("gone")
    assert ends(talk) == {"ada": Outcome(Phase.DOT if octets else Phase.DATA, None, "gone")}


@BOTH
@pytest.mark.parametrize("octets", range(4))
def test_lost_before_the_first_octet_of_the_dot_nothing_is_uncertain_and_after_it_is(extensions, octets):
    talk = asked(extensions, long_letter("ada"))
    talk.permit()
    talk.wrote(len(talk.take()))
    talk.wrote(min(octets, len(talk.take())))
    talk.lost("gone")
    [end] = ends(talk).values()
    assert end == Outcome(Phase.DOT if octets else Phase.DATA, None, "gone")
    assert end.uncertain is bool(octets)
    assert end.fault is not bool(octets)


def test_lost_after_an_acceptance_keeps_it_and_gives_the_unanswered_back():
    talk = permitted(PIPELINED, ADA, BEA)
    talk.offer(CY)
    talk.receive(b"250 queued\r\n")
    assert talk.lost("gone") == [BEA, CY]
    assert ends(talk) == {"ada": Outcome(Phase.DOT, 250, "queued")}
    assert talk.quiet


def test_lost_when_the_next_one_was_answered_does_not_give_it_back():
    talk = permitted(PIPELINED, ADA, BEA)
    talk.receive(b"250 queued\r\n250 ok\r\n")
    assert talk.lost("gone") == []
    assert ends(talk)["bea"] == Outcome(Phase.RCPT, None, "gone")


def test_lost_after_a_refusal_keeps_the_refusal():
    talk = begun(PIPELINED, ADA)
    talk.receive(b"250 ok\r\n550 5.1.1 nobody\r\n")
    assert talk.lost("gone") == []
    assert ends(talk) == {"ada": Outcome(Phase.RCPT, 550, "5.1.1 nobody")}


def test_the_first_of_a_session_is_not_given_back_or_a_dead_relay_would_be_asked_for_ever():
    talk = begun(PIPELINED, ADA, BEA)
    assert talk.lost("gone") == [BEA]
    assert ends(talk) == {"ada": Outcome(Phase.MAIL, None, "gone")}


def test_lost_twice_is_lost_once():
    talk = permitted(PIPELINED, ADA, BEA)
    assert (talk.lost("gone"), talk.lost("gone")) == ([BEA], [])
    assert list(ends(talk)) == ["ada"]


REPLIES = st.sampled_from(
    [
        b"250 ok\r\n",
        b"250-more\r\n",
        b"354 go\r\n",
        b"421 bye\r\n",
        b"450 x\r\n",
        b"550 x\r\n",
        b"503 x\r\n",
        b"2",
        b"\r\n",
    ]
)


@given(st.sampled_from([PIPELINED, IN_STEP]), st.lists(st.one_of(REPLIES, st.binary(max_size=6)), max_size=40))
def test_whatever_a_server_says_each_letter_ends_once_and_none_is_accepted_before_its_dot(
    extensions: Extensions, said: list[bytes]
):
    talk: Conversation[Copy] = Conversation(extensions)
    letters = [letter(f"n{number}") for number in range(len(said) + 1)]
    offered, permits, sent = 0, [], b""
    for octets in said:
        if talk.room:
            talk.offer(letters[offered])
            offered += 1
        if talk.asking is not None and not talk.broken:
            permits.append(talk.asking.name)
            talk.permit()
        sent += written(talk)
        talk.receive(octets)
        for name, end in ends(talk).items():
            assert not end.accepted or (name in permits and sent.count(letter(name).raw + b".\r\n") == 1)
    left = talk.lost("gone")
    whole = [*ends(talk), *(copy.name for copy in left)]
    assert sorted(whole) == sorted(copy.name for copy in letters[:offered])
    assert not {copy.name for copy in left} & set(permits)
    assert all(sent.count(copy.raw) == permits.count(copy.name) for copy in letters)
