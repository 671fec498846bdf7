"""What the owner reads below the pictures: pure functions of what a report returned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.admin import insight_pictures as pictures
from bot.admin.insight_pictures import richest, telling
from bot.admin.insight_views import hidden_keyboard
from bot.admin.insight_words import (
    before_value,
    between,
    money,
    points,
    question,
    rho,
    stage_key,
)
from bot.admin.views import visible_length
from core.reports.crosstab_rows import OTHER, TOTAL, UNKNOWN
from core.reports.rates import FEW
from core.segments.language import parse
from core.words import cut, percent

if TYPE_CHECKING:
    from aiogram.types import InlineKeyboardMarkup

    from bot.texts import Say
    from core.reports.common import Common, Trait
    from core.reports.correlations import Correlations
    from core.reports.crosstab import CrossTab
    from core.reports.goods import Goods
    from core.reports.hidden import Hidden
    from core.reports.kinds import Stages
    from core.reports.spend import Spend

ROOM = 1000  # characters of a caption
LEFT_NAMED = 4  # fields named that were not compared
EXPLAINED = ("cross", "common", "goods", "pairs", "spend", "stages", "links", "hidden")


@dataclass(frozen=True, slots=True)
class Shown:
    """A report as it is shown."""

    text: str
    keyboard: InlineKeyboardMarkup
    picture: bytes | None


def hidden_shown(say: Say, found: Hidden) -> Shown:
    """Return the hidden groups with their picture and the buttons that keep one."""
    drawn = pictures.groups(say, found) if found.groups else None
    return Shown(hidden_text(say, found), hidden_keyboard(say, found), drawn)


def cross_text(say: Say, found: CrossTab) -> str:
    """Return what stands out in a cross-tab, and what the table leaves in the dark."""
    english = say.language == "en"
    head = say("insights-cross-base", base=found.base)
    rows = {key: (ru, en)[english] for key, ru, en in found.rows.words}
    columns = {key: (ru, en)[english] for key, ru, en in found.columns.words}
    great = [
        (place, cell) for place, cell in found.cells.items()
        if cell.verdict in ("above", "below") and OTHER not in place
    ]  # fmt: skip
    great.sort(key=lambda one: -abs(one[1].residual or 0))
    lines = [
        say(
            f"insights-cross-{cell.verdict}", row=rows[row], column=columns[column],
            people=cell.people, expected=round(cell.expected or 0),
        )
        for (row, column), cell in great
    ]  # fmt: skip
    notes = [] if great else [say("insights-cross-usual")]
    sides = ((found.rows, (UNKNOWN, TOTAL)), (found.columns, (TOTAL, UNKNOWN)))
    unknown = max(0 if _is_of_labels(axis.name) else found.cell(*place).people for axis, place in sides)
    if found.base and unknown / found.base > 0.1:
        notes.append(say("insights-cross-unknown", share=percent(unknown / found.base, say.language)))
    notes += [
        say("insights-cross-folded", count=axis.folded) for axis in (found.rows, found.columns) if axis.folded
    ][:1]
    notes += [say("insights-cross-several")] if _is_counted_twice(found) else []
    notes += [say("insights-unrated", count=found.unrated)] if found.unrated else []
    return fitted([head], lines[:5], notes)


def _is_counted_twice(found: CrossTab) -> bool:
    """Whether somebody stands in several rows or columns: of a facet of several values, nobody need to."""
    rows = sum(found.cell(key, TOTAL).people for key in found.rows.keys)
    columns = sum(found.cell(TOTAL, key).people for key in found.columns.keys)
    return max(rows, columns) > found.base


def _is_of_labels(name: str) -> bool:
    """Whether nobody is unknown here: who has no tag has none."""
    return name.startswith(("tags", "segments"))


def fitted(head: list[str], lines: list[str], notes: list[str]) -> str:
    """Return head, as many lines as fit a caption, and the notes."""
    while lines and visible_length("\n\n".join([*head, "\n".join(lines), *notes])) > ROOM:
        lines = lines[:-1]
    return "\n\n".join(part for part in (*head, "\n".join(lines), *notes) if part)


def common_text(say: Say, found: Common) -> str:
    """Return in sentences what the people of a segment have in common."""
    english = say.language == "en"
    title = found.titles[english]
    if found.is_too_small:
        return say("insights-common-small", title=title, size=found.size, rest=found.rest, few=FEW)
    shown = telling(found)
    head = [say("insights-common-head", title=title, size=found.size, rest=found.rest)]
    if not found.traits and found.left_out:
        return "\n\n".join([*head, say("insights-common-nothing", names=_names(found, english))])
    if not shown:
        return "\n\n".join([*head, say("insights-common-none")])
    lines = [_trait(say, trait) for trait in shown[:6]]
    notes = [say("insights-common-sure", count=len(found.traits))]
    if found.left_out:
        more = len(found.left_out) - LEFT_NAMED
        key = "insights-common-left-more" if more > 0 else "insights-common-left"
        notes.append(say(key, names=_names(found, english), **({"count": more} if more > 0 else {})))
    return fitted(head, lines, notes)


def _names(found: Common, english: bool) -> str:
    return ", ".join(cut(question(one.titles[english]), 30) for one in found.left_out[:LEFT_NAMED])


def _trait(say: Say, trait: Trait) -> str:
    english = say.language == "en"
    return say(
        "insights-common-line",
        field=before_value(trait.titles[english], 48),
        value=trait.value[english],
        inside=percent(trait.inside.rate, say.language),
        outside=percent(trait.outside.rate, say.language),
        points=points(trait.interval, say.language),
    )


def goods_text(say: Say, found: Goods) -> str:
    """Return how much was bought by how many."""
    if not found.lines:
        return say("insights-goods-none" if not found.unnamed else "insights-goods-unnamed-all")
    notes = [say("insights-goods-note")]
    notes += [say("insights-goods-unnamed", count=found.unnamed)] if found.unnamed else []
    return "\n\n".join([say("insights-goods-head", different=found.different, buyers=found.buyers), *notes])


def pairs_text(say: Say, found: Goods) -> str:
    """Return what the same people buy."""
    if not found.pairs:
        return say("insights-pairs-none" if found.tested else "insights-pairs-few", count=found.tested)
    lines = [
        say(
            "insights-pairs-line", first=cut(pair.first, 40), second=cut(pair.second, 40),
            share=percent(pair.confidence, say.language), people=pair.both,
            lift=f"{pair.lift:.1f}".replace(".", "," if say.language == "ru" else "."),
            low=f"{pair.interval[0]:.1f}".replace(".", "," if say.language == "ru" else "."),
        )
        for pair in found.pairs[:12]
    ]  # fmt: skip
    head = say("insights-pairs-head", period=say("insights-period", days=found.days))
    return "\n\n".join([head, "\n".join(lines), say("insights-pairs-note", count=found.tested)])


def spend_text(say: Say, found: Spend, by: str, currency: str) -> str:
    """Return who brings the money in a sentence or two."""
    lines = richest(found, by)
    everybody = found.everybody
    about = [say("insights-spend-about")] if any(line.is_about_purchases for line in found.lines) else []
    if not lines:
        return "\n\n".join(
            [say("insights-spend-few" if everybody.revenue else "insights-spend-none"), *about]
        )
    best = lines[0]
    values = {
        "title": best.titles[say.language == "en"],
        "people": percent(best.people / (everybody.people or 1), say.language),
        "share": percent(best.revenue / (everybody.revenue or 1), say.language),
        "head": money(best.a_head, currency, say.language),
        "usual": money(everybody.a_head, currency, say.language),
    }
    notes = [say("insights-spend-overlap"), *about]
    notes += [say("insights-unrated", count=found.unrated)] if found.unrated else []
    return "\n\n".join([say(f"insights-spend-best-{by}", **values), *notes])


def stages_text(say: Say, found: Stages, kinds: dict[str, int]) -> str:
    """Return where the base stands and where most stay."""
    steps = [stage for stage in found.lines[1:] if stage.before]
    worst = min(steps, key=lambda stage: stage.conversion.rate or 0.0, default=None)
    parts = [say("insights-kinds", kinds=kinds_line(say, kinds))] if kinds else []
    if worst is not None:
        name, share = say(stage_key(worst.name)), percent(worst.conversion.rate, say.language)
        ends = between(worst.conversion, say.language)
        values = {"reached": worst.reached, "before": worst.before}
        parts.append(say("insights-stages-worst", stage=name, share=share, between=ends, **values))
    parts += [say("insights-stages-files", count=found.unknown)] if found.unknown else []
    return "\n\n".join(parts) or say("insights-stages-none")


def kinds_line(say: Say, kinds: dict[str, int]) -> str:
    """Return readers, prospects, customers and former ones in one line."""
    return " · ".join(say(f"insights-kind-{kind}", count=count) for kind, count in kinds.items())


def links_text(say: Say, found: Correlations) -> str:
    """Return which numbers go together."""
    english = say.language == "en"
    kin = [say("insights-links-kin", count=found.kin)] if found.kin else []
    if not found.sure:
        return "\n\n".join([say("insights-links-none", people=found.people), *kin])
    lines = []
    for pair in found.sure[:10]:
        strength, low, high = (rho(number, say.language) for number in (pair.rho, *pair.interval))
        key = "insights-links-up" if pair.rho > 0 else "insights-links-down"
        values = {"first": pair.first[english], "second": pair.second[english]}
        lines.append(say(key, **values, rho=strength, low=low, high=high, people=pair.people))
    head = say("insights-links-head", people=found.people)
    sample = [say("insights-links-sample")] if found.is_sample else []
    return fitted([head], lines, [say("insights-links-cause"), *kin, *sample])


def hidden_text(say: Say, found: Hidden) -> str:
    """Return what was found, or that there is nothing to find."""
    if not found.groups:
        return say("insights-hidden-few" if found.clusters is None else "insights-hidden-none")
    lines = []
    for group in found.groups:
        share = percent(group.share, say.language)
        line = say(
            "insights-hidden-line",
            place=group.number,
            title=group.title(say.language),
            people=group.people,
            share=share,
        )
        if group.has_rule and group.rule is not None:
            extra = percent(1 - group.rule.precision, say.language)
            recall = percent(group.rule.recall, say.language)
            rule = _sentence(group.rule.rule, say)
            line += "\n" + say("insights-hidden-rule", rule=rule, extra=extra, recall=recall)
        else:
            line += "\n" + say("insights-hidden-tag")
        lines.append(line)
    stability = f"{found.clusters.stability:.2f}" if found.clusters else ""
    comma = "," if say.language == "ru" else "."
    sure = say("insights-hidden-sure", stability=stability.replace(".", comma))
    return fitted([say("insights-hidden-head", count=len(found.groups))], lines, [sure])


def _sentence(rule: str, say: Say) -> str:
    return parse(rule).sentence(say.language)
