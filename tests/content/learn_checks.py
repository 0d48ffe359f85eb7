"""What a machine can see in a lesson, a quiz or a drill; each check lists the faults it finds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from app.learn.content import Choice, IntervalItem, Quantity, RecallCard, RhythmItem, plain
from tests.content import voice
from tests.content.reading import reading_ease
from tests.content.sums import worth

_WORD: Final = re.compile(r"[A-Za-z0-9]+(?:['.,-][A-Za-z0-9]+)*")
_SOURCES: Final = "\n## Sources\n"


def prose(markdown: str) -> str:
    """The text that is read, without its list of sources and without marks."""
    return re.sub(r"[*_`#>|]", " ", markdown.partition(_SOURCES)[0])


def words(text: str) -> int:
    """How many words a text has."""
    return len(_WORD.findall(text))


def length_faults(markdown: str) -> list[str]:
    """A lesson has 350 to 900 words."""
    count = words(prose(markdown))
    return [] if 350 <= count <= 900 else [f"{count} words"]


def duration_faults(markdown: str, minutes: int) -> list[str]:
    """The minutes are those of a reader at 150 to 250 words a minute."""
    count = words(prose(markdown))
    return [] if count / 250 <= minutes <= count / 150 else [f"{count} words, {minutes} minutes"]


def ease_faults(text: str, low: float, high: float = 118) -> list[str]:
    """The text is easy to read, and its sentences are more than fragments."""
    ease = reading_ease(text)
    return [] if low <= ease <= high else [f"reading ease {ease:.0f}"]


def structure_faults(markdown: str) -> list[str]:
    """Opens with a paragraph, has headings of one level, ends with one exercise."""
    headings = re.findall(r"^(#+) (.+)$", markdown, re.MULTILINE)
    titles = [title for _, title in headings if title != "Sources"]
    faults: list[str] = []
    if not re.match(r"[A-Z\"]", markdown):
        faults.append("does not open with a paragraph")
    if any(marks != "##" for marks, _ in headings) or len(titles) < 3:
        faults.append("headings")
    if titles.count("Do it now") != 1 or titles[-1] != "Do it now":
        faults.append("the exercise is not the last part")
    elif not 40 <= words(prose(markdown).partition("Do it now\n")[2]) <= 120:
        faults.append("length of the exercise")
    if markdown != markdown.strip() + "\n":
        faults.append("blank ends")
    return faults


def source_faults(markdown: str) -> list[str]:
    """Every source is cited in the text, and every year in brackets has its source."""
    text, _, listed = markdown.partition(_SOURCES)
    lines = [line for line in listed.splitlines() if line]
    sources = re.findall(r"^- ([^(\n]+) \((\d{4})\), \*[^*\n]+\*\.$", listed, re.MULTILINE)
    faults = ["a source lacks its authors, year or title"] * (len(lines) - len(sources))
    if [year for _, year in sources] != sorted(year for _, year in sources):
        faults.append("sources are not in the order of their years")
    cited = [
        (paragraph, inside, year)
        for paragraph in text.split("\n")
        for inside, year in re.findall(r"\((?:([^()]+), )?(\d{4})\)", paragraph)
    ]

    def meets(authors: str, inside: str, paragraph: str) -> bool:
        # Brackets name the authors as the list does, or the sentence around them names the first.
        return inside == authors if inside else re.split(r",| and ", authors)[0] in paragraph

    for authors, year in sources:
        if not any(y == year and meets(authors, inside, p) for p, inside, y in cited):
            faults.append(f"not cited: {authors} {year}")
    for paragraph, inside, year in cited:
        if not any(y == year and meets(authors, inside, paragraph) for authors, y in sources):
            faults.append(f"no source: {inside} {year}")
    return faults


_SIGNS: Final = str.maketrans(
    dict.fromkeys("£÷éÜü°_\N{MULTIPLICATION SIGN}\N{MINUS SIGN}", "0") | dict.fromkeys("*`", None)
)
"""Characters that names, sums and gaps need; for the voice they are like digits."""


def voice_faults(text: str) -> list[str]:
    """What is not the house's voice, line by line; titles in italics are not our words."""
    faults: list[str] = []
    for line in re.sub(r"\*[A-Z][^*\n]*\*", "It", text).splitlines():
        if not line or line.startswith(("#", "|")):
            continue
        words_of_line = re.sub(r"^(?:-|\d\.) ", "", line).translate(_SIGNS)
        # A part of a list may be less than a sentence, and a line may lead up to a list.
        told = words_of_line[0].upper() + words_of_line[1:].removesuffix(":")
        faults += voice.problems(told if told.endswith((".", "?", '."', '?"')) else f"{told}.")
    return [fault for fault in faults if fault != "ends without a full stop"]


# Numbers.


def working_faults(working: str, answer: Decimal, tolerance: Decimal) -> list[str]:
    """The working leads to the answer, exactly, or to within a tolerance."""
    off = abs(worth(working) - Fraction(answer))
    return [] if off <= Fraction(tolerance) else [f"{working} is not {answer}"]


_NUMBER: Final = r"[£]?\d[\d,]*(?:\.\d+)?(?: (?:m|kg|hours|beats|minutes))?"
_SPOKEN: Final = re.compile(
    rf"({_NUMBER}(?: (?:times|plus|less|divided by) {_NUMBER})+) (?:is|make) (about )?({_NUMBER})"
)
_TERM: Final = r"[\d(](?:[\d\s()+\u00d7\u00f7\u2212.,]*[\d)])?"
_WRITTEN: Final = re.compile(rf"{_TERM}(?: = {_TERM})+")
_CODE: Final = {
    "times": "*",
    "plus": "+",
    "less": "-",
    "divided by": "/",
    "\N{MULTIPLICATION SIGN}": "*",
    "÷": "/",
    "\N{MINUS SIGN}": "-",
}


def _sum_of(text: str) -> Fraction:
    for sign, code in _CODE.items():
        text = text.replace(sign, code)
    return worth(re.sub(r"[£,a-z]", "", text).strip(" ."))


def spoken_sums(text: str) -> list[tuple[str, bool]]:
    """The sums that a text spells out, such as "22 times 4 is 88", and whether each is right."""
    found: list[tuple[str, bool]] = []
    for match in _SPOKEN.finditer(text):
        left, right = _sum_of(match[1]), _sum_of(match[3])
        near = Fraction(1, 200) * right if match[2] else 0
        found.append((match[0], abs(left - right) <= near))
    for match in _WRITTEN.finditer(text):
        parts = [_sum_of(part) for part in match[0].split("=")]
        found.append((match[0], len(set(parts)) == 1))
    return found


def quantity_faults(quantity: Quantity) -> list[str]:
    """The explanation names the answer."""
    return [] if f"{quantity.answer:,}" in quantity.explanation else [f"no {quantity.answer:,}"]


# Questions.


def spread(choices: Iterable[Choice]) -> dict[int, float]:
    """Where the solutions of the questions with four choices stand: the share of each place."""
    places = Counter(choice.solution_index for choice in choices if len(choice.choices) == 4)
    return {place: places[place] / max(1, places.total()) for place in range(4)}


def spread_faults(choices: Iterable[Choice]) -> list[str]:
    """No place of a solution is a good guess: each has 15 to 40 per cent."""
    return [f"{p}: {share:.0%}" for p, share in spread(choices).items() if not 0.15 <= share <= 0.4]


def longest_share(choices: Sequence[Choice]) -> float:
    """The share of questions whose solution is longer than every other choice."""
    longer = 0
    for choice in choices:
        lengths = [len(text) for text in choice.choices]
        mine = lengths.pop(choice.solution_index)
        longer += mine > max(lengths)
    return longer / len(choices)


def giveaway_faults(choice: Choice) -> list[str]:
    """The solution does not stand out by its length; short labels are told apart by sense."""
    lengths = [len(text) for text in choice.choices]
    mine = lengths.pop(choice.solution_index)
    stands_out = mine > 1.4 * max(lengths) or mine < 0.5 * min(lengths)
    return ["the solution stands out"] if stands_out and max(mine, *lengths) > 24 else []


def repeated(texts: Iterable[str]) -> list[str]:
    """Texts that come more than once, when case and punctuation do not count."""
    counts = Counter(plain(text) for text in texts)
    return [text for text, count in counts.items() if count > 1]


def card_faults(card: RecallCard) -> list[str]:
    """The front does not tell the back, and every back is one of its own."""
    front = f" {plain(card.prompt)} "
    backs = [plain(text) for text in card.accepted]
    told = [back for back in backs if f" {back} " in front]
    return told + [back for back, count in Counter(backs).items() if count > 1 or not back]


# Music.

_STEPS: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_INTERVALS: Final = {
    (1, 1): "minor second",
    (1, 2): "major second",
    (2, 3): "minor third",
    (2, 4): "major third",
    (3, 5): "perfect fourth",
    (3, 6): "tritone",
    (4, 6): "tritone",
    (4, 7): "perfect fifth",
    (5, 8): "minor sixth",
    (5, 9): "major sixth",
    (6, 10): "minor seventh",
    (6, 11): "major seventh",
    (7, 12): "octave",
}


def _pitch(note: str) -> tuple[int, int]:
    """Steps of the letters and semitones, both counted from C0."""
    octave = int(note[-1])
    sign = note.count("#") - note[1:].count("b")
    return 7 * octave + "CDEFGAB".index(note[0]), 12 * octave + _STEPS[note[0]] + sign


def interval(notes: tuple[str, str]) -> str:
    """The name of the distance between two pitches."""
    (low_letter, low), (high_letter, high) = sorted(map(_pitch, notes), key=lambda pitch: pitch[1])
    return _INTERVALS[high_letter - low_letter, high - low]


def interval_faults(item: IntervalItem) -> list[str]:
    """The solution is the interval, the prompt names the notes and the direction."""
    faults: list[str] = []
    if item.choices[item.solution_index] != interval(item.notes):
        faults.append(f"{item.notes} is a {interval(item.notes)}")
    if not set(item.choices) <= set(_INTERVALS.values()):
        faults.append("a choice is no interval")
    way = "above" if _pitch(item.notes[0])[1] < _pitch(item.notes[1])[1] else "below"
    names = [n[:-1].replace("b", " flat").replace("#", " sharp") for n in item.notes]
    if not re.fullmatch(rf"{names[0]}, then the (next )?{names[1]} {way} it", item.prompt):
        faults.append(f"the prompt does not say {names} {way}")
    return faults


def count_of(metre: str, pattern: Sequence[str]) -> str:
    """How a bar is counted: every count, in brackets where no note begins, and each "and"."""
    counts, unit = map(int, metre.split("/"))
    onsets: set[Fraction] = set()
    place = Fraction(0)
    for note in pattern:
        if not note.startswith("r"):
            onsets.add(place * unit)
        place += Fraction(note.removeprefix("r"))
    if any(onset.denominator > 2 for onset in onsets):
        raise ValueError("a note begins between the counts that have names")
    spoken: list[str] = []
    for count in range(counts):
        spoken.append(str(count + 1) if Fraction(count) in onsets else f"({count + 1})")
        if count + Fraction(1, 2) in onsets:
            spoken.append("and")
    return " ".join(spoken)


def rhythm_faults(item: RhythmItem) -> list[str]:
    """The solution is the count of the bar, and the other choices count all its beats."""
    right = count_of(item.metre, item.pattern)
    faults = [] if item.choices[item.solution_index] == right else [f"{item.id} is {right}"]
    beats = re.findall(r"\d", right)
    return faults + [text for text in item.choices if re.findall(r"\d", text) != beats]
