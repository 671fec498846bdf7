"""Families of segments to compare: those whose segments exclude each other, or all of a family."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.reports.movement import MovementError
from core.segments.conditions import Compare
from core.segments.errors import RuleError
from core.segments.language import parse
from core.segments.models import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session


def family(session: Session, name: str, seen_from: int | None = None) -> tuple[str, ...]:
    """Return the enabled segments of a family that can be compared, in their order.

    Where several are nothing but a value of one field each (`lifecycle = new`, `lifecycle = vip`), it is
    these: they exclude each other. Otherwise, and where the segment one looks from (its number) is none of
    them, all. Raises MovementError naming the families.
    """
    query = select(Segment.id, Segment.name, Segment.rule, Segment.family).where(Segment.enabled)
    there = session.execute(query.order_by(Segment.id)).all()
    rules = {row.name: row.rule for row in there if row.family == name}
    if not rules:
        known = ", ".join(sorted({row.family for row in there})) or "none yet"
        raise MovementError(f"There is no family {name[:32]!r} of enabled segments; there are: {known}.")
    own = {row.name for row in there if row.id == seen_from}
    alike = _exclusive(rules)
    return alike if alike and own <= set(alike) else tuple(rules)


def families(session: Session) -> tuple[str, ...]:
    """Return the families with at least two segments to move between, in the order of their segments."""
    query = select(Segment.family).where(Segment.enabled).order_by(Segment.id)
    counts = Counter(session.scalars(query))
    return tuple(name for name, count in counts.items() if count > 1)


def _exclusive(rules: Mapping[str, str]) -> tuple[str, ...]:
    """Return those that ask for different values of the field most of them ask for, if at least two do."""
    asked = {name: value for name, rule in rules.items() if (value := _value(rule))}
    if not asked:
        return ()
    commonest, count = Counter(field for field, _ in asked.values()).most_common(1)[0]
    alike = {name: value for name, (field, value) in asked.items() if field == commonest}
    return tuple(alike) if count > 1 and len(set(alike.values())) == count else ()


def _value(rule: str) -> tuple[str, str] | None:
    """Return the field and the value of a rule that is `field = value` and nothing else."""
    try:
        whole = parse(rule)
    except RuleError:
        return None
    if isinstance(whole, Compare) and whole.operator == "=":
        return whole.field.text(), str(whole.value).casefold()
    return None
