"""What would change a finding: two more letters, a purchase, five days of silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core import clock
from core.segments.conditions import (
    Ago,
    Ahead,
    Compare,
    Condition,
    Event,
    GetsTopic,
    InSegment,
    IsKnown,
    OneOf,
    Purchased,
    QuizTaken,
    Reaction,
    Recent,
    Spent,
    Tagged,
    WasInSegment,
)
from core.segments.conditions.values import said_values
from core.segments.fields import Field
from core.segments.words import plural
from core.words import grouped

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from core.segments.words import Language

Both = tuple[str, str]  # ru, en
_ANY_ACT = ("любое действие человека", "anything the person does")
_GOES = ("отписка или блокировка", "opting out or blocking the bot")
_FIRST_PURCHASE = ("первая покупка", "the first purchase")
_UNTIL_PURCHASE = {"lifecycle": "prospect", "purchases": Decimal(0), "spent": Decimal(0)}
_OTHERWISE = ("если станет иначе", "if it becomes something else")
_FOR_EVER = ("больше не изменится", "nothing any more")
_RUNS_OUT = ("когда выйдет за срок", "when it falls out of that time")
_ADDED = {  # counters: one, few, many, and in English
    "unanswered": ("письмо без ответа", "письма без ответа", "писем без ответа", "unanswered letter"),
    "letters": ("письмо", "письма", "писем", "letter"),
    "purchases": ("покупка", "покупки", "покупок", "purchase"),
}
_TAKEN = {
    "started": ("если начнёт этот квиз", "if the quiz is started"),
    "finished": ("если пройдёт этот квиз", "if the quiz is finished"),
}
_MARKED: dict[tuple[type[Condition], bool], Both] = {
    (Tagged, True): ("если снять метку", "taking the tag off"),
    (Tagged, False): ("если поставить метку", "the tag"),
    (GetsTopic, True): ("если откажется от этой темы", "leaving this topic"),
    (GetsTopic, False): ("если снова выберет эту тему", "choosing this topic again"),
}
_REACTIONS = {
    "finished": ("если пройдёт серию до конца", "if the series is finished"),
    "clicked": ("нажатие в этой рассылке", "a tap in this campaign"),
    "answered": ("ответ на эту рассылку", "an answer to this campaign"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One condition (without its `not`), the value found behind it, whether it holds, and when."""

    condition: Condition
    value: Any
    holds: bool
    since: datetime | None
    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The business's day."""
        return clock.local_day(self.now, self.zone)


def change(case: Case, language: Language) -> str:
    """Say what would turn the condition into its opposite."""
    condition = case.condition
    match condition:
        case Compare(field=Field(name="status"), operator="=", value="active") if case.holds:
            said = _GOES
        case Compare() if _awaits_purchase(case, condition):
            said = _FIRST_PURCHASE
        case Compare(operator="=" | "!=") if not isinstance(case.value, int | float):
            said = _becomes(condition) if (condition.operator == "=") is not case.holds else _OTHERWISE
        case Compare():
            said = _counted(case, condition, language)
        case OneOf():
            said = _becomes(condition) if condition.excluded is case.holds else _OTHERWISE
        case IsKnown(field=Field(name="first_purchase" | "last_purchase")) if case.value is None:
            said = _FIRST_PURCHASE
        case IsKnown():
            unknown = condition.known is not case.holds
            said = ("когда данные появятся", "when it becomes known") if unknown else _OTHERWISE
        case Ago() | Recent():
            said = _aged(case, condition)
        case Ahead():
            said = _ahead(case, condition)
        case _:
            said = _acted(case)
    return said[language == "en"]


def _awaits_purchase(case: Case, condition: Compare) -> bool:
    """Whether the condition asks for nobody who has bought, or for everyone but those, of one who has not."""
    nothing = _UNTIL_PURCHASE.get(condition.field.text(), "")
    is_prospect = case.value == nothing if isinstance(nothing, str) else not case.value
    return bool(is_prospect and condition.operator in ("=", "!=") and condition.value == nothing)


def _becomes(condition: Compare | OneOf) -> Both:
    ru, en = said_values(condition, "ru"), said_values(condition, "en")
    return f"если станет {ru}", f"if it becomes {en}"


def _counted(case: Case, condition: Compare, language: Language) -> Both:
    """Tell how far a number is from the threshold, upwards by what is still to come."""
    field, operator, wanted, value = condition.field, condition.operator, condition.value, case.value
    if value is None:
        return "когда данные появятся", "when it becomes known"
    if not isinstance(wanted, Decimal) or not isinstance(value, int | float):
        return _becomes(condition) if not case.holds else _OTHERWISE
    missing = wanted - Decimal(str(value))
    is_count = isinstance(field, Field) and field.name in _ADDED
    is_over = operator in (">", "<=")
    missing += 1 if is_over and is_count else 0
    if operator in ("=", "!=") and missing == 0:
        return _OTHERWISE
    if missing > 0:
        return _more(field.text(), missing, language, is_over)
    if field.text() == "unanswered":
        return _ANY_ACT
    number = grouped(wanted, language)
    if operator in ("=", "!="):
        return f"если станет {number}", f"if it becomes {number}"
    below = operator in (">=", "<")
    return (
        f"если станет {'меньше' if below else 'не больше'} {number}",
        f"if it becomes {'less than' if below else 'at most'} {number}",
    )


def _more(name: str, missing: Decimal, language: Language, is_over: bool) -> Both:
    number = grouped(missing, language)
    if name not in _ADDED:
        more = ("больше чем ", "more than ") if is_over else ("", "")
        return f"ещё {more[0]}{number}", f"{more[1]}{number} more"
    one, few, many, english = _ADDED[name]
    count = int(missing)
    return (
        f"ещё {number} {plural(count, one, few, many)}",
        f"{number} more {english}{'s' if count != 1 else ''}",
    )


def _aged(case: Case, condition: Ago | Recent) -> Both:
    is_act = condition.field.text() == "last_seen"
    comes = _ANY_ACT if is_act else ("когда дата станет новее", "when the date becomes newer")
    if not isinstance(case.value, datetime):
        return comes if is_act else ("когда появится дата", "when there is a date")
    is_old = isinstance(condition, Ago) is case.holds
    if is_old:
        return comes
    ru, en = _in(case.value + condition.span.delta - case.now)
    return (f"{ru} молчания", f"{en} of silence") if is_act else (ru, en)


def _in(left: timedelta) -> Both:
    """Return "in 5 days", in hours below two days.

    >>> _in(timedelta(days=4, hours=3)), _in(timedelta(minutes=5))
    (('через 5 дней', 'in 5 days'), ('через 1 час', 'in 1 hour'))
    """
    hours = max(-(-left // timedelta(hours=1)), 1)
    if hours < 48:
        return f"через {hours} {plural(hours, 'час', 'часа', 'часов')}", f"in {hours} hour{'s'[: hours > 1]}"
    return _in_days(-(-left // timedelta(days=1)))


def _in_days(days: int) -> Both:
    return f"через {days} {plural(days, 'день', 'дня', 'дней')}", f"in {days} day{'s'[: days > 1]}"


def _ahead(case: Case, condition: Ahead) -> Both:
    if not isinstance(case.value, datetime):
        return "когда появится дата", "when there is a date"
    day = clock.local_day(case.value, case.zone)
    if condition.anniversary:
        day = _comes_round(day, case.today)
    if case.holds:
        return _in_days((day - case.today).days + 1)
    left = (day - case.today).days - condition.days
    return _in_days(left) if left > 0 else ("новая дата", "another date")


def _comes_round(day: date, today: date) -> date:
    """Return the next anniversary, today's included; 29 February is kept on the 28th in other years."""
    for year in (max(today.year, day.year + 1), max(today.year, day.year + 1) + 1):
        last = date(year, 3, 1) - timedelta(days=1)
        found = last if (day.month, day.day) == (2, 29) else day.replace(year=year)
        if found >= today:
            break
    return found


def _acted(case: Case) -> Both:
    condition, holds = case.condition, case.holds
    match condition:
        case Purchased() if holds and isinstance(case.value, datetime):
            last = clock.local_day(case.value, case.zone) + timedelta(days=condition.span.days)
            ru, en = _in_days((last - case.today).days + 1)
            return f"{ru} без покупок", f"{en} without a purchase"
        case Purchased():
            return "покупка", "a purchase"
        case Spent():
            return _spent(condition, case)
        case Event():
            missing = condition.times - int(case.value or 0)
            if missing > 0:
                times = f"{missing} {plural(missing, 'раз', 'раза', 'раз')}"
                return f"ещё {times}", f"{missing} more time{'s'[: missing > 1]}"
            return _RUNS_OUT if condition.span else _FOR_EVER
        case Tagged() | GetsTopic():
            return _MARKED[type(condition), holds]
        case InSegment():
            return _stays(condition, case)
        case QuizTaken():
            ends = _RUNS_OUT if condition.span else _FOR_EVER
            return ends if holds else _TAKEN[condition.act]
        case Reaction():
            ends = _RUNS_OUT if condition.span else _FOR_EVER
            return ends if holds else _REACTIONS[condition.act]
    return _OTHERWISE


def _spent(condition: Spent, case: Case) -> Both:
    missing = condition.amount - Decimal(str(case.value or 0))
    if missing < 0 or (missing == 0 and condition.limit != "more_than"):
        return "когда покупки выйдут за срок", "when the purchases fall out of that time"
    more = ("больше чем ", "more than ") if condition.limit == "more_than" else ("", "")
    amount = grouped(missing, "ru"), grouped(missing, "en")
    return f"покупки ещё {more[0]}на {amount[0]}", f"purchases of {more[1]}{amount[1]} more"


def _stays(condition: InSegment, case: Case) -> Both:
    name = condition.name
    if isinstance(condition, WasInSegment) and case.holds:
        return _been(condition, case)
    if case.holds:
        return f"если выйдет из сегмента «{name}»", f"leaving the segment “{name}”"
    if condition.span is not None and case.since is not None:
        ru, en = _in(case.since + condition.span.delta - case.now)
        return f"{ru} в сегменте «{name}»", f"{en} in the segment “{name}”"
    return f"если войдёт в сегмент «{name}»", f"entering the segment “{name}”"


def _been(condition: WasInSegment, case: Case) -> Both:
    """A stay is never undone; one that goes on must end before it can fall out of the time."""
    if condition.span is None:
        return _FOR_EVER
    if isinstance(case.value, datetime):
        return _in(case.value + condition.span.delta - case.now)
    ru, en = _in(condition.span.delta)
    left = f"после выхода из сегмента «{condition.name}»", f"after leaving the segment “{condition.name}”"
    return f"{ru} {left[0]}", f"{en.removeprefix('in ')} {left[1]}"
