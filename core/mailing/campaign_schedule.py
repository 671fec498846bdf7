"""When a campaign from a file leaves: now, or at a moment of somebody's wall clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.errors import KvizorError
from core.people.preferences import PreferenceError, zone_of
from core.quizzes.problems import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

KEYS = ("at", "zone")


class ScheduleError(KvizorError):
    """A schedule that cannot be read: which key of it, what is wrong, and the remedy."""

    def __init__(self, key: str, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")
        self.key, self.what, self.remedy = key, what, remedy


@dataclass(frozen=True, slots=True)
class Schedule:
    """The moment at which a campaign begins."""

    due_at: datetime


def read_schedule(given: object, zone: ZoneInfo, now: datetime) -> Schedule:
    """Return when to begin; `zone` is the business's, for a time without its own. Raises ScheduleError."""
    if given == "now":
        return Schedule(now)
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise ScheduleError("", "this is no schedule", "write `now`, or `{at: 2026-11-25 12:00}`")
    for key in given:
        if key not in KEYS:
            raise ScheduleError(key, f"unknown key `{key}`", nearest(key, KEYS))
    if "at" not in given:
        raise ScheduleError("", "the moment is missing", "write e.g. `at: 2026-11-25 12:00`")
    return Schedule(_moment(given["at"], _zone(given, zone)))


def _zone(given: Mapping[str, str], zone: ZoneInfo) -> ZoneInfo:
    try:
        return zone_of(given["zone"]) if "zone" in given else zone
    except PreferenceError as error:
        what, _, remedy = str(error).rstrip(".").partition("; ")
        raise ScheduleError("zone", what, remedy) from None


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ScheduleError("at", f"{text!r} is no moment", "write it as 2026-11-25 12:00") from None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).astimezone(UTC)
