"""Faults on demand: rules that make chosen calls go wrong in the ways networks and proxies really do."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, fields
from typing import Any

KINDS = frozenset({
    "drop_after_accept", "hang_after_accept", "http502_html", "http500", "http500_no_description",
    "garbage_200",    "status", "refuse_429_no_parameters", "slow", "drop_before_accept",
})  # fmt: skip
# Kinds where the call does its work before the answer goes wrong. A rule may say otherwise by `accept`.
ACCEPTING = frozenset({"drop_after_accept", "hang_after_accept", "garbage_200", "slow"})


@dataclass
class Fault:
    """One rule: which calls, what goes wrong, how often."""

    kind: str
    method: str | None = None
    chat_id: int | None = None
    code: int = 500
    description: str | None = None
    parameters: dict[str, Any] | None = None
    seconds: float = 1.0
    probability: float = 1.0
    count: int | None = None
    seed: int | None = None
    accept: bool | None = None
    hits: int = 0
    dice: random.Random = field(default_factory=random.Random, repr=False)

    @property
    def accepts(self) -> bool:
        """Whether the call takes effect although its answer goes wrong."""
        return self.kind in ACCEPTING if self.accept is None else self.accept

    def strikes(self, method: str, chat_id: int | None) -> bool:
        """Whether this call goes wrong; counts the hits."""
        # Polling goes wrong only when it is named: a rule for everything means the messages.
        if self.method != method and (self.method is not None or method == "getUpdates"):
            return False
        if self.chat_id not in (None, chat_id):
            return False
        if self.count is not None and self.hits >= self.count:
            return False
        if self.probability < 1 and self.dice.random() >= self.probability:
            return False
        self.hits += 1
        return True

    def as_json(self) -> dict[str, Any]:
        """The rule as the control API tells it."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "dice"}


class Faults:
    """The rules in force, first match wins."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []

    def set(self, given: list[dict[str, Any]]) -> None:
        """Replace the rules; a kind or a field nobody knows is a ValueError that names it."""
        rules = []
        for rule in given:
            if rule.get("kind") not in KINDS:
                raise ValueError(
                    f"unknown fault kind {rule.get('kind')!r}; known are {', '.join(sorted(KINDS))}"
                )
            known = {f.name for f in fields(Fault)} - {"dice", "hits"}
            if unknown := sorted(set(rule) - known):
                raise ValueError(
                    f"unknown field {unknown[0]!r} in a fault; known are {', '.join(sorted(known))}"
                )
            rules.append(Fault(**rule, dice=random.Random(rule.get("seed"))))  # noqa: S311, repeatable on purpose
        self.rules = rules

    def for_call(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that strikes this call, if any."""
        for rule in self.rules:
            if rule.strikes(method, chat_id):
                return rule
        return None
