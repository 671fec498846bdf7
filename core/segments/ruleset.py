"""The rules in force: ranks by references, layers of one (rank, block), statements kept compiled.

One SELECT a layer computes up to 62 segments at once and returns only people whose bits differ from the
stored mask. Rule sets are cached by engine and by the fingerprint of all rules, so that a refresh of one
person, which stands in the transaction of every answer, parses and compiles nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, case, func, select

from core.segments.blocks import bit_of, block_of
from core.segments.conditions import Condition, InSegment, leaves
from core.segments.errors import RuleError
from core.segments.language import parse
from core.segments.models import Segment
from core.segments.prepared import Prepared
from core.segments.statement import Statement, false_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

MAX_RANK = 5


@dataclass(frozen=True, slots=True)
class Rule:
    """One segment with its rule read; a segment that is switched off has a rule that nobody fulfils."""

    number: int
    name: str
    rank: int
    condition: Condition
    is_new: bool  # never computed for everyone: who is in it already does not enter it
    fingerprint: int

    @property
    def bit(self) -> int:
        """Its value in the mask of its block."""
        return bit_of(self.number)


@dataclass(frozen=True, slots=True)
class Layer:
    """Rules of one rank and one block: computed by one SELECT."""

    rank: int
    block: int
    rules: tuple[Rule, ...]

    @property
    def bits(self) -> int:
        """The bits of the mask that this layer computes."""
        return sum(rule.bit for rule in self.rules)

    def working(self, failed: Mapping[int, str]) -> Layer:
        """The layer without rules that failed."""
        return Layer(self.rank, self.block, tuple(rule for rule in self.rules if rule.number not in failed))

    def halves(self) -> tuple[Layer, Layer]:
        """Split the layer in two, to find the rule that fails."""
        middle = len(self.rules) // 2
        return (
            Layer(self.rank, self.block, self.rules[:middle]),
            Layer(self.rank, self.block, self.rules[middle:]),
        )


@dataclass(slots=True)
class RuleSet:
    """All rules in force, those that cannot be computed set aside with the reason."""

    rules: tuple[Rule, ...]
    key: object = None  # of the rules it was read from
    failed: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(init=False)
    numbers: dict[str, int] = field(init=False)
    quiet: frozenset[int] = field(init=False)  # who moves there moves because of the rule: no facts
    _statements: dict[tuple[tuple[int, ...], int], Statement] = field(default_factory=dict)
    _layers: tuple[Layer, ...] | None = None

    def __post_init__(self) -> None:
        self.names = {rule.number: rule.name for rule in self.rules}
        self.numbers = {rule.name: rule.number for rule in self.rules}
        hushed: set[str] = set()
        for rule in sorted(self.rules, key=lambda one: one.rank):  # a new rule moves people of others, too
            if rule.is_new or references(rule.condition) & hushed:
                hushed.add(rule.name)
        self.quiet = frozenset(self.numbers[name] for name in hushed)

    def layers(self) -> tuple[Layer, ...]:
        """Layers in the order of ranks, without rules that failed."""
        if self._layers is None:
            grouped: dict[tuple[int, int], list[Rule]] = {}
            for rule in self.rules:
                if rule.number not in self.failed:
                    grouped.setdefault((rule.rank, block_of(rule.number)), []).append(rule)
            self._layers = tuple(Layer(*key, tuple(grouped[key])) for key in sorted(grouped))
        return self._layers

    def fail(self, number: int, reason: str) -> None:
        """Set a rule aside, and all that refer to it: they keep their last membership."""
        if number in self.failed:
            return
        self.failed[number] = reason
        self._layers = None
        name = self.names[number]
        for rule in self.rules:
            if name in references(rule.condition):
                self.fail(rule.number, f"it refers to the segment {name}, which could not be computed")

    def settled(self, key: object) -> RuleSet:
        """Return the same rules computed for everyone, with all that is compiled of them."""
        rules = tuple(replace(rule, is_new=rule.is_new and rule.number in self.failed) for rule in self.rules)
        return RuleSet(rules, key, self.failed, self._statements)

    def statement(self, layer: Layer, people: int) -> Statement:
        """Return the statement of a layer for so many people (0 = everyone), built once."""
        key = (tuple(rule.number for rule in layer.rules), people)
        found = self._statements.get(key)
        if found is None:
            conditions = [(rule.bit, rule.condition) for rule in layer.rules]
            found = Statement(layer.block, conditions, self.numbers, people)
            self._statements[key] = found
        return found


_cache: WeakKeyDictionary[Engine, RuleSet] = WeakKeyDictionary()
_NEW = case((Segment.refreshed_at.is_(None), Segment.fingerprint))
_KEY = select(func.count(Segment.id), func.sum(Segment.fingerprint), func.sum(_NEW))
_prepared_key: dict[str, Prepared] = {}


def current(session: Session) -> RuleSet:
    """Return the rule set in force, from the cache while no rule has changed."""
    kept = _cache.get(_engine(session))
    if kept is not None and in_force(session, kept):
        return kept
    fresh = load(session)
    _cache[_engine(session)] = fresh
    return fresh


def for_everyone(session: Session) -> RuleSet:
    """Return the rule set of a full refresh: the one at hand while no rule changed or failed.

    Reading and compiling fifteen rules anew costs more than scanning a few thousand people.
    """
    kept = _cache.get(_engine(session))
    if kept is None or kept.failed or not in_force(session, kept):
        kept = _cache[_engine(session)] = load(session)
    return kept


def put_in_force(session: Session, rules: RuleSet) -> None:
    """Let the next refreshes of touched people use this rule set, and what it learned to set aside."""
    _cache[_engine(session)] = rules.settled(_key(session))


def in_force(session: Session, rules: RuleSet) -> bool:
    """Return whether no rule has changed, or was computed for everyone, since this rule set was read."""
    return _key(session) == rules.key


def unchanged(session: Session, rules: RuleSet) -> list[int]:
    """Return the numbers of those of these rules that are still what they were."""
    now = dict(session.execute(select(Segment.id, Segment.fingerprint)).all())
    return [rule.number for rule in rules.rules if now.get(rule.number) == rule.fingerprint]


def _key(session: Session) -> object:
    connection = session.connection()
    name = connection.dialect.name
    if name not in _prepared_key:
        _prepared_key[name] = Prepared(_KEY, connection.dialect)
    return tuple(_prepared_key[name].run(connection, {}).one())


def _engine(session: Session) -> Engine:
    bind = session.get_bind()
    return bind if isinstance(bind, Engine) else bind.engine


def load(session: Session) -> RuleSet:
    """Read all rules anew; a stored rule that this version cannot read fails, the rest is in force."""
    key = _key(session)
    rows = session.execute(
        select(
            Segment.id,
            Segment.name,
            Segment.rule,
            Segment.rank,
            Segment.enabled,
            Segment.refreshed_at,
            Segment.fingerprint,
        ).order_by(Segment.id)
    ).all()
    rules, unread = [], {}
    for number, name, text, rank, enabled, refreshed_at, fingerprint in rows:
        condition = false_rule()
        if enabled:
            try:
                condition = parse(text)
            except RuleError as error:
                unread[number] = str(error)
        rules.append(Rule(number, name, rank, condition, refreshed_at is None, fingerprint))
    found = RuleSet(tuple(rules), key)
    _fail_orphans(found)
    for number, reason in unread.items():
        found.fail(number, reason)
    return found


def _fail_orphans(rules: RuleSet) -> None:
    for rule in rules.rules:
        missing = sorted(references(rule.condition) - rules.numbers.keys())
        if missing:
            rules.fail(rule.number, f"it refers to the segment {missing[0]}, which does not exist")


def references(condition: Condition) -> frozenset[str]:
    """Return the names of the segments a rule refers to."""
    return frozenset(leaf.name for leaf in leaves(condition) if isinstance(leaf, InSegment))


def ranks(referred: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Return the rank of every segment: the longest chain of references below it.

    Raises RuleError for a circle and for a chain longer than MAX_RANK.
    """
    found: dict[str, int] = {}
    for name in sorted(referred):
        _rank(name, referred, found, ())
    return found


def _rank(
    name: str, referred: Mapping[str, Iterable[str]], found: dict[str, int], path: tuple[str, ...]
) -> int:
    if name in path:
        circle = " → ".join([*path[path.index(name) :], name])
        raise RuleError(f"segments refer to each other in a circle: {circle}")
    if len(path) > MAX_RANK:
        chain = " → ".join([*path, name])
        raise RuleError(f"a chain of references has at most {MAX_RANK} steps: {chain}")
    if name not in found:
        below = [_rank(other, referred, found, (*path, name)) for other in sorted(referred.get(name, ()))]
        found[name] = max(below, default=-1) + 1
    if found[name] + len(path) > MAX_RANK:
        raise RuleError(
            f"a chain of references has at most {MAX_RANK} steps: {' → '.join([*path, name])} → …"
        )
    return found[name]
