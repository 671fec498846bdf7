"""Numbers of an experiment as they are typed in a terminal; each mistake names its option and the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from core.mailing.experiments.srm import ALARM, mismatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.mailing.experiments.arms import Arm
    from core.mailing.experiments.plan import Plan
    from core.mailing.experiments.selfcheck import Checked
    from core.mailing.experiments.verdict import Verdict

MOST_LOOKS = 1000


def rate(text: str, option: str) -> float:
    """Read `4%`, `4,5 %` or `0.04` as a share."""
    given = text.strip().replace(",", ".").replace(" ", "")
    try:
        value = float(given.rstrip("%"))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no share; write 4% or 0.04", param_hint=option) from None
    if given.endswith("%"):
        return value / 100
    if value >= 1:
        raise typer.BadParameter(
            f"{text!r} is more than everybody; write {text.strip()}% or 0.04", param_hint=option
        )
    return value


def lift(text: str, base: float) -> float:
    """Read a rise in points (`1%`, `0.01`) or times (`x1.25`: a quarter more) as a difference of shares."""
    given = text.strip().casefold().replace("х", "x")
    if not given.startswith("x"):
        return rate(text, "--lift")
    try:
        return base * (float(given[1:].replace(",", ".")) - 1)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no rise; write 1% for points or x1.25 for times", param_hint="--lift"
        ) from None


def arms(visitors: str | None, successes: str | None, a: str | None, b: str | None) -> list[Arm]:
    """Read the parts from `--visitors … --successes …` or from `--a X/N --b X/N`."""
    from core.mailing.experiments.arms import Arm

    if a is not None and b is not None and visitors is None and successes is None:
        return [Arm(*_pair(text, option)) for text, option in ((a, "--a"), (b, "--b"))]
    if visitors is None or successes is None or a is not None or b is not None:
        raise typer.BadParameter(
            "name --visitors 1000,1010 --successes 52,71, or --a 52/1000 --b 71/1010, or --file CASES.csv"
        )
    people, reached = whole(visitors, "--visitors"), whole(successes, "--successes")
    if len(people) != len(reached):
        raise typer.BadParameter(
            f"{len(reached)} numbers, but --visitors has {len(people)}; give one for each part",
            param_hint="--successes",
        )
    return [Arm(*pair) for pair in zip(people, reached, strict=True)]


def _pair(text: str, option: str) -> tuple[int, int]:
    reached, slash, people = text.partition("/")
    try:
        if slash:
            return int(people), int(reached)
    except ValueError:
        pass
    raise typer.BadParameter(f"{text!r}: write reached/people, e.g. 52/1000", param_hint=option)


def whole(text: str, option: str) -> list[int]:
    """Read whole numbers with commas between them."""
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise typer.BadParameter(
            f"{text!r}: whole numbers with commas between them, e.g. 1000,1010", param_hint=option
        ) from None


def shares(text: str, count: int) -> list[float]:
    """Read the planned shares, one for each part."""
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"{text!r}: write shares, e.g. 50,50", param_hint="--planned") from None
    if len(found) != count or min(found) <= 0:
        raise typer.BadParameter(
            f"{text!r}: {count} shares above 0, one for each part, e.g. 50,50", param_hint="--planned"
        )
    return found


def looks(look: str | None, of: int | None, information: str | None) -> list[float]:
    """Read the looks made: equally spaced ones up to this, or the information at each; none: the end."""
    if information is not None:
        if look is not None or of is not None:
            raise typer.BadParameter("give either --look or --information", param_hint="--information")
        return [
            rate(part, "--information") if part.strip() != "1" else 1.0 for part in information.split(",")
        ]
    if look is None:
        if of is not None:
            raise typer.BadParameter("say also which look this is: --look 2 --of 5", param_hint="--of")
        return [1.0]
    here, slash, last = look.partition("/")
    try:
        number, count = int(here), int(last) if slash else of
    except ValueError:
        raise typer.BadParameter(f"{look!r}: write --look 2/5", param_hint="--look") from None
    if count is None or (slash and of not in (None, count)):
        raise typer.BadParameter(f"{look!r} of how many? Write --look 2/5", param_hint="--look")
    if not 1 <= number <= count <= MOST_LOOKS:
        raise typer.BadParameter(
            f"look {number} of {count}: the first is 1, the last {count}, at most {MOST_LOOKS}",
            param_hint="--look",
        )
    return [place / count for place in range(1, number + 1)]


def looks_uneven(found: Verdict) -> bool:
    """Whether these parts cannot be halves, thirds… of one audience."""
    people = [arm.people for arm in found.arms]
    return mismatch(people, [1.0] * len(people)) < ALARM


def plan_json(found: Plan) -> dict[str, Any]:
    """Return the plan for a script."""
    base, rise = found.terms.base, found.lift
    return {
        "base": base,
        "lift": None if rise is None else round(rise, 6),
        "better": None if rise is None else round(base + rise, 6),
        "variants": found.terms.arms,
        "people_each": found.each,
        "people": found.each * found.terms.arms,
        "needed_each": found.needed,
        "alpha": found.terms.alpha,
        "power": found.terms.power,
        "chance": None if found.chance is None else round(found.chance, 4),
    }


def verdict_json(found: Verdict) -> dict[str, Any]:
    """Return the verdict for a script; differences are of shares, the second part less the first."""
    names = "ABCDEF"
    return {
        "decision": found.decision,
        "outcome": found.outcome,
        "look": found.look,
        "information": found.information,
        "p_needed": found.level,
        "srm_p": found.srm_p,
        "parts": [{"people": arm.people, "successes": arm.successes, "rate": arm.rate} for arm in found.arms],
        "pairs": [_pair_json(pair, names) for pair in found.pairs],
    }


def _pair_json(pair: Any, names: Sequence[str]) -> dict[str, Any]:
    return {
        "of": f"{names[pair.second]}-{names[pair.first]}",
        "difference": round(pair.difference, 6),
        "ci_lo": round(pair.low, 6),
        "ci_hi": round(pair.high, 6),
        "p_value": pair.test.p,
        "is_sure": pair.is_sure,
    }


def checked_json(found: Checked) -> dict[str, Any]:
    """Return the self-check for a script."""
    return {
        "people": found.people,
        "successes": found.successes,
        "times": found.times,
        "winners": found.winners,
        "broken": found.broken,
        "is_sound": found.is_sound,
    }
