"""What an import comes to: counts of rows by what became of them, sums, dates, the first lines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.sales.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.sales.csv import Refused
    from core.sales.orders import Order
    from core.sales.purchases import Taken

SHOWN = 10  # lines kept for showing; every refused line goes to the file of refused lines


@dataclass(slots=True)
class Tally:
    """Counts of one file: added + joined + repeated + refused = rows, always. Sums are of what is added."""

    rows: int = 0
    added: int = 0  # purchases and refunds
    refunds: int = 0  # of them
    zeros: int = 0  # of them: purchases of nothing
    joined: int = 0  # further lines of added orders
    repeated: int = 0
    refused: Counter[Reason] = field(default_factory=Counter)
    new_people: int = 0
    sums: Counter[str] = field(default_factory=Counter)  # minor units by currency
    without_rate: int = 0  # added in another currency than the base: counted, in no sum of a person
    first_at: datetime | None = None
    last_at: datetime | None = None
    first_orders: list[Order] = field(default_factory=list)
    first_refused: list[Refused] = field(default_factory=list)

    @property
    def refused_count(self) -> int:
        """How many lines were not taken."""
        return sum(self.refused.values())

    @property
    def purchases(self) -> int:
        """How many purchases were added."""
        return self.added - self.refunds

    def add(self, order: Order, base_currency: str) -> None:
        """Count an order that is new, and the lines it was made of."""
        self.rows += order.lines
        self.added += 1
        self.refunds += order.amount < 0
        self.zeros += order.amount == 0
        self.joined += len(order.parts)
        self.repeated += order.repeats
        self.sums[order.currency] += order.amount
        self.without_rate += order.currency != base_currency and order.amount >= 0
        self.first_at = min(self.first_at or order.at, order.at)
        self.last_at = max(self.last_at or order.at, order.at)
        if len(self.first_orders) < SHOWN:
            self.first_orders.append(order)

    def take(self, taken: Taken, base_currency: str, refuse: Callable[[Refused], None]) -> None:
        """Count what became of some orders; `refuse` is told the lines that contradict what is stored."""
        for order in taken.added:
            self.add(order, base_currency)
        for order in taken.conflicts:
            self._repeat(order.repeats)
            for line in order.refusals(Reason.CONFLICT):
                refuse(line)
        self._repeat(taken.repeated)
        self.new_people += taken.new_people

    def _repeat(self, count: int) -> None:
        self.rows += count
        self.repeated += count

    def refuse(self, refused: Refused) -> None:
        """Count a line that was not taken."""
        self.rows += 1
        self.refused[refused.reason] += 1
        if len(self.first_refused) < SHOWN:
            self.first_refused.append(refused)

    def to_json(self) -> dict[str, Any]:
        """Return the counts as they are stored with the import."""
        return {
            "rows": self.rows,
            "added": self.added,
            "refunds": self.refunds,
            "zeros": self.zeros,
            "joined": self.joined,
            "repeated": self.repeated,
            "refused": {reason.value: count for reason, count in self.refused.items()},
            "new_people": self.new_people,
            "sums": dict(self.sums),
            "without_rate": self.without_rate,
            "first_at": self.first_at.isoformat() if self.first_at else None,
            "last_at": self.last_at.isoformat() if self.last_at else None,
        }


def from_json(counts: dict[str, Any]) -> Tally:
    """Return stored counts; the first lines are not stored."""
    return Tally(
        rows=counts["rows"],
        added=counts["added"],
        refunds=counts["refunds"],
        zeros=counts["zeros"],
        joined=counts["joined"],
        repeated=counts["repeated"],
        refused=Counter({Reason(reason): count for reason, count in counts["refused"].items()}),
        new_people=counts["new_people"],
        sums=Counter(counts["sums"]),
        without_rate=counts["without_rate"],
        first_at=_moment(counts["first_at"]),
        last_at=_moment(counts["last_at"]),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
