"""Answers about Python: programs are run, and where lines are to be ordered, every order is."""

from __future__ import annotations

import contextlib
import io
from fractions import Fraction
from itertools import permutations

from tests.content.answers.kinds import Check, Number, ascending
from tests.content.learning import Question


def output_of(source: str) -> str:
    """What a program prints, in one line, or which error it raises."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(source, "snippet", "exec"), {})
    except Exception as error:
        name = type(error).__name__
        return f"{'An' if name[0] in 'AEIOU' else 'A'} {name}"
    return " ".join(printed.getvalue().split())


def printed(question: Question) -> list[str]:
    """The right choice is what the program in the prompt prints, and no other choice is."""
    assert question.code, question.name
    output = output_of(question.code)
    problems = [
        f"{text!r} reads the same" for text in question.wrong if text.split() == output.split()
    ]
    if question.right.split() != output.split():
        problems.append(f"{question.right!r}, but it prints {output!r}")
    return problems


def words_printed(question: Question) -> list[str]:
    """The steps are the words that the program in the prompt prints, each once."""
    words = output_of(question.code).split()
    problems = [] if question.steps == words else [f"it prints {words}"]
    return problems + [f"{word} comes twice" for word in set(words) if words.count(word) > 1]


def prints(output: str) -> Check:
    """The prompt asks for this output, and no order of the lines but the right one prints it."""

    def check(question: Question) -> list[str]:
        problems = [] if output in question.prompt else [f"the prompt does not ask for {output}"]
        for lines in permutations(question.steps):
            says = output_of("\n".join(lines))
            if (list(lines) == question.steps) != (says == output):
                problems.append(f"{lines} print {says!r}")
        return problems

    return check


def worth(expression: str) -> Number:
    return Fraction(eval(expression, {}))


CHECKS: dict[str, Check] = {
    "values_and_types/whole_division": printed,
    "values_and_types/text_times_number": printed,
    "values_and_types/text_plus_number": printed,
    "values_and_types/slice_of_a_word": printed,
    "values_and_types/text_to_number_and_back": prints("5"),
    "values_and_types/decimal_sum": printed,
    "values_and_types/negative_whole_division": printed,
    "values_and_types/division_makes_floats": printed,
    "values_and_types/order_of_expressions": ascending(worth),
    "values_and_types/truth_of_a_text": printed,
    "lists_and_dictionaries/index_from_the_end": printed,
    "lists_and_dictionaries/two_names_one_list": printed,
    "lists_and_dictionaries/grow_a_list": prints("[1, 2, 1, 2, 3]"),
    "lists_and_dictionaries/sort_gives_none": printed,
    "lists_and_dictionaries/sorted_makes_a_copy": printed,
    "lists_and_dictionaries/dictionary_with_default": printed,
    "lists_and_dictionaries/swap_with_a_spare": prints("7 3"),
    "lists_and_dictionaries/keys_are_unique": printed,
    "lists_and_dictionaries/sets_forget_repeats": printed,
    "lists_and_dictionaries/tuples_stay": printed,
    "lists_and_dictionaries/count_letters": prints("2"),
    "loops_and_conditions/range_stops_early": printed,
    "loops_and_conditions/first_match_wins": printed,
    "loops_and_conditions/break_ends_the_loop": printed,
    "loops_and_conditions/continue_skips": printed,
    "loops_and_conditions/find_the_largest": prints("9"),
    "loops_and_conditions/halving_rounds": printed,
    "loops_and_conditions/or_picks_a_value": printed,
    "loops_and_conditions/chained_comparison": printed,
    "loops_and_conditions/three_branches": prints("both three none"),
    "loops_and_conditions/loop_in_a_loop": printed,
    "functions/forgotten_return": printed,
    "functions/return_ends_the_call": printed,
    "functions/define_then_use": prints("12"),
    "functions/names_stay_inside": printed,
    "functions/count_up_inside": printed,
    "functions/arguments_by_name": printed,
    "functions/order_of_output": words_printed,
    "functions/star_collects": printed,
    "functions/calls_itself": printed,
    "functions/countdown": prints("2 1 go"),
    "functions/default_list_is_shared": printed,
}
