"""Answers about music, by a small calculator of letters and semitones."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from tests.content.answers.kinds import (
    Check,
    ascending,
    facts,
    ranked,
    sequence,
    text,
    true_of,
    value,
)

LETTERS = "CDEFGAB"
WHITE = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
SIGNS = {"": 0, "♯": 1, "♭": -1}
MAJOR = (2, 2, 1, 2, 2, 2, 1)
INTERVALS = {
    "minor second": (2, 1),
    "major second": (2, 2),
    "minor third": (3, 3),
    "major third": (3, 4),
    "perfect fourth": (4, 5),
    "diminished fifth": (5, 6),
    "perfect fifth": (5, 7),
    "minor sixth": (6, 8),
    "major sixth": (6, 9),
    "minor seventh": (7, 10),
    "major seventh": (7, 11),
    "octave": (8, 12),
}
"""Letters, with both ends counted, and semitones of each interval."""

NAMES = {size: name for name, size in INTERVALS.items()}


def pitch(note: str) -> int:
    """Semitones above C, without regard to the octave."""
    return (WHITE[note[0]] + SIGNS[note[1:]]) % 12


def above(note: str, letters: int, semitones: int) -> str:
    """The note so far above, spelled with the letter that the interval asks for."""
    letter = LETTERS[(LETTERS.index(note[0]) + letters - 1) % 7]
    bend = (pitch(note) + semitones - WHITE[letter] + 6) % 12 - 6
    return letter + {size: sign for sign, size in SIGNS.items()}[bend]


def up(note: str, interval: str) -> str:
    return above(note, *INTERVALS[interval])


def between(low: str, high: str) -> str:
    """The name of the interval from the lower note up to the higher one."""
    letters = (LETTERS.index(high[0]) - LETTERS.index(low[0])) % 7 + 1
    return NAMES[letters, semitones(low, high)]


def semitones(low: str, high: str) -> int:
    return (pitch(high) - pitch(low)) % 12


def scale(tonic: str) -> list[str]:
    """The seven notes of a major scale."""
    return [above(tonic, degree + 1, sum(MAJOR[:degree])) for degree in range(7)]


def sharps(tonic: str) -> int:
    return sum(note.endswith("♯") for note in scale(tonic))


def chord(root: str, *intervals: str) -> list[str]:
    return [root, *(up(root, interval) for interval in intervals)]


def stack(root: str, *steps: str) -> list[str]:
    """Notes that lie these intervals above each other."""
    notes = [root]
    for step in steps:
        notes.append(up(notes[-1], step))
    return notes


def pair_distance(choice: str, word: str) -> int:
    low, high = choice.split(f" {word} ")
    return semitones(low, high)


def natural_minor(tonic: str) -> list[str]:
    steps = (0, 2, 3, 5, 7, 8, 10)
    return [above(tonic, degree + 1, size) for degree, size in enumerate(steps)]


def changed(choice: str) -> list[str]:
    """D major after a change such as Lower F♯ to F."""
    _, old, _, new = choice.split()
    return [new if note == old else note for note in chord("D", "major third", "perfect fifth")]


def pattern_of(tonic: str) -> str:
    notes = [*scale(tonic), tonic]
    steps = [semitones(a, b) for a, b in pairwise(notes)]
    return " ".join("W" if step == 2 else "H" for step in steps)


D_MINOR = chord("D", "minor third", "perfect fifth")
TURNED = NAMES[9 - INTERVALS["minor second"][0], 12 - INTERVALS["minor second"][1]]
DIMINISHED = chord("B", "minor third", "diminished fifth")
VALUES = {
    "semiquaver": Fraction(1, 16),
    "quaver": Fraction(1, 8),
    "crotchet": Fraction(1, 4),
    "minim": Fraction(1, 2),
}
DOT = Fraction(3, 2)

CHECKS: dict[str, Check] = {
    "notes_and_scales/steps_in_an_octave": value(sum(MAJOR)),
    "notes_and_scales/no_black_key": true_of(lambda pair: pair_distance(pair, "and") == 1),
    "notes_and_scales/other_name_of_g_sharp": true_of(lambda note: pitch(note) == pitch("G♯")),
    "notes_and_scales/major_pattern": text(pattern_of("C")),
    "notes_and_scales/climb_e_major": sequence(scale("E")[:5]),
    "notes_and_scales/sharp_of_g_major": true_of(lambda note: note in scale("G")),
    "notes_and_scales/sharps_of_d_major": value(sharps("D")),
    "notes_and_scales/relative_of_c_major": true_of(
        lambda key: set(natural_minor(key.removesuffix(" minor"))) == set(scale("C"))
    ),
    "notes_and_scales/keys_by_sharps": ascending(lambda key: sharps(key.removesuffix(" major"))),
    "notes_and_scales/fifth_of_e_flat": text(scale("E♭")[4]),
    "intervals/c_up_to_g": text(between("C", "G").capitalize()),
    "intervals/size_of_a_major_third": value(semitones("C", "E")),
    "intervals/order_of_intervals": ascending(lambda name: INTERVALS[name][1]),
    "intervals/e_up_to_c": text(between("E", "C").capitalize()),
    "intervals/the_tritone": true_of(lambda pair: pair_distance(pair, "to") == 6),
    "intervals/five_fifths": sequence(stack("F", *["perfect fifth"] * 4)),
    "intervals/fourth_above_b_flat": text(up("B♭", "perfect fourth")),
    "intervals/turn_it_over": text(TURNED.capitalize()),
    "intervals/three_fifths_up": text(stack("C", *["perfect fifth"] * 3)[-1]),
    "chords_and_rhythm/c_major_chord": text(", ".join(chord("C", "major third", "perfect fifth"))),
    "chords_and_rhythm/major_into_minor": true_of(lambda choice: changed(choice) == D_MINOR),
    "chords_and_rhythm/order_of_note_values": ranked(
        {
            "semiquaver (sixteenth)": VALUES["semiquaver"],
            "quaver (eighth)": VALUES["quaver"],
            "crotchet (quarter)": VALUES["crotchet"],
            "dotted crotchet": VALUES["crotchet"] * DOT,
            "minim (half)": VALUES["minim"],
        }
    ),
    "chords_and_rhythm/quavers_in_a_bar": value(Fraction(3, 4) / VALUES["quaver"]),
    "chords_and_rhythm/dotted_minim": value(VALUES["minim"] * DOT / VALUES["crotchet"]),
    "chords_and_rhythm/length_of_a_beat": value(Fraction(60, 120)),
    "chords_and_rhythm/diminished_chord": facts(
        {
            "Two minor thirds": stack("B", "minor third", "minor third") == DIMINISHED,
            "Two major thirds": stack("C", "major third", "major third") == DIMINISHED,
            "Minor third, then major third": (
                stack("B", "minor third", "major third") == DIMINISHED
            ),
            "Major third, then minor third": (
                stack("B", "major third", "minor third") == DIMINISHED
            ),
        }
    ),
    "chords_and_rhythm/dominant_seventh": text(
        ", ".join(chord("G", "major third", "perfect fifth", "minor seventh"))
    ),
    "chords_and_rhythm/bars_in_a_song": value(Fraction(2 * 90, 4)),
}
