"""A table of experiments as plain numbers: read line by line, each judged by itself."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.mailing.experiments.arms import Arm
from core.mailing.experiments.errors import ExperimentError
from core.mailing.experiments.verdict import judge
from core.sales.text_file import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from core.mailing.experiments.verdict import Verdict

NEEDED = ("case", "n_a", "x_a", "n_b", "x_b")
PLANNED = ("planned_a", "planned_b")
HEADER = ("case", "p_value", "decision", "ci_lo", "ci_hi")
MOST_TOLD = 20  # mistakes named in one message


@dataclass(frozen=True, slots=True)
class Case:
    """A line of the table; `verdict` is None where a part has nobody in it yet."""

    name: str
    verdict: Verdict | None

    def cells(self) -> tuple[str, ...]:
        """Return the line of the answer: HEADER. The interval is of B − A, as shares."""
        if self.verdict is None:
            return self.name, "", "none", "", ""
        pair = self.verdict.pairs[0]
        numbers = (f"{pair.test.p:.6g}", f"{pair.low:.6f}", f"{pair.high:.6f}")
        return self.name, numbers[0], self.verdict.decision, *numbers[1:]


def read_cases(path: Path, looks: Sequence[float], alpha: float) -> list[Case]:
    """Judge every line. Raises ExperimentError that names each line and column to mend."""
    with text_lines(path) as lines:
        header = next(lines, "")
        separator = max(",;\t", key=header.count)
        titles = [title.strip().casefold() for title in next(csv.reader([header], delimiter=separator), [])]
        missing = [name for name in NEEDED if name not in titles]
        if missing:
            raise ExperimentError(
                f"{path.name}, line 1: no column {', '.join(missing)}; the columns are {', '.join(NEEDED)}"
                f" and, to check the split, {', '.join(PLANNED)}."
            )
        return _judged(_rows(lines, separator, titles), path.name, looks, alpha)


def _rows(lines: Iterator[str], separator: str, titles: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(lines, delimiter=separator)
    for row in reader:
        if any(cell.strip() for cell in row):
            yield reader.line_num + 1, dict(zip(titles, map(str.strip, row), strict=False))


def _judged(
    rows: Iterator[tuple[int, dict[str, str]]], name: str, looks: Sequence[float], alpha: float
) -> list[Case]:
    found: list[Case] = []
    wrong: list[str] = []
    for number, row in rows:
        try:
            found.append(_case(row, looks, alpha))
        except ExperimentError as error:
            wrong.append(f"{name}, line {number}: {error}")
    if wrong:
        more = [f"… and {len(wrong) - MOST_TOLD} lines more."] if len(wrong) > MOST_TOLD else []
        raise ExperimentError("\n".join([*wrong[:MOST_TOLD], *more]))
    return found


def _case(row: Mapping[str, str], looks: Sequence[float], alpha: float) -> Case:
    arms = [Arm(_whole(row, f"n_{part}"), _whole(row, f"x_{part}")) for part in "ab"]
    given = [row.get(column, "") for column in PLANNED]
    planned = [_share(row, column) for column in PLANNED] if any(given) else None
    if any(arm.people == 0 and arm.successes == 0 for arm in arms):
        return Case(row["case"], None)
    return Case(row["case"], judge(arms, planned=planned, looks=looks, alpha=alpha))


def _whole(row: Mapping[str, str], column: str) -> int:
    given = row.get(column, "")
    try:
        return int(given)
    except ValueError:
        raise ExperimentError(f"{column} is {given!r}; write a whole number.") from None


def _share(row: Mapping[str, str], column: str) -> float:
    given = row.get(column, "")
    try:
        return float(given)
    except ValueError:
        raise ExperimentError(f"{column} is {given!r}; write the planned share, e.g. 50.") from None
