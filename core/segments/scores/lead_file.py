"""What the lead score reads from files: events and answers of people (CSV), the scheme of points (JSON)."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from typing import TYPE_CHECKING

from core.clock import day_start, local_day
from core.sales.orders import read_moment
from core.sales.reasons import Reason
from core.sales.text_file import text_lines
from core.segments.scores.lead import EventPoints, Points, PointsError
from core.segments.scores.orders import day_number, day_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from core.segments.scores.reading import Notes

EVENTS = ("customer_id", "timestamp", "event")
ANSWERS = ("customer_id", "question", "answer")


def read_points(path: Path) -> Points:
    """Read a scheme, the fields of Points as JSON; raises PointsError."""
    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"))
        events = {kind: EventPoints(**each) for kind, each in given.pop("events", {}).items()}
        return Points(events=events, **given)
    except OSError as error:
        raise PointsError(f"{path.name} cannot be read: {error.strerror}.") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise PointsError(f"{path.name} is no scheme of points: {error}. docs/scores.md shows one.") from None


def read_events(path: Path, zone: ZoneInfo, as_of: int, notes: Notes) -> dict[str, list[tuple[str, float]]]:
    """Return each person's events until the end of a day, with their age in days; bad lines are noted."""
    end = day_start(day_of(as_of + 1), zone) - timedelta(microseconds=1)
    found: dict[str, list[tuple[str, float]]] = {}
    for line, (who, when, kind) in _rows(path, EVENTS, notes):
        at = read_moment(when, zone, end)
        if isinstance(at, Reason):
            notes.add(f"refused event, {at.text('en')}", [line])
        else:
            found.setdefault(who, []).append((kind, float(as_of - day_number(local_day(at, zone)))))
    return found


def read_answers(path: Path, notes: Notes) -> dict[str, list[tuple[str, str]]]:
    """Return each person's answers, the last to a question; bad lines are noted."""
    found: dict[str, dict[str, str]] = {}
    for _, (who, question, answer) in _rows(path, ANSWERS, notes):
        found.setdefault(who, {})[question] = answer
    return {who: list(each.items()) for who, each in found.items()}


def _rows(path: Path, columns: tuple[str, ...], notes: Notes) -> Iterator[tuple[int, tuple[str, ...]]]:
    with text_lines(path) as lines:
        reader = csv.reader(lines)
        header = [name.strip() for name in next(reader, [])]
        missing = [name for name in columns if name not in header]
        if missing:
            raise PointsError(f"{path.name} has no column {missing[0]}; it needs {', '.join(columns)}.")
        places = [header.index(name) for name in columns]
        for row in reader:
            cells = tuple(row[place].strip() if place < len(row) else "" for place in places)
            if all(cells):
                yield reader.line_num, cells
            elif row:
                notes.add(f"refused, a cell is empty in {path.name}", [reader.line_num])
