"""Suppression: recognising a person who was erased, without knowing any more who he was.

Of what he was known by only a salted SHA-256 is kept. A file that names him again finds the empty row and
fills nothing in; when he himself opens the bot again, he is a newcomer who gets no letter before he consents.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.people.choices import Salt, Suppression

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

Key = tuple[str, str]  # a kind of key (telegram_id, phone, email, external_id) and its value


def suppress(session: Session, subscriber_id: int, keys: Iterable[Key], now: datetime) -> None:
    """Keep hashes of what an erased person was known by; of a key erased twice the last row is found."""
    salt = session.get(Salt, 1)
    if salt is None:
        salt = Salt(id=1, value=secrets.token_hex(32))
        session.add(salt)
        session.flush()
    for key in keys:
        row = session.get(Suppression, _hash(salt.value, key))
        if row is None:
            session.add(Suppression(hash=_hash(salt.value, key), subscriber_id=subscriber_id, at=now))
        else:
            row.subscriber_id, row.at = subscriber_id, now
    session.flush()


def erased(session: Session, keys: Iterable[Key]) -> dict[Key, int]:
    """Return the empty row behind each of these keys that belonged to an erased person."""
    salt = session.get(Salt, 1)
    if salt is None:
        return {}
    hashes = {_hash(salt.value, key): key for key in keys}
    if not hashes:
        return {}
    found = session.execute(
        select(Suppression.hash, Suppression.subscriber_id).where(Suppression.hash.in_(hashes))
    )
    return {hashes[digest]: who for digest, who in found}


def _hash(salt: str, key: Key) -> str:
    return hmac.new(bytes.fromhex(salt), "\n".join(key).encode(), hashlib.sha256).hexdigest()
