"""What a well-formed quiz may still have wrong, told with its place; each subject has a file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.quizzes.check.files import file_faults
from core.quizzes.check.questions import group_faults, id_faults, question_faults, result_faults
from core.quizzes.check.rules import rule_faults
from core.quizzes.check.texts import text_faults
from core.quizzes.check.unreached import unreached

if TYPE_CHECKING:
    import pathlib

    from core.quizzes.definition import Quiz
    from core.quizzes.problems import Fault


def faults(quiz: Quiz, files: pathlib.Path | None) -> list[Fault]:
    """Return everything wrong with a quiz; `files` is the folder of what it promises, None asks for none."""
    found = [*id_faults(quiz), *group_faults(quiz), *rule_faults(quiz)]
    found += [*question_faults(quiz), *result_faults(quiz), *text_faults(quiz)]
    found += list(file_faults(quiz, files)) if files is not None else []
    return found or list(unreached(quiz))  # a wrong reference would only be told a second time
