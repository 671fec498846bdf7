"""The archive: people who are sent no advertising and no series until they come back by themselves.

Nothing of them is deleted. A tag holds them, so rules ask for it as for any other (`tag archived`); whatever
they write or tap takes it off again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, exists

from core.db import table
from core.people.activity import record
from core.people.models import Subscriber, Tag

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

ARCHIVED = "archived"
PAUSED = "promotions_paused"  # after a complaint: no advertising for a while, series go on
CAME_BACK = "came_back"  # the event of the door that opened
_TAGS = table(Tag)
# Built once: it is asked in every update of a person.
_OPEN = delete(_TAGS).where(_TAGS.c.subscriber_id == bindparam("who"), _TAGS.c.tag == ARCHIVED)


def open_door(session: Session, subscriber_id: int, now: datetime) -> bool:
    """Take a person out of the archive; False where he is not in it. The caller touches him."""
    if not session.connection().execute(_OPEN, {"who": subscriber_id}).rowcount:
        return False
    session.expire_all()  # a tag read before is there no more
    record(session, subscriber_id, CAME_BACK, now)
    return True


def has_tag(tag: str) -> ColumnElement[bool]:
    """Return SQL over `subscribers`: whether a person has this tag."""
    tagged = exists().where(_TAGS.c.subscriber_id == Subscriber.id, _TAGS.c.tag == tag)
    return tagged.correlate(Subscriber)
