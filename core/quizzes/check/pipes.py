"""Warnings about pipes: those that show nothing to some readers, or the same thing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.quizzes.check.texts import every_text
from core.quizzes.conditions import AllOf, AnswerIs, AnyOf, LanguageIs, leaves
from core.quizzes.problems import Fault
from core.quizzes.texts import bare_pipes, pipes
from core.quizzes.values import RATHER_NOT_SAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.quizzes.check.texts import Said
    from core.quizzes.conditions import AnyCondition
    from core.quizzes.definition import Quiz
    from core.quizzes.questions import AnyQuestion


def pipe_warnings(quiz: Quiz) -> Iterator[Fault]:
    """Yield pipes of answers that some readers have not given, or that never are in a text of theirs."""
    for said in every_text(quiz):
        words = said.text.wordings.values()
        bare = {name for word in words for name in bare_pipes(word)}
        for name in sorted({name for word in words for name in pipes(word)} & set(quiz.by_id)):
            question = quiz.by_id[name]
            if question.is_personal and said.path[0] != "alerts":
                yield _personal(said, name, is_bare=name in bare)
            elif name in bare and _may_be_empty(question, _rule(quiz, said)):
                what = f"`{{{{ {name} }}}}` is empty for people who did not answer it"
                yield Fault(said.path, what, f'write `{{{{ {name} | default: "…" }}}}`')
        if said.path[-1] == "share_text" and any("share_link" in pipes(word) for word in words):
            what = "Telegram adds the link to this text by itself; `{{ share_link }}` sends it a second time"
            yield Fault(said.path, what, "take it out of the text")


def _personal(said: Said, name: str, *, is_bare: bool) -> Fault:
    seen = "is always empty" if is_bare else "always shows its default"
    what = f"`{{{{ {name} }}}}` {seen}: the answer stands on the person's card only"
    return Fault(said.path, what, "take it out of the text")


def _rule(quiz: Quiz, said: Said) -> AnyCondition | None:
    """Return the condition under which a text is read."""
    owners = {"questions": quiz.questions, "results": quiz.results, "alerts": quiz.alerts}
    part = owners.get(str(said.path[0]))
    return part[int(said.path[1])].when if part is not None else None


def _may_be_empty(question: AnyQuestion, read: AnyCondition | None) -> bool:
    """Say whether a reader may have given no answer; `read` holds for all who read."""
    if _says_given(read, question.id):
        return False
    if question.optional or question.refusable:
        return True
    return question.when is not None and not (_is_lasting(question.when) and _follows(read, question.when))


def _says_given(rule: AnyCondition | None, name: str) -> bool:
    """Say whether a condition holds only for people who have answered a question."""
    if isinstance(rule, AllOf):
        return any(_says_given(part, name) for part in rule.all)
    if isinstance(rule, AnyOf):
        return all(_says_given(part, name) for part in rule.any)
    if not isinstance(rule, AnswerIs) or rule.question != name:
        return False
    return rule.answered is not False and RATHER_NOT_SAY not in rule.wanted


def _follows(rule: AnyCondition | None, asked: AnyCondition) -> bool:
    """Say whether one condition plainly follows from another: it is the same, or one of its parts."""
    if rule == asked:
        return True
    if isinstance(asked, AllOf) and all(_follows(rule, part) for part in asked.all):
        return True
    if isinstance(rule, AllOf):
        return any(_follows(part, asked) for part in rule.all)
    return isinstance(rule, AnyOf) and all(_follows(part, asked) for part in rule.any)


def _is_lasting(rule: AnyCondition) -> bool:
    """Say whether what held at a question still holds later: points and tags may change, answers not."""
    return all(isinstance(leaf, AnswerIs | LanguageIs) for _, leaf in leaves(rule))
