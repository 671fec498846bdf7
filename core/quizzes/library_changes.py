"""What owners change about the quizzes from their chats: files sent, versions switched on, quizzes off.

Every change is a row, so it survives a restart; the newest row of a quiz wins over the folder's file of the
same id. A stored text that cannot be read any more never stops the bot: the last good one takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from core.quizzes import statements
from core.quizzes.loader import load_stored
from core.quizzes.models import QuizRun, QuizSource
from core.quizzes.problems import QuizError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.quizzes.loader import Library, Loaded

SENT, ON, OFF = "sent", "on", "off"
FORGOTTEN = timedelta(days=7)  # a file sent so long ago waits for its promised files no more


@dataclass(frozen=True, slots=True)
class Change:
    """One thing an owner did to a quiz."""

    id: int
    quiz: str
    state: str
    hash: str
    text: str
    by: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """A version that was switched on and cannot be read any more; `instead`: since when the one in use is."""

    quiz: str
    at: datetime
    why: str
    instead: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A quiz as the owner sees it in his list; `at` is None for the folder's file."""

    quiz: str
    title: str
    at: datetime | None
    is_on: bool
    started: int
    finished: int


def send(session: Session, loaded: Loaded, by: int, now: datetime, key: str) -> int:
    """Keep a file an owner has sent, so that he may try it and switch it on; the same key keeps it once."""
    return _add(session, loaded.quiz.id, SENT, loaded.hash, loaded.text, by, now, key)


def switch_on(
    session: Session, library: Library, number: int, by: int, now: datetime, key: str
) -> Change | None:
    """Switch on the version that a change is about; None where there is no such change.

    The running library is the caller's to change, by `put`, once this is committed.
    """
    change = find(session, number)
    if change is None or not change.text:
        return None
    _keep_folder(session, library, change.quiz, by, now, key)
    _add(session, change.quiz, ON, change.hash, change.text, by, now, key)
    return change


def switch_off(session: Session, library: Library, quiz: str, by: int, now: datetime, key: str) -> None:
    """Switch a quiz off: nobody can begin it, who is in it may finish."""
    _keep_folder(session, library, quiz, by, now, key)
    _add(session, quiz, OFF, "", "", by, now, key)


def _keep_folder(session: Session, library: Library, quiz: str, by: int, now: datetime, key: str) -> None:
    """Keep the folder's own version before the first change of a quiz, so that one can return to it."""
    loaded = library.quizzes.get(quiz)
    if loaded is not None and not versions(session, quiz):
        _add(session, quiz, ON, loaded.hash, loaded.text, by, now, f"{key}:folder")


def find(session: Session, number: int) -> Change | None:
    """Return a change by its number."""
    row = session.get(QuizSource, number)
    return _change(row) if row is not None else None


def versions(session: Session, quiz: str) -> list[Change]:
    """Return the versions of a quiz that were ever switched on, each once, the latest first."""
    rows = session.scalars(
        select(QuizSource)
        .where(QuizSource.quiz == quiz, QuizSource.state == ON)
        .order_by(QuizSource.id.desc())
    )
    found: dict[str, Change] = {}
    for row in rows:
        found.setdefault(row.hash or "", _change(row))
    return list(found.values())


def waiting(session: Session, now: datetime) -> list[Change]:
    """Return files sent lately, the latest of each quiz: their promised files may still come."""
    rows = session.scalars(
        select(QuizSource)
        .where(QuizSource.state == SENT, QuizSource.at >= now - FORGOTTEN)
        .order_by(QuizSource.id.desc())
    )
    found: dict[str, Change] = {}
    for row in rows:
        found.setdefault(row.quiz, _change(row))
    return list(found.values())


def apply(session: Session, library: Library) -> list[Trouble]:
    """Bring a library read from its folder to what the owners have switched; returns what cannot be read."""
    rows = session.scalars(select(QuizSource).where(QuizSource.state.in_((ON, OFF))).order_by(QuizSource.id))
    changes: dict[str, list[Change]] = {}
    for row in rows:
        changes.setdefault(row.quiz, []).append(_change(row))
    troubles = []
    for quiz, done in changes.items():
        if done[-1].state == OFF:
            library.quizzes.pop(quiz, None)
            continue
        trouble = _restore(library, [change for change in reversed(done) if change.state == ON])
        if trouble is not None:
            troubles.append(trouble)
    return troubles


def put(library: Library, text: str) -> Loaded:
    """Let people begin this version from now on. Raises QuizError where it cannot be read."""
    loaded = load_stored(text, library.folder)
    library.versions[loaded.hash] = loaded
    library.quizzes[loaded.quiz.id] = loaded
    return loaded


def leading_to(library: Library, quiz: str) -> list[str]:
    """Return the quizzes whose results go on with this one."""
    return sorted(
        name
        for name, loaded in library.quizzes.items()
        if name != quiz and any(result.next == quiz for result in loaded.quiz.results)
    )


def last_text(session: Session, library: Library, quiz: str) -> str:
    """Return the text of a quiz as it is, or was when it was on last; empty where there was none."""
    if quiz in library.quizzes:
        return library.quizzes[quiz].text
    return next((change.text for change in versions(session, quiz)), "")


def standings(session: Session, library: Library, language: str) -> list[Standing]:
    """Return every quiz people can begin, and those switched off, with the runs begun and finished."""
    latest = select(func.max(QuizSource.id)).where(QuizSource.state.in_((ON, OFF))).group_by(QuizSource.quiz)
    changes = {
        row.quiz: _change(row) for row in session.scalars(select(QuizSource).where(QuizSource.id.in_(latest)))
    }
    counted = select(QuizRun.quiz, func.count(), func.count(QuizRun.finished_at)).where(
        QuizRun.is_trial.is_(False)
    )
    runs = {quiz: (begun, done) for quiz, begun, done in session.execute(counted.group_by(QuizRun.quiz))}
    names = [*library.quizzes, *(name for name, one in changes.items() if name not in library.quizzes)]
    return [_standing(name, library, changes.get(name), runs.get(name, (0, 0)), language) for name in names]


def _standing(
    name: str, library: Library, change: Change | None, runs: tuple[int, int], language: str
) -> Standing:
    loaded = library.quizzes.get(name)
    title = loaded.quiz.title.of(loaded.quiz.language_for(language)) if loaded is not None else name
    return Standing(name, title, change.at if change is not None else None, loaded is not None, *runs)


def _restore(library: Library, newest_first: Iterable[Change]) -> Trouble | None:
    """Put the newest version that can be read; without one the folder's file stays."""
    broken: tuple[Change, str] | None = None
    for change in newest_first:
        try:
            put(library, change.text)
        except QuizError as error:
            broken = broken or (change, str(error))
            continue
        return None if broken is None else Trouble(change.quiz, broken[0].at, broken[1], change.at)
    return None if broken is None else Trouble(broken[0].quiz, broken[0].at, broken[1], None)


def _add(
    session: Session, quiz: str, state: str, hash_: str, text: str, by: int, now: datetime, key: str
) -> int:
    known = session.scalar(select(QuizSource.id).where(QuizSource.key == key))
    if known is not None:
        return known
    if text:
        version = {"hash": hash_, "quiz": quiz, "text": text, "first_used_at": now}
        session.execute(statements.add_versions(session), [version])
    row = QuizSource(quiz=quiz, state=state, hash=hash_ or None, text=text or None, by=by, at=now, key=key)
    session.add(row)
    session.flush()
    return row.id


def _change(row: QuizSource) -> Change:
    return Change(row.id, row.quiz, row.state, row.hash or "", row.text or "", row.by, row.at)
