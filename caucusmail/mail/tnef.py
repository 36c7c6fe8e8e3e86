"""What kind of message an Outlook has packed into ``winmail.dat`` (MS-OXTNEF). Pure: never fails.

Its calendar stands in properties of its own, and no iCalendar beside them; but a reply to an invitation says by its message
class alone what is answered. Nothing else is read.
"""

import struct

KINDS = ("application/ms-tnef", "application/vnd.ms-tnef")
SIGNATURE = b"\x78\x9f\x3e\x22"  # MS-OXTNEF, 2.1.3.1
MESSAGE_CLASS = 0x00078008  # attMessageClass: MS-OXTNEF, 2.1.3.3
MOST_ATTRIBUTES = 20  # it is the third of them
LONGEST_CLASS = 128  # octets

_ATTRIBUTE = struct.Struct("<BII")  # level, name and type, length; then the value and a checksum
_CHECKSUM = 2

PARTSTATS = {
    "ipm.microsoft schedule.mtgrespp": "ACCEPTED",
    "ipm.microsoft schedule.mtgrespn": "DECLINED",
    "ipm.microsoft schedule.mtgrespa": "TENTATIVE",
    "ipm.schedule.meeting.resp.pos": "ACCEPTED",
    "ipm.schedule.meeting.resp.neg": "DECLINED",
    "ipm.schedule.meeting.resp.tent": "TENTATIVE",
}
"""As they go through the mail, and as Outlook shows them (MS-OXTNEF, 2.1.3.3.2; MS-OXOCAL, 2.2.6.1)."""


def partstat(octets: bytes) -> str:
    """What a reply to an invitation answers (RFC 5545, 3.2.12), or "" if it is none."""
    return PARTSTATS.get(message_class(octets).lower(), "")


def message_class(octets: bytes) -> str:
    """``IPM.Note`` and the like, or ""."""
    if not octets.startswith(SIGNATURE):
        return ""
    place = len(SIGNATURE) + 2  # a key that says nothing
    for _number in range(MOST_ATTRIBUTES):
        if place + _ATTRIBUTE.size > len(octets):
            break
        _level, name, length = _ATTRIBUTE.unpack_from(octets, place)
        place += _ATTRIBUTE.size
        if name == MESSAGE_CLASS:
            return octets[place : place + min(length, LONGEST_CLASS)].split(b"\0")[0].decode("latin-1").strip()
        place += length + _CHECKSUM
    return ""
