"""What the owner reads about a letter: the count before it, the progress during it, the sum after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from bot.admin.callbacks import CopiesTap, LetterTap
from bot.admin.experiment_callbacks import ExperimentAction, ExperimentTap
from bot.admin.manner_views import choice
from bot.admin.views import button, keyboard
from bot.callbacks import TopicAct
from bot.texts import Html
from core.words import grouped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    from bot.texts import Say
    from core.mailing.campaigns import Status
    from core.mailing.dry_run import Preview

REASONS = frozenset(
    {
        "blocked",
        "deactivated",
        "unreachable",
        "erased",
        "no_chat",
        "opted_out",
        "no_advertising_consent",
        "archived",
        "promotions_paused",
        "topic_off",
        "no_variant",
        "frequency_cap",
        "holdout",
        "segment_left",
        "cancelled",
        "too_late",
        "gone",
    }
)
BAR = 12  # signs
MARKS = {"finished": "✅", "paused": "⏸", "cancelled": "⏹"}
UNDER_WAY = frozenset({"scheduled", "planning", "running"})
AT_REST = frozenset({"paused", "finished"})  # when those of whom nothing is known may be written to again
Screen = Literal["now", "cancel", "again", "leave"]  # where it stands; two questions; nothing more asked


def reason(say: Say, name: str, count: int) -> str:
    """Return how many were left out and why; a reason without words of its own is shown by its name."""
    if name in REASONS:
        return say(f"admin-reason-{name.replace('_', '-')}", count=count)
    return say("admin-reason-other", count=count, name=name)


def count_text(say: Say, found: Preview, now: datetime, zone: ZoneInfo) -> str:
    """Return whom the letter would reach: `1 240 − 31 отписались = 1 209, закончится ≈ 18:42`."""
    lost = sorted(found.reasons.items(), key=lambda item: (-item[1], item[0]))
    steps = [grouped(found.audience, say.language), *(reason(say, name, count) for name, count in lost)]
    total = f"<b>{grouped(found.will_get, say.language)}</b>"
    sum_line = f"{' − '.join(steps)} = {total}" if lost else total
    if not found.will_get:
        return say("admin-count-nobody", sum=Html(sum_line))
    ends = found.finishes_at.astimezone(zone) if found.finishes_at else now.astimezone(zone)
    is_today = ends.date() == now.astimezone(zone).date()
    text = say("admin-count", sum=Html(sum_line), ends=f"{ends:%H:%M}" if is_today else f"{ends:%d.%m %H:%M}")
    lines = [text]
    if found.begins_at is not None and found.ends_at is not None:
        first, last = (f"{at.astimezone(zone):%d.%m %H:%M}" for at in (found.begins_at, found.ends_at))
        lines.append(say("admin-count-range", first=first, last=last))
    if found.first:
        lines.append(say("admin-count-first", count=found.first))
    return "\n".join(lines)


def confirm_keyboard(
    say: Say,
    campaign_id: int,
    content_id: int,
    will_get: int,
    has_quizzes: bool = False,
    about: str | None = None,
) -> InlineKeyboardMarkup:
    """Return send, ask in one of two ways, its topic, change, give up; nothing to send to nobody.

    `about` is the topic's name, empty for a letter without one, None where there are no topics.
    """
    topic = TopicAct(action="letter", campaign=campaign_id, content=content_id).pack()
    named = say("admin-button-topic", title=Html(about)) if about else say("admin-button-topic-none")
    send = [
        button(say("admin-button-send", count=will_get), _tap("launch", campaign_id, content_id)),
    ]
    asks = [button(say("admin-button-question"), _tap("question", campaign_id, content_id))]
    if has_quizzes:
        asks.insert(0, button(say("admin-button-quiz"), _tap("quizzes", campaign_id, content_id)))
    return keyboard(
        *([send] if will_get else []),
        asks,
        [
            button(say("admin-button-thumbs"), _tap("thumbs", campaign_id, content_id)),
            button(say("admin-button-as"), _tap("as", campaign_id, content_id)),
        ],
        *([[button(named, topic)]] if about is not None else []),
        [
            button(say("admin-button-manner"), choice("menu", campaign_id, content_id)),
            button(say("experiment-button-open"), _test("menu", campaign_id, content_id)),
        ],
        [
            button(say("admin-button-edit"), _tap("edit", campaign_id, content_id)),
            button(say("admin-button-drop"), _tap("drop", campaign_id, content_id)),
        ],
    )


def ask_keyboard(say: Say, campaign_id: int) -> InlineKeyboardMarkup:
    """Return the way out while a text is awaited."""
    return keyboard([button(say("admin-button-drop"), _tap("drop", campaign_id))])


def sample_keyboard(rows: Sequence[Sequence[str]], campaign_id: int) -> InlineKeyboardMarkup:
    """Return the letter's buttons and the opt-out as it will carry them; here they only say what they are."""
    return keyboard(*([button(label, _tap("sample", campaign_id)) for label in row] for row in rows))


def progress_text(say: Say, status: Status, screen: Screen = "now") -> str:
    """Return where the campaign stands, with the sum that is the audience at any moment (R1)."""
    totals = status.totals
    done = totals.audience - totals.pending
    parts = [say(f"admin-state-{status.state}", name=status.name)]
    if status.act != "send":
        parts = [say(f"admin-change-{status.act}", name=status.name, mark=MARKS.get(status.state, "⏳"))]
    if totals.audience and status.state in UNDER_WAY | {"paused"}:
        parts.append(
            say("admin-progress-bar", bar=bar(done, totals.audience), percent=percent(done, totals.audience))
        )
    if status.canary == "going" and status.state == "running":
        parts.append(say("admin-canary-going"))
    if totals.audience:
        parts.append(_sum(say, status))
    if status.error:
        parts.append(say("admin-progress-error", error=status.error))
    if screen == "again":
        parts.append(say("admin-again-ask", count=open_question(status)))
        if status.state == "paused":
            parts.append(say("admin-again-goes-on"))
    return "\n\n".join(parts)


def _sum(say: Say, status: Status) -> str:
    totals = status.totals
    rows: list[tuple[str, int]] = [
        ("sent", totals.sent),
        ("failed", totals.failed),
        ("suppressed", totals.suppressed),
        ("expired", totals.expired),
        ("unknown", totals.unknown),
        ("pending", totals.pending),
    ]
    is_change = status.act != "send"
    lines = [say("admin-sum-copies" if is_change else "admin-sum-audience", count=totals.audience)]
    named = {"sent": status.act, "suppressed": "kept"} if is_change else {}
    lines += [
        say(f"admin-sum-{named.get(name, name)}", count=count)
        for name, count in rows
        if count or name == "sent"
    ]
    lines += _reasons(say, totals.reasons)
    if totals.resent:
        lines.append(say("admin-sum-resent", count=totals.resent))
    return "\n".join(lines)


def _reasons(say: Say, reasons: Mapping[str, int]) -> list[str]:
    told = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return [say("admin-sum-reason", reason=Html(reason(say, name, count))) for name, count in told]


def open_question(status: Status) -> int:
    """Return to how many the owner may send again: a campaign at rest, each unknown outcome once (R2)."""
    return status.doubtful if status.state in AT_REST else 0


def progress_keyboard(
    say: Say,
    status: Status,
    screen: Screen = "now",
    *,
    asks: bool = False,
    tries: bool = False,
    rates: bool = False,
) -> InlineKeyboardMarkup | None:
    """Return what one can do with a campaign now.

    One that `asks` people something shows their answers, one that `tries` variants how they do, one people
    rate (`rates`) looks again after its end.
    """
    rows = _moves(say, status, screen)
    if rates and status.state == "finished":
        rows.append([button(say("admin-button-look"), _tap("look", status.campaign_id))])
    if tries and screen in ("now", "leave"):
        rows.append([button(say("experiment-button-report"), _test("look", status.campaign_id))])
    if asks and screen in ("now", "leave"):
        rows.append([button(say("admin-button-answers"), _tap("answers", status.campaign_id))])
    return keyboard(*rows) if rows else None


def _moves(say: Say, status: Status, screen: Screen) -> list[list[InlineKeyboardButton]]:
    """Stopping for good and sending again are asked twice."""
    number, unknown = status.campaign_id, open_question(status)
    if screen == "again" and unknown:
        return [
            [button(say("admin-button-twice", count=unknown), _tap("twice", number))],
            [button(say("admin-button-not-again"), _tap("look", number))],
        ]
    again = [button(say("admin-button-again", count=unknown), _tap("again", number))]
    if status.state not in UNDER_WAY | {"paused"}:
        if screen == "leave" or not unknown:
            return _changes(say, status)
        return [*_changes(say, status), again, [button(say("admin-button-leave"), _tap("leave", number))]]
    if screen == "cancel":
        return [
            [button(say("admin-button-sure"), _tap("sure", number))],
            [button(say("admin-button-keep"), _tap("look", number))],
        ]
    other = "resume" if status.state == "paused" else "pause"
    return [
        [
            button(say(f"admin-button-{other}"), _tap(other, number)),
            button(say("admin-button-cancel"), _tap("cancel", number)),
        ],
        *([again] if unknown else []),
        *(_changes(say, status) if status.state == "paused" else []),
        [button(say("admin-button-look"), _tap("look", number))],
    ]


def _changes(say: Say, status: Status) -> list[list[InlineKeyboardButton]]:
    """What can be done about the copies people have."""
    if not status.totals.sent or status.act != "send":
        return []
    labels = {"edit": "admin-button-change", "recall": "admin-button-recall"}
    return [
        [
            button(say(label), CopiesTap(action=action, campaign=status.campaign_id).pack())
            for action, label in labels.items()
        ]
    ]


def bar(done: int, whole: int) -> str:
    """Return a bar of signs.

    >>> bar(1, 4)
    '▓▓▓░░░░░░░░░'
    """
    full = BAR * done // whole if whole else 0
    return "▓" * full + "░" * (BAR - full)


def percent(done: int, whole: int) -> int:
    """Return whole per cents, never 100 before the end."""
    return 100 * done // whole if whole else 0


def _test(action: ExperimentAction, campaign_id: int, content_id: int = 0) -> str:
    return ExperimentTap(action=action, campaign=campaign_id, content=content_id).pack()


def _tap(action: Any, campaign: int, content: int = 0) -> str:
    return LetterTap(action=action, campaign=campaign, content=content).pack()
