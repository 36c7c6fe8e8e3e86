"""The letter that only asks whether it arrives."""

from caucusmail import languages
from caucusmail.mail import rendering
from caucusmail.mail.rendering import Letter

PROBE = "delivery/probe"


def probe(name: str, language: str) -> Letter:
    """Says that letters came back, and that nothing need be done if this one arrived."""
    offered = languages.offered([language])
    with languages.use(offered):
        return rendering.letter(PROBE, offered, name=name)
