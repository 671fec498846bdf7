"""What the owner reads of the guards: one sentence an alarm, the button that helps, and one for quiet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select

from bot.admin.callbacks import SegmentTap
from bot.admin.people_callbacks import PersonTap
from bot.admin.told_callbacks import GuardTap
from bot.admin.views import button
from bot.texts import Html
from core.people import activity
from core.people.models import Subscriber
from core.reports.charts import day_words
from core.sales.money import write_amount
from core.segments.models import Segment
from core.words import cut, grouped, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiogram.types import InlineKeyboardButton
    from sqlalchemy.orm import Session

    from bot.texts import Say
    from core.reports.guards import Alarm

BUYERS = ("customers", "buyers")  # the segment a letter to buyers goes to: the first that is in force
SHORT = 22


@dataclass(frozen=True, slots=True)
class Names:
    """What the alarms speak of: segments as (number, ru, en) by name, people by number, the buyers."""

    segments: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)
    buyers: int | None = None

    def title(self, name: str, language: str) -> str:
        """Return the title of a segment; one that is gone keeps its name."""
        found = self.segments.get(name)
        if found is None:
            return name
        return found[1] if language == "ru" else found[2]


def names(session: Session, alarms: Sequence[Alarm]) -> Names:
    """Look up what these alarms speak of."""
    wanted = {*BUYERS} | {str(one.facts["segment"]) for one in alarms if "segment" in one.facts}
    for one in alarms:
        wanted |= {item["segment"] for item in one.facts.get("segments", ())}
        wanted |= {cause["name"] for cause in one.facts.get("causes", ()) if cause["kind"] == "rule"}
    query = select(Segment.name, Segment.id, Segment.title_ru, Segment.title_en, Segment.enabled).where(
        Segment.name.in_(sorted(wanted))
    )
    rows = session.execute(query).all()
    on = {row.name: row.id for row in rows if row.enabled}
    who = [one.subscriber_id for one in alarms if one.subscriber_id is not None]
    people = session.execute(
        select(Subscriber.id, Subscriber.first_name, Subscriber.last_name, Subscriber.username).where(
            Subscriber.id.in_(who)
        )
    )
    return Names(
        {row.name: (row.id, row.title_ru, row.title_en) for row in rows},
        {number: f"{first} {last}".strip() or f"@{nick}" for number, first, last, nick in people},
        next((on[name] for name in BUYERS if name in on), None),
    )


def sentence(say: Say, alarm: Alarm, known: Names, currency: str) -> str:
    """Return what is wrong, in one or two sentences."""
    facts = alarm.facts
    if alarm.guard == "jump":
        return _jump(say, facts, known)
    title = known.title(str(facts.get("segment", "")), say.language)
    match alarm.guard:
        case "stale" if "error" in facts:
            return say("guard-broken", title=title)
        case "stale":
            return say("guard-stale", count=facts["count"], hours=facts["hours"])
        case "uncovered":
            return say("guard-uncovered", people=facts["people"], share=percent(facts["share"], say.language))
        case "one_source":
            return say(
                "guard-one-source",
                title=title,
                share=percent(facts["share"], say.language),
                base=percent(facts["base"], say.language),
                source=facts["source"] or "none",
            )
        case "ignored":
            return say("guard-ignored", buyers=facts["buyers"], days=facts["days"])
    who = known.people.get(alarm.subscriber_id or 0, "")
    money = write_amount(alarm.money, currency, say.language)
    return say("guard-was-vip", name=who or say("admin-person-unnamed"), money=money, days=facts["days"])


def _jump(say: Say, facts: dict[str, Any], known: Names) -> str:
    first = facts["segments"][0]
    before, after = first["before"], first["after"]
    told = say(
        "guard-jump",
        title=known.title(first["segment"], say.language),
        before=before,
        after=after,
        times=_times(say, max(before, after, 1) / max(min(before, after), 1)),
        way="up" if after > before else "down",
        day=day_words(date.fromisoformat(facts["day"]), say.language),
    )
    others = len(facts["segments"]) - 1 + facts["more"]
    parts = [told]
    if others:
        parts.append(say("guard-jump-others", count=others))
    parts.append(cause(say, facts["causes"][0], known) if facts["causes"] else say("guard-cause-unknown"))
    if first["last_year"] is not None:
        parts.append(say("guard-last-year", times=_times(say, first["last_year"])))
    return " ".join(parts)


def cause(say: Say, fact: dict[str, Any], known: Names) -> str:
    """Return what probably did it."""
    at = datetime.fromisoformat(fact["at"]).astimezone(activity.zone())
    name = known.title(fact["name"], say.language) if fact["kind"] == "rule" else fact["name"]
    return say(f"guard-cause-{fact['kind']}", name=cut(name, 40), at=f"{at:%H:%M}", count=fact["count"])


def helping(
    say: Say, alarm: Alarm, known: Names, quiet_by: Literal["snooze", "hush"] = "snooze"
) -> list[InlineKeyboardButton]:
    """Return the button that helps, where there is something to open, and the one for quiet."""
    quiet = button(say("guard-button-snooze"), GuardTap(action=quiet_by, number=alarm.number).pack())
    found = _helping(say, alarm, known)
    return [found, quiet] if found is not None else [quiet]


def _helping(say: Say, alarm: Alarm, known: Names) -> InlineKeyboardButton | None:
    if alarm.guard == "jump":
        return button(say("guard-button-what"), GuardTap(action="what", number=alarm.number).pack())
    if alarm.guard == "stale" and "error" not in alarm.facts:
        return button(say("guard-button-refresh"), GuardTap(action="refresh", number=alarm.number).pack())
    if alarm.guard == "was_vip" and alarm.subscriber_id is not None:
        name = cut(known.people.get(alarm.subscriber_id, ""), SHORT)
        tap = PersonTap(action="card", person=alarm.subscriber_id).pack()
        return button(say("guard-button-person", name=Html(name)), tap)
    if alarm.guard == "ignored":
        if known.buyers is None:
            return None
        tap = SegmentTap(action="write", number=known.buyers).pack()
        return button(say("guard-button-write"), tap)
    name = str(alarm.facts.get("segment", ""))
    return segment_button(known, name, say.language, SHORT)


def segment_button(known: Names, name: str, language: str, most: int = 40) -> InlineKeyboardButton | None:
    """Return the button that opens a segment; None where it is gone."""
    found = known.segments.get(name)
    if found is None:
        return None
    return button(
        f"👥 {cut(known.title(name, language), most)}", SegmentTap(action="card", number=found[0]).pack()
    )


def happened(say: Say, alarm: Alarm, known: Names) -> str:
    """Return all that jumped and all that was done that day."""
    facts = alarm.facts
    day = day_words(date.fromisoformat(facts["day"]), say.language)
    lines = [say("guard-what-head", day=day), ""]
    for one in facts["segments"]:
        before, after = (grouped(one[key], say.language) for key in ("before", "after"))
        title = known.title(one["segment"], say.language)
        usual = grouped(one["usual"], say.language)
        lines.append(say("guard-what-line", title=title, before=before, after=after, usual=usual))
    if facts["more"]:
        lines.append(say("guard-what-more", count=facts["more"]))
    lines += ["", say("guard-what-done" if facts["causes"] else "guard-what-nothing")]
    lines += [f"• {cause(say, one, known)}" for one in facts["causes"]]
    return "\n".join(lines)


def _times(say: Say, ratio: float) -> str:
    text = f"{ratio:.1f}".removesuffix(".0") if ratio < 10 else f"{ratio:.0f}"
    return text.replace(".", ",") if say.language == "ru" else text
