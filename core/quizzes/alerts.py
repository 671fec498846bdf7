"""What the owners are told about a run: each alert once, and again only for the same update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.people.activity import Fact, record_many
from core.quizzes import statements
from core.quizzes.texts import filled
from core.quizzes.words import Reader, piped

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.quizzes.sitting import Sitting


def tell(session: Session, sitting: Sitting, now: datetime) -> tuple[str, ...]:
    """Record the alerts that are sure to hold now and return what the owners should read.

    Where the person looks his answers over before the end, none is sure until he sends them.
    The update that raised an alert raises it again when it is handled again: rather twice than never.
    """
    quiz, run, sure = sitting.loaded.quiz, sitting.run, sitting.done.sure
    holding = [place for place, alert in enumerate(quiz.alerts) if alert.when.holds(sure)]
    if not holding or run.is_trial or (quiz.confirm and run.is_open):
        return ()
    keys = {f"quiz:{run.id}:alert:{place}": place for place in holding}
    known = {row.key: row.detail for row in session.execute(statements.ALERTED, {"keys": list(keys)})}
    fresh = {key: place for key, place in keys.items() if key not in known}
    facts = [
        Fact(sitting.subscriber_id, "quiz_alert", now, _detail(sitting, place), key)
        for key, place in fresh.items()
    ]
    record_many(session, facts, now)
    again = [keys[key] for key, detail in known.items() if _is_of(detail, sitting.key)]
    reader = Reader(quiz.languages[0], sitting.reader.first_name)
    names = piped(quiz, sitting.done, reader)
    return tuple(
        filled(quiz.alerts[place].text.of(reader.language), names)
        for place in sorted([*fresh.values(), *again])
    )


def _detail(sitting: Sitting, place: int) -> dict[str, object]:
    run = sitting.run
    return {"quiz": run.quiz, "alert": place, "run": run.id, "update": sitting.key}


def _is_of(detail: dict[str, object] | None, key: str | None) -> bool:
    return key is not None and detail is not None and detail.get("update") == key
