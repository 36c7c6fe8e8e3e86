"""own_words(): what somebody wrote themselves in a mail, without what they answered to and without their signature. Pure.

What a mail quotes holds more than its writer means to pass on: addresses, the hour on their clock, links of their own. So
whatever is quoted is left out, with the line that announces it; and all that stands below ``MARK`` or a signature's ``-- ``.
"""

import re

MARK = "##-"
"""What the line holds above which an answer is written."""

_QUOTED = re.compile(r"\s*>")
_FIELD = re.compile(
    r"\s*\*?[^\s:][^:]{0,20}:\*?(\s|$)"
)  # "From: Vega", "*Envoyé :* lundi" and the like above a quotation
_RULE = re.compile(r"\s*(_{5,}|-{3,}.*-{3,})\s*")  # "-----Original Message-----"


def own_words(text: str) -> str:
    """The words of ``text`` that are its writer's own."""
    kept: list[str] = []
    in_quotation = False
    for line in text.splitlines():
        if line.rstrip("\r\n") in ("-- ", "--"):
            break
        if MARK in line and not _QUOTED.match(line):
            _drop_announcement(kept)
            break
        if not _QUOTED.match(line):
            kept.append(line.rstrip())
        elif not in_quotation:
            _drop_announcement(kept)
        in_quotation = bool(_QUOTED.match(line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _drop_announcement(kept: list[str]) -> None:
    """Take the paragraph that announces a quotation off the end: one that ends with a colon, or header fields."""
    while kept and not kept[-1].strip():
        kept.pop()
    start = len(kept)
    while start and kept[start - 1].strip() and len(kept) - start < 8:
        start -= 1
    paragraph = kept[start:]
    if not paragraph:
        return
    fields = all(_FIELD.match(line) or _RULE.fullmatch(line) for line in paragraph)
    if fields or (paragraph[-1].rstrip().endswith((":", "：")) and len(paragraph) <= 3):
        del kept[start:]
        _drop_rule(kept)


def _drop_rule(kept: list[str]) -> None:
    while kept and (not kept[-1].strip() or _RULE.fullmatch(kept[-1])):
        kept.pop()
