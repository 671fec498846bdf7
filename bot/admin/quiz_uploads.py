"""A quiz file sent by an owner: checked, drawn, ready to be tried and switched on; the files it promises."""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler

from bot.admin import quiz_views as views
from bot.admin.downloads import DOWNLOAD_BYTES, fetch
from bot.admin.quizzes import send_graph
from bot.texts import Html
from core.quizzes import library_changes
from core.quizzes.check.chains import chain_faults
from core.quizzes.check.files import missing
from core.quizzes.loader import FILES, load_stored, load_text, text_of, told_warnings
from core.quizzes.problems import Problem, QuizError
from core.quizzes.source import SIZE_LIMIT, read_source
from core.segments.tags import tags_asked

if TYPE_CHECKING:
    from aiogram.types import Document, Message, PhotoSize

    from bot.turn import Turn
    from core.quizzes.library_changes import Change
    from core.quizzes.loader import Library, Loaded

_YAML = re.compile(r"\.ya?ml$", re.IGNORECASE)
_NAME = re.compile(r"[^\w .()-]+")


def router() -> Router:
    """Build the router of quiz files; what is no quiz and no promised file goes on to the imports."""
    routes = Router(name="admin-quiz-files")
    routes.message.register(_document, F.document)
    routes.message.register(_photo, F.photo, F.caption)
    return routes


async def _document(message: Message, turn: Turn) -> None:
    document = message.document
    if document is None:
        raise SkipHandler
    if _YAML.search(document.file_name or ""):
        await _quiz(turn, document)
        return
    await _promised(turn, document, (message.caption or "", document.file_name or ""))


async def _photo(message: Message, turn: Turn) -> None:
    """A picture sent as a photo has no name of its own: the caption names it."""
    if not message.photo:
        raise SkipHandler
    await _promised(turn, message.photo[-1], (message.caption or "",))


async def _quiz(turn: Turn, document: Document) -> None:
    """Check a quiz file and show what is in it, or what is wrong with it."""
    name = _NAME.sub("_", document.file_name or "quiz.yaml")[-80:]
    if (document.file_size or 0) > SIZE_LIMIT:
        await turn.bot.send_message(turn.chat_id, turn.say("library-too-big"))
        return
    with tempfile.TemporaryDirectory(prefix="kvizor-") as folder:
        path = Path(folder) / name
        await fetch(turn.bot, document, path)
        try:
            loaded = await asyncio.to_thread(_checked, path, turn.library)
        except QuizError as error:
            problems = [_short(problem, name) for problem in error.problems]
            await turn.bot.send_message(turn.chat_id, views.problems_text(turn.say, name, problems))
            return
    number = await turn.db.write(library_changes.send, loaded, turn.chat_id, turn.now, turn.key)
    await _show(turn, loaded, number, name)


def _checked(path: Path, library: Library) -> Loaded:
    """Read and check a file among the quizzes that are on. Raises QuizError."""
    text = text_of(path)
    loaded = load_text(text, path.name, library.folder, without_files=True)
    quizzes = {name: one.quiz for name, one in library.quizzes.items()} | {loaded.quiz.id: loaded.quiz}
    faults = [fault for name, fault in chain_faults(quizzes) if name == loaded.quiz.id]
    if faults:
        source = read_source(text, path.name)
        raise QuizError(source.problem(one.path, one.what, one.remedy) for one in faults)
    return loaded


async def _show(turn: Turn, loaded: Loaded, number: int, file: str) -> None:
    """Show the graph, what the quiz consists of, what to look at, and the way onward."""
    say, quiz = turn.say, loaded.quiz
    title = views.title_of(quiz, say)
    absent = await asyncio.to_thread(missing, quiz, turn.library.folder / FILES)
    now_on = turn.library.quizzes.get(quiz.id)
    await send_graph(turn, quiz, None, say("library-picture", title=title))
    tags, segments = await turn.db.read(tags_asked)
    noted = await asyncio.to_thread(told_warnings, loaded, file, tags, segments)
    if noted:
        await turn.bot.send_message(turn.chat_id, views.warnings_text(say, noted))
    if absent:
        await turn.bot.send_message(turn.chat_id, views.missing_text(say, absent))
    is_same = now_on is not None and now_on.hash == loaded.hash
    state = "library-same" if is_same else "library-replaces" if now_on is not None else "library-new"
    about = Html(views.about(say, quiz))
    lines = [say("library-read", file=file, title=title, quiz=quiz.id, about=about)]
    ready = say("library-ready-noted" if noted else "library-ready")
    lines += [say(state), *([] if absent or is_same else [ready])]
    buttons = views.sent_keyboard(say, quiz.id, number, may_be_on=not absent and not is_same)
    await turn.bot.send_message(turn.chat_id, "\n\n".join(lines), reply_markup=buttons)


async def _promised(turn: Turn, document: Document | PhotoSize, names: tuple[str, ...]) -> None:
    """Keep a file that a quiz waits for; every other one is not ours."""
    change, name = await _awaited(turn, names)
    if change is None:
        raise SkipHandler
    files = turn.library.folder / FILES
    if (document.file_size or 0) > DOWNLOAD_BYTES:
        text = turn.say("library-file-too-big", limit=DOWNLOAD_BYTES // 1024**2, folder=str(files))
        await turn.bot.send_message(turn.chat_id, text)
        return
    try:
        await asyncio.to_thread(files.mkdir, parents=True, exist_ok=True)
        await fetch(turn.bot, document, files / name)
    except OSError as error:
        why = error.strerror or type(error).__name__
        text = turn.say("library-file-unkept", name=name, why=why, folder=str(files))
        await turn.bot.send_message(turn.chat_id, text)
        return
    await turn.bot.send_message(turn.chat_id, turn.say("library-file-kept", name=name))
    loaded = load_stored(change.text, turn.library.folder)
    await _show(turn, loaded, change.id, f"{change.quiz}.yaml")


async def _awaited(turn: Turn, names: tuple[str, ...]) -> tuple[Change | None, str]:
    """Return the change that waits for a file of one of these names, and the name."""
    given = [name.strip() for name in names if name.strip()]
    for change in await turn.db.read(library_changes.waiting, turn.now) if given else ():
        try:
            quiz = load_stored(change.text, turn.library.folder).quiz
        except QuizError:
            continue
        absent = await asyncio.to_thread(missing, quiz, turn.library.folder / FILES)
        found = next((name for name in given if name in absent), None)
        if found is not None:
            return change, found
    return None, ""


def _short(problem: Problem, name: str) -> Problem:
    return Problem(name, problem.line, problem.column, problem.what, problem.remedy)
