"""A QR code (ISO/IEC 18004) as SVG inside the page: made here, so that no secret leaves the house."""

import segno
from markupsafe import Markup


def svg(text: str) -> Markup:
    """``text`` as a square picture, black on white in the dark too."""
    drawn = segno.make(text, error="m", micro=False)
    return Markup(drawn.svg_inline(dark="#000", light="#fff", svgclass="qr", omitsize=True))  # noqa: S704 - segno draws squares only
