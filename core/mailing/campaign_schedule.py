"""When a campaign from a file leaves: now, or at a moment of somebody's wall clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.errors import KvizorError
from core.mailing import timing
from core.people.preferences import PreferenceError, zone_of
from core.quizzes.problems import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

KEYS = ("at", "zone", "on", "hour")
OWN = "own"


class ScheduleError(KvizorError):
    """A schedule that cannot be read: which key of it, what is wrong, and the remedy."""

    def __init__(self, key: str, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")
        self.key, self.what, self.remedy = key, what, remedy


@dataclass(frozen=True, slots=True)
class Schedule:
    """The moment at which a campaign begins."""

    due_at: datetime
    last_at: datetime  # after it the file asks for something that is over
    timing: str = timing.MOMENT
    wall_at: str | None = None


def read_schedule(given: object, zone: ZoneInfo, now: datetime) -> Schedule:
    """Return when to begin; `zone` is the business's, for a time without its own. Raises ScheduleError."""
    if given == "now":
        return Schedule(now, now)
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise ScheduleError("", "this is no schedule", "write `now`, or `{at: 2026-11-25 12:00}`")
    for key in given:
        if key not in KEYS:
            raise ScheduleError(key, f"unknown key `{key}`", nearest(key, KEYS))
    if "hour" in given or "on" in given:
        return _best(given)
    if "at" not in given:
        raise ScheduleError("", "the moment is missing", "write e.g. `at: 2026-11-25 12:00`")
    if given.get("zone") == OWN:
        return _personal(timing.LOCAL, _read("at", given["at"]))
    moment = _moment(given["at"], _zone(given, zone))
    return Schedule(moment, moment)


def _best(given: Mapping[str, str]) -> Schedule:
    """Read `{on: 2026-11-25, hour: best}`."""
    if given.get("hour") != "best" or set(given) != {"on", "hour"}:
        raise ScheduleError("", "a best hour has a day", "write `{on: 2026-11-25, hour: best}`")
    day = _read("on", given["on"])
    found = _personal(timing.BEST, day)
    return replace(found, last_at=found.last_at + timing.DAY)


def _personal(kind: str, wall: datetime) -> Schedule:
    if wall.tzinfo is not None:
        raise ScheduleError("at", "each person's own clock has no zone here", "leave +03:00 out")
    last_at = wall.replace(tzinfo=UTC) + timing.LATEST
    return Schedule(timing.begins(wall), last_at, kind, wall.isoformat(timespec="minutes"))


def _read(key: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ScheduleError(key, f"{text!r} is no moment", "write it as 2026-11-25 12:00") from None


def _zone(given: Mapping[str, str], zone: ZoneInfo) -> ZoneInfo:
    try:
        return zone_of(given["zone"]) if "zone" in given else zone
    except PreferenceError as error:
        what, _, remedy = str(error).rstrip(".").partition("; ")
        raise ScheduleError("zone", what, remedy) from None


def _moment(text: str, zone: ZoneInfo) -> datetime:
    moment = _read("at", text)
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).astimezone(UTC)
