"""A person at a place of a run: found by its rows, shown as a Screen. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from core.people import referrals
from core.quizzes import flow, statements
from core.quizzes.order import places
from core.quizzes.phrases import phrase
from core.quizzes.questions import Join, Optioned
from core.quizzes.records import find_runs, version
from core.quizzes.screens import Place, Screen, confirm_screen, question_screen, result_screen
from core.quizzes.words import Reader

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from core.people.models import Subscriber
    from core.quizzes.definition import Result
    from core.quizzes.loader import Library, Loaded
    from core.quizzes.questions import AnyQuestion
    from core.quizzes.records import Run
    from core.quizzes.texts import Text

LEFT_AFTER = timedelta(hours=24)  # as in the counts of who left where
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Sitting:
    """A person at a place of a run: the row, the version he began, the walk so far."""

    subscriber_id: int
    run: Run
    loaded: Loaded
    done: flow.Walk
    reader: Reader
    key: str | None = None

    @property
    def shown(self) -> AnyQuestion | None:
        """The question on the screen: where the person went back to, else the first without an answer."""
        there = self.loaded.quiz.by_id.get(self.run.shown or "")
        return there if there is not None and there.id in self.done.answers else self.done.next

    @property
    def is_confirming(self) -> bool:
        """Whether all is answered, and the person looks at his answers before the end."""
        return self.run.is_open and self.shown is None

    @property
    def deadlines(self) -> tuple[datetime | None, datetime | None]:
        """When the time is up: for the whole quiz, for the open question."""
        run, whole, question = self.run, self.loaded.quiz.time_limit_seconds, self.done.next
        limit = question.time_limit_seconds if question is not None else None
        return (
            run.started_at + timedelta(seconds=whole) if whole is not None else None,
            run.shown_at + timedelta(seconds=limit) if limit is not None and run.shown_at else None,
        )

    def is_repeat(self, key: str | None) -> bool:
        """Whether this very update has moved the run already."""
        return key is not None and key == self.run.last_key

    def is_left(self, now: datetime) -> bool:
        """Whether the person has done nothing here for so long that the run counts as left."""
        return now - self.run.touched_at >= LEFT_AFTER

    def acted(self, key: str | None, now: datetime) -> Sitting:
        """Return the same person doing something now, by the update `key`; a timer is no act of his."""
        return replace(self, key=key, run=replace(self.run, moved_at=now))

    def moved(self, run: Run) -> Sitting:
        """Return the same person at another place of the run."""
        return replace(self, run=run, done=_walked(self.loaded, run, self.reader.language))


def sit(session: Session, library: Library, subscriber: Subscriber, run: Run) -> Sitting | None:
    """Return a person at a run; None where it was left, or its version cannot be read any more."""
    loaded = version(session, library, run.version_hash)
    if loaded is None or run.is_abandoned:
        return None
    language = run.language or spoken_to(subscriber, loaded)
    link = referrals.link(session, subscriber.id) if loaded.quiz.shares else ""
    reader = Reader(language, subscriber.first_name, link)
    return Sitting(subscriber.id, run, loaded, _walked(loaded, run, language), reader)


def spoken_to(subscriber: Subscriber, loaded: Loaded) -> str:
    """Return the language to hold a run in: of the person's Telegram, of our interface, the quiz's first."""
    family = subscriber.language_code.lower().split("-")[0]
    return loaded.quiz.language_for(family, subscriber.language)


def waiting(
    session: Session, library: Library, subscriber: Subscriber, key: str | None = None, *, lock: bool = False
) -> Sitting | None:
    """Return the run that `key` has moved, else the open one the person has touched last."""
    if lock:
        runs = find_runs(session, statements.RUNS_TO_MOVE, subscriber.id, key=key)
    else:
        runs = find_runs(session, statements.OPEN_RUNS, subscriber.id)
    moved = [run for run in runs if key is not None and run.last_key == key]
    runs.sort(key=lambda one: (one.touched_at, one.id), reverse=True)
    for run in moved or runs:
        sitting = sit(session, library, subscriber, run)
        if sitting is not None:
            return replace(sitting, key=key)
    return None


def show(sitting: Sitting, **said: str | bool | tuple[str, ...] | None) -> Screen:
    """Return what a person sees where he is; `said` are further fields of the Screen."""
    question, run, quiz = sitting.shown, sitting.run, sitting.loaded.quiz
    if not run.is_open:
        return _result(sitting, **said)
    whole, own = sitting.deadlines
    due_at = min(filter(None, (whole, own)), default=None)
    if question is None:
        screen = confirm_screen(quiz, sitting.done, run.id, run.message_id, sitting.reader)
        return replace(screen, due_at=due_at, **said)  # type: ignore[arg-type]
    place = Place(run.id, question, run.draft, run.message_id, run.seed)
    screen = question_screen(quiz, sitting.done, place, sitting.reader)
    return replace(
        screen,
        picture=_file(sitting, question.picture),
        sheet=_sheet(sitting, question),
        due_at=due_at,
        channel=question.channel if isinstance(question, Join) else None,
        **said,  # type: ignore[arg-type]
    )


def gone(subscriber: Subscriber) -> Screen:
    """Return what is shown where a button belongs to no run of this person."""
    return Screen(0, "", "gone", phrase("gone", subscriber.language), stale=True)


def ending(sitting: Sitting) -> Result:
    """Return the result of a walk that is at its end."""
    found = flow.result(sitting.loaded.quiz, sitting.done)
    if found is None:
        raise RuntimeError(f"run {sitting.run.id} is finished, its answers are not")
    return found


def _result(sitting: Sitting, **said: str | bool | tuple[str, ...] | None) -> Screen:
    run, found = sitting.run, ending(sitting)
    place = run.id, run.message_id
    screen = result_screen(sitting.loaded.quiz, sitting.done, found, place, sitting.reader, is_cut=run.is_cut)
    file = _file(sitting, found.file)
    result = replace(screen.result, file=file) if screen.result is not None else None
    return replace(
        screen,
        result=result,
        picture=_file(sitting, found.picture),
        next_quiz=None if run.is_trial else screen.next_quiz,
        **said,  # type: ignore[arg-type]
    )


def _walked(loaded: Loaded, run: Run, language: str) -> flow.Walk:
    return flow.walk(loaded.quiz, run.answers, seed=run.seed, is_cut=run.is_cut, language=language)


def _file(sitting: Sitting, name: Text | None) -> Path | None:
    return sitting.loaded.file(name.of(sitting.reader.language)) if name is not None else None


def _sheet(sitting: Sitting, question: AnyQuestion) -> tuple[tuple[int, Path], ...]:
    """Return the pictures of the options with their numbers on the buttons."""
    if not isinstance(question, Optioned):
        return ()
    shown = enumerate(places(question, sitting.run.seed), 1)
    pictures = [(number, _file(sitting, question.options[place].picture)) for number, place in shown]
    return tuple((number, path) for number, path in pictures if path is not None)
