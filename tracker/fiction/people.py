"""Made-up names, and numbers that nobody has (555-01xx)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from random import Random

_FIRST = (
    "Ada Alma Ben Carl Clara Dora Edith Ernest Esther Felix Flora Frank Greta Hazel Ida Irma Ivan"
    " Jonas June Karl Leon Lena Lydia Mabel Martin Mina Nell Olga Oscar Otto Paula Pearl Ramon"
    " Rita Ruben Selma Simon Stella Tilda Vera Viola Walter Wilma"
)
_LAST = (
    "Abbott Acosta Barnes Becker Bishop Castro Chang Cole Cruz Dalton Díaz Dunn Ellis Fields Flores"
    " Gibbs Grant Haas Hale Hughes Ibarra Jensen Kim Klein Lam Lowe Marsh Medina Mills Nakamura"
    " Nolan Ortega Paine Patel Quinn Reyes Rhodes Salas Sato Shaw Soto Tate Vance Vega Webb Yates"
)


def names(random: Random) -> Iterator[str]:
    """Give names, no two alike."""
    every = [f"{first} {last}" for first in _FIRST.split() for last in _LAST.split()]
    random.shuffle(every)
    for turn in count(1):
        yield from every if turn == 1 else (f"{name} {turn}" for name in every)


def phone(number: int) -> str:
    """Give one of the hundred numbers that are kept free for stories."""
    return f"+155555501{number % 100:02d}"
