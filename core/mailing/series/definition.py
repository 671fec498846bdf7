"""What a series is made of: its start, its steps, its ends."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from core.errors import KvizorError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.mailing.campaigns import Variant

KINDS = ("selling", "regular")
PURPOSES = ("advertising", "service")
STARTS = ("segment", "quiz", "tag", "event", "date", "hand")
AGAIN = ("never", "each", "days")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60


_CALENDAR = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def is_calendar(what: str) -> bool:
    """Whether the date a series starts by is a day of everybody's calendar, `02-23`, and no one's own.

    >>> is_calendar("02-23"), is_calendar("birthday"), is_calendar("02-29")
    (True, False, False)
    """
    return bool(_CALENDAR.fullmatch(what)) and what not in ("02-29", "02-30", "02-31")


class SeriesError(KvizorError):
    """A series cannot be read, kept or moved like this; the message says what to mend."""


class State(StrEnum):
    """How an enrollment stands; all but the first are ends, and each has exactly one."""

    ACTIVE = "active"
    FINISHED = "finished"  # he went through the whole series
    GOAL = "goal"
    RULE = "rule"  # the rule of leaving holds
    OPTED_OUT = "opted_out"  # of letters, of advertising or of the topic
    ARCHIVED = "archived"  # he is written to no more until he comes back
    BLOCKED = "blocked"  # he cannot be written to any more
    BY_HAND = "by_hand"
    MOVED = "moved"  # handed on to another series before the last step


# Why a letter that waited when its enrollment ended was never sent.
REASONS = {
    State.GOAL: "series_goal",
    State.RULE: "series_rule",
    State.OPTED_OUT: "opted_out",
    State.ARCHIVED: "archived",
    State.BLOCKED: "blocked",
    State.BY_HAND: "series_stopped",
    State.MOVED: "series_stopped",
    State.FINISHED: "series_stopped",
}


@dataclass(frozen=True, slots=True)
class Start:
    """What lets a person enter; `days` moves a date: -7 is a week before it."""

    kind: str
    what: str = ""
    result: str | None = None
    days: int = 0


@dataclass(frozen=True, slots=True)
class Delay:
    """When a step is due after the one before: so long after it, then at the given time of the person's day.

    `days` are days of his calendar, `minutes` are exact; `at` is in minutes since midnight; `weekdays` are
    those allowed, Monday 0, none: all.
    """

    days: int = 0
    minutes: int = 0
    at: int | None = None
    weekdays: tuple[int, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return asdict(self) | {"weekdays": list(self.weekdays)}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Delay:
        """Return what JSON kept."""
        return cls(**{**kept, "weekdays": tuple(kept.get("weekdays", ()))})


@dataclass(frozen=True, slots=True)
class Step:
    """One step; which of the last fields it has says its kind."""

    key: str
    kind: str  # letter | tag | series | wait
    delay: Delay = Delay()
    condition: str | None = None
    variants: tuple[Variant, ...] = ()
    letter_key: str | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    target: str | None = None
    until: str | None = None
    days: int = 0

    def detail(self) -> dict[str, Any]:
        """Return what the kind of step needs, as JSON keeps it."""
        match self.kind:
            case "tag":
                return {"add": list(self.add), "remove": list(self.remove)}
            case "series":
                return {"series": self.target}
            case "wait":
                return {"until": self.until, "days": self.days}
        return {}


@dataclass(frozen=True, slots=True)
class Definition:
    """A series as its file says it."""

    name: str
    titles: tuple[str, str]
    kind: str
    purpose: str
    start: Start
    steps: tuple[Step, ...]
    about: tuple[str, str] = ("", "")
    topic: str | None = None
    again: str = "never"
    again_days: int | None = None
    goal: str | None = None
    stop: str | None = None
