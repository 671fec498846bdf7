"""What the owners are told about a run: each alert once, and again only for the same update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from core.people.activity import Fact, record_many
from core.people.models import Attribute, Subscriber
from core.quizzes import statements
from core.quizzes.questions import Contact
from core.quizzes.texts import filled, pipes
from core.quizzes.values import is_given
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
    told = [quiz.alerts[place].text.of(reader.language) for place in sorted([*fresh.values(), *again])]
    names = piped(quiz, sitting.done, reader) | _of_card(session, sitting, told)
    return tuple(filled(text, names) for text in told)


def _of_card(session: Session, sitting: Sitting, told: list[str]) -> dict[str, str]:
    """Return the phone, e-mail or place the alerts name, where given in this run: owners may see the card."""
    named = {name for text in told for name in pipes(text)}
    answers, quiz = sitting.done.answers, sitting.loaded.quiz
    asked = [one for one in quiz.questions if one.is_personal and one.id in named]
    given = [one for one in asked if is_given(answers.get(one.id))]
    if not given:
        return {}
    who = sitting.subscriber_id
    stored = session.execute(select(Attribute.key, Attribute.text).where(Attribute.subscriber_id == who))
    kept = {row.key: row.text for row in stored}
    phone = session.scalar(select(Subscriber.phone).where(Subscriber.id == who)) or ""
    return {
        one.id: phone if isinstance(one, Contact) else ", ".join(kept.get(key, "") for key in one.attributes)
        for one in given
    }


def _detail(sitting: Sitting, place: int) -> dict[str, object]:
    run = sitting.run
    return {"quiz": run.quiz, "alert": place, "run": run.id, "update": sitting.key}


def _is_of(detail: dict[str, object] | None, key: str | None) -> bool:
    return key is not None and detail is not None and detail.get("update") == key
