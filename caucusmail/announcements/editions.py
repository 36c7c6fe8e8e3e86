"""Editions: which language version a person reads, and in which language the frame around it speaks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, case, literal

from caucusmail import languages
from caucusmail.accounts.reading import discreetly, first_of, reads
from caucusmail.delivery import discreet, notice


@dataclass(frozen=True)
class Edition:
    """One compiled letter: a language version, and the language of everything around it (dates, labels, footer)."""

    version: str
    frame: str
    instead: bool = False  # in its own frame, but for people who read neither, and are told so
    discreet: bool = False  # it says nothing, and holds back the letter of the edition that is ``plain``
    notice: bool = False  # it says that there is something and where, and holds back the letter likewise

    @property
    def key(self) -> str:
        """Its name in the ledger: ``fr``; ``en+fr`` for the English text in a French frame; ``en+en`` for English in
        place of languages in which there is neither text nor frame."""
        usual = self.frame == languages.offered([self.version]) and not self.instead
        name = self.version if usual else f"{self.version}+{self.frame}"
        name = notice.key(name) if self.notice else name
        return discreet.key(name) if self.discreet else name

    @property
    def plain(self) -> "Edition":
        """The same, saying everything."""
        return replace(self, discreet=False, notice=False)

    @classmethod
    def of(cls, key: str) -> "Edition":
        """The edition with this key."""
        text, _plus, frame = discreet.plain(key).partition("+")
        usual = languages.offered([text])
        return cls(text, frame or usual, frame == usual, discreet.is_discreet(key), notice.is_notice(key))

    @classmethod
    def needed(cls, keys: Iterable[str]) -> "list[Edition]":
        """What is to be compiled for copies with these keys: also what discreet ones and notices hold back."""
        found = [cls.of(key) for key in keys]
        return list(dict.fromkeys(one for edition in found for one in (edition.plain, edition)))

    @classmethod
    def for_reader(cls, chain: Sequence[str], versions: Sequence[str]) -> "Edition":
        """What ``edition`` chooses, for one reader with the languages of ``chain``."""
        text, frame = choose(chain, versions), languages.offered(chain)
        return cls(text, frame, text not in chain and frame == languages.offered([text]))


def version(versions: Sequence[str]) -> ColumnElement[str]:
    """The language version of a person: the first of their languages there is a text in, else the last resort."""
    return first_of(versions, versions[0] if versions else "")


def choose(chain: Sequence[str], versions: Sequence[str]) -> str:
    """What ``version`` chooses, for one reader with the languages of ``chain``."""
    last = "en" if "en" in versions else versions[0]
    return next((language for language in chain if language in versions), last)


def edition(versions: Sequence[str], as_notice: ColumnElement[bool] | None = None) -> ColumnElement[str]:
    """The edition of a person: their version in a frame of the first of their languages that the house speaks, discreet or
    not; a notice where ``as_notice`` says so."""
    return discreetly(noticed(_edition(versions), as_notice))


def noticed(key: ColumnElement[str], as_notice: ColumnElement[bool] | None) -> ColumnElement[str]:
    """``key``, the language of a version, as the ledger calls the notice where ``as_notice`` says that one is wanted."""
    return key if as_notice is None else case((as_notice, key.concat(notice.MARK)), else_=key)


def _edition(versions: Sequence[str]) -> ColumnElement[str]:
    frame = first_of(list(languages.OFFERED), languages.DEFAULT)
    chosen = version(versions)
    if not versions:  # a blank sheet
        return chosen
    pairs = [(text, around) for text in versions for around in languages.OFFERED]
    instead = ((text, around) for text, around in pairs if around == languages.offered([text]))
    return case(
        *(
            ((chosen == text) & (frame == around) & (reads(text) == 0), literal(Edition(text, around, True).key))
            for text, around in instead
        ),
        *(((chosen == text) & (frame == around), literal(Edition(text, around).key)) for text, around in pairs),
        else_=chosen,
    )
