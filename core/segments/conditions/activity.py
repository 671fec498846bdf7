"""Conditions on what a person did: events, purchases, money spent, tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select

from core.db import table
from core.people.models import DailyCount, Tag
from core.people.text import clean, fold
from core.sales.models import Purchase
from core.segments.binds import Binds
from core.segments.conditions.condition import Condition, Found, Look, Reading, form
from core.segments.fields import MINOR, PROFILES, SUBSCRIBERS
from core.segments.fit import amount_misfit
from core.segments.words import number, plural, write
from core.words import grouped

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from core.segments.words import Language, Span

_DAILY = table(DailyCount)
_TAGS = table(Tag)
_PURCHASES = table(Purchase)
_OWN = SUBSCRIBERS.c.id


@form("tag")
@dataclass(frozen=True, slots=True)
class Tagged(Condition):
    """`tag vip`: the label is on the person."""

    tag: str  # folded

    @classmethod
    def read(cls, reading: Reading) -> Tagged:
        """Build it from `tag name`."""
        return cls(fold(reading.parts[0].value)[:64])

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """EXISTS over tags."""
        return (
            exists()
            .select_from(_TAGS)
            .where(_TAGS.c.subscriber_id == _OWN, _TAGS.c.tag == self.tag)
            .correlate(SUBSCRIBERS)
        )

    def text(self) -> str:
        """`tag name`."""
        return f"tag {write(self.tag)}"

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """ "Есть метка «vip»"."""
        if language == "ru":
            return f"{'нет метки' if negated else 'есть метка'} «{self.tag}»"
        return f"{'has no' if negated else 'has the'} tag “{self.tag}”"

    def found(self, look: Look) -> Found:
        """Whether the label is there, and since when."""
        query = select(_TAGS.c.added_at).where(
            _TAGS.c.subscriber_id == look.subscriber_id, _TAGS.c.tag == self.tag
        )
        since = look.session.scalar(query)
        return Found(since is not None, since)

    @property
    def reads(self) -> frozenset[str]:
        """Tags."""
        return frozenset({"tags"})


@form("event", "event_within", "event_times", "event_times_within")
@dataclass(frozen=True, slots=True)
class Event(Condition):
    """`event price_viewed at least 3 times within 14 days`: by local days, today and those before."""

    kind: str
    times: int = 1
    span: Span | None = None

    @classmethod
    def read(cls, reading: Reading) -> Event:
        """Build it from `event name [at least n times] [within span]`."""
        kind = reading.parts[0].value
        if kind in ("segment_entered", "segment_left"):
            raise reading.refuse(0, "ask for segments by `in segment name for at least 14 days`")
        times = reading.count(1) if "times" in reading.form else 1
        span = reading.whole_days(len(reading.parts) - 1) if "within" in reading.form else None
        return cls(kind, times, span)

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """The sum of daily counters, or EXISTS where one is enough."""
        own: list[ColumnElement[bool]] = [_DAILY.c.subscriber_id == _OWN, _DAILY.c.kind == self.kind]
        if self.span is not None:
            own.append(_DAILY.c.day >= binds.day_ago(self.span))
        if self.times == 1:
            return exists().select_from(_DAILY).where(*own).correlate(SUBSCRIBERS)
        total = select(func.coalesce(func.sum(_DAILY.c.count), 0)).where(*own).correlate(SUBSCRIBERS)
        return total.scalar_subquery() >= self.times

    def text(self) -> str:
        """`event name at least n times within span`."""
        times = f" at least {self.times} times" if self.times > 1 else ""
        span = f" within {self.span.text()}" if self.span else ""
        return f"event {write(self.kind)}{times}{span}"

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """ "Событие «price_viewed» было не меньше 3 раз за последние 14 дней"."""
        last = f" {'за' if language == 'ru' else 'within'} {self.span.last(language)}" if self.span else ""
        if self.times == 1:
            forms = (f"событие «{self.kind}» было", f"события «{self.kind}» не было")
            if language == "en":
                forms = (f"the event “{self.kind}” happened", f"the event “{self.kind}” did not happen")
            return f"{forms[negated]}{last}"
        if language == "ru":
            times = f"{self.times} {plural(self.times, 'раза', 'раз', 'раз')}"
            return f"событие «{self.kind}» было {'меньше' if negated else 'не меньше'} {times}{last}"
        limit = "fewer than" if negated else "at least"
        return f"the event “{self.kind}” happened {limit} {self.times} times{last}"

    def found(self, look: Look) -> Found:
        """How often it happened."""
        query = select(func.coalesce(func.sum(_DAILY.c.count), 0)).where(
            _DAILY.c.subscriber_id == look.subscriber_id, _DAILY.c.kind == self.kind
        )
        if self.span is not None:
            query = query.where(_DAILY.c.day >= Binds({}, (look.now, look.zone)).day_ago(self.span))
        return Found(int(look.session.scalar(query) or 0))

    @property
    def reads(self) -> frozenset[str]:
        """Daily counters."""
        return frozenset({"daily_counts"})


@form("purchased")
@dataclass(frozen=True, slots=True)
class Purchased(Condition):
    """`purchased within 90 days`: the last purchase fell on today or one of the days before."""

    span: Span

    @classmethod
    def read(cls, reading: Reading) -> Purchased:
        """Build it from `purchased within span`."""
        return cls(reading.whole_days(0))

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """The profile's last purchase: the purchases themselves need not be read."""
        last = PROFILES.c.last_purchase_at
        return and_(last.is_not(None), last >= binds.day_start_ago(self.span))

    def text(self) -> str:
        """`purchased within span`."""
        return f"purchased within {self.span.text()}"

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """ "Покупал за последние 90 дней"."""
        last = self.span.last(language)
        if language == "ru":
            return f"{'не было покупок' if negated else 'есть покупка'} за {last}"
        return f"{'no purchase' if negated else 'a purchase'} within {last}"

    def found(self, look: Look) -> Found:
        """The moment of the last purchase."""
        query = select(PROFILES.c.last_purchase_at).where(PROFILES.c.subscriber_id == look.subscriber_id)
        moment: datetime | None = look.session.scalar(query)
        return Found(moment, moment)

    @property
    def reads(self) -> frozenset[str]:
        """Profiles."""
        return frozenset({"profiles"})


@form("spent", "spent_on")
@dataclass(frozen=True, slots=True)
class Spent(Condition):
    """`spent more than 10000 on "course" within 90 days`: in base currency, on a product or category as the
    shop writes it; a purchase without a rate adds nothing."""

    limit: str  # more_than | at_least | less_than
    amount: Decimal
    span: Span
    on: str | None = None  # a product or a category

    @classmethod
    def read(cls, reading: Reading) -> Spent:
        """Build it from `spent limit amount [on name] within span`."""
        limit, amount = reading.parts[0].value, reading.parts[1].value
        problem = amount_misfit(amount)
        if problem:
            raise reading.refuse(1, problem)
        on = clean(reading.parts[2].value, 256) if reading.form == "spent_on" else None
        return cls(limit, amount, reading.whole_days(len(reading.parts) - 1), on)

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """The sum over the window; who did not buy in it at all is told from the profile, without the sum."""
        cut = binds.day_start_ago(self.span)
        minor = int(self.amount * MINOR)
        if self.limit == "less_than":
            return not_(_spent_at_least(cut, minor, self.on))
        return _spent_at_least(cut, minor + 1 if self.limit == "more_than" else minor, self.on)

    def text(self) -> str:
        """`spent more than amount within span`."""
        on = f" on {write(self.on)}" if self.on is not None else ""
        return f"spent {self.limit.replace('_', ' ')} {number(self.amount)}{on} within {self.span.text()}"

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """ "Сумма покупок за последние 90 дней больше 10 000"."""
        limits = {"more_than": "больше", "at_least": "не меньше", "less_than": "меньше"}
        opposite = {"more_than": "не больше", "at_least": "меньше", "less_than": "не меньше"}
        last, amount = self.span.last(language), grouped(self.amount, language)
        if language == "ru":
            on = f" «{self.on}»" if self.on is not None else ""
            return f"сумма покупок{on} за {last} {(opposite if negated else limits)[self.limit]} {amount}"
        said = {"more_than": "more than", "at_least": "at least", "less_than": "less than"}[self.limit]
        turned = {"more_than": "at most", "at_least": "less than", "less_than": "at least"}[self.limit]
        on = f" of “{self.on}”" if self.on is not None else ""
        return f"the sum of purchases{on} within {last} is {turned if negated else said} {amount}"

    def found(self, look: Look) -> Found:
        """The sum over the window."""
        cut = Binds({}, (look.now, look.zone)).day_start_ago(self.span)
        query = select(func.coalesce(func.sum(_PURCHASES.c.base_amount), 0)).where(
            _PURCHASES.c.subscriber_id == look.subscriber_id, _PURCHASES.c.at >= cut, *_bought(self.on)
        )
        return Found(int(look.session.scalar(query) or 0) / MINOR)

    @property
    def reads(self) -> frozenset[str]:
        """Purchases and, for the short cut, profiles."""
        return frozenset({"purchases", "profiles"})


def _bought(on: str | None) -> list[ColumnElement[bool]]:
    return [] if on is None else [or_(_PURCHASES.c.product == on, _PURCHASES.c.category == on)]


def _spent_at_least(cut: ColumnElement[Any], minor: int, on: str | None) -> ColumnElement[bool]:
    total = (
        select(func.coalesce(func.sum(_PURCHASES.c.base_amount), 0))
        .where(_PURCHASES.c.subscriber_id == _OWN, _PURCHASES.c.at >= cut, *_bought(on))
        .correlate(SUBSCRIBERS)
        .scalar_subquery()
    )
    last = PROFILES.c.last_purchase_at
    return and_(last.is_not(None), last >= cut, total >= minor)
