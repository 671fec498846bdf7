"""Trials: an owner walks a version of a quiz as people would, and nothing of it counts anywhere.

The run is a run like any other, marked; it writes its own answers and nothing else: no latest answers,
attributes, tags, consents, events, alerts or lessons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.quizzes import moves, statements
from core.quizzes.models import QuizRun
from core.quizzes.records import add_run, find_runs
from core.quizzes.sitting import gone, show, sit, spoken_to

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.people.models import Subscriber
    from core.quizzes.loader import Library, Loaded
    from core.quizzes.screens import Screen


def begin(
    session: Session, library: Library, subscriber: Subscriber, loaded: Loaded, now: datetime, key: str
) -> Screen:
    """Begin a trial anew; the same `key` never begins a second one. An earlier trial is left."""
    library.versions.setdefault(loaded.hash, loaded)
    there = find_runs(session, statements.RUN_OF_KEY, subscriber.id, key=key)
    if there:
        sitting = sit(session, library, subscriber, there[0])
        return show(sitting) if sitting is not None else gone(subscriber)
    session.execute(statements.ABANDON_TRIALS, {"who": subscriber.id, "abandoned_at": now})
    version = {"hash": loaded.hash, "quiz": loaded.quiz.id, "text": loaded.text, "first_used_at": now}
    session.execute(statements.add_versions(session), [version])
    language = spoken_to(subscriber, loaded)
    run = add_run(session, subscriber.id, loaded, key, language, now, is_trial=True)
    sitting = sit(session, library, subscriber, run)
    if sitting is None:
        raise RuntimeError(f"the quiz {loaded.quiz.id} was begun and cannot be read")
    if sitting.done.next is None and not loaded.quiz.confirm:
        return moves.confirm(session, sitting, now)
    return show(sitting)


def is_trial(session: Session, run_id: int) -> bool:
    """Say whether this run is a trial: what is done in it says nothing about the owner."""
    run = session.get(QuizRun, run_id)
    return run is not None and run.is_trial
