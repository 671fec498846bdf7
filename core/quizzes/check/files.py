"""Files a quiz promises: in files/ beside it, not empty, of a size and kind Telegram takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.quizzes.problems import Fault, Path, nearest

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from core.quizzes.definition import Quiz
    from core.quizzes.texts import Text

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")
PICTURE_BYTES, FILE_BYTES = 10 * 1024 * 1024, 50 * 1024 * 1024  # Telegram takes no more from a bot


def file_faults(quiz: Quiz, files: pathlib.Path) -> Iterator[Fault]:
    """Yield files that cannot be sent; `files` is their folder."""
    for path, name, is_picture in promised(quiz):
        yield from _file(path, name, files, is_picture=is_picture)


def promised(quiz: Quiz) -> Iterator[tuple[Path, str, bool]]:
    """Yield every file a quiz names: its place, its name, whether it is shown as a picture."""
    for path, names, is_picture in _named(quiz):
        if names is not None:
            for language, name in names.wordings.items():
                yield ((*path, language) if language else path), name, is_picture


def missing(quiz: Quiz, files: pathlib.Path) -> list[str]:
    """Return the names of promised files that are not there yet, each once."""
    names = dict.fromkeys(name for _, name, _ in promised(quiz))
    return [name for name in names if is_inside(name, files) and not (files / name).is_file()]


def is_inside(name: str, files: pathlib.Path) -> bool:
    """Say whether a name stays in the folder."""
    try:
        return (files / name).resolve().is_relative_to(files.resolve())
    except (OSError, ValueError):  # a name too long, or with a sign no file may have
        return False


def _named(quiz: Quiz) -> Iterator[tuple[Path, Text | None, bool]]:
    for place, question in enumerate(quiz.questions):
        yield ("questions", place, "picture"), question.picture, True
        for number, option in enumerate(getattr(question, "options", ())):
            yield ("questions", place, "options", number, "picture"), option.picture, True
    for place, result in enumerate(quiz.results):
        yield ("results", place, "picture"), result.picture, True
        yield ("results", place, "file"), result.file, False
        for number, lesson in enumerate(result.lessons):
            yield ("results", place, "lessons", number, "file"), lesson.file, False


def _file(path: Path, name: str, files: pathlib.Path, *, is_picture: bool) -> Iterator[Fault]:
    target = files / name
    if not is_inside(name, files):
        remedy = "put the file into it and write its name only"
        yield Fault(path, f"`{name}` lies outside {files.name}/", remedy)
        return
    if not target.is_file():
        there = sorted(one.name for one in files.glob("*")) if files.is_dir() else []
        close = nearest(name, there) if there else ""
        remedy = close if close.startswith("did") else f"put it into {files.name}/ beside the quiz"
        yield Fault(path, f"there is no file `{name}` in {files.name}/", remedy)
        return
    size, most = target.stat().st_size, PICTURE_BYTES if is_picture else FILE_BYTES
    if not size:
        yield Fault(path, f"the file `{name}` is empty", "Telegram refuses empty files; fill it")
    elif size > most:
        what = f"the file `{name}` has {size // 1024**2} MB, Telegram takes {most // 1024**2}"
        yield Fault(path, what, "make it smaller")
    if is_picture and target.suffix.lower() not in PICTURES:
        yield Fault(path, f"`{name}` is no picture", f"use one of {', '.join(PICTURES)}")
