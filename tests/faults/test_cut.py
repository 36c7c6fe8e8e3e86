"""What is left on a disk after a cut."""

import random

import pytest

from tests.faults import cut
from tests.faults.cut import Disk
from tests.faults.order import Call
from tests.faults.stores import LeftOut

FILE = "/x/house.sqlite3-wal"


def call(name: str, more: str, began: float, file: str = FILE) -> Call:
    return Call(name, f"5<{file}>{more}", began, began + 0.1)


def write(at: int, octets: str, began: float, file: str = FILE) -> Call:
    return call("pwrite64", f', "{octets}", {len(octets)}, {at}', began, file)


def left(*calls: Call, kept: float = 0.0) -> bytes:
    disk = Disk({FILE: bytearray(b"....")}).lived(calls)
    disk.lose(kept, random.Random(1))
    return bytes(disk.certain[FILE])


def test_what_a_flush_has_followed_is_there_and_what_was_written_later_is_lost():
    calls = (write(0, "ab", 1), call("fdatasync", "", 2), write(2, "cd", 3))
    assert left(*calls) == b"ab.."
    assert left(*calls, kept=1.0) == b"abcd"
    assert left(*calls, call("fsync", "", 4)) == b"abcd"


def test_a_write_that_had_not_ended_when_the_flush_began_is_not_flushed():
    assert left(write(0, "ab", 1.95), call("fdatasync", "", 2)) == b"...."


def test_each_file_has_flushes_of_its_own_and_grows():
    other = "/x/house.sqlite3"
    assert left(write(0, "ab", 1), call("fdatasync", "", 2, other), write(0, "zz", 1, other)) == b"...."
    assert left(write(6, "ab", 1), call("fdatasync", "", 2)) == b"....\0\0ab"


def test_what_was_written_is_read_from_the_words_of_a_trace():
    assert cut.written(r'5<x>, "7\177\6\202\0-\342\"\\\n", 10, 4096') == (4096, b'7\x7f\x06\x82\x00-\xe2"\\\n')
    with pytest.raises(AssertionError):
        cut.written('5<x>, "ab"..., 4096, 0')
    with pytest.raises(LeftOut):
        left(call("ftruncate", ", 0", 1))
