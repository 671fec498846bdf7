"""Condition on the past of a segment: who is in it or has been."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, literal_column, or_, select

from core.db import table
from core.segments.conditions.condition import Found, Look, Reading, form
from core.segments.conditions.membership import InSegment, known_name
from core.segments.fields import SUBSCRIBERS
from core.segments.models import Membership, Segment
from core.segments.words import write

if TYPE_CHECKING:
    from core.segments.binds import Binds
    from core.segments.words import Language

_STAYS = table(Membership)
_SEGMENTS = table(Segment)


@form("was_in_segment", "was_in_segment_within")
@dataclass(frozen=True, slots=True)
class WasInSegment(InSegment):
    """`was in segment vip`, `… within 30 days`: a stay, the present one too, that touches the time asked for.

    It is a reference as `in segment` is: the segment is computed first, and none may ask for its own past,
    because what it answers would change what it is asked.
    """

    @classmethod
    def read(cls, reading: Reading) -> WasInSegment:
        """Build it from `was in segment name [within span]`."""
        return cls(known_name(reading), reading.parts[1].value if len(reading.parts) > 1 else None)

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """A stay that is open or ended after the cut-off, out of the index by person and segment."""
        stay = [
            _STAYS.c.subscriber_id == SUBSCRIBERS.c.id,
            _STAYS.c.segment_id == literal_column(str(self.number(binds))),
        ]
        if self.span is not None:
            stay.append(or_(_STAYS.c.left_at.is_(None), _STAYS.c.left_at >= binds.ago(self.span)))
        return select(literal_column("1")).select_from(_STAYS).where(*stay).correlate(SUBSCRIBERS).exists()

    def text(self) -> str:
        """`was in segment name within span`."""
        span = f" within {self.span.text()}" if self.span else ""
        return f"was in segment {write(self.name)}{span}"

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """ "В сегменте «vip» сейчас или за последние 30 дней"."""
        if language == "ru":
            past = f"за {self.span.last('ru')}" if self.span else "раньше"
            if negated:
                return f"не в сегменте «{self.name}» ни сейчас, ни {past}"
            return f"в сегменте «{self.name}» сейчас или {past}"
        last = f" within {self.span.last('en')}" if self.span else ""
        if negated:
            return f"was {'not' if self.span else 'never'} in the segment “{self.name}”{last}"
        return f"is or was in the segment “{self.name}”{last}"

    def found(self, look: Look) -> Found:
        """True while he is in it, and since when; after that the moment he left last; False for never."""
        own = (_SEGMENTS.c.name == self.name, _STAYS.c.subscriber_id == look.subscriber_id)
        stays = select(_STAYS.c.entered_at).join(_SEGMENTS, _SEGMENTS.c.id == _STAYS.c.segment_id).where(*own)
        since = look.session.scalar(stays.where(_STAYS.c.left_at.is_(None)))
        if since is not None:
            return Found(True, since)
        left = look.session.scalar(stays.with_only_columns(func.max(_STAYS.c.left_at)))
        return Found(left if left is not None else False)

    @property
    def reads(self) -> frozenset[str]:
        """Stays."""
        return frozenset({"memberships"})
