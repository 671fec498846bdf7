"""Teasers: a letter cut at a mark; a tap on its button brings the rest and is a sure sign of reading."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.mailing import content, letters
from core.mailing.ledger import DELIVERIES
from core.people.models import Subscriber

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from core.mailing.messenger import Kind

CODE = "more"  # the action of the button
# The mark stands on a line of its own and is the button's words: `[Читать дальше]`.
_MARK = re.compile(
    r"^[ \t]*\[[ \t]*"
    r"((?=[^\]]*(?:читать|дальше|далее|подробнее|read|more))[^\[\]|<>\n]{1,40}?)"
    r"[ \t]*\][ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Whole:
    """A letter read on: what was seen already and what comes now, as one person's HTML."""

    kind: Kind
    seen: str
    rest: str


def torn(text: str) -> tuple[str, str, str] | None:
    """Return what comes first, the words of the button and the rest; None where there is no mark.

    >>> torn("Три приёма.\\n[Читать дальше]\\nПервый — цена.")
    ('Три приёма.', 'Читать дальше', 'Первый — цена.')
    """
    mark = _MARK.search(text)
    if mark is None or not text[mark.end() :].strip():
        return None
    return text[: mark.start()].rstrip(), mark[1], text[mark.end() :].strip()


def read_on(session: Session, delivery_id: int) -> Whole | None:
    """Return the whole of a letter for the person who got it; None where nothing more comes."""
    row = session.execute(
        DELIVERIES.select().with_only_columns(DELIVERIES.c.content_id, DELIVERIES.c.subscriber_id)
        .where(DELIVERIES.c.id == delivery_id)
    ).first()  # fmt: skip
    if row is None or row.content_id is None:
        return None
    ready = letters.load(session, row.content_id)
    if ready.more is None:
        return None
    person = session.get_one(Subscriber, row.subscriber_id)
    rest = replace(ready, template=content.template(ready.more))
    seen, more = (one.template.render(letters.reader_of(session, one, person)) for one in (ready, rest))
    return Whole(ready.kind, seen, more)
