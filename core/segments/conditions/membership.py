"""Conditions on other segments: in one now, in one for some time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, exists, literal_column, select

from core.db import table
from core.segments.blocks import bit_of, block_of
from core.segments.conditions.condition import Condition, Found, Look, Reading, form
from core.segments.errors import RuleError, suggestion
from core.segments.fields import SUBSCRIBERS
from core.segments.models import Membership, Segment, SegmentMask
from core.segments.words import write

if TYPE_CHECKING:
    from datetime import datetime

    from core.segments.binds import Binds
    from core.segments.words import Language, Span

_MASKS = table(SegmentMask)
_STAYS = table(Membership)
_SEGMENTS = table(Segment)


@form("in_segment", "in_segment_for")
@dataclass(frozen=True, slots=True)
class InSegment(Condition):
    """`in segment vip`, `… for at least 14 days`: what the last refresh of that segment wrote."""

    name: str
    span: Span | None = None

    @classmethod
    def read(cls, reading: Reading) -> InSegment:
        """Build it from `in segment name [for at least span]`."""
        return cls(known_name(reading), reading.parts[1].value if len(reading.parts) > 1 else None)

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """The bit of the mask, or the open stay that began before the cut-off; the rule is never inlined."""
        number = self.number(binds)
        if self.span is None:
            own = (
                _MASKS.c.subscriber_id == SUBSCRIBERS.c.id,
                _MASKS.c.block == literal_column(str(block_of(number))),
                _MASKS.c.mask.bitwise_and(literal_column(str(bit_of(number)))) != literal_column("0"),
            )
            return exists().select_from(_MASKS).where(*own).correlate(SUBSCRIBERS)
        stay = (
            _STAYS.c.subscriber_id == SUBSCRIBERS.c.id,
            _STAYS.c.segment_id == literal_column(str(number)),
            _STAYS.c.left_at.is_(None),
            _STAYS.c.entered_at <= binds.ago(self.span),
        )
        return exists().select_from(_STAYS).where(*stay).correlate(SUBSCRIBERS)

    def number(self, binds: Binds) -> int:
        """Return the number of the segment; raises RuleError if there is none of this name."""
        number = binds.segments.get(self.name)
        if number is None:
            raise RuleError(f"the segment `{self.name[:64]}` does not exist any more")
        return number

    def text(self) -> str:
        """`in segment name`."""
        span = f" for at least {self.span.text()}" if self.span else ""
        return f"in segment {write(self.name)}{span}"

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """ "Состоит в сегменте «vip» не меньше 14 дней"."""
        if language == "ru":
            if not self.span:
                return f"{'не ' * negated}состоит в сегменте «{self.name}»"
            length = self.span.longer_than("ru")
            if negated:
                return f"состоит в сегменте «{self.name}» меньше {length} (или не состоит)"
            return f"состоит в сегменте «{self.name}» не меньше {length}"
        if not self.span:
            return f"is {'not ' * negated}in the segment “{self.name}”"
        length = self.span.text()
        if negated:
            return f"has been in the segment “{self.name}” for less than {length} (or is not in it)"
        return f"has been in the segment “{self.name}” for at least {length}"

    def found(self, look: Look) -> Found:
        """Whether he is in it, and since when."""
        query = (
            select(_STAYS.c.entered_at)
            .join(_SEGMENTS, _SEGMENTS.c.id == _STAYS.c.segment_id)
            .where(
                _SEGMENTS.c.name == self.name,
                _STAYS.c.subscriber_id == look.subscriber_id,
                _STAYS.c.left_at.is_(None),
            )
        )
        since: datetime | None = look.session.scalar(query)
        return Found(since is not None, since)

    @property
    def reads(self) -> frozenset[str]:
        """Masks, or stays."""
        return frozenset({"memberships" if self.span else "segment_masks"})


def known_name(reading: Reading) -> str:
    """Return the segment a form names; raises RuleError where this database has none of the name."""
    name: str = reading.parts[0].value
    if reading.known is not None and name not in reading.known.segments:
        raise reading.refuse(0, f"unknown segment `{name[:64]}`{suggestion(name, reading.known.segments)}")
    return name
