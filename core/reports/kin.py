"""Which fields say nearly the same: what a segment's own rule decides is no news about its people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from core.segments.conditions import InSegment, Tagged, leaves
from core.segments.errors import RuleError, SegmentError
from core.segments.fields import Field, RowField
from core.segments.language import parse
from core.segments.models import Segment

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from core.segments.conditions import Condition

_BUYING = frozenset(
    [
        "purchases",
        "spent",
        "first_purchase",
        "last_purchase",
        "rfm",
        "rfm_r",
        "rfm_f",
        "rfm_m",
        "lifecycle",
        "health",
        "health_group",
        "churn",
        "interval",
        "next_purchase",
        "clv",
        "base_kind",
        "funnel_stage",
        "lead",
        "lead_group",
    ]
)
_REACHING = frozenset(
    ["status", "blocked", "opted_out", "unanswered", "letters", "advertising_consent", "data_consent"]
)
_BEING = frozenset(["last_seen", "engagement", "unanswered", "health", "health_group", "lead", "lead_group"])
_PLACE = frozenset(["city", "region", "country", "climate", "timezone", "place"])
_AGE = frozenset(["age", "birthday"])
_SEX = frozenset(["gender", "sex"])
_QUIZ = frozenset(["funnel_stage", "base_kind", "lead", "lead_group"])
KIN = (_BUYING, _REACHING, _BEING, _PLACE, _AGE, _SEX)
_MONEY_TABLE = "purchases"


def kin(name: str) -> frozenset[str]:
    """Return the fields that follow from a field, itself among them."""
    bare = name.removeprefix("attr.").strip('"').casefold()
    return frozenset({bare}).union(*(family for family in KIN if bare in family))


def asked_by(session: Session, name: str) -> frozenset[str]:
    """Return the facets a segment's rule asks for, those of the segments it refers to among them.

    Raises SegmentError if there is no such segment.
    """
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        row = session.execute(select(Segment.rule, Segment.family).where(Segment.name == current)).first()
        if row is None and current == name:
            raise SegmentError(f"there is no segment `{name[:64]}`")
        seen.add(current)
        found.add(f"segments {row[1]}" if row else "")
        for leaf in _leaves(row[0] if row else ""):
            found |= _asked(leaf)
            if isinstance(leaf, InSegment) and leaf.name not in seen:
                waiting.append(leaf.name)
    return frozenset(found - {""})


def _leaves(rule: str) -> list[Condition]:
    try:
        return list(leaves(parse(rule))) if rule else []
    except RuleError:  # a rule of another version: nothing can be said of it
        return []


def _asked(leaf: Condition) -> set[str]:
    if isinstance(leaf, Tagged):
        family, colon, _ = leaf.tag.partition(":")
        return {f"tags {family}" if colon else "tags"}
    field = getattr(leaf, "field", None)
    if isinstance(field, RowField):
        return {field.text()} if field.table == "answers" else set(kin(field.key[0]))
    if isinstance(field, Field):
        return set(kin(field.name))
    found: set[str] = set()
    if _MONEY_TABLE in leaf.reads:
        found |= _BUYING
    return found


def follows(name: str, asked: frozenset[str]) -> bool:
    """Say whether a facet is asked for by a rule, or follows from what it asks for.

    >>> follows("spent", frozenset({"purchases", "spent"})), follows("city", frozenset({"spent"}))
    (True, False)
    """
    bare = name.removeprefix("attr.").strip('"').casefold()
    if bare in asked or name in asked:
        return True
    answered = {one.removeprefix("quiz ").split(".", 1)[-1] for one in asked if one.startswith("quiz ")}
    return bare in answered or (bare in _QUIZ and bool(answered))
