"""The A/A self-check: the same letter against itself, many times, must hardly ever have a winner."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any
from zlib import crc32

from sqlalchemy import case, select

from core.db import CHUNK
from core.mailing.experiments.arms import Arm
from core.mailing.experiments.errors import ExperimentError
from core.mailing.experiments.split import edges, place
from core.mailing.experiments.verdict import judge
from core.people.models import Profile
from core.sales.text_file import text_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

MOST_WINNERS = 0.055  # of the splits, plus what chance adds to so few of them
MOST_BROKEN = 0.001
LEAST_PEOPLE = 20


@dataclass(frozen=True, slots=True)
class Checked:
    """How often halves of the same people had a winner, or looked like a broken split."""

    people: int
    successes: int
    times: int
    winners: int
    broken: int

    @property
    def is_sound(self) -> bool:
        """Whether both happened no more often than they may, three standard errors of chance allowed."""
        return _holds(self.winners, self.times, MOST_WINNERS) and _holds(self.broken, self.times, MOST_BROKEN)


def _holds(count: int, times: int, most: float) -> bool:
    return count / times <= most + 3 * sqrt(most * (1 - most) / times)


def check(numbers: Sequence[int] | Any, reached: Sequence[bool] | Any, times: int, salt: str = "") -> Checked:
    """Split these people in halves `times` times, each with a salt of its own, and judge the halves.

    `numbers` are the people's ids, `reached` whether each came to the goal. Raises ExperimentError for too
    few people.
    """
    import numpy as np

    ids, goal = np.asarray(numbers, dtype=np.int64), np.asarray(reached, dtype=bool)
    if len(ids) < LEAST_PEOPLE:
        raise ExperimentError(f"There are {len(ids)} people; a self-check needs at least {LEAST_PEOPLE}.")
    winners = broken = 0
    half = edges([1, 1])[0]
    for turn in range(times):
        first = place(f"self-check:{salt}:{turn}", ids) < half
        count, got = int(first.sum()), int(goal[first].sum())
        if 0 < count < len(ids):
            arms = [Arm(count, got), Arm(len(ids) - count, int(goal.sum()) - got)]
            found = judge(arms, planned=(1, 1))
            winners, broken = winners + (found.winner is not None), broken + (found.outcome == "srm")
    return Checked(len(ids), int(goal.sum()), times, winners, broken)


def people_of_base(session: Session, since: datetime, *, bought: bool = False) -> tuple[Any, Any]:
    """Return the ids of everybody and whether each was seen, or bought, since this moment."""
    import numpy as np

    column = Profile.last_purchase_at if bought else Profile.last_seen_at
    reached = case((column >= since, 1), else_=0)
    query = select(Profile.subscriber_id, reached).execution_options(yield_per=CHUNK)
    ids, goal = array("q"), array("b")
    for number, came in session.execute(query):
        ids.append(number)
        goal.append(came)
    return np.frombuffer(ids, np.int64), np.frombuffer(goal, np.int8)


def read_people(path: Path) -> tuple[list[int], list[bool]]:
    """Read `id,reached` lines of a CSV, reached 0 or 1. Raises ExperimentError naming the line to mend."""
    ids: list[int] = []
    goal: list[bool] = []
    with text_lines(path) as lines:
        next(lines, None)
        for number, line in enumerate(lines, 2):
            if not line.strip():
                continue
            person, _, came = line.replace(";", ",").partition(",")
            if came.strip() not in ("0", "1"):
                raise ExperimentError(f"{path.name}, line {number}: write the person and 0 or 1, e.g. 17,1.")
            ids.append(int(person) if person.strip().isdecimal() else crc32(person.strip().encode()))
            goal.append(came.strip() == "1")
    return ids, goal
