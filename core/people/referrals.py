"""Referrals: a person's own link to the bot, and who came by it.

The code in a link is the person's row number shuffled under a key of this database: short, the same for
ever, found back without a table, and telling nothing of who he is or how many people there are.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.people.activity import record
from core.people.models import Bot, Subscriber

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

PREFIX = "ref_"
_CODE = re.compile(r"[a-z2-7]{8}")
_HALF = (1 << 20) - 1  # a code is 40 bits: two halves of 20, eight letters
_ROUNDS = 4


def code_of(session: Session, subscriber_id: int) -> str:
    """Return a person's code, eight letters and digits. Raises LookupError before the bot was claimed."""
    shuffled = _shuffled(subscriber_id, _key(session.get_one(Bot, 1)), range(_ROUNDS))
    return base64.b32encode(shuffled.to_bytes(5, "big")).decode().lower()


def link(session: Session, subscriber_id: int) -> str:
    """Return the link by which a person may invite others; empty while the bot has no name yet."""
    bot = session.get(Bot, 1)
    if bot is None or not bot.username:
        return ""
    return f"https://t.me/{bot.username}?start={PREFIX}{code_of(session, subscriber_id)}"


def owner_of(session: Session, code: str) -> int | None:
    """Return whose code this is; None for a code nobody has."""
    bot = session.get(Bot, 1)
    if bot is None or not _CODE.fullmatch(code):
        return None
    number = int.from_bytes(base64.b32decode(code.upper()), "big")
    number = _swapped(_shuffled(_swapped(number), _key(bot), reversed(range(_ROUNDS))))
    return session.scalar(select(Subscriber.id).where(Subscriber.id == number))


def note(session: Session, newcomer: Subscriber, payload: str, now: datetime) -> bool:
    """Thank the one whose link brought a newcomer: the fact `referred`, once a newcomer, never for oneself.

    The newcomer has the fact `came_by_invitation`: his source is a link of one person, and no rule lists
    them. Only a person who meets the bot at this very moment is a newcomer. Returns whether it was counted.
    """
    if not payload.startswith(PREFIX) or newcomer.joined_at != now:
        return False
    referrer = owner_of(session, payload.removeprefix(PREFIX))
    if referrer is None or referrer == newcomer.id:
        return False
    record(session, newcomer.id, "came_by_invitation", now, key=f"invited:{newcomer.id}")
    detail = {"subscriber": newcomer.id}
    return record(session, referrer, "referred", now, detail=detail, key=f"referred:{newcomer.id}")


def _key(bot: Bot) -> bytes:
    return hashlib.sha256(f"{bot.telegram_id}:{bot.claimed_at.isoformat()}".encode()).digest()


def _shuffled(number: int, key: bytes, rounds: Iterable[int]) -> int:
    """A small Feistel network: the same steps in reverse order, halves swapped, undo it."""
    left, right = number >> 20, number & _HALF
    for step in rounds:
        mixed = hashlib.blake2b(right.to_bytes(3, "big"), key=key, salt=bytes([step]), digest_size=3).digest()
        left, right = right, left ^ int.from_bytes(mixed, "big") & _HALF
    return left << 20 | right


def _swapped(number: int) -> int:
    return (number & _HALF) << 20 | number >> 20
