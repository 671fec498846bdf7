"""The oracle: the meaning of rules for one person, from raw facts, in plain Python.

It shares no code with core.segments: a rule is a nested tuple here, `written` spells it as an owner would and
`holds` says whether it is true of a person, straight from design.md §4.
"""

from __future__ import annotations

import operator
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Rule = tuple[Any, ...]
OPERATORS = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
HOURS = {"hour": 1, "day": 24, "week": 168}
MARKS = {
    "blocked": "blocked_at",
    "opted_out": "opted_out_at",
    "data_consent": "data_consent_at",
    "advertising_consent": "advertising_consent_at",
}


@dataclass
class Walk:
    """One walk through a quiz."""

    quiz: str
    started_at: datetime
    finished_at: datetime | None = None
    result: str | None = None
    is_trial: bool = False


@dataclass
class Person:
    """Everything that happened to one person, as facts."""

    number: int = 0
    status: str = "active"
    source: str | None = None
    language: str = "ru"
    is_premium: bool = False
    joined_at: datetime | None = None
    last_seen_at: datetime | None = None
    blocked_at: datetime | None = None
    opted_out_at: datetime | None = None
    data_consent_at: datetime | None = None
    advertising_consent_at: datetime | None = None
    unanswered: int = 0
    letters: int = 0
    purchases: list[tuple[datetime, int | None]] = field(default_factory=list)  # minor units, None: no rate
    goods: list[tuple[str, str]] = field(default_factory=list)  # (product, category) of each purchase
    attributes: dict[str, str | float | date | datetime] = field(default_factory=dict)
    answers: dict[tuple[str, str], list[str | float]] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)  # topics
    events: list[tuple[str, datetime]] = field(default_factory=list)
    reactions: list[tuple[str, str, datetime]] = field(default_factory=list)  # act, of what, when
    walks: list[Walk] = field(default_factory=list)
    brought: list[datetime] = field(default_factory=list)  # when the people he brought came
    scores: dict[str, Any] = field(default_factory=dict)  # as they are stored; money in minor units
    stays: dict[str, datetime] = field(default_factory=dict)  # segment → entered
    gone: dict[str, datetime] = field(default_factory=dict)  # segment → left last

    @property
    def bought(self) -> list[tuple[datetime, int | None]]:
        """The purchases that are no refunds."""
        return [(at, amount) for at, amount in self.purchases if amount is None or amount >= 0]

    def column(self, name: str) -> Any:
        """Return a value by the field's name in rules."""
        moments = [at for at, _ in self.bought]
        derived = {
            "premium": "yes" if self.is_premium else "no",
            "joined": self.joined_at,
            "last_seen": self.last_seen_at,
            "purchases": len(self.bought),
            "spent": sum(amount or 0 for _, amount in self.purchases) / 100,
            "first_purchase": min(moments, default=None),
            "last_purchase": max(moments, default=None),
            "referrals": len(self.brought),
            "lifecycle": self.scores.get("lifecycle") if self.bought else "prospect",
            "clv": self.scores["clv"] / 100 if self.scores.get("clv") is not None else None,
            "base_kind": self.base_kind(),
            "funnel_stage": self.funnel_stage(),
        }
        if name in MARKS:
            return "yes" if getattr(self, MARKS[name]) else "no"
        if name in derived:
            return derived[name]
        return getattr(self, name) if hasattr(self, name) else self.scores.get(name)

    def base_kind(self) -> str:
        """Return what the person is to the business."""
        if self.bought:
            return "former" if self.scores.get("lifecycle") == "lapsed" else "customer"
        is_finished = any(walk.finished_at and not walk.is_trial for walk in self.walks)
        return "prospect" if is_finished or (self.scores.get("lead") or 0) >= 50 else "reader"

    def funnel_stage(self) -> str | None:
        """Return the furthest stage the person came to."""
        own = [walk for walk in self.walks if not walk.is_trial]
        reached = {
            "came": self.joined_at,
            "agreed": self.data_consent_at,
            "quiz_started": own,
            "quiz_finished": [walk for walk in own if walk.finished_at],
            "buyer": self.bought,
            "repeat": self.bought[1:],
        }
        return next((stage for stage in reversed(reached) if reached[stage]), None)

    def age(self, today: date, zone: ZoneInfo) -> float | None:
        """Return the age that was said, or the birthdays had since the day of birth."""
        said, born = self.attributes.get("age"), self.attributes.get("birthday")
        if isinstance(said, int | float):
            return said
        if isinstance(born, datetime):
            born = born.astimezone(zone).date()
        if not isinstance(born, date) or born > today:
            return None
        birthdays = (_in_year(born, year) for year in range(born.year + 1, today.year + 1))
        return sum(day <= today for day in birthdays)


def _in_year(day: date, year: int) -> date:
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, day.month, 28 if (day.month, day.day) == (2, 29) and not is_leap else day.day)


def folded(text: str) -> str:
    """Spellings that are one to a reader."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("ё", "е").split())


# -- how an owner writes it --------------------------------------------------------------------------


def written(rule: Rule) -> str:  # noqa: C901 - one line a form
    """Spell a rule, with more parentheses than needed."""
    match rule:
        case ("and" | "or" as word, *parts):
            return f" {word} ".join(f"({written(part)})" for part in parts)
        case ("not", part):
            return f"not ({written(part)})"
        case ("compare", target, sign, value):
            return f"{target} {sign} {_value(value)}"
        case ("in" | "not in" as word, target, values):
            return f"{target} {word} ({', '.join(map(_value, values))})"
        case ("known", target):
            return f"{target} is known"
        case ("unknown", target):
            return f"{target} is unknown"
        case ("ago", target, count, unit):
            return f"{target} more than {count} {unit}s ago"
        case ("within", target, count, unit):
            return f"{target} within {count} {unit}s"
        case ("ahead" | "anniversary" as word, target, days):
            yearly = " anniversary" if word == "anniversary" and target != "birthday" else ""
            return f"{target}{yearly} {f'within next {days} days' if days else 'is today'}"
        case ("event", kind, times, days):
            window = f" within {days} days" if days else ""
            return f"event {kind} at least {times} times{window}"
        case ("purchased", days):
            return f"purchased within {days} days"
        case ("spent on", limit, amount, what, days):
            return f"spent {limit} {amount} on {_value(what)} within {days} days"
        case ("reaction", act, of, days):
            what = f"series {_value(of)}" if act == "finished" else f"campaign {of}"
            return f"{act} {what}{f' within {days} days' if days else ''}"
        case ("spent", limit, amount, days):
            return f"spent {limit} {amount} within {days} days"
        case ("quiz", act, name, result, days):
            window = f" within {days} days" if days else ""
            return f"{act} quiz {name}{f' with {result}' if result else ''}{window}"
        case ("tag", tag):
            return f"tag {_value(tag)}"
        case ("topic", name):
            return f"topic {_value(name)}"
        case ("segment", name):
            return f"in segment {name}"
        case ("segment for", name, days):
            return f"in segment {name} for at least {days} days"
        case ("was", name, days):
            return f"was in segment {name}{f' within {days} days' if days else ''}"
    raise AssertionError(rule)


def _value(value: object) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return value.isoformat() if isinstance(value, date) else str(value)


# -- what it means -----------------------------------------------------------------------------------


def finds(rule: Rule, person: Person, now: datetime, zone: ZoneInfo) -> bool:
    """Say whether a rule finds this person: it finds nobody who was forgotten."""
    return person.status != "erased" and holds(rule, person, now, zone)


def holds(  # noqa: C901 - one case a form
    rule: Rule, person: Person, now: datetime, zone: ZoneInfo
) -> bool:
    """Say whether a rule is true of a person at this moment."""
    match rule:
        case ("and", *parts):
            return all(holds(part, person, now, zone) for part in parts)
        case ("or", *parts):
            return any(holds(part, person, now, zone) for part in parts)
        case ("not", part):
            return not holds(part, person, now, zone)
        case ("compare", target, "!=", value):
            return _none_of(person, target, [value], now, zone)
        case ("compare", target, sign, value):
            return any(
                _compared(target, found, sign, value, zone) for found in _values(person, target, now, zone)
            )
        case ("in", target, values):
            return any(
                _compared(target, f, "=", v, zone) for f in _values(person, target, now, zone) for v in values
            )
        case ("not in", target, values):
            return _none_of(person, target, values, now, zone)
        case ("known" | "unknown" as word, target):
            known = (
                _moment(person, target, now, zone) is not None
                if target in MARKS
                else bool(_values(person, target, now, zone))
            )
            return known is (word == "known")
        case ("ago" | "within" as word, target, count, unit):
            moment = _moment(person, target, now, zone)
            if moment is None:
                return False
            before = moment < now - timedelta(hours=count * HOURS[unit])
            is_ahead = (target.startswith("attr.") or target == "next_purchase") and moment > now
            return before if word == "ago" else not before and not is_ahead
        case ("ahead", target, days):
            moment = _moment(person, target, now, zone)
            today = now.astimezone(zone).date()
            return moment is not None and 0 <= (moment.astimezone(zone).date() - today).days <= days
        case ("anniversary", target, days):
            today = now.astimezone(zone).date()
            day = _day(person, target, now, zone)
            return day is not None and any(
                _comes_round(day, today + timedelta(days=ahead)) for ahead in range(days + 1)
            )
        case _:
            return _acted(rule, person, now, zone)


def _acted(  # noqa: C901 - one case a form
    rule: Rule, person: Person, now: datetime, zone: ZoneInfo
) -> bool:
    today = now.astimezone(zone).date()
    match rule:
        case ("event", kind, times, days):
            found = [at.astimezone(zone).date() for what, at in person.events if what == kind]
            return sum(days is None or day >= today - timedelta(days=days) for day in found) >= times
        case ("purchased", days):
            since = today - timedelta(days=days)
            return any(at.astimezone(zone).date() >= since for at, _ in person.bought)
        case ("spent", limit, amount, days):
            since = today - timedelta(days=days)
            recent = [sum_ or 0 for at, sum_ in person.purchases if at.astimezone(zone).date() >= since]
            sign = {"more than": ">", "at least": ">=", "less than": "<"}[limit]
            return bool(OPERATORS[sign](sum(recent), amount * 100))
        case ("spent on", limit, amount, what, days):
            since = today - timedelta(days=days)
            recent = [
                sum_ or 0
                for (at, sum_), named in zip(person.purchases, person.goods, strict=False)
                if at.astimezone(zone).date() >= since and what in named
            ]
            sign = {"more than": ">", "at least": ">=", "less than": "<"}[limit]
            return bool(OPERATORS[sign](sum(recent), amount * 100))
        case ("reaction", act, of, days):
            reacted = [
                at.astimezone(zone).date() for did, what, at in person.reactions if (did, what) == (act, of)
            ]
            return any(days is None or day >= today - timedelta(days=days) for day in reacted)
        case ("quiz", act, name, result, days):
            own = [walk for walk in person.walks if walk.quiz == name and not walk.is_trial]
            moments = [
                walk.started_at if act == "started" else walk.finished_at
                for walk in own
                if result is None or walk.result == result
            ]
            taken = [at.astimezone(zone).date() for at in moments if at is not None]
            return any(days is None or day >= today - timedelta(days=days) for day in taken)
        case ("tag", tag):
            return folded(tag) in {folded(own) for own in person.tags}
        case ("topic", name):
            return folded(name) not in {folded(one) for one in person.left}
        case ("segment", name):
            return name in person.stays
        case ("segment for", name, days):
            return name in person.stays and person.stays[name] <= now - timedelta(days=days)
        case ("was", name, days):
            left = person.gone.get(name)
            return name in person.stays or (
                left is not None and (days is None or left >= now - timedelta(days=days))
            )
    raise AssertionError(rule)


def _values(person: Person, target: str, now: datetime, zone: ZoneInfo) -> list[Any]:
    if target.startswith("attr."):
        key = target.removeprefix("attr.")
        return [person.attributes[key]] if key in person.attributes else []
    if target.startswith("quiz "):
        quiz, question = target.removeprefix("quiz ").split(".")
        return person.answers.get((quiz, question), [])
    if target == "age":
        years = person.age(now.astimezone(zone).date(), zone)
        return [] if years is None else [years]
    if target == "birthday":
        return [person.attributes["birthday"]] if "birthday" in person.attributes else []
    value = person.column(target)
    return [] if value is None else [value]


def _moment(person: Person, target: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    if target in MARKS:
        moment: datetime | None = getattr(person, MARKS[target])
        return moment
    for value in _values(person, target, now, zone):
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime.combine(value, time(0), zone)
    return None


def _day(person: Person, target: str, now: datetime, zone: ZoneInfo) -> date | None:
    """An attribute has anniversaries where it is a day, a field where it is a moment."""
    if target == "birthday" or target.startswith("attr."):
        found = [one for one in _values(person, target, now, zone) if isinstance(one, date)]
        return found[0] if found and not isinstance(found[0], datetime) else None
    moment = _moment(person, target, now, zone)
    return moment.astimezone(zone).date() if moment else None


def _comes_round(day: date, on: date) -> bool:
    is_29_february = (day.month, day.day) == (2, 29)
    is_28_of_28 = (on.month, on.day) == (2, 28) and (on + timedelta(days=1)).month == 3
    same = (day.month, day.day) == (on.month, on.day) or (is_29_february and is_28_of_28)
    return same and day.year < on.year


def _none_of(person: Person, target: str, values: list[Any], now: datetime, zone: ZoneInfo) -> bool:
    found = _values(person, target, now, zone)
    return bool(found) and not any(_compared(target, f, "=", v, zone) for f in found for v in values)


def _compared(target: str, found: Any, sign: str, value: Any, zone: ZoneInfo) -> bool:
    if isinstance(found, date) and not isinstance(found, datetime) and isinstance(value, date):
        return bool(OPERATORS[sign](found, value))
    if isinstance(value, date):
        return isinstance(found, datetime) and _on_day(found, sign, value, zone)
    rows = target.startswith(("attr.", "quiz "))
    if isinstance(value, str):
        if not rows:
            return bool(found == value)
        text = found if isinstance(found, str) else str(found)
        return folded(text) == folded(value)
    if rows and isinstance(found, str):  # a number written as text equals that number, but has no order
        return sign == "=" and folded(found) == str(value)
    return not isinstance(found, date) and bool(OPERATORS[sign](found, value))


def _on_day(found: datetime, sign: str, day: date, zone: ZoneInfo) -> bool:
    start = datetime.combine(day, time(0), zone)
    end = datetime.combine(day + timedelta(days=1), time(0), zone)
    return {
        "=": start <= found < end,
        "<": found < start,
        "<=": found < end,
        ">": found >= end,
        ">=": found >= start,
    }[sign]


def members(
    rules: Mapping[str, Rule], person: Person, now: datetime, zone: ZoneInfo, before: Mapping[str, datetime]
) -> dict[str, datetime]:
    """Return a person's stays after a refresh: rules in the order of their ranks, open stays go on.

    Those that ended now are kept among the gone.
    """
    person.stays = {}
    for name, rule in rules.items():
        if holds(rule, person, now, zone):
            person.stays[name] = before.get(name, now)
        elif name in before:
            person.gone[name] = now
    return person.stays
