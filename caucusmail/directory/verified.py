"""What an organisation's verification was, in plain values for the journal; and put back as it was."""

from datetime import datetime
from typing import TypedDict

from caucusmail.accounts import queries as accounts
from caucusmail.directory.models import Ngo, NgoState


class Verified(TypedDict):
    """On what an organisation's membership rested at a moment."""

    state: str
    expires_at: str | None  # ISO 8601, as is the next
    verified_at: str | None
    verified_by: int | None
    how: str


def noted(ngo: Ngo) -> Verified:
    """How it is now."""
    return Verified(
        state=ngo.state.value,
        expires_at=ngo.expires_at.isoformat() if ngo.expires_at else None,
        verified_at=ngo.verified_at.isoformat() if ngo.verified_at else None,
        verified_by=ngo.verified_by_id,
        how=ngo.how_verified,
    )


def put_back(ngo: Ngo, was: Verified) -> None:
    """Make it as it was; who verified it is forgotten if that person was erased since."""
    by = was["verified_by"]
    ngo.state = NgoState(was["state"])
    ngo.expires_at = datetime.fromisoformat(was["expires_at"]) if was["expires_at"] else None
    ngo.verified_at = datetime.fromisoformat(was["verified_at"]) if was["verified_at"] else None
    ngo.verified_by_id = by if by is not None and accounts.person(by) is not None else None
    ngo.how_verified = was["how"]
