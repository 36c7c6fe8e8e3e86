"""The made-up name by which a member is known to the other members of one caucus, and its mailbox."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caucusmail.database import Key, Model
from caucusmail.directory.models import Affiliation


class Pseudonym(Model):
    """Made when it is first chosen or written under, and kept: whoever chooses it again gets it back.

    Nothing in it comes from the person, and no two of one person are alike. Only the person sees name and pseudonym together.
    """

    __tablename__ = "pseudonyms"
    __table_args__ = (UniqueConstraint("caucus_id", "name"),)
    id: Mapped[Key]
    affiliation_id: Mapped[int] = mapped_column(ForeignKey("affiliations.id", ondelete="CASCADE"), unique=True)
    caucus_id: Mapped[int] = mapped_column(ForeignKey("caucuses.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    mailbox: Mapped[str] = mapped_column(String(32), unique=True)  # random; what stands in its address
    reachable: Mapped[bool] = mapped_column(default=True)  # members may write to it
    made_at: Mapped[datetime]
    written_at: Mapped[datetime | None]  # when the person last wrote to another member

    affiliation: Mapped[Affiliation] = relationship()
