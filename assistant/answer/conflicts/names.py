"""Names as they are written: in full, shortened, as initials, or spelt in another way."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.search.terms import STOP_WORDS, words

_ALIKE = 0.8
"""Share of letters in order (Ratcliff and Obershelp 1988) from which two names are spellings of one."""

_SHORTEST_SPELLING = 6
"""A shorter word is spelt in one way: a letter more or less makes another name."""
_LONG_NAME = 9
_SILENT = re.compile(r"h|(?P<letter>.)(?P=letter)")
_PEOPLE = re.compile(r"(?:n|ns|an|ans|ian|ians|ese|i|is)")
_NUMERAL = re.compile(r"(?<=\w )[IVX]+\b(?!\.)")

_PARTICLES = frozenset("de van von al bin der la da".split())
_LONGEST_NAME = 5
_IMPERSONAL = frozenset(
    """new north south east west northern southern eastern western united states kingdom republic empire nations union
    city county state street river lake island islands sea ocean mountain valley beach park university college school
    institute church court party parliament congress senate council committee commission ministry department agency
    office bureau army navy force forces corps police war battle revolution act treaty agreement constitution law bill
    company corporation inc ltd group bank club team league cup championship championships open games olympics
    olympic award awards prize festival series season show network news press times museum center centre hospital
    airport station stadium bridge tower building house world national international federal american british""".split()
)
"""Words of names that are no person's."""
_DAYS_AND_PEOPLES = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday afghan african albanian algerian american
    angolan arabian argentinian armenian asian australian austrian bavarian belgian bolivian bosnian brazilian
    british bulgarian burmese cambodian cameroonian canadian caucasian chilean chinese colombian congolese
    croatian cuban cypriot danish dominican dutch ecuadorian egyptian english estonian ethiopian european
    finnish flemish french georgian german ghanaian greek guatemalan haitian hawaiian honduran hungarian
    icelandic indian indonesian iranian iraqi irish israeli italian jamaican japanese javanese jewish jordanian
    kenyan korean latvian lebanese liberian libyan lithuanian macedonian malaysian maltese mexican mongolian
    moroccan muslim namibian nepalese nicaraguan nigerian norwegian palestinian panamanian paraguayan persian
    peruvian polish portuguese prussian romanian russian rwandan salvadoran scandinavian scottish senegalese
    serbian siberian sicilian singaporean slovakian slovenian somali spanish sudanese swedish swiss syrian
    taiwanese tanzanian thai tibetan tunisian turkish ugandan ukrainian uruguayan venetian venezuelan vietnamese
    welsh zambian zimbabwean""".split()
)


@dataclass(frozen=True, slots=True)
class Name:
    """The words of a name without accents and small words, and its initials with and without those of small words.

    `numeral` tells kings and wars of one name apart: "II".
    """

    parts: tuple[str, ...]
    initials: tuple[str, str]
    numeral: str = ""

    def comparable(self, other: Name) -> bool:
        """Whether both have words to compare."""
        return bool(self.parts and other.parts)

    def agrees(self, other: Name) -> bool:
        """Whether one name is part of the other, its initials, or another spelling of it."""
        if self.numeral and other.numeral and self.numeral != other.numeral:
            return False
        shorter, longer = sorted((self.parts, other.parts), key=len)
        if all(any(_same(part, whole) for whole in longer) for part in shorter):
            return True
        return "".join(self.parts) in other.initials or "".join(other.parts) in self.initials


def name_of(text: str) -> Name:
    """The name that `text` is."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    every = words(plain)
    own = tuple(word for word in every if word not in STOP_WORDS)
    numeral = _NUMERAL.search(plain)
    initials = "".join(word[0] for word in every), "".join(word[0] for word in own)
    return Name(own, initials, numeral.group() if numeral else "")


def may_be_a_person(text: str) -> bool:
    """Whether `text` has the form of a person's full name: capitalised words or initials, at least two."""
    parts = text.split()
    return 2 <= len(parts) <= _LONGEST_NAME and all(map(_may_be_of_a_person, parts))


def is_no_person(text: str) -> bool:
    """Whether `text` is a day or a nationality or language: "Sunday", "Korean"."""
    return text.lower() in _DAYS_AND_PEOPLES


def _may_be_of_a_person(word: str) -> bool:
    if word in _PARTICLES:
        return True
    if word.lower() in _IMPERSONAL or is_no_person(word):
        return False
    return word[0].isupper() and (not word.isupper() or (len(word) == 2 and word.endswith(".")))


def _same(part: str, whole: str) -> bool:
    if len(part) == 1 or len(whole) == 1:
        return part[0] == whole[0]
    if part == whole or _plainly_spelt(part) == _plainly_spelt(whole) or _is_its_people(part, whole):
        return True
    shorter, longer = sorted((len(part), len(whole)))
    if shorter < _SHORTEST_SPELLING or longer - shorter > (1 if shorter < _LONG_NAME else 2):
        return False  # "Maria" is not Mario, nor Austria Australia.
    # The letters alone, which are counted faster, often tell already that two names differ.
    matcher = SequenceMatcher(None, part, whole)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _plainly_spelt(word: str) -> str:
    """The word without what spellings of a name differ in: "sarah" is "sara", "assad" is "asad", "tokyo" is "tokio"."""
    return _SILENT.sub(lambda match: match["letter"] or "", word).replace("y", "i")


def _is_its_people(part: str, whole: str) -> bool:
    """Whether one is a country and the other its people: "korea" and "korean"."""
    shorter, longer = sorted((part, whole), key=len)
    return longer.startswith(shorter) and _PEOPLE.fullmatch(longer, len(shorter)) is not None
