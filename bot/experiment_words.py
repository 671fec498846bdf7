"""What is said of an experiment, in the terminal and in the chat alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.mailing.experiments.verdict import LETTERS
from core.words import grouped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.texts import Say
    from core.mailing.experiments.plan import Plan
    from core.mailing.experiments.selfcheck import Checked
    from core.mailing.experiments.verdict import Pair, Verdict


def number(say: Say, value: float, digits: int) -> str:
    """Return a number as it is written in the reader's language.

    A comma in Russian, a true minus sign.
    """
    shown = f"{value:.{digits}f}".replace("-", "−")
    return shown.replace(".", ",") if say.language == "ru" else shown


def percent(say: Say, share: float, digits: int = 1) -> str:
    """Return a share, 0 to 1, in percent: as many digits as it takes to differ from 0."""
    exact = digits if share == 0 or abs(share) >= 0.005 else 2
    return f"{number(say, 100 * share, exact)} %"


def points(say: Say, low: float, high: float | None = None) -> str:
    """Return a difference of shares in points, or its range: `+1,2…+4,0 п.п.`."""
    ends = [low] if high is None else [low, high]
    shown = "…".join(("+" if end > 0 else "") + number(say, 100 * end, 1) for end in ends)
    return say("experiment-points", points=shown)


def people(say: Say, count: int) -> str:
    """Return a number of people."""
    return say("experiment-people", count=count, shown=grouped(count, say.language))


def p_value(say: Say, p: float) -> str:
    """Return a p-value: its digits or, far from any doubt, that it is tiny."""
    return number(say, p, 2 if p >= 0.1 else 4) if p >= 0.0001 else f"{p:.0e}"


def verdict_lines(say: Say, found: Verdict, planned: Sequence[float] | None = None) -> list[str]:
    """Return the parts, the verdict and what it rests on, a sentence a line."""
    arms = [
        say(
            "experiment-arm",
            name=LETTERS[place],
            successes=grouped(arm.successes, say.language),
            people=grouped(arm.people, say.language),
            rate=percent(say, arm.rate),
        )
        for place, arm in enumerate(found.arms)
    ]
    if found.outcome == "srm":
        return [*arms, _broken(say, found, planned or ())]
    told = _of_two(say, found) if len(found.pairs) == 1 else _of_many(say, found)
    return [*arms, *told]


def _broken(say: Say, found: Verdict, planned: Sequence[float]) -> str:
    sizes = " / ".join(grouped(arm.people, say.language) for arm in found.arms)
    shares = " / ".join(percent(say, share / sum(planned)) for share in planned)
    return say("experiment-srm", planned=shares, people=sizes, p=p_value(say, found.srm_p or 0.0))


def _of_two(say: Say, found: Verdict) -> list[str]:
    pair = found.pairs[0]
    if found.outcome == "winner":
        return [_better(say, pair, "experiment-winner"), p_line(say, found)]
    values = {
        "name": LETTERS[pair.second],
        "other": LETTERS[pair.first],
        "low": points(say, pair.low),
        "high": points(say, pair.high),
    }
    if found.outcome == "early":
        values["percent"] = percent(say, found.information, 0)
    return [say(f"experiment-{found.outcome}", **values), p_line(say, found)]


def _of_many(say: Say, found: Verdict) -> list[str]:
    if found.winner is not None:
        head = say("experiment-winner-of-all", name=LETTERS[found.winner])
    elif found.outcome == "early":
        head = say("experiment-early-all", percent=percent(say, found.information, 0))
    else:
        head = say(f"experiment-{found.outcome}-all")
    return [head, *(_pair(say, pair) for pair in found.pairs)]


def _pair(say: Say, pair: Pair) -> str:
    if pair.is_sure:
        return _better(say, pair, "experiment-better")
    names = {"name": LETTERS[pair.second], "other": LETTERS[pair.first]}
    return say("experiment-open", **names, range=points(say, pair.low, pair.high))


def _better(say: Say, pair: Pair, key: str) -> str:
    """Tell the better one first, the range from the smaller advantage to the larger."""
    if pair.difference > 0:
        better, other, low, high = pair.second, pair.first, pair.low, pair.high
    else:
        better, other, low, high = pair.first, pair.second, -pair.high, -pair.low
    return say(key, name=LETTERS[better], other=LETTERS[other], range=points(say, low, high))


def p_line(say: Say, found: Verdict) -> str:
    """Return the p-value beside the one that was needed."""
    shown = {"p": p_value(say, found.pairs[0].test.p), "level": p_value(say, found.level)}
    if found.look == 1 and found.information >= 1:
        return say("experiment-p", **shown)
    gathered = percent(say, found.information, 0)
    return say("experiment-p-look", **shown, look=found.look, percent=gathered)


def plan_lines(say: Say, found: Plan) -> list[str]:
    """Return what can be known before a launch, a sentence a line."""
    terms = found.terms
    each, all_people = people(say, found.each), people(say, found.each * terms.arms)
    if found.lift is None:
        return [say("experiment-plan-blind", all=all_people)]
    rise = {
        "base": percent(say, terms.base),
        "better": percent(say, terms.base + found.lift),
    }
    sure = say("experiment-plan-sure", power=round(100 * terms.power), alpha=round(100 * terms.alpha))
    then = say("experiment-plan-then")
    step = points(say, found.lift)
    if found.chance is not None:
        lines = [say("experiment-plan-chance", **rise, power=round(100 * found.chance))]
        if not found.is_enough:
            lines.append(say("experiment-plan-low", all=people(say, found.needed * terms.arms)))
        return [*lines, then]
    if found.is_given:
        return [
            say("experiment-plan-needed", **rise, lift=step, each=each, all=all_people, variants=terms.arms),
            sure,
            then,
        ]
    return [say("experiment-plan-shown", **rise, lift=step, each=each, all=all_people), sure, then]


def checked_lines(say: Say, found: Checked) -> list[str]:
    """Return what the A/A self-check found, a sentence a line."""
    done = {"people": people(say, found.people), "times": grouped(found.times, say.language)}
    return [
        say("experiment-self-done", **done, successes=people(say, found.successes)),
        say("experiment-self-winners", share=percent(say, found.winners / found.times)),
        say("experiment-self-broken", share=percent(say, found.broken / found.times)),
        say("experiment-self-sound" if found.is_sound else "experiment-self-unsound"),
    ]
