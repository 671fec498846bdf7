"""Orders as a file tells them: one row checked and turned into values, or refused with a reason."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from core.people.matching import LARGEST_TELEGRAM_ID, Identity
from core.people.personal import normal_email, normal_phone
from core.people.text import clean
from core.sales.csv import Refused, Row
from core.sales.money import CURRENCIES, read_amount, read_currency
from core.sales.reasons import ImportFileError, Reason

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

LONGEST_ID = 128
_FLOAT_ID = re.compile(r"(\d+)\.0+")  # what a spreadsheet makes of a number
_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d{1,2}:\d\d(:\d\d([.,]\d+)?)?( ?(Z|[+-]\d\d:?\d\d))?)?", re.ASCII)
_RUSSIAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?[ T]+(\d{1,2}):(\d\d)(?::(\d\d))?)?", re.ASCII)
_EARLIEST_YEAR = 1970


@dataclass(frozen=True, slots=True)
class Options:
    """How to read a file: base currency and zone of the business; the currency of a file that names none."""

    base_currency: str
    zone: ZoneInfo
    currency: str | None = None
    separator: str | None = None

    def __post_init__(self) -> None:
        for given in (self.base_currency, self.currency or self.base_currency):
            if given not in CURRENCIES:
                raise ImportFileError("currency", given=given)


@dataclass(frozen=True, slots=True)
class Order:
    """One purchase, or refund where the sum is below zero, as the file tells it; money in minor units."""

    row: Row
    order_id: str  # empty: the file names none, `numbered` gives a stable one
    identity: Identity
    at: datetime
    amount: int
    currency: str
    product: str
    category: str
    places: tuple[tuple[str, str], ...]  # attribute and value
    parts: tuple[Row, ...] = ()  # further lines of the file that are in it
    repeats: int = 0  # lines that only say it again

    @property
    def customer(self) -> str:
        """The surest key the file gives of who bought."""
        kind, value = self.identity.named()[0]
        return f"{kind}={value}"

    @property
    def goods(self) -> str:
        """What the line names beside customer, moment and sum."""
        return f"{self.product}|{self.category}|{self.currency}"

    @property
    def lines(self) -> int:
        """How many lines of the file are in it or repeat it."""
        return 1 + len(self.parts) + self.repeats

    @property
    def twin_key(self) -> str:
        """What two unnamed orders must share to be told apart by their ordinal only."""
        return f"{self.customer}|{self.at.isoformat()}|{self.amount}{self.currency}"

    @property
    def fingerprint(self) -> str:
        """What an order says: equal for a repetition, different for a contradiction."""
        return f"{self.twin_key}|{self.product}"

    def numbered(self, ordinal: int) -> Order:
        """Return the order with an id made of customer, moment, amount and its ordinal among such twins."""
        digest = hashlib.sha256(f"{self.twin_key}|{ordinal}".encode()).hexdigest()[:32]
        return replace(self, order_id=f"auto:{digest}")

    def refused(self, reason: Reason) -> Refused:
        """Return the order's first line as refused."""
        return Refused(self.row.line, self.row.text, reason)

    def refusals(self, reason: Reason) -> list[Refused]:
        """Return all lines that are in it as refused."""
        return [Refused(row.line, row.text, reason) for row in (self.row, *self.parts)]


def read_order(row: Row, options: Options, now: datetime) -> Order | Refused:
    """Check one row; what cannot be taken is refused with the first reason found."""
    cells = row.cells
    order_id = _plain_id(cells.get("order", ""))
    identity = _identity(cells)
    at = read_moment(cells["date"], options.zone, now)
    currency = _currency(cells, options)
    amount = currency if isinstance(currency, Reason) else read_amount(cells["amount"], currency)
    if len(order_id) > LONGEST_ID:
        return Refused(row.line, row.text, Reason.ID_TOO_LONG)
    if isinstance(identity, Reason):
        return Refused(row.line, row.text, identity)
    if isinstance(at, Reason):
        return Refused(row.line, row.text, at)
    if isinstance(amount, Reason):
        return Refused(row.line, row.text, amount)
    places = ((key, clean(cells.get(key, ""), 1024)) for key in ("country", "city"))
    return Order(
        row=row,
        order_id=order_id,
        identity=identity,
        at=at,
        amount=amount,
        currency=str(currency),
        product=clean(cells.get("product", ""), 256),
        category=clean(cells.get("category", ""), 128),
        places=tuple(pair for pair in places if pair[1]),
    )


def _currency(cells: dict[str, str], options: Options) -> str | Reason:
    named = cells.get("currency", "").strip()
    if named:
        return read_currency(named) or Reason.BAD_CURRENCY
    return options.currency or options.base_currency


def _plain_id(text: str) -> str:
    cleaned = clean(text, 4096)
    number = _FLOAT_ID.fullmatch(cleaned)
    return number[1] if number else cleaned


def _identity(cells: dict[str, str]) -> Identity | Reason:
    """Read whatever names the customer; one good key is enough, a bad one beside it is passed over."""
    found: dict[str, str | int | None] = {}
    wrong: list[Reason] = []
    for role, read in _READERS.items():
        text = _plain_id(cells.get(role, ""))
        if not text:
            continue
        value = read(text)
        if isinstance(value, Reason):
            wrong.append(value)
        else:
            found = {**value, **found}
    if not found:
        return wrong[0] if wrong else Reason.NO_CUSTOMER
    return Identity(name=cells.get("name", ""), **found)  # type: ignore[arg-type]


Keys = dict[str, str | int]


def _telegram(text: str) -> Keys | Reason:
    if text.isascii() and text.isdigit() and 0 < int(text[:20]) < LARGEST_TELEGRAM_ID:
        return {"telegram_id": int(text)}
    return Reason.BAD_TELEGRAM_ID


def _customer(text: str) -> Keys | Reason:
    """Read a column that may hold any of the keys: an e-mail and a phone with a plus show themselves."""
    if "@" in text and (email := normal_email(text)):
        return {"email": email}
    if text.startswith("+") and (phone := _normal_phone(text)):
        return {"phone": phone}
    return {"external_id": text} if len(text) <= LONGEST_ID else Reason.ID_TOO_LONG


def _phone(text: str) -> Keys | Reason:
    phone = _normal_phone(text) if len(text) <= 40 else None
    return {"phone": phone} if phone else Reason.BAD_PHONE


def _email(text: str) -> Keys | Reason:
    email = normal_email(text)
    return {"email": email} if email else Reason.BAD_EMAIL


_READERS = {"telegram": _telegram, "customer": _customer, "phone": _phone, "email": _email}
_normal_phone = lru_cache(maxsize=8192)(normal_phone)


def read_moment(text: str, zone: ZoneInfo, latest: datetime) -> datetime | Reason:
    """Return a moment in UTC, or why the text is none; without an offset it is of the zone.

    Later than `latest` is Reason.FUTURE.
    """
    cleaned = clean(text, 64)
    if not cleaned:
        return Reason.NO_DATE
    try:
        local = _iso(cleaned) or _dotted(cleaned)
    except ValueError:
        return Reason.BAD_DATE
    if local is None:
        return Reason.BAD_DATE
    if local.year < _EARLIEST_YEAR or local.year > 9998:
        return Reason.TOO_OLD if local.year < _EARLIEST_YEAR else Reason.FUTURE
    moment = (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)
    return moment if moment <= latest else Reason.FUTURE


def _iso(text: str) -> datetime | None:
    if not _ISO.fullmatch(text):
        return None
    day, _, clock = text.replace("T", " ").partition(" ")
    if clock[1:2] == ":":
        clock = f"0{clock}"  # 9:05, as spreadsheets write it
    return datetime.fromisoformat(f"{day} {clock.replace(' ', '')}".strip())


def _dotted(text: str) -> datetime | None:
    parts = _RUSSIAN.fullmatch(text)
    if parts is None:
        return None
    day, month, year, hour, minute, second = (int(part or 0) for part in parts.groups())
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is set by the caller
