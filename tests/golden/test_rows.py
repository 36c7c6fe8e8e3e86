"""The list of requirements is complete: every row has a test here that bears its name, or a reason why it has none."""

import re
from pathlib import Path

HERE = Path(__file__).parent

ROWS = {
    *(f"s_p{number}" for number in range(1, 8)),
    *(f"s_m{number}" for number in range(1, 14)),
    *(f"s_l{number}" for number in range(1, 11)),
    *(f"s_d{number}" for number in range(1, 9)),
}
"""Standards, 1.1, 1.2, 1.3 and 1.5."""

ELSEWHERE = {
    "s_m9": "time-outs are the sending client's: tests/delivery, with servers that fall silent at each step",
    "s_m10": "retries are the queue's: tests/delivery",
    "s_m11": "we resolve nobody's MX: the relay does; flask doctor looks for a null MX of our own (tests/doctor)",
    "s_m12": "role addresses take mail: inbound",
    "s_m13": "LMTP: inbound",
    "s_l2": "headers of posts that members write: there are no posts yet, and our letters carry nobody else's headers",
    "s_d6": "signatures of authors of posts: there are no posts yet",
    "s_d7": "Authentication-Results of mail that comes in: inbound",
    "s_d8": "ARC is for mail that is passed on: there are no posts yet",
}


def named() -> set[str]:
    """Rows with a test."""
    texts = [path.read_text() for path in HERE.glob("test_*.py")]
    return {row for text in texts for row in re.findall(r"^def test_(s_[a-z]\d+)_", text, re.MULTILINE)}


def test_every_row_has_a_test_or_a_reason() -> None:
    assert named() | set(ELSEWHERE) == ROWS


def test_no_row_has_both() -> None:
    assert named() & set(ELSEWHERE) == set()
