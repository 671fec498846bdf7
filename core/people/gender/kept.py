"""The sex kept with a person: the attribute `gender`, derived from what he said, the owner said, his name.

It is `female` or `male`, or absent where it stays open; its number is the confidence, its origin
`gender:<source>`. His own answer (`sex`) goes before the owner's correction (`gender_by_owner`), that before
the name, and the name before the verbs of his messages.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, insert, or_, select

from core.db import CHUNK, note_touched
from core.errors import KvizorError
from core.people.gender.verdict import UNKNOWN, Guess, guess
from core.people.models import Attribute, Event, Profile, Subscriber
from core.people.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Delete
    from sqlalchemy.orm import Session

    from core.db import Database
    from core.people.gender.lists import Sex

KEY = "gender"
ANSWER = "sex"
CORRECTION = "gender_by_owner"
WORDS: dict[Sex, str] = {"f": "female", "m": "male"}
OPEN = "open"  # a correction that says: nobody knows
LETTERS_READ = 50
_SAID: dict[str, Sex] = {
    "female": "f", "f": "f", "woman": "f", "женский": "f", "женщина": "f", "ж": "f", "жен": "f",
    "male": "m", "m": "m", "man": "m", "мужской": "m", "мужчина": "m", "м": "m", "муж": "m",
}  # fmt: skip


class GenderError(KvizorError):
    """A correction says something else than f, m, u or nothing."""


class _Kept(NamedTuple):
    """The derived attribute as it stands."""

    text: str
    origin: str
    number: float | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What the base holds of one person that the verdict depends on, and the verdict it holds now."""

    id: int
    first_name: str
    last_name: str
    answer: str | None = None
    correction: str | None = None
    kept: _Kept | None = None


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What a pass over the base found: people by sex, and how many verdicts it changed."""

    female: int = 0
    male: int = 0
    unknown: int = 0
    changed: int = 0


def settle(session: Session, subscriber_id: int, now: datetime) -> Guess:
    """Derive one person's sex anew and keep it; returns the verdict."""
    known = _read(session, [subscriber_id])
    if not known:
        return UNKNOWN
    found = _judged(session, known[0])
    if _as_kept(found) != known[0].kept:
        _write(session, [(known[0], found)], now)
    return found


def heard(session: Session, subscriber_id: int, now: datetime) -> None:
    """The person wrote something: where his sex is open, his words may tell it."""
    kept = session.get(Attribute, (subscriber_id, KEY))
    if kept is None or kept.origin == "gender:verbs":
        settle(session, subscriber_id, now)


def correct(session: Session, subscriber_id: int, gender: Sex | None, now: datetime, by: int | str) -> Guess:
    """Keep the owner's word: f, m, or u for «nobody knows»; None takes the correction back.

    Returns the verdict, which stays the person's own answer where he gave one. Raises GenderError.
    """
    if gender not in ("f", "m", "u", None):
        raise GenderError(f"gender {gender!r}: say f, m, u, or nothing to take a correction back.")
    session.execute(_rows_of([subscriber_id], CORRECTION))
    if gender is not None:
        row = _row(subscriber_id, CORRECTION, WORDS.get(gender, OPEN), f"owner:{by}"[:64], None, now)
        session.execute(insert(Attribute), [row])
    return settle(session, subscriber_id, now)


def recompute(
    db: Database,
    now: datetime,
    *,
    newcomers_since: datetime | None = None,
    touched_since: datetime | None = None,
) -> Recomputed:
    """Derive the sex of everyone, or of those added or touched since a moment; only differences are written.

    Names are judged outside of any transaction; a person who changed meanwhile keeps the later verdict.
    """
    total, last = Recomputed(), 0
    while ids := db.read_now(_next_ids, last, newcomers_since, touched_since):
        verdicts = db.read_now(_verdicts, ids)
        changes = [(one, found) for one, found in verdicts if _as_kept(found) != one.kept]
        if changes:
            db.write_now(_write_unchanged, changes, now)
        total = _added(total, [found.gender for _, found in verdicts], len(changes))
        last = ids[-1]
    return total


def _added(total: Recomputed, sexes: Sequence[Sex], changed: int) -> Recomputed:
    return replace(
        total,
        female=total.female + sexes.count("f"),
        male=total.male + sexes.count("m"),
        unknown=total.unknown + sexes.count("u"),
        changed=total.changed + changed,
    )


def _next_ids(
    session: Session, after: int, since: datetime | None, touched_since: datetime | None
) -> list[int]:
    query = select(Subscriber.id).where(Subscriber.id > after)
    if since is not None:
        query = query.where(Subscriber.created_at >= since)
    if touched_since is not None:
        query = query.outerjoin(Profile, Profile.subscriber_id == Subscriber.id)
        query = query.where(or_(Subscriber.created_at >= touched_since, Profile.touched_at >= touched_since))
    return list(session.scalars(query.order_by(Subscriber.id).limit(CHUNK)))


def _read(session: Session, ids: Sequence[int]) -> list[_Known]:
    query = select(Subscriber.id, Subscriber.first_name, Subscriber.last_name).where(Subscriber.id.in_(ids))
    people = {who: _Known(who, first, last) for who, first, last in session.execute(query)}
    columns = (Attribute.subscriber_id, Attribute.key, Attribute.text, Attribute.origin, Attribute.number)
    wanted = Attribute.key.in_((KEY, ANSWER, CORRECTION))
    rows = select(*columns).where(Attribute.subscriber_id.in_(ids), wanted)
    for who, key, text, origin, number in session.execute(rows):
        if who not in people:
            continue
        if key == KEY:
            people[who] = replace(people[who], kept=_Kept(text, origin, number))
        elif key == ANSWER:
            people[who] = replace(people[who], answer=text)
        else:
            people[who] = replace(people[who], correction=text)
    return [people[who] for who in sorted(people)]


def _verdicts(session: Session, ids: Sequence[int]) -> list[tuple[_Known, Guess]]:
    return [(one, _judged(session, one)) for one in _read(session, ids)]


def _judged(session: Session, known: _Known) -> Guess:
    """Weigh the evidence in its order; messages are read only where nothing before them tells."""
    said = _SAID.get(fold(known.answer or ""))
    if said:
        return Guess(said, 1.0, "answer")
    if known.correction is not None:
        return Guess(_SAID.get(known.correction, "u"), 1.0, "owner")
    found = guess(known.first_name, known.last_name)
    return found if found.gender != "u" else guess("", messages=_messages(session, known.id))


def _messages(session: Session, subscriber_id: int) -> list[str]:
    query = (
        select(Event.detail)
        .where(Event.subscriber_id == subscriber_id, Event.kind == "wrote")
        .order_by(Event.at.desc())
        .limit(LETTERS_READ)
    )
    return [str(detail["text"]) for detail in session.scalars(query) if detail and "text" in detail]


def _as_kept(found: Guess) -> _Kept | None:
    if found.gender == "u":
        return None
    return _Kept(WORDS[found.gender], f"gender:{found.source}", found.confidence)


def _write_unchanged(session: Session, changes: Sequence[tuple[_Known, Guess]], now: datetime) -> None:
    """Write the verdicts whose grounds are still those they were judged by."""
    current = {one.id: one for one in _read(session, [known.id for known, _ in changes])}
    _write(session, [(known, found) for known, found in changes if current.get(known.id) == known], now)


def _write(session: Session, changes: Iterable[tuple[_Known, Guess]], now: datetime) -> None:
    changed = list(changes)
    ids = [known.id for known, _ in changed]
    if not ids:
        return
    session.execute(_rows_of(ids, KEY))
    kept = [(known.id, one) for known, found in changed if (one := _as_kept(found))]
    rows = [_row(who, KEY, one.text, one.origin, one.number, now) for who, one in kept]
    if rows:
        session.execute(insert(Attribute), rows)
    note_touched(session, ids, now)


def _rows_of(ids: Sequence[int], key: str) -> Delete:
    return delete(Attribute).where(Attribute.subscriber_id.in_(ids), Attribute.key == key)


def _row(
    who: int, key: str, text: str, origin: str, number: float | None, now: datetime
) -> dict[str, object]:
    folded = fold(text)
    return {
        "subscriber_id": who, "key": key, "text": text, "folded": folded, "number": number,
        "moment": None, "origin": origin, "updated_at": now,
    }  # fmt: skip
