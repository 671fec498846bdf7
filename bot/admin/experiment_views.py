"""What the owner reads about an experiment: what is agreed, what it can show, where it stands, what was."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from bot.admin.callbacks import LetterTap
from bot.admin.experiment_callbacks import ExperimentTap
from bot.admin.views import button, keyboard
from bot.experiment_report import changes, outcome, report_lines, told_lines
from bot.experiment_words import people, percent
from core.mailing.experiments.verdict import LETTERS
from core.words import cut

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    from bot.admin.experiment_callbacks import ExperimentAction
    from bot.texts import Say
    from core.mailing.experiments.journal import Next, Past
    from core.mailing.experiments.launching import Terms, Told
    from core.mailing.experiments.looking import Report

HOURS = (24, 72, 168, 336)
TESTED = (100, 50, 20)  # percent
HELD = (0, 5, 10)
SHOWN_LETTER = 120
_TAG = re.compile(r"<[^<>]*>")


def menu_keyboard(say: Say, campaign_id: int, content_id: int) -> InlineKeyboardMarkup:
    """Return the two ways to make an experiment of a letter, and the way back."""
    ways: tuple[ExperimentAction, ...] = ("second", "held")
    return keyboard(
        *([_button(say, way, way, campaign_id, content_id)] for way in ways),
        [_button(say, "back", "drop", campaign_id, content_id)],
    )


def draft_text(say: Say, letters: Sequence[str], terms: Terms, told: Told) -> str:
    """Return what is agreed so far and what it will be able to show."""
    shown = [
        say("experiment-letter", name=LETTERS[number], text=_plain(text))
        for number, text in enumerate(letters)
    ]
    head = say("experiment-draft-head" if len(letters) > 1 else "experiment-held-head")
    lines = [say("experiment-reach", people=people(say, told.people), each=people(say, told.each))]
    if len(letters) > 1:
        base = percent(say, told.base)
        lines.append(say("experiment-base-own" if told.is_base_own else "experiment-base-guess", base=base))
    lines += told_lines(say, told.changes, told.lift, len(terms.shares))
    return "\n\n".join([head, "\n".join(shown), "\n".join(lines), say("experiment-draft-foot")])


def _plain(text: str) -> str:
    return cut(unescape(_TAG.sub("", text)).strip(), SHOWN_LETTER)


def draft_keyboard(
    say: Say, campaign_id: int, content_id: int, terms: Terms, goals: Sequence[str], will_get: int
) -> InlineKeyboardMarkup:
    """Return each agreement as a button: a tap makes the next choice; then launch or give up comparing."""
    place = {"campaign": campaign_id, "content": content_id}
    goal = goals.index(terms.goal) if terms.goal in goals else -1
    rows = [
        [
            button(
                say("experiment-button-goal", goal=say(f"experiment-short-{terms.goal}")),
                ExperimentTap(action="goal", value=(goal + 1) % len(goals), **place).pack(),
            ),
            button(
                say("experiment-button-days", days=terms.window_hours // 24),
                _next("hours", HOURS, terms.window_hours, place),
            ),
        ]
    ]
    if len(terms.shares) > 1:
        tested = round(100 * terms.tested)
        rows.append(
            [button(say("experiment-button-tested", percent=tested), _next("tested", TESTED, tested, place))]
        )
        if terms.tested < 1:
            rollout = ExperimentTap(action="rollout", value=int(terms.rollout == "owner"), **place).pack()
            rows.append([button(say(f"experiment-button-{terms.rollout}"), rollout)])
    if terms.goal == "purchase":
        held, choices = round(100 * terms.holdout), HELD if len(terms.shares) > 1 else HELD[1:]
        rows.append(
            [button(say("experiment-button-holdout", percent=held), _next("holdout", choices, held, place))]
        )
    launch = LetterTap(action="launch", campaign=campaign_id, content=content_id).pack()
    if will_get:
        rows.append([button(say("experiment-button-launch", count=will_get), launch)])
    return keyboard(*rows, [_button(say, "back", "drop", campaign_id, content_id)])


def _next(action: ExperimentAction, choices: Sequence[int], present: int, place: dict[str, int]) -> str:
    """What the button after the present choice carries: the next one, so a second tap changes nothing."""
    here = choices.index(present) if present in choices else -1
    return ExperimentTap(action=action, value=choices[(here + 1) % len(choices)], **place).pack()


def _button(
    say: Say, label: str, action: ExperimentAction, campaign_id: int, content_id: int
) -> InlineKeyboardButton:
    tap = ExperimentTap(action=action, campaign=campaign_id, content=content_id)
    return button(say(f"experiment-button-{label}"), tap.pack())


def report_text(say: Say, found: Report, zone: ZoneInfo, currency: str) -> str:
    """Return where an experiment stands."""
    lines = [line.replace("&", "&amp;").replace("<", "&lt;") for line in _lines(say, found, zone, currency)]
    return f"🧪 {lines[0]}\n" + "\n".join(lines[1:])


def _lines(say: Say, found: Report, zone: ZoneInfo, currency: str) -> list[str]:
    return [unescape(line) for line in report_lines(say, found, zone, currency)]


def report_keyboard(say: Say, found: Report) -> InlineKeyboardMarkup:
    """Return the winner for the rest, or each variant where there is none; look again; the journal."""
    rows: list[list[InlineKeyboardButton]] = []
    if found.offers_rest:
        winner = found.verdict.winner if found.verdict is not None else None
        arms = [winner] if winner is not None else range(len(found.shares))
        for arm in arms:
            tap = ExperimentTap(action="rest", campaign=found.campaign_id, value=arm).pack()
            label = "experiment-button-winner" if winner is not None else "experiment-button-rest"
            rows.append([button(say(label, name=LETTERS[arm]), tap)])
    look = ExperimentTap(action="look", campaign=found.campaign_id).pack()
    journal = ExperimentTap(action="journal").pack()
    again = [] if found.is_final else [button(say("experiment-button-look"), look)]
    return keyboard(*rows, [*again, button(say("experiment-button-journal"), journal)])


def journal_text(say: Say, found: Sequence[Past], next_one: Next) -> str:
    """Return what was tried, the newest first, and what to try next."""
    lines = [
        say(
            "experiment-journal-line",
            name=one.name,
            what=changes(say, one.changes),
            goal=say(f"experiment-short-{one.goal}"),
            outcome=outcome(say, one),
        )
        for one in found
    ]
    body = "\n".join(lines) if lines else say("experiment-journal-empty")
    return "\n\n".join([say("experiment-journal-head"), body, f"💡 {say(f'experiment-next-{next_one}')}"])


def journal_keyboard(say: Say, found: Sequence[Past]) -> InlineKeyboardMarkup | None:
    """Return a button for each experiment that has begun."""
    begun = [one for one in found if one.state != "draft"][:8]
    rows = [
        [button(cut(one.name, 40), ExperimentTap(action="look", campaign=one.campaign_id).pack())]
        for one in begun
    ]
    return keyboard(*rows) if rows else None
