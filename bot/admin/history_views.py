"""What the owner reads about a segment's past days: pure functions of what a report returned."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.admin.callbacks import HistoryTap, SegmentTap
from bot.admin.views import button, cut_sentence, keyboard
from bot.texts import Html
from core.people import activity
from core.quizzes.dates import spoken
from core.reports.charts import day_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    from bot.texts import Say
    from core.segments.past import Member, PastDay
    from core.segments.rules import SegmentInfo


def title(say: Say, segment: SegmentInfo) -> str:
    """Return a segment's title in the language of the owner."""
    return segment.title_ru if say.language == "ru" else segment.title_en


def words(day: date, language: str) -> str:
    """Return a day with its year in words."""
    return spoken(day, language)


def day_of(text: str) -> date | None:
    """Return the day a button carries; None for what is no button of ours."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def days_keyboard(say: Say, number: int, today: date, shown: date | None = None) -> InlineKeyboardMarkup:
    """Return the days asked for most, any other one, and the people of the day `shown` as a file."""
    month_ago = _month_before(today)
    first = today.replace(day=1)
    quick = {
        say("history-button-yesterday"): today - timedelta(days=1),
        say("history-button-first", day=day_words(first, say.language)): first,
        say("history-button-month", day=day_words(month_ago, say.language)): month_ago,
    }
    rows: list[list[InlineKeyboardButton]] = []
    if shown is not None:
        rows.append([button(say("history-button-csv"), _tap("csv", number, shown))])
    days = [button(text, _tap("day", number, day)) for text, day in quick.items() if day != shown]
    rows += [days[:2], days[2:]]
    rows.append(
        [
            button(say("history-button-ask"), HistoryTap(action="ask", number=number).pack()),
            button(say("history-button-card"), SegmentTap(action="card", number=number).pack()),
        ]
    )
    return keyboard(*(row for row in rows if row))


def day_text(say: Say, segment: SegmentInfo, then: PastDay, rule: str | None) -> str:
    """Return who was in a segment on a day; `rule`: the one of that day, where it was another one."""
    day = words(then.day, say.language)
    name = title(say, segment)
    if then.is_before:
        since = words(then.known_since, say.language) if then.known_since else say("history-never")
        return say("history-before", title=name, day=day, since=since)
    parts = [say("history-today" if then.is_today else "history-day", title=name, day=day, count=then.count)]
    if not then.is_today:
        parts.append(say("history-still", still=then.still, size=segment.size))
    if rule is not None:
        parts.append(say("history-rule", rule=cut_sentence(rule, 400)))
    if then.sample:
        parts.append(say("history-sample", people=Html("\n".join(_people(say, then.sample)))))
    return "\n\n".join(parts)


def _people(say: Say, sample: Sequence[Member]) -> list[str]:
    return [
        say(
            "history-person",
            name=one.name or (f"@{one.username}" if one.username else say("admin-person-unnamed")),
            since=_short(one.since, say.language),
            until=_short(one.until, say.language) if one.until else "none",
        )
        for one in sample
    ]


def _short(moment: datetime, language: str) -> str:
    return day_words(moment.astimezone(activity.zone()).date(), language)


def _month_before(today: date) -> date:
    """Return the same day of the month before, its last one where it has none."""
    end = today.replace(day=1) - timedelta(days=1)
    return end.replace(day=min(today.day, end.day))


def _tap(action: str, number: int, day: date) -> str:
    kind = "csv" if action == "csv" else "day"
    return HistoryTap(action=kind, number=number, day=day.isoformat()).pack()
