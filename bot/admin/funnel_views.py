"""What the owner reads about the funnel: pure functions of what the report returned."""

from __future__ import annotations

import re
import zlib
from html import unescape
from typing import TYPE_CHECKING

from bot.admin.callbacks import FunnelTap
from bot.admin.views import LONGEST_CAPTION, ago, button, keyboard, visible_length
from core.reports.charts_funnel import Bar
from core.reports.funnel import PERIODS, weakest
from core.reports.funnel_rows import REFERRAL
from core.reports.rates import FEW, Share
from core.words import cut, grouped, percent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aiogram.types import InlineKeyboardMarkup

    from bot.texts import Say
    from core.quizzes.definition import Quiz
    from core.quizzes.loader import Loaded
    from core.reports.funnel import Funnel, SourceLine, Step

ANY = "-"  # every source, in a button
LONGEST_QUESTION, LONGEST_NAME = 60, 24
SOURCES_TOLD = 6
SOURCES_OFFERED, QUIZZES_OFFERED = 40, 40
MANY_SKIP = 0.2  # a question skipped more often than that is told
_TAG = re.compile(r"<[^<>]*>")
_SENTENCE = re.compile(r"(?<=[?!.…])\s|\n")
_PIPE = re.compile(r",?\s*\{\{.*?\}\},?\s*")


def short(name: str | None) -> str:
    """Return what a button carries for a source: its name may be longer than a button holds."""
    return ANY if name is None else f"{zlib.crc32(name.encode()):08x}"


def source_of(found: Funnel, code: str) -> str | None:
    """Return the source a button means; None for all. Raises LookupError for one nobody came from."""
    if code == ANY:
        return None
    for line in found.sources:
        if short(line.name) == code:
            return line.name
    raise LookupError(code)


def source_name(say: Say, name: str | None) -> str:
    """Return a source as people call it."""
    if name is None:
        return say("funnel-all-sources")
    return {"": say("funnel-source-direct"), REFERRAL: say("funnel-source-friends")}.get(name, name)


def quiz_title(say: Say, quiz: Quiz) -> str:
    """Return the title of a quiz without markup."""
    return unescape(_TAG.sub("", quiz.title.of(quiz.language_for(say.language))))


def step_name(say: Say, quiz: Quiz, step: Step, most: int = LONGEST_QUESTION) -> str:
    """Return a step in words: a question by its first sentence, without markup and personal parts."""
    if step.kind != "question":
        return say(f"funnel-step-{step.kind}")
    text = quiz.by_id[step.question].text.of(quiz.language_for(say.language))
    words = unescape(_PIPE.sub(" ", _TAG.sub("", text))).strip()
    words = _SENTENCE.split(words, maxsplit=1)[0].strip()
    words = words[:1].upper() + words[1:]
    return cut(words, most)


def bars(say: Say, quiz: Quiz, steps: tuple[Step, ...]) -> list[Bar]:
    """Return the steps for the picture."""
    worst = weakest(steps)
    return [
        Bar(
            step_name(say, quiz, step),
            step.came,
            step.passed,
            is_great=step.kind != "question",
            only_some=step.only_some,
            is_weakest=step is worst,
        )
        for step in steps
    ]


def subtitle(say: Say, quiz: Quiz, found: Funnel, source: str | None) -> str:
    """Return which quiz, period and source a picture shows."""
    return unescape(say("funnel-subtitle", **_about(say, quiz, found, source)))


def caption(say: Say, quiz: Quiz, found: Funnel, source: str | None, now: datetime) -> str:
    """Return the numbers in words; what does not fit under a picture is left to the table."""
    steps = found.steps(source)
    head = say("funnel-head", **_about(say, quiz, found, source))
    elsewhere = [say("funnel-elsewhere", count=found.elsewhere)] if found.elsewhere and source is None else []
    if not steps or not steps[0].came:
        return "\n\n".join([head, say("funnel-nobody-here" if elsewhere else "funnel-nobody"), *elsewhere])
    parts = [head, "\n".join([_story(say, quiz, steps), *elsewhere])]
    fresh = say("funnel-counted", fresh=ago(say, found.counted_at, now))
    if source is None and len(found.sources) > 1:
        room = LONGEST_CAPTION - visible_length("\n\n".join([*parts, fresh]))
        told = _sources(say, found, room)
        parts += [told] if told else []
    return "\n\n".join([*parts, fresh])


def _about(say: Say, quiz: Quiz, found: Funnel, source: str | None) -> dict[str, str]:
    return {
        "quiz": quiz_title(say, quiz),
        "period": say("funnel-period", days=found.days),
        "source": cut(source_name(say, source), LONGEST_NAME),
    }


def _story(say: Say, quiz: Quiz, steps: tuple[Step, ...]) -> str:
    """Return how many arrived, where most leave, and what makes the numbers unsure."""
    opened = steps[0].came
    finished = next(step.passed for step in steps if step.kind == "finished")
    share = rate(say, Share(finished, opened))
    lines = [say("funnel-total", opened=opened, finished=finished, share=share)]
    worst = weakest(steps)
    if worst is None:
        lines.append(say("funnel-nobody-left"))
    else:
        values = {"lost": worst.lost, "came": worst.came}
        if worst.kind == "question":
            values["question"] = step_name(say, quiz, worst).rstrip("?:.")  # type: ignore[assignment]
        lines.append(say(f"funnel-weakest-{worst.kind}", **values))
    lines += _skipped(say, quiz, steps)
    lines += _waiting(say, steps)
    lines += [say("funnel-only-some")] if any(step.only_some for step in steps) else []
    lines += [say("funnel-few", few=FEW)] if opened < FEW else []
    return "\n".join(lines)


def _waiting(say: Say, steps: tuple[Step, ...]) -> list[str]:
    """Return who may still go on: whoever has not begun answers nothing yet."""
    new = sum(step.waiting for step in steps if step.kind in ("consent", "begun"))
    busy = sum(step.waiting for step in steps if step.kind in ("question", "confirm"))
    told = (("funnel-waiting", busy), ("funnel-waiting-new", new))
    return [say(key, count=count) for key, count in told if count]


def _skipped(say: Say, quiz: Quiz, steps: tuple[Step, ...]) -> list[str]:
    asked = [step for step in steps if step.came >= FEW and step.skipped > MANY_SKIP * step.came]
    if not asked:
        return []
    most = max(asked, key=lambda step: step.skipped / step.came)
    question = step_name(say, quiz, most).rstrip("?:.")
    return [say("funnel-skipped", question=question, count=most.skipped, came=most.came)]


def rate(say: Say, share: Share) -> str:
    """Return a share with where it truly lies."""
    if share.rate is None or share.interval is None:
        return say("funnel-none")
    low, high = share.interval
    rate, lowest, highest = (percent(one, say.language) for one in (share.rate, low, high))
    return say("funnel-interval", rate=rate, low=lowest, high=highest)


def _sources(say: Say, found: Funnel, room: int) -> str:
    with_file = any(step.kind == "file" for step in found.everybody)
    lines = [say("funnel-sources-head-file" if with_file else "funnel-sources-head")]
    more = say("funnel-sources-more", count=len(found.sources))
    for line in found.sources[:SOURCES_TOLD]:
        told = _source_line(say, line, with_file=with_file)
        if visible_length("\n".join([*lines, told, more])) + 2 > room:
            break
        lines.append(told)
    left = len(found.sources) - len(lines) + 1
    if len(lines) == 1:
        return ""
    return "\n".join([*lines, say("funnel-sources-more", count=left)] if left else lines)


def _source_line(say: Say, line: SourceLine, *, with_file: bool) -> str:
    share = Share(line.finished, line.opened)
    reached = (line.opened, line.consented, line.begun, line.finished, line.filed)
    return say(
        "funnel-source-line",
        name=cut(source_name(say, line.name), LONGEST_NAME),
        way=" → ".join(grouped(number, say.language) for number in reached[: 5 if with_file else 4]),
        share=say("funnel-source-few") if share.is_few else rate(say, share),
    )


def main_keyboard(
    say: Say, quizzes: Mapping[str, Loaded], quiz: Quiz, found: Funnel, source: str | None
) -> InlineKeyboardMarkup:
    """Return the periods, the choice of source and quiz, and the tables."""

    def tap(action: str, days: int = found.days) -> str:
        return FunnelTap(action=action, quiz=quiz.id, days=days, source=short(source)).pack()

    def label(days: int) -> str:
        words = say("funnel-button-days", days=days) if days else say("funnel-button-ever")
        return f"• {words}" if days == found.days else words

    rows = [[button(label(days), tap("show", days)) for days in PERIODS]]
    if found.sources:
        name = cut(source_name(say, source), LONGEST_NAME)
        rows.append([button(unescape(say("funnel-button-source", name=name)), tap("sources"))])
    if len(quizzes) > 1:
        title = cut(quiz_title(say, quiz), LONGEST_NAME)
        rows.append([button(unescape(say("funnel-button-quiz", name=title)), tap("quizzes"))])
    tables = [button(say(f"funnel-button-{kind}"), tap(kind)) for kind in ("csv", "xlsx")]
    return keyboard(*rows, *([tables] if found.sources else []))


def sources_keyboard(say: Say, quiz: Quiz, found: Funnel, chosen: str) -> InlineKeyboardMarkup:
    """Return a button for every source, two in a row, the largest first, and the way back to `chosen`."""

    def tap(code: str) -> str:
        return FunnelTap(action="show", quiz=quiz.id, days=found.days, source=code).pack()

    everybody = source_name(say, None)
    buttons = [button(everybody[:1].upper() + everybody[1:], tap(ANY))]
    for line in found.sources[:SOURCES_OFFERED]:
        words = f"{cut(source_name(say, line.name), LONGEST_NAME)} · {grouped(line.opened, say.language)}"
        buttons.append(button(words, tap(short(line.name))))
    rows = [buttons[place : place + 2] for place in range(0, len(buttons), 2)]
    return keyboard(*rows, [button(say("funnel-button-back"), tap(chosen))])


def quizzes_keyboard(say: Say, quizzes: Mapping[str, Loaded], now: FunnelTap) -> InlineKeyboardMarkup:
    """Return a button for every quiz, and the way back."""
    rows = []
    for loaded in list(quizzes.values())[:QUIZZES_OFFERED]:
        title = quiz_title(say, loaded.quiz)
        data = FunnelTap(action="show", quiz=loaded.quiz.id, days=now.days, source=ANY).pack()
        rows.append([button(cut(title, 40), data)])
    back = now.model_copy(update={"action": "show"}).pack()
    return keyboard(*rows, [button(say("funnel-button-back"), back)])
