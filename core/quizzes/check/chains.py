"""Quizzes that go on with one another: the next one has to exist, and nobody may walk in a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.quizzes.problems import Fault, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from core.quizzes.definition import Quiz


def chain_faults(quizzes: Mapping[str, Quiz], others: Collection[str] = ()) -> Iterator[tuple[str, Fault]]:
    """Yield the quiz and what is wrong with its `next`; `others` are quizzes known by id only."""
    known = [*quizzes, *others]
    for name, quiz in quizzes.items():
        for place, result in enumerate(quiz.results):
            if result.next is None:
                continue
            path = ("results", place, "next")
            if result.next not in known:
                yield name, Fault(path, f"there is no quiz `{result.next}`", nearest(result.next, known))
                continue
            circle = _circle(quizzes, name, result.next)
            if circle:
                what = f"the quizzes go round in a circle: {' → '.join(circle)}"
                yield name, Fault(path, what, "let one of them end without `next`")


def _circle(quizzes: Mapping[str, Quiz], start: str, first: str) -> list[str]:
    """Return the way from a quiz back to itself that begins with `first`; nothing where there is none."""
    trail: dict[str, str] = {first: start}
    ahead = [first]
    while ahead:
        name = ahead.pop()
        if name == start:
            return _way(trail, start)
        for result in quizzes[name].results if name in quizzes else ():
            after = result.next
            if after is not None and after not in trail:
                trail[after] = name
                ahead.append(after)
    return []


def _way(trail: Mapping[str, str], start: str) -> list[str]:
    way = [start]
    name = trail[start]
    while name != start:
        way.append(name)
        name = trail[name]
    return [start, *reversed(way[1:]), start]
