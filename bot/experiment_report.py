"""What is said of an experiment of the base: its terms, where it stands, what the letters brought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.experiment_numbers import verdict_json
from bot.experiment_words import people, points, verdict_lines
from core.mailing.experiments.verdict import LETTERS
from core.words import grouped

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.texts import Say
    from core.mailing.experiments.arms import Arm
    from core.mailing.experiments.earned import Earned
    from core.mailing.experiments.holdout import Effect
    from core.mailing.experiments.journal import Past
    from core.mailing.experiments.looking import Report


def report_lines(say: Say, found: Report, zone: ZoneInfo, currency: str) -> list[str]:
    """Return what an owner reads of one experiment, a sentence a line."""
    lines = [head(say, found), *told_lines(say, found.changes, found.detectable, len(found.shares))]
    if found.verdict is not None:
        lines += ["", *verdict_lines(say, found.verdict, found.shares)]
    elif len(found.shares) > 1:
        lines += ["", say("experiment-not-begun")]
    lines += ["", *_effect(say, found, currency)] if found.held is not None else []
    return [*lines, "", *_stand(say, found, zone)]


def head(say: Say, found: Report) -> str:
    """Return the name, the goal and what differs."""
    goal = say(f"experiment-goal-{found.goal}")
    return say("experiment-head", name=found.name, goal=goal, changes=changes(say, found.changes))


def changes(say: Say, names: tuple[str, ...]) -> str:
    """Return what differs between the variants."""
    return ", ".join(say(f"experiment-change-{name}") for name in names) or say("experiment-change-none")


def told_lines(say: Say, names: tuple[str, ...], lift: float | None, variants: int) -> list[str]:
    """Return what is told before launch: what can be seen, and that several changes at once are unwise."""
    if variants < 2:
        return []
    told = (
        say("experiment-told", lift=points(say, lift)) if lift is not None else say("experiment-told-blind")
    )
    several = [say("experiment-several", changes=changes(say, names))] if len(names) > 1 else []
    return [told, *several]


def _effect(say: Say, found: Report, currency: str) -> list[str]:
    if found.treated is None or found.held is None:
        return []
    if found.effect is None or not (found.treated.successes or found.held.successes):
        return [say("experiment-effect-early", held=people(say, found.held.people))]
    return _brought(say, found.treated, found.held, found.effect, found.earned, currency)


def _brought(
    say: Say, treated: Arm, held: Arm, effect: Effect, money: Effect | None, currency: str
) -> list[str]:
    lines = [
        say(
            "experiment-effect",
            **_ends(say, effect, 1, ""),
            treated=people(say, treated.people),
            bought=grouped(treated.successes, say.language),
            held=people(say, held.people),
            without=grouped(held.successes, say.language),
        )
    ]
    if not effect.is_sure:
        lines.append(say("experiment-effect-unsure"))
    if money is not None:
        lines.append(say("experiment-earned", **_ends(say, money, 100, f" {currency}")))
    return lines


def _ends(say: Say, effect: Effect, unit: int, suffix: str) -> dict[str, str]:
    named = {"amount": effect.amount, "low": effect.low, "high": effect.high}
    return {name: signed(say, value / unit) + suffix for name, value in named.items()}


def signed(say: Say, value: float) -> str:
    """Return a whole number with its sign and its thousands apart."""
    whole = round(value)
    return ("+" if whole > 0 else "") + grouped(whole, say.language)


def _stand(say: Say, found: Report, zone: ZoneInfo) -> list[str]:
    lines = []
    if found.is_final:
        lines.append(say("experiment-over", looks=found.looks))
    elif found.ends_at is not None:
        ends = f"{found.ends_at.astimezone(zone):%d.%m %H:%M}"
        lines.append(say("experiment-until", ends=ends, looks=found.looks))
    if found.rest_arm is not None:
        lines.append(say("experiment-rest-sent", name=LETTERS[found.rest_arm]))
    elif found.tested < 1:
        lines.append(say("experiment-rest-waits"))
    return lines


def earned_lines(say: Say, found: Earned | None, zone: ZoneInfo, currency: str) -> list[str]:
    """Return what all letters with a holdout earned together."""
    if found is None:
        return [say("experiment-earned-none")]
    since = f"{found.since.astimezone(zone):%d.%m.%Y}"
    head = say("experiment-earned-head", since=since, count=found.campaigns)
    return [head, *_brought(say, found.treated, found.held, found.buyers, found.money, currency)]


def earned_json(found: Earned) -> dict[str, Any]:
    """Return the same for a script; money in minor units of the base currency."""
    return {
        "since": found.since.isoformat(),
        "campaigns": found.campaigns,
        "treated": {"people": found.treated.people, "buyers": found.treated.successes},
        "held": {"people": found.held.people, "buyers": found.held.successes},
        "buyers": [found.buyers.amount, found.buyers.low, found.buyers.high],
        "money": [found.money.amount, found.money.low, found.money.high],
    }


def outcome(say: Say, one: Past) -> str:
    """Return what came of a past experiment, in a few words."""
    if one.outcome is None:
        return say("experiment-state-draft" if one.state == "draft" else "experiment-state-running")
    if one.winner is not None:
        return say("experiment-state-winner", name=LETTERS[one.winner])
    return say(f"experiment-state-{one.outcome}")


def report_json(found: Report) -> dict[str, Any]:
    """Return the report for a script; money in minor units of the base currency."""
    return {
        "campaign": found.campaign_id,
        "name": found.name,
        "goal": found.goal,
        "changes": list(found.changes),
        "detectable": found.detectable,
        "shares": list(found.shares),
        "tested": found.tested,
        "ends_at": None if found.ends_at is None else found.ends_at.isoformat(),
        "looks": found.looks,
        "is_final": found.is_final,
        "rest": None if found.rest_arm is None else LETTERS[found.rest_arm],
        "verdict": None if found.verdict is None else verdict_json(found.verdict),
        "holdout": None if found.effect is None else _holdout_json(found),
    }


def _holdout_json(found: Report) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, part in (("treated", found.treated), ("held", found.held)):
        told[name] = None if part is None else {"people": part.people, "buyers": part.successes}
    for name, effect in (("buyers", found.effect), ("money", found.earned)):
        told[name] = None if effect is None else [effect.amount, effect.low, effect.high]
    return told


def journal_json(one: Past) -> dict[str, Any]:
    """Return one line of the journal for a script."""
    return {
        "campaign": one.campaign_id,
        "name": one.name,
        "goal": one.goal,
        "changes": list(one.changes),
        "outcome": one.outcome,
        "winner": None if one.winner is None else LETTERS[one.winner],
    }
