"""Finds the equations that texts state, such as 3 + 4 = 7, and works them out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fractions import Fraction

_SIGNS = str.maketrans({"×": "*", "÷": "/", "\N{MINUS SIGN}": "-", "£": None, "€": None})  # noqa: RUF001
_AMOUNT = r"\d+(?:\.\d+)?"
_TERM = rf"(?:{_AMOUNT} {_AMOUNT}/{_AMOUNT}|{_AMOUNT}(?:/{_AMOUNT})?|\([\d.+\-*/ ]+\))"
_SUM = rf"{_TERM}(?: [-+*/] {_TERM})+"
_BEFORE = r"(?<![\w.^%)√⁰¹²³⁴-⁹⁻/])(?<![-+*/=] )(?<!- )"
_AFTER = r"(?![\w⁰¹²³⁴-⁹⁻/(%]|\.\d| [-+*/=] )"
_FORWARD = re.compile(rf"{_BEFORE}(?P<sum>{_SUM}) = (?P<total>{_TERM}){_AFTER}")
_BACKWARD = re.compile(rf"{_BEFORE}(?P<total>{_TERM}) = (?P<sum>{_SUM}){_AFTER}")
_MIXED = re.compile(r"(\d+) (\d+/\d+)")


def equations(text: str) -> Iterator[tuple[str, bool]]:
    """Each equation between plain numbers, and whether it holds."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", text.translate(_SIGNS))
    for pattern in (_FORWARD, _BACKWARD):
        for found in pattern.finditer(plain):
            yield found[0], worth(found["sum"]) == worth(found["total"])


def worth(expression: str) -> Fraction:
    """What a sum of plain numbers comes to, exactly."""
    return _worth(ast.parse(_MIXED.sub(r"(\1 + \2)", expression), mode="eval").body)


def _worth(node: ast.expr) -> Fraction:
    if isinstance(node, ast.Constant):
        # The repr of a decimal is as it was written; the float itself is not quite.
        return Fraction(repr(node.value))
    assert isinstance(node, ast.BinOp)
    left, right = _worth(node.left), _worth(node.right)
    match node.op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case _:
            return left / right
