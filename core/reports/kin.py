"""Which fields say nearly the same: what a segment's own rule decides is no news about its people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from core.segments.conditions import Tagged, leaves
from core.segments.errors import RuleError, SegmentError
from core.segments.fields import Field, RowField
from core.segments.language import parse
from core.segments.models import Segment
from core.segments.rules import asked_for

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from core.segments.conditions import Condition

# What each field is worked out of: two that share one of these say partly the same.
_OF: dict[str, str] = {
    "purchases": "bought count",
    "spent": "bought money",
    "first_purchase": "first",
    "last_purchase": "last",
    "rfm": "last count money",
    "rfm_r": "last",
    "rfm_f": "count",
    "rfm_m": "money",
    "lifecycle": "bought first last count money",
    "health": "last count money seen letters",
    "health_group": "last count money seen letters",
    "churn": "last gaps",
    "interval": "gaps",
    "next_purchase": "last gaps",
    "clv": "first last count money",
    "base_kind": "bought last answers",
    "funnel_stage": "bought count answers",
    "lead": "answers seen",
    "lead_group": "answers seen",
    "engagement": "seen letters",
    "last_seen": "seen",
    "unanswered": "seen letters reach",
    "letters": "letters reach",
    "status": "reach",
    "blocked": "reach",
    "opted_out": "reach",
    "advertising_consent": "reach",
    "data_consent": "reach",
    "city": "place",
    "region": "place",
    "country": "place",
    "climate": "place",
    "timezone": "place",
    "place": "place",
    "age": "age",
    "birthday": "age",
    "gender": "sex",
    "sex": "sex",
}
FACTS: dict[str, frozenset[str]] = {name: frozenset(facts.split()) for name, facts in _OF.items()}
MONEY = frozenset({"bought", "first", "last", "count", "money", "gaps"})  # facts that purchases alone make
_JOINED = "joined"
# Longer in the base is more of these, or a longer silence at the most: time itself, no finding.
_RUNNING = frozenset(
    ["last_seen", "letters", "unanswered", "engagement", "first_purchase", "last_purchase", "purchases",
     "spent", "referrals"]
)  # fmt: skip
_MONEY_TABLE = ("purchases", "spent", "last_purchase")


def bare(name: str) -> str:
    """Return the name of a field as it stands here: `attr.city` and `city` are one."""
    return name.removeprefix("attr.").strip('"').casefold()


def facts(name: str) -> frozenset[str]:
    """Return what a field is worked out of; a field nobody derives is a fact of its own."""
    return FACTS.get(bare(name), frozenset({bare(name)}))


def are_kin(first: str, second: str) -> bool:
    """Say whether two fields say partly the same: worked out of the same, or one runs with the other.

    >>> are_kin("rfm_m", "spent"), are_kin("joined", "letters"), are_kin("interval", "spent")
    (True, True, False)
    """
    pair = {bare(first), bare(second)}
    return bool(facts(first) & facts(second)) or (_JOINED in pair and bool(pair & _RUNNING))


def grow_together(first: str, second: str) -> bool:
    """Say whether two numbers go together by what they are: also any two numbers of a buyer's purchases."""
    return are_kin(first, second) or all(facts(name) <= MONEY for name in (first, second))


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
        rule = row[0] if row else ""
        found |= asked(rule)
        waiting.extend(asked_for(rule) - seen)
    return frozenset(found - {""})


def asked(rule: str) -> frozenset[str]:
    """Return the facets that a rule itself asks for; segments it refers to are another matter."""
    return frozenset(one for leaf in _leaves(rule) for one in _asked(leaf))


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
        return {field.text()} if field.table == "answers" else {bare(field.key[0])}
    if isinstance(field, Field):
        return {field.name}
    return set(_MONEY_TABLE) if "purchases" in leaf.reads else set()


def is_about_purchases(asked: frozenset[str]) -> bool:
    """Say whether a rule that asks for these facets decides by what people bought."""
    return any(facts(name) & MONEY for name in asked)


def why(name: str, asked: frozenset[str]) -> tuple[str, ...]:
    """Return what a rule asks for that a facet is, or follows from; empty where it does not follow.

    >>> why("clv", frozenset({"spent", "city"})), why("city", frozenset({"spent"}))
    (('spent',), ())
    """
    if name in asked:
        return (name,)
    return tuple(sorted(one for one in asked if _follows(name, one)))


def _follows(name: str, one: str) -> bool:
    if one.startswith("quiz "):
        return bare(name) == one.removeprefix("quiz ").split(".", 1)[-1] or "answers" in facts(name)
    is_field = not one.startswith(("tags", "segments")) and not name.startswith(("tags", "segments", "quiz "))
    return is_field and are_kin(name, one)


def follows(name: str, asked: frozenset[str]) -> bool:
    """Say whether a facet is asked for by a rule, or follows from what it asks for.

    >>> follows("spent", frozenset({"purchases", "spent"})), follows("city", frozenset({"spent"}))
    (True, False)
    """
    return bool(why(name, asked))
