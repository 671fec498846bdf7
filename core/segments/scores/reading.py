"""Orders from a CSV `customer_id,timestamp,amount[,order_id]`; every line not plain is counted and told."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np

from core.errors import KvizorError
from core.sales.csv import Refused, read_rows
from core.sales.money import DEFAULT_EXPONENT, LARGEST, exponent, read_amount, read_currency
from core.sales.orders import LONGEST_ID, read_moment
from core.sales.reasons import Reason
from core.sales.text_file import text_lines
from core.segments.scores.joining import NO_ORDER, Joined, Lines, join
from core.segments.scores.orders import DECIMALS, Flags, Floats, Ints, Orders, day_number, day_of, of_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from core.sales.csv import Row

SHOWN = 10  # line numbers told of one kind
CUSTOMER_ROLES = ("customer", "telegram", "phone", "email")
_PLAIN = re.compile(r"\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_MINUS = ("-", "−", "–")
_FIGURES = re.compile(r"[\d\s.,'’_\u00a0\u202f\u2009]+")


class OrdersFileError(KvizorError):
    """The file can be read but holds nothing a score could be computed from."""


@dataclass(slots=True)
class Notes:
    """What was met in a file beside plain lines: kind in words → the numbers of its lines."""

    rows: int = 0
    lines: dict[str, list[int]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, lines: Sequence[int]) -> None:
        """Count lines of a kind; the first few numbers are kept."""
        if not len(lines):
            return
        self.counts[kind] = self.counts.get(kind, 0) + len(lines)
        kept = self.lines.setdefault(kind, [])
        kept.extend(int(line) for line in lines[: SHOWN - len(kept)])

    def sentences(self) -> list[str]:
        """Return one sentence a kind, with line numbers."""
        told = []
        for kind, count in self.counts.items():
            numbers = ", ".join(map(str, self.lines[kind]))
            more = " …" if count > len(self.lines[kind]) else ""
            told.append(f"{kind}: {count} ({'line' if count == 1 else 'lines'} {numbers}{more})")
        return told


@dataclass(frozen=True, slots=True)
class Given:
    """A file as read: orders until `as_of`, the day they are looked at from, and what was not plain."""

    orders: Orders
    as_of: int
    notes: Notes


REPEATED = "the same order again, counted once"
PART = "a further line of an order, added to it"
REFUND = "a refund, taken off the customer's money, not a purchase"
ZERO = "a purchase of zero, counted as a purchase"
FOREIGN = "in another currency than most of the file, counted as a purchase, its sum left out"
FOREIGN_REFUND = "a refund in another currency than most of the file, left out"
LATER = "later than the day looked at, left out"


def read_orders(path: Path, zone: ZoneInfo, now: datetime, as_of: date | None = None) -> Given:
    """Read orders until the end of the day `as_of`; without it, all, seen from the day after the last one.

    Raises ImportFileError when the file is no table of orders, OrdersFileError when no purchase is left.
    """
    latest = now if as_of is None else datetime.combine(as_of + timedelta(days=1), time(0), zone)
    last_moment = latest if as_of is None else latest - timedelta(microseconds=1)
    lines = _Taken(zone, last_moment.astimezone(UTC), _refused(Reason.FUTURE) if as_of is None else LATER)
    with text_lines(path) as text:
        _, batches = read_rows(text)
        for batch in batches:
            lines.take(batch)
    orders = lines.orders()
    if not len(orders.day):
        raise OrdersFileError(f"{path.name} holds no purchase{_until(as_of)}.{lines.explained()}")
    return Given(orders, orders.last_day + 1 if as_of is None else day_number(as_of), lines.notes)


def _until(as_of: date | None) -> str:
    return "" if as_of is None else f" on or before {as_of.isoformat()}"


class _Taken:
    """The lines taken so far, as columns."""

    def __init__(self, zone: ZoneInfo, latest: datetime, later: str) -> None:
        self.notes = Notes()
        self._zone, self._latest, self._later = zone, latest, later
        self._people: dict[str, int] = {}
        self._orders: dict[str, int] = {}
        self._moments: dict[str, tuple[int, int] | Reason] = {}
        self._person, self._order, self._line = array("q"), array("q"), array("q")
        self._second, self._day, self._goods = array("q"), array("q"), array("q")
        self._amount, self._money = array("d"), array("q")
        self._currencies: dict[str, int] = {"": 0}
        self._goods_known: dict[tuple[str, str], int] = {}

    def take(self, batch: Iterable[Row | Refused]) -> None:
        """Add a batch; what cannot be understood is noted."""
        for row in batch:
            self.notes.rows += 1
            if isinstance(row, Refused):
                self.notes.add(_refused(row.reason), [row.line])
            elif (reason := self._add(row)) is not None:
                self.notes.add(self._later if reason is Reason.FUTURE else _refused(reason), [row.line])

    def _add(self, row: Row) -> Reason | None:
        cells = row.cells
        who = next((cells[role].strip() for role in CUSTOMER_ROLES if role in cells), "")
        if not who:
            return Reason.NO_CUSTOMER
        moment = self._moment(cells["date"])
        if isinstance(moment, Reason):
            return moment
        read = signed_amount(cells["amount"], cells.get("currency", ""))
        if isinstance(read, Reason):
            return read
        amount, currency = read
        number = cells.get("order", "").strip()
        if max(len(who), len(number)) > LONGEST_ID:
            return Reason.ID_TOO_LONG
        self._person.append(self._people.setdefault(who, len(self._people)))
        self._order.append(self._orders.setdefault(number, len(self._orders)) if number else NO_ORDER)
        self._line.append(row.line)
        self._second.append(moment[0])
        self._day.append(moment[1])
        self._amount.append(amount)
        self._money.append(self._currencies.setdefault(currency, len(self._currencies)))
        goods = (cells.get("product", ""), cells.get("category", ""))
        self._goods.append(self._goods_known.setdefault(goods, len(self._goods_known)))
        return None

    def _moment(self, text: str) -> tuple[int, int] | Reason:
        known = self._moments.get(text)
        if known is None:
            at = read_moment(text, self._zone, self._latest)
            known = at if isinstance(at, Reason) else self._numbers(at)
            if len(self._moments) < 1 << 17:  # whole files have few distinct days, but many distinct seconds
                self._moments[text] = known
        return known

    def _numbers(self, at: datetime) -> tuple[int, int]:
        return int(at.timestamp()), day_number(at.astimezone(self._zone).date())

    def orders(self) -> Orders:
        """Join the lines of an order, leave out what repeats or contradicts it, note both."""
        names = sorted(self._people)
        place = np.empty(len(names), np.int64)
        place[np.array([self._people[name] for name in names], np.int64)] = np.arange(len(names))
        person = place[np.array(self._person, np.int64)]
        line = np.array(self._line, np.int64)
        order, second, day, goods = (
            np.array(column, np.int64) for column in (self._order, self._second, self._day, self._goods)
        )
        sums, is_lost = self._sums(line)
        joined = join(Lines(order, person, second, day, goods, sums, line).at(~is_lost))
        self._tell(joined)
        rows = joined.rows
        return of_columns(tuple(names), rows.person, rows.day, np.nan_to_num(rows.amount))

    def _tell(self, joined: Joined) -> None:
        rows = joined.rows
        self.notes.add(REPEATED, joined.repeated.tolist())
        self.notes.add(PART, joined.parts.tolist())
        self.notes.add(_refused(Reason.CONFLICT), joined.contradicting.tolist())
        self.notes.add(REFUND, np.sort(rows.line[rows.amount < 0]).tolist())
        self.notes.add(ZERO, np.sort(rows.line[rows.amount == 0]).tolist())

    def _sums(self, lines: Ints) -> tuple[Floats, Flags]:
        """Return the sums, NaN where the money is not that of most lines, and which of those are refunds."""
        amount = np.round(np.array(self._amount, np.float64), DECIMALS)
        money = np.array(self._money, np.int64)
        count = np.bincount(money[money > 0], minlength=1)
        foreign = (money > 0) & (money != count.argmax())
        is_lost = foreign & (amount < 0)
        self.notes.add(FOREIGN, lines[foreign & ~is_lost].tolist())
        self.notes.add(FOREIGN_REFUND, lines[is_lost].tolist())
        return np.where(foreign, np.nan, amount), is_lost

    def explained(self) -> str:
        """Return why nothing is left, as sentences."""
        return "".join(f"\n  {sentence}" for sentence in self.notes.sentences())


def _refused(reason: Reason) -> str:
    return f"refused, {reason.text('en')}"


def signed_amount(text: str, currency: str = "") -> tuple[float, str] | Reason:
    """Return a sum and the currency named beside it; a point parts decimals.

    Other ways of writing are understood where they read one way.

    >>> signed_amount("-12.5"), signed_amount("1 234,50 ₽"), signed_amount("(3,00)", "gbp")
    ((-12.5, ''), (1234.5, 'RUB'), (-3.0, 'GBP'))
    >>> signed_amount("nan"), signed_amount("5", "roubles?")
    (<Reason.BAD_AMOUNT: 'bad_amount'>, <Reason.BAD_CURRENCY: 'bad_currency'>)
    """
    plain = text.strip()
    in_brackets = plain.startswith("(") and plain.endswith(")")
    is_negative = in_brackets or plain.startswith(_MINUS)
    bare = plain[1:-1] if in_brackets else plain[is_negative:]
    named = currency.strip() or ("" if _PLAIN.fullmatch(bare) else _FIGURES.sub("", bare))
    code = read_currency(named) if named else ""
    if code is None:
        return Reason.BAD_CURRENCY if currency.strip() else Reason.BAD_AMOUNT
    value = _number(bare, code or "RUB")
    if isinstance(value, Reason):
        return value
    return (-value if is_negative else value), code


def _number(text: str, currency: str) -> float | Reason:
    if _PLAIN.fullmatch(text):
        value = float(text)
        return value if value * 10**DEFAULT_EXPONENT <= LARGEST else Reason.TOO_LARGE
    minor = read_amount(text, currency)
    return minor if isinstance(minor, Reason) else minor / 10 ** exponent(currency)


def span(orders: Orders) -> str:
    """Return first and last day of the purchases in words.

    Raises ValueError when there are none.
    """
    return f"{day_of(orders.first_day).isoformat()} to {day_of(orders.last_day).isoformat()}"
