"""Moves of a run: an answer, a step back, the time that is up, the end. Each returns the Screen after it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.clock import local_day
from core.people import consents
from core.people.activity import zone
from core.people.models import Subscriber
from core.quizzes import alerts, flow, statements
from core.quizzes.answers import Answered, Misfit, late
from core.quizzes.buttons import may_change, preview
from core.quizzes.phrases import phrase
from core.quizzes.questions import Agreement, Several
from core.quizzes.screens import wants
from core.quizzes.sitting import Sitting, show
from core.quizzes.steps import Step, write_step
from core.quizzes.taps import Moved, Prompted, Ticked, typed_button, written
from core.quizzes.values import listed

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.quizzes.definition import Result
    from core.quizzes.questions import AnyQuestion
    from core.quizzes.screens import Screen
    from core.quizzes.taps import Meant


def again(session: Session, sitting: Sitting, now: datetime) -> Screen:
    """Show what an update has made that is handled again; its alerts are told again."""
    sitting = replace(sitting, key=sitting.run.last_key)
    return show(sitting, alerts=alerts.tell(session, sitting, now))


def act(session: Session, sitting: Sitting, question: AnyQuestion, meant: Meant, now: datetime) -> Screen:
    """Do what a tap or a text means."""
    if isinstance(meant, Ticked):
        return go(session, sitting, question, meant.draft)
    if isinstance(meant, Moved):
        return go(session, sitting, meant.to or sitting.done.next)
    if isinstance(meant, Prompted):
        session.execute(statements.TOUCH_RUN, {"run": sitting.run.id, "moved_at": now})
        return show(sitting, notice=phrase(meant.name, sitting.reader.language))
    if isinstance(meant, Misfit):
        return show(sitting, problem=meant.sentence(sitting.reader.language))
    return answer(session, sitting, question, meant, now)


def write(session: Session, sitting: Sitting, text: str, now: datetime) -> Screen | None:
    """Do what a typed text means; None for one that means nothing where a button is waited for."""
    question, last = sitting.shown, len(sitting.loaded.quiz.questions)
    is_typed = question is not None and wants(question) in ("text", "contact", "location")
    rows = () if is_typed else show(sitting).buttons
    if question is None:
        action = typed_button(rows, text)
        if action is None:
            return None
        return overdue(session, sitting, now) or preview_tap(session, sitting, last, action, now)
    meant = written(sitting.done, question, sitting.run.draft, text, local_day(now, zone()), rows)
    if meant is None:
        return None
    return overdue(session, sitting, now) or act(session, sitting, question, meant, now)


def ask_for_button(session: Session, sitting: Sitting, now: datetime) -> Screen:
    """Show the question again to one who wrote where a button is waited for."""
    said = phrase("press_button", sitting.reader.language)
    return overdue(session, sitting, now) or show(sitting, problem=said)


def go(
    session: Session, sitting: Sitting, to: AnyQuestion | None, draft: tuple[Any, ...] | None = None
) -> Screen:
    """Show a question, or all answers; coming back to a question with several finds its ticks."""
    if draft is None:
        draft = tuple(listed(sitting.done.answers.get(to.id))) if isinstance(to, Several) else ()
    shown = to.id if to is not None else None
    run = sitting.run
    place = {"run": run.id, "shown": shown, "draft": list(draft), "moved_at": run.moved_at}
    session.execute(statements.MOVE_RUN, place | {"last_key": sitting.key})
    return show(sitting.moved(replace(run, shown=shown, draft=draft)))


def answer(
    session: Session, sitting: Sitting, question: AnyQuestion, given: Answered, now: datetime
) -> Screen:
    """Keep an answer and show what comes next."""
    if isinstance(question, Agreement) and isinstance(given.value, bool) and not sitting.run.is_trial:
        _keep_consent(session, sitting, question, given.value, now)
    answers = {**sitting.run.answers, question.id: given.value}
    return _step(session, sitting, replace(sitting.run, answers=answers, draft=()), now, question, given)


def confirm(session: Session, sitting: Sitting, now: datetime) -> Screen:
    """End a run whose answers were looked through."""
    return _step(session, sitting, sitting.run, now, is_last=True)


def preview_tap(session: Session, sitting: Sitting, index: int, action: str, now: datetime) -> Screen:
    """Do what a button below the list of all answers says."""
    questions = sitting.loaded.quiz.questions
    if index == len(questions) and action == "c":
        return confirm(session, sitting, now)
    if index == len(questions) and action[0] == "e" and int(action[1:]) < len(questions):
        question = questions[int(action[1:])]
        if question in preview(sitting.done) and may_change(question, sitting.done.answers[question.id]):
            return go(session, sitting, question)
    return show(sitting, stale=True)


def overdue(session: Session, sitting: Sitting, now: datetime) -> Screen | None:
    """Keep that the time was up, for the whole quiz or the open question; None while there is time."""
    whole, own = sitting.deadlines
    if not sitting.run.is_open:
        return None
    if whole is not None and now >= whole:
        return _step(session, sitting, replace(sitting.run, is_cut=True), now, is_last=True)
    question = sitting.done.next
    if own is None or question is None or now < own:
        return None
    return answer(session, sitting, question, late(), now)


def _step(
    session: Session,
    sitting: Sitting,
    run: Any,
    now: datetime,
    question: AnyQuestion | None = None,
    given: Answered | None = None,
    *,
    is_last: bool = False,
) -> Screen:
    """Write the move to a changed run, and show it; `is_last`: answers need not be looked through."""
    after, quiz = sitting.moved(run), sitting.loaded.quiz
    found: Result | None = flow.result(quiz, after.done) if is_last or not quiz.confirm else None
    hidden = flow.hidden(after.done, run.answers)
    is_same = after.done.next == sitting.done.next and after.done.next is not None
    step = Step(
        sitting.subscriber_id,
        run,
        quiz,
        question,
        given or Answered(None),
        sitting.done,
        after.done,
        hidden,
        found,
        shown_at=(run.shown_at if is_same else None) or now,
        is_cut=run.is_cut,
        key=sitting.key,
    )
    write_step(session, step, now)
    dropped = {one.id for one in hidden}
    kept = {name: value for name, value in run.answers.items() if name not in dropped}
    changed = replace(
        run, answers=kept, shown=step.shown, shown_at=step.shown_at, draft=(), is_finished=found is not None
    )
    after = replace(after, run=changed)  # what was dropped is not on the way: the walk is the same
    return show(after, alerts=alerts.tell(session, after, now))


def _keep_consent(
    session: Session, sitting: Sitting, question: Agreement, is_given: bool, now: datetime
) -> None:
    """Write the act into the ledger of consents, with the wording he saw.

    His name, filled in, is no part of the wording: the ledger is kept when he is forgotten.
    """
    person = session.get_one(Subscriber, sitting.subscriber_id)
    quiz, run, language = sitting.loaded.quiz, sitting.run, sitting.reader.language
    text = question.text.of(language)
    key = sitting.key or f"quiz:{run.id}:{question.id}:{now.isoformat()}"
    path = f"quiz:{quiz.id}.{question.id}"[:64]
    proof = consents.Proof(text, language, path, key[:64], run.message_id)
    verb = consents.give if is_given else consents.withdraw
    verb(session, person, question.purpose, proof, now)
