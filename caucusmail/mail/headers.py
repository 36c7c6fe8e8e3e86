"""Headers of letters and of announcements to groups: List-* (RFC 2369, 2919, 8058), Auto-Submitted (RFC 3834)."""

from caucusmail import links, settings
from caucusmail.mail.compiled import hole, mailbox
from caucusmail.mail.slots import Slot, line

NOTICES = "notices"
"""Local part of the address that letters (not announcements) come from."""

LEAVE = "leave+"
"""What the local part of an address to leave by begins with; the one-click token follows, letter for letter."""

LONGEST_LIST_ID = 255  # octets


def of_letter() -> dict[str, str]:
    """Of a letter that the house writes to one person: an automatic message, not to be answered by a machine."""
    return {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def of_announcement(slug: str) -> dict[str, str]:
    """Of an announcement in the name of the caucus ``slug``; which list it is on differs from reader to reader.

    One HTTPS address in List-Unsubscribe, so that mail programs take it for one-click (RFC 8058, 3.1); beside it, for those
    that only write mail, one to write to (RFC 2369, 3.2; RFC 6068), where mail does come in.
    """
    return {
        "Reply-To": owner(slug),
        "List-Id": hole(Slot.LIST_ID),
        "List-Help": f"<{links.help_page()}>",
        "List-Subscribe": f"<{links.caucus(slug)}>",
        **of_leaving(),
        "List-Owner": f"<{links.contact(slug)}>",
        "List-Archive": f"<{links.caucus(slug)}>",
        "List-Post": "NO",
        "Precedence": "list",
        "Feedback-ID": hole(Slot.FEEDBACK_ID),
    }


def of_leaving() -> dict[str, str]:
    """The two that one click needs, and all that a discreet announcement has of them: they name no list."""
    by_mail = f",\r\n <mailto:{hole(Slot.LEAVE_BY_MAIL)}?subject=leave>" if settings.current().mail_comes_in else ""
    return {
        "List-Unsubscribe": f"<{hole(Slot.LINK_LEAVE)}>{by_mail}",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def thread(reference: str) -> str:
    """The Message-ID of no letter that all letters about one thing refer to (RFC 5322, 3.6.4): mail programs show them together."""
    return f"<{reference}.about@{settings.current().mail_domain}>"


def list_id(local_part: str, name: str) -> str:
    """The value of List-Id: the group's local part, which never changes, after its ``name`` (RFC 2919)."""
    identifier = f"{local_part}.{settings.current().mail_domain}".lower()
    value = mailbox(line(name), identifier)
    return value if len(value) <= LONGEST_LIST_ID else f"<{identifier}>"


def leave_by_mail(token: str) -> str:
    """The address that leaves what brought the copy of this one-click token, whoever writes to it."""
    return f"{LEAVE}{token}@{settings.current().mail_domain}"


def owner(slug: str) -> str:
    """The role address of a caucus's keepers (RFC 2142)."""
    return f"{slug}-owner@{settings.current().mail_domain}"
