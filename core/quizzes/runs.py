"""Runs: a person walks through a quiz; every verb answers with the Screen to show.

A run is rows, there is no other state: an old button, a tap that arrives twice or a restart of the bot
find the same rows and show the same question. The verbs are told the run by the button, but only runs of
the person himself are found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import update

from core.people.models import Subscriber
from core.people.personal import normal_phone
from core.people.text import fold
from core.quizzes import flow, statements
from core.quizzes.answers import Answered, Misfit, typed
from core.quizzes.phrases import PHRASES, phrase
from core.quizzes.questions import Contact, Number, Several, Written
from core.quizzes.records import Run, Step, add_run, find_runs, version, write_answer
from core.quizzes.screens import Place, Reader, Screen, ending, question_screen
from core.quizzes.taps import Moved, Ticked, pressed
from core.quizzes.values import SHARED

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.quizzes.loader import Library, Loaded
    from core.quizzes.questions import AnyQuestion

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class _Sitting:
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
        return there if there in self.done.path else self.done.next

    def is_repeat(self, key: str | None) -> bool:
        """Whether this very update has moved the run already."""
        return key is not None and key == self.run.last_key

    def moved(self, run: Run) -> _Sitting:
        """Return the same person at another place of the run."""
        return replace(self, run=run, done=flow.walk(self.loaded.quiz, run.answers))


def begin(
    session: Session, library: Library, subscriber: Subscriber, quiz_id: str, now: datetime, key: str
) -> Screen:
    """Begin a quiz, or go on with the unfinished run of it; the same `key` never begins a second one.

    Raises UnknownQuizError.
    """
    loaded = library.quiz(quiz_id)
    runs = find_runs(session, statements.RUNS_TO_BEGIN, subscriber.id, key=key, quiz=quiz_id)
    for run in sorted(runs, key=lambda one: (one.key != key, -one.id)):
        sitting = _sit(session, library, subscriber, run)
        if run.key == key:
            return _show(sitting) if sitting is not None else _gone(subscriber)
        if sitting is not None:
            remember_message(session, run.id, None)  # the question is asked anew, below
            return _show(sitting.moved(replace(run, message_id=None)))
    return _start(session, subscriber, loaded, now, key)


def restart(
    session: Session, library: Library, subscriber: Subscriber, quiz_id: str, now: datetime, key: str
) -> Screen:
    """Leave the unfinished run of a quiz, if any, and begin today's version anew. Raises UnknownQuizError."""
    loaded = library.quiz(quiz_id)
    runs = find_runs(session, statements.RUNS_TO_BEGIN, subscriber.id, key=key, quiz=quiz_id)
    again = next((run for run in runs if run.key == key), None)
    sitting = _sit(session, library, subscriber, again) if again is not None else None
    if sitting is not None:
        return _show(sitting)
    mine = {"who": subscriber.id, "of_quiz": quiz_id}
    session.execute(statements.ABANDON_QUIZ, mine | {"abandoned_at": now})
    return _start(session, subscriber, loaded, now, key)


def tap(
    session: Session,
    library: Library,
    subscriber: Subscriber,
    run_id: int,
    index: int,
    action: str,
    now: datetime,
    *,
    key: str | None = None,
) -> Screen:
    """Do what a button says; a tap that comes too late or twice changes nothing and is shown `stale`.

    `key` names the update: the same update a second time shows what the first has made, not stale.
    A run that is not this person's does not exist for him: the Screen is of kind `gone`.
    """
    if not 0 < run_id <= LARGEST_ID:
        return _gone(subscriber)
    runs = find_runs(session, statements.RUN_TO_TAP, subscriber.id, run_id=run_id)
    sitting = _sit(session, library, subscriber, runs[0]) if runs else None
    if sitting is None:
        return _gone(subscriber)
    if sitting.is_repeat(key):
        return _show(sitting)
    sitting, question = replace(sitting, key=key), sitting.shown
    if question is None or sitting.loaded.quiz.index[question.id] != index:
        return _show(sitting, stale=True)
    meant = pressed(sitting.done, question, sitting.run.draft, action)
    if meant is None:
        return _show(sitting, stale=True)
    if isinstance(meant, Ticked):
        return _go(session, sitting, question, meant.draft)
    if isinstance(meant, Moved):
        return _go(session, sitting, meant.to or sitting.done.next, None)
    return _answer(session, sitting, question, meant, now)


def write(
    session: Session,
    library: Library,
    subscriber: Subscriber,
    text: str,
    now: datetime,
    *,
    key: str | None = None,
) -> Screen | None:
    """Take a written answer; None if no open run waits for one. What does not fit comes back as a problem.

    The same `key` a second time answers nothing more and shows what the first has made.
    """
    sitting = _waiting(session, library, subscriber, key, lock=True)
    if sitting is not None and sitting.is_repeat(key):
        return _show(sitting)
    question = sitting.shown if sitting is not None else None
    if sitting is None or question is None:
        return None
    if isinstance(question, Number | Written):
        return _answer(session, sitting, question, typed(question, text), now)
    if not isinstance(question, Contact):
        return None
    for name in ("skip", "back"):  # buttons below the input field arrive as their label
        if fold(text) in {fold(word) for word in PHRASES[name].values()}:
            index = sitting.loaded.quiz.index[question.id]
            return tap(session, library, subscriber, sitting.run.id, index, name[0], now, key=key)
    return _show(sitting, problem=phrase("press_share", sitting.reader.language))


def contact(
    session: Session,
    library: Library,
    subscriber: Subscriber,
    phone: str,
    is_own: bool,
    now: datetime,
    *,
    key: str | None = None,
) -> Screen | None:
    """Take a phone shared by Telegram's button; None if no open run waits for one. Only his own is kept.

    The same `key` a second time answers nothing more and shows what the first has made.
    """
    sitting = _waiting(session, library, subscriber, key, lock=True)
    if sitting is not None and sitting.is_repeat(key):
        return _show(sitting)
    question = sitting.shown if sitting is not None else None
    if sitting is None or not isinstance(question, Contact):
        return None
    number = normal_phone(phone if phone.startswith("+") else f"+{phone}")
    if not is_own or number is None:
        return _show(
            sitting, problem=phrase("not_own" if not is_own else "not_phone", sitting.reader.language)
        )
    session.execute(update(Subscriber).where(Subscriber.id == subscriber.id).values(phone=number))
    return _answer(session, sitting, question, Answered(SHARED), now)


def current(session: Session, library: Library, subscriber: Subscriber) -> Screen | None:
    """Return what the person should see now; None if he has no open run. Writes nothing."""
    sitting = _waiting(session, library, subscriber)
    return _show(sitting) if sitting is not None else None


def abandon(session: Session, subscriber_id: int, now: datetime) -> None:
    """Leave all open runs of a person; what he has answered stays known."""
    session.execute(statements.ABANDON, {"who": subscriber_id, "abandoned_at": now})


def remember_message(session: Session, run_id: int, message_id: int | None) -> None:
    """Remember which message shows a run, to edit it next time; None asks for a new one."""
    session.execute(statements.PLACE_MESSAGE, {"run": run_id, "message_id": message_id})


def _start(session: Session, subscriber: Subscriber, loaded: Loaded, now: datetime, key: str) -> Screen:
    first = flow.walk(loaded.quiz, {}).next
    if first is None:
        raise RuntimeError(f"the quiz {loaded.quiz.id} asks nobody anything")
    run = add_run(session, subscriber.id, loaded, key, first.id, now)
    return _show(_sitting(subscriber, loaded, run))


def _sit(session: Session, library: Library, subscriber: Subscriber, run: Run) -> _Sitting | None:
    loaded = version(session, library, run.version_hash)
    return None if loaded is None or run.is_abandoned else _sitting(subscriber, loaded, run)


def _sitting(subscriber: Subscriber, loaded: Loaded, run: Run) -> _Sitting:
    quiz = loaded.quiz
    reader = Reader(quiz.language_for(subscriber.language), subscriber.first_name)
    return _Sitting(subscriber.id, run, loaded, flow.walk(quiz, run.answers), reader)


def _waiting(
    session: Session, library: Library, subscriber: Subscriber, key: str | None = None, *, lock: bool = False
) -> _Sitting | None:
    """Return the run that `key` has moved, else the open one lowest in the chat (a new one has none)."""
    if lock:
        runs = find_runs(session, statements.RUNS_TO_MOVE, subscriber.id, key=key)
    else:
        runs = find_runs(session, statements.OPEN_RUNS, subscriber.id)
    moved = [run for run in runs if key is not None and run.last_key == key]
    runs.sort(key=lambda one: (one.message_id or LARGEST_ID, one.id), reverse=True)
    for run in moved or runs:
        sitting = _sit(session, library, subscriber, run)
        if sitting is not None:
            return replace(sitting, key=key)
    return None


def _go(session: Session, sitting: _Sitting, to: AnyQuestion | None, draft: tuple[str, ...] | None) -> Screen:
    """Show a question, with options ticked; coming back to a question with several finds its ticks."""
    if to is None:
        return _show(sitting)
    if draft is None:
        draft = tuple(sitting.done.answers.get(to.id) or ()) if isinstance(to, Several) else ()
    place = {"run": sitting.run.id, "shown": to.id, "draft": list(draft), "last_key": sitting.key}
    session.execute(statements.MOVE_RUN, place)
    return _show(sitting.moved(replace(sitting.run, shown=to.id, draft=draft)))


def _answer(
    session: Session, sitting: _Sitting, question: AnyQuestion, given: Answered | Misfit, now: datetime
) -> Screen:
    if isinstance(given, Misfit):
        return _show(sitting, problem=given.sentence(sitting.reader.language))
    quiz, run = sitting.loaded.quiz, sitting.run
    answers = {**run.answers, question.id: given.value}
    after = flow.walk(quiz, answers)
    hidden = flow.hidden(quiz, after, answers)
    found = flow.result(quiz, after)
    step = Step(
        sitting.subscriber_id, run.id, quiz, question, given, sitting.done, after, hidden, found, sitting.key
    )
    write_answer(session, step, now)
    kept = {name: value for name, value in answers.items() if quiz.by_id[name] not in hidden}
    shown = after.next.id if after.next is not None else None
    changed = replace(run, answers=kept, shown=shown, draft=(), is_finished=found is not None)
    return _show(sitting.moved(changed))


def _show(sitting: _Sitting, *, problem: str | None = None, stale: bool = False) -> Screen:
    question, run, quiz = sitting.shown, sitting.run, sitting.loaded.quiz
    if question is not None and run.is_open:
        place = Place(run.id, question, run.draft, run.message_id)
        screen = question_screen(quiz, sitting.done, place, sitting.reader)
        return replace(screen, problem=problem, stale=stale) if problem or stale else screen
    found = flow.result(quiz, sitting.done)
    if found is None:
        raise RuntimeError(f"run {run.id} is finished, its answers are not")
    file = sitting.loaded.file(found.file.of(sitting.reader.language) if found.file else None)
    end = ending(quiz, sitting.done, found, file, sitting.reader)
    return Screen(run.id, quiz.id, "result", end.text, result=end, message_id=run.message_id, stale=stale)


def _gone(subscriber: Subscriber) -> Screen:
    return Screen(0, "", "gone", phrase("gone", subscriber.language), stale=True)
