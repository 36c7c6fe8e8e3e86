"""Headers of letters and of announcements to groups: List-* (RFC 2369, 2919, 8058), Auto-Submitted (RFC 3834)."""

from caucusmail import links, settings
from caucusmail.mail.compiled import hole, mailbox
from caucusmail.mail.slots import Slot, line

NOTICES = "notices"
"""Local part of the address that letters (not announcements) come from."""

LONGEST_LIST_ID = 255  # octets


def of_letter() -> dict[str, str]:
    """Of a letter that the house writes to one person: an automatic message, not to be answered by a machine."""
    return {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def of_announcement(slug: str) -> dict[str, str]:
    """Of an announcement in the name of the caucus ``slug``; which list it is on differs from reader to reader.

    One HTTPS address and nothing else in List-Unsubscribe, so that mail programs take it for one-click (RFC 8058, 3.1).
    """
    return {
        "Reply-To": owner(slug),
        "List-Id": hole(Slot.LIST_ID),
        "List-Help": f"<{links.help_page()}>",
        "List-Subscribe": f"<{links.caucus(slug)}>",
        "List-Unsubscribe": f"<{hole(Slot.LINK_LEAVE)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Owner": f"<{links.contact(slug)}>",
        "List-Archive": f"<{links.caucus(slug)}>",
        "List-Post": "NO",
        "Precedence": "list",
        "Feedback-ID": hole(Slot.FEEDBACK_ID),
    }


def list_id(local_part: str, name: str) -> str:
    """The value of List-Id: the group's local part, which never changes, after its ``name`` (RFC 2919)."""
    identifier = f"{local_part}.{settings.current().mail_domain}".lower()
    value = mailbox(line(name), identifier)
    return value if len(value) <= LONGEST_LIST_ID else f"<{identifier}>"


def owner(slug: str) -> str:
    """The role address of a caucus's keepers (RFC 2142)."""
    return f"{slug}-owner@{settings.current().mail_domain}"
