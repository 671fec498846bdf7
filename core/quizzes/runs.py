"""Runs: a person walks through a quiz; every verb answers with the Screen to show.

A run is rows, there is no other state: an old button, a tap that arrives twice or a restart of the bot
find the same rows and show the same question. The verbs are told the run by the button, but only runs of
the person himself are found. Where the time was up the act that comes too late does nothing but keep that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import update

from core.people import places_kept, prompts
from core.people.attributes import set_attribute
from core.people.models import Subscriber
from core.people.personal import normal_phone
from core.quizzes import moves, statements
from core.quizzes.answers import Answered
from core.quizzes.phrases import phrase
from core.quizzes.questions import LATITUDE, LONGITUDE, Contact, Join, Location
from core.quizzes.records import add_run, find_runs
from core.quizzes.sitting import LARGEST_ID, Sitting, gone, show, sit, spoken_to, waiting
from core.quizzes.taps import pressed
from core.quizzes.values import SHARED

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.quizzes.loader import Library, Loaded
    from core.quizzes.screens import Screen


def begin(
    session: Session, library: Library, subscriber: Subscriber, quiz_id: str, now: datetime, key: str
) -> Screen:
    """Begin a quiz, or go on with the unfinished run of it; the same `key` never begins a second one.

    Raises UnknownQuizError.
    """
    loaded = library.quiz(quiz_id)
    runs = find_runs(session, statements.RUNS_TO_BEGIN, subscriber.id, key=key, quiz=quiz_id)
    for run in sorted(runs, key=lambda one: (one.key != key, -one.id)):
        sitting = sit(session, library, subscriber, run)
        if run.key == key:
            return show(sitting) if sitting is not None else gone(subscriber)
        if sitting is not None:
            session.execute(statements.SHOW_ANEW, {"run": run.id, "moved_at": now})
            sitting = replace(sitting, run=replace(run, message_id=None)).acted(key, now)
            return moves.overdue(session, sitting, now) or show(sitting)
    return _start(session, library, subscriber, loaded, now, key)


def restart(
    session: Session, library: Library, subscriber: Subscriber, quiz_id: str, now: datetime, key: str
) -> Screen:
    """Leave the unfinished run of a quiz, if any, and begin today's version anew. Raises UnknownQuizError."""
    loaded = library.quiz(quiz_id)
    runs = find_runs(session, statements.RUNS_TO_BEGIN, subscriber.id, key=key, quiz=quiz_id)
    again = next((run for run in runs if run.key == key), None)
    sitting = sit(session, library, subscriber, again) if again is not None else None
    if sitting is not None:
        return show(sitting)
    mine = {"who": subscriber.id, "of_quiz": quiz_id}
    session.execute(statements.ABANDON_QUIZ, mine | {"abandoned_at": now})
    return _start(session, library, subscriber, loaded, now, key)


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
    sitting = _run(session, library, subscriber, run_id)
    if sitting is None:
        return gone(subscriber)
    if sitting.is_repeat(key):
        return moves.again(session, sitting, now)
    sitting, question = sitting.acted(key, now), sitting.shown
    late = moves.overdue(session, sitting, now)
    if late is not None:
        return late
    if sitting.is_confirming:
        return moves.preview_tap(session, sitting, index, action, now)
    if question is None or sitting.loaded.quiz.index[question.id] != index:
        return show(sitting, stale=True)
    meant = pressed(sitting.done, question, sitting.run.draft, action)
    if meant is None:
        return show(sitting, stale=True)
    return moves.act(session, sitting, question, meant, now)


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

    What a button says is a tap on it. Anything else while a button is waited for is a problem, too; None
    where it is meant for somebody else: the run was left alone for a day, or the bot has asked for a text.
    The same `key` a second time answers nothing more and shows what the first has made.
    """
    sitting = waiting(session, library, subscriber, key, lock=True)
    if sitting is None or sitting.is_repeat(key):
        return moves.again(session, sitting, now) if sitting is not None else None
    is_elsewhere, sitting = sitting.is_left(now), sitting.acted(key, now)
    screen = moves.write(session, sitting, text, now)
    if screen is not None or is_elsewhere or prompts.asked(session, subscriber.telegram_id or 0, None, now):
        return screen
    return moves.ask_for_button(session, sitting, now)


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
    found = _sharing(session, library, subscriber, Contact, now, key)
    if not isinstance(found, Sitting):
        return found
    number = normal_phone(phone if phone.startswith("+") else f"+{phone}")
    if not is_own or number is None:
        said = phrase("not_own" if not is_own else "not_phone", found.reader.language)
        return show(found, problem=said)
    if not found.run.is_trial:
        session.execute(update(Subscriber).where(Subscriber.id == subscriber.id).values(phone=number))
    return _shared(session, found, now)


def location(
    session: Session,
    library: Library,
    subscriber: Subscriber,
    latitude: float,
    longitude: float,
    now: datetime,
    *,
    key: str | None = None,
) -> Screen | None:
    """Take a place in degrees shared by Telegram's button; None if no open run waits for one.

    The same `key` a second time answers nothing more and shows what the first has made.
    """
    found = _sharing(session, library, subscriber, Location, now, key)
    if not isinstance(found, Sitting):
        return found
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # also refuses what is not a number
        return show(found, problem=phrase("press_place", found.reader.language))
    origin = f"quiz:{found.loaded.quiz.id}"
    places = ((LATITUDE, latitude), (LONGITUDE, longitude)) if not found.run.is_trial else ()
    for name, degrees in places:
        set_attribute(session, subscriber.id, name, float(degrees), now, origin=origin)
    if places:
        places_kept.located(session, subscriber.id, latitude, longitude, now, source=origin)
    return _shared(session, found, now)


def joined(
    session: Session,
    library: Library,
    subscriber: Subscriber,
    run_id: int,
    index: int,
    is_member: bool,
    now: datetime,
    *,
    key: str | None = None,
) -> Screen:
    """Take Telegram's word on whether the person has joined the channel that is asked for."""
    sitting = _run(session, library, subscriber, run_id)
    if sitting is None:
        return gone(subscriber)
    if sitting.is_repeat(key):
        return moves.again(session, sitting, now)
    sitting, question = sitting.acted(key, now), sitting.shown
    late = moves.overdue(session, sitting, now)
    if late is not None:
        return late
    if not isinstance(question, Join) or sitting.loaded.quiz.index[question.id] != index:
        return show(sitting, stale=True)
    if not is_member:
        return show(sitting, problem=phrase("not_joined", sitting.reader.language))
    return moves.answer(session, sitting, question, Answered(True), now)


def channel(
    session: Session, library: Library, subscriber: Subscriber, run_id: int, index: int
) -> str | int | None:
    """Return the channel a tap on «check» asks about; None where it is not asked for now. Writes nothing."""
    sitting = _run(session, library, subscriber, run_id, lock=False)
    question = sitting.shown if sitting is not None and sitting.run.is_open else None
    if sitting is None or not isinstance(question, Join):
        return None
    return question.channel if sitting.loaded.quiz.index[question.id] == index else None


def expire(
    session: Session, library: Library, subscriber: Subscriber, run_id: int, now: datetime
) -> Screen | None:
    """Keep that the time of a run was up, for its timer; None where nothing is due."""
    sitting = _run(session, library, subscriber, run_id)
    return moves.overdue(session, sitting, now) if sitting is not None else None


def current(session: Session, library: Library, subscriber: Subscriber) -> Screen | None:
    """Return what the person should see now; None if he has no open run. Writes nothing."""
    sitting = waiting(session, library, subscriber)
    return show(sitting) if sitting is not None else None


def abandon(session: Session, subscriber_id: int, now: datetime) -> None:
    """Leave all open runs of a person; what he has answered stays known."""
    session.execute(statements.ABANDON, {"who": subscriber_id, "abandoned_at": now})


def remember_message(session: Session, run_id: int, message_id: int | None) -> None:
    """Remember which message shows a run, to edit it next time; None asks for a new one."""
    session.execute(statements.PLACE_MESSAGE, {"run": run_id, "message_id": message_id})


def _start(
    session: Session, library: Library, subscriber: Subscriber, loaded: Loaded, now: datetime, key: str
) -> Screen:
    run = add_run(session, subscriber.id, loaded, key, spoken_to(subscriber, loaded), now)
    sitting = sit(session, library, subscriber, run)
    if sitting is None:
        raise RuntimeError(f"the quiz {loaded.quiz.id} was begun and cannot be read")
    if (
        sitting.done.next is None and not loaded.quiz.confirm
    ):  # all was refused before: nothing is left to ask
        return moves.confirm(session, sitting, now)
    return show(sitting)


def _run(
    session: Session, library: Library, subscriber: Subscriber, run_id: int, *, lock: bool = True
) -> Sitting | None:
    if not 0 < run_id <= LARGEST_ID:
        return None
    statement = statements.RUN_TO_TAP if lock else statements.RUN_TO_SEE
    runs = find_runs(session, statement, subscriber.id, run_id=run_id)
    return sit(session, library, subscriber, runs[0]) if runs else None


def _sharing(
    session: Session,
    library: Library,
    subscriber: Subscriber,
    kind: type[Contact | Location],
    now: datetime,
    key: str | None,
) -> Sitting | Screen | None:
    """Return the sitting that waits for what was shared; a Screen where there is nothing more to do."""
    sitting = waiting(session, library, subscriber, key, lock=True)
    if sitting is not None and sitting.is_repeat(key):
        return moves.again(session, sitting, now)
    if sitting is None or not isinstance(sitting.shown, kind):
        return None
    sitting = sitting.acted(key, now)
    return moves.overdue(session, sitting, now) or sitting


def _shared(session: Session, sitting: Sitting, now: datetime) -> Screen | None:
    question = sitting.shown
    return moves.answer(session, sitting, question, Answered(SHARED), now) if question is not None else None
