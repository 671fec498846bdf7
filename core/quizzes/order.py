"""The order of a run: groups of questions shuffled or drawn from, options shuffled, all by its seed.

Sorted by a hash, not by a random generator: a run begun before an update of Python keeps its order.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.quizzes.definition import Group, Quiz
    from core.quizzes.questions import AnyQuestion, Optioned

FILE_ORDER = 0  # the seed that shuffles nothing


def ordered(quiz: Quiz, seed: int) -> tuple[AnyQuestion, ...]:
    """Return the questions of a run in their order; of a group with `pick` only so many, by the seed."""
    if not quiz.groups:
        return quiz.questions
    asked: list[AnyQuestion] = []
    for name, together in groupby(quiz.questions, key=lambda question: question.group):
        group, questions = quiz.groups.get(name or ""), tuple(together)
        asked += questions if group is None else _drawn(group, questions, seed, quiz)
    return tuple(asked)


def _drawn(group: Group, questions: tuple[AnyQuestion, ...], seed: int, quiz: Quiz) -> list[AnyQuestion]:
    drawn = sorted(questions, key=lambda question: _chance(seed, question.id))[: group.pick]
    return drawn if group.shuffle else sorted(drawn, key=lambda question: quiz.index[question.id])


def places(question: Optioned, seed: int) -> list[int]:
    """Return the places of the options in the file, in the order in which they are shown."""
    there = range(len(question.options))
    if not question.shuffle:
        return list(there)
    return sorted(there, key=lambda place: _chance(seed, question.id, question.options[place].id))


@lru_cache(maxsize=8192)
def _chance(seed: int, *names: str) -> bytes:
    """Return a number that seed and names decide; with the seed of the file's order always the same one."""
    if seed == FILE_ORDER:
        return b""
    return hashlib.blake2b(f"{seed}:{':'.join(names)}".encode(), digest_size=8).digest()
