"""Names that look alike: the form in which names of organisations are compared. Pure."""

import unicodedata

ONE_WORD = {
    "assoc": "association",
    "assn": "association",
    "asso": "association",
    "ass": "association",
    "asociacion": "association",
    "associacao": "association",
    "associazione": "association",
    "org": "organisation",
    "organization": "organisation",
    "organizacion": "organisation",
    "organizacao": "organisation",
    "intl": "international",
    "int": "international",
    "internationale": "international",
    "internacional": "international",
    "natl": "national",
    "fdn": "foundation",
    "fondation": "foundation",
    "fundacion": "foundation",
    "fundacao": "foundation",
    "stichting": "foundation",
    "ctr": "centre",
    "center": "centre",
    "centro": "centre",
    "cttee": "committee",
    "comite": "committee",
    "fed": "federation",
    "federacion": "federation",
    "inst": "institute",
    "institut": "institute",
    "instituto": "institute",
    "soc": "society",
    "ong": "ngo",
}
"""Spellings of one word in the languages NGOs are registered in."""

_SILENT = (
    "the a an of for and in on de du des la le les l d et pour en e y los las el para da do das dos und der die fur "
    "ngo inc ltd asbl ev gmbh"
)
SILENT = frozenset(_SILENT.split())
"""Words by which no organisation is told from another."""

LONGEST = 250  # characters: the width of its column


UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")  # fillers: letters by their category, and blank
"""Letters that show nothing (Unicode, Default_Ignorable_Code_Point)."""


def can_be_read(name: str) -> bool:
    """Whether there is a letter or a digit to be seen in ``name``."""
    return any(c.isalnum() and c not in UNSEEN for c in name)


def plain(text: str) -> str:
    """``text`` without diacritics, in one case, punctuation as spaces (NFKD; vowel signs that stand for a sound are kept)."""
    letters = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in letters).split())


def same_person(one: str, other: str) -> bool:
    """Whether two names at one mailbox can be the same person's: *Achieng Odera*, *ODERA Achieng*, *A. Odera*.

    The shorter name lies in the longer one, word for word or by initials, and shares a whole word with it.
    """
    shorter, longer = sorted((plain(one).split(), plain(other).split()), key=len)
    left = [word for word in longer if word not in shorter]
    for word in [word for word in shorter if word not in longer]:
        meant = next((full for full in left if (len(word) == 1 and full[0] == word) or full == word[:1]), None)
        if meant is None:
            return False
        left.remove(meant)
    return bool(set(shorter) & set(longer))


def name_key(name: str) -> str:
    """The form in which two names of one organisation are equal: *Assoc. for Peace, Kenya* and *Association Peace Kenya*.

    Never empty for a name that is not: where nothing would remain, the name itself in one case is its key.
    """
    words = [ONE_WORD.get(word, word) for word in plain(name.replace("'", " ").replace("’", " ")).split()]
    kept = [word for word in words if word not in SILENT] or words
    return (" ".join(kept) or " ".join(name.casefold().split()))[:LONGEST]
