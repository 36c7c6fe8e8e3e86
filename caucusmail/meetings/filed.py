"""The tables of papers: what is known of each, and apart from it the bytes of those that are kept here."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from caucusmail.database import Key, Model


class Paper(Model):
    """A document of a meeting: a link elsewhere, or a PDF that is kept here (``PaperFile``). It stays one when its version is replaced."""

    __tablename__ = "meeting_papers"
    __table_args__ = (
        CheckConstraint("size IS NULL OR size > 0", "a_size_is_a_number_of_bytes"),
        CheckConstraint("sha256 = '' OR length(sha256) = 64", "a_hash_is_whole"),
    )
    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    place: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(16))
    url: Mapped[str] = mapped_column(String(500), default="")  # "": it is kept here
    media_type: Mapped[str] = mapped_column(String(100), default="")  # "": nobody said
    size: Mapped[int | None] = mapped_column(BigInteger)  # bytes; None: nobody said
    sha256: Mapped[str] = mapped_column(String(64), default="")  # hexadecimal; "": nobody said
    revision: Mapped[int] = mapped_column(default=1)  # of two who replace it at once one is told
    attached: Mapped[bool] = mapped_column(
        default=False
    )  # it is sent with the letters that name it, if it is kept here
    since: Mapped[datetime]  # of this version
    removed_at: Mapped[datetime | None]


class PaperFile(Model):
    """The bytes of a paper that is kept here, apart, so that no list reads them."""

    __tablename__ = "paper_files"
    paper_id: Mapped[int] = mapped_column(ForeignKey("meeting_papers.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes]
