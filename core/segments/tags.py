"""Tags that segments ask for: what gives a tag wants to know whether anybody uses it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.people.text import fold
from core.segments.rules import all_segments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

_TAG = re.compile(r'\btag\s+(?:"([^"]+)"|([^\s()]+))', re.IGNORECASE)


def tags_in(rules: Iterable[str]) -> frozenset[str]:
    """Return the tags these rules name, folded.

    >>> sorted(tags_in(['tag vip and not tag "Large Team"']))
    ['large team', 'vip']
    """
    return frozenset(fold(match[1] or match[2]) for rule in rules for match in _TAG.finditer(rule))


def tags_asked(session: Session) -> tuple[frozenset[str], frozenset[str]]:
    """Return the tags that all segments name, and the names of the segments."""
    segments = all_segments(session, disabled=True)
    return tags_in(one.rule for one in segments), frozenset(one.name for one in segments)
