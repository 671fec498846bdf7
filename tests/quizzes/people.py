"""A person who walks through a quiz by the verbs, as the bot would let him: reads screens, presses labels."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import and_, func, or_, select

from core.db import Database
from core.people.models import Attribute, Event, Subscriber, Tag
from core.people.subscribers import Sender, meet
from core.quizzes import runs
from core.quizzes.loader import Library, load_text
from core.quizzes.models import Answer, QuizRun, RunAnswer
from core.quizzes.records import store_versions
from core.quizzes.screens import Screen, read_payload
from tests.conftest import NOW

QUIZZES = Path(__file__).resolve().parents[2] / "quizzes"


def library_of(*texts: str, folder: Path = QUIZZES) -> Library:
    library = Library(folder)
    for number, text in enumerate(texts):
        loaded = load_text(text, f"quiz{number}.yaml", folder)
        library.quizzes[loaded.quiz.id] = loaded
        library.versions[loaded.hash] = loaded
    return library


class Person:
    """Each act is one write, as in the bot; `screen` is what he sees."""

    def __init__(self, db: Database, library: Library, telegram_id: int = 1, **sender: Any) -> None:
        self.db, self.library, self.now = db, library, NOW
        db.write_now(store_versions, library, self.now)
        who = Sender(telegram_id, **{"first_name": "Анна", "language_code": "ru", **sender})
        self.row: Subscriber = db.write_now(meet, who, self.now)
        self.screen: Screen | None = None
        self.updates = 0

    def later(self) -> datetime:
        self.now += timedelta(seconds=10)
        return self.now

    def begin(self, quiz: str, key: str | None = None) -> Screen:
        self.updates += 1
        key = key or f"{self.row.id}:{self.updates}"
        return self._see(self.db.write_now(runs.begin, self.library, self.row, quiz, self.later(), key))

    def restart(self, quiz: str) -> Screen:
        self.updates += 1
        key = f"{self.row.id}:{self.updates}"
        return self._see(self.db.write_now(runs.restart, self.library, self.row, quiz, self.later(), key))

    def press(self, label: str) -> Screen:
        """Press the button that says this."""
        buttons = [button for row in self.on_screen.buttons for button in row]
        exact = [button for button in buttons if label == button.label]
        found = exact or [button for button in buttons if label in button.label]
        assert len(found) == 1, f"{label!r} among {[button.label for button in buttons]}"
        return self.send(found[0].payload)

    def send(self, payload: str) -> Screen:
        """Send a button's payload, of this screen or an older one."""
        parsed = read_payload(payload)
        assert parsed is not None
        return self._see(self.db.write_now(runs.tap, self.library, self.row, *parsed, self.later()))

    def write(self, text: str) -> Screen | None:
        seen = self.db.write_now(runs.write, self.library, self.row, text, self.later())
        return self._see(seen) if seen is not None else None

    def share(self, phone: str, *, own: bool = True) -> Screen | None:
        seen = self.db.write_now(runs.contact, self.library, self.row, phone, own, self.later())
        return self._see(seen) if seen is not None else None

    def stand_at(self, latitude: float, longitude: float) -> Screen | None:
        place = (latitude, longitude, self.later())
        seen = self.db.write_now(runs.location, self.library, self.row, *place)
        return self._see(seen) if seen is not None else None

    def join(self, *, is_member: bool) -> Screen:
        """Press «check» below a channel to join; Telegram says whether he is in it."""
        payloads = [button.payload for row in self.on_screen.buttons for button in row]
        run_id, index, _ = read_payload(next(one for one in payloads if one.endswith(":j"))) or (0, 0, "")
        outcome = (run_id, index, is_member, self.later())
        return self._see(self.db.write_now(runs.joined, self.library, self.row, *outcome))

    def wait(self, seconds: float) -> Screen | None:
        """Let time pass, and the bot's timer look at the run."""
        self.now += timedelta(seconds=seconds)
        run_id = self.on_screen.run_id
        seen = self.db.write_now(runs.expire, self.library, self.row, run_id, self.now)
        return self._see(seen) if seen is not None else None

    def new_bot(self) -> None:
        """The bot is started anew: what he began is read from the base again, nothing else of it is left."""
        self.library = Library(self.library.folder, dict(self.library.quizzes))

    def labels(self) -> list[str]:
        return [button.label for row in self.on_screen.buttons for button in row]

    def look(self) -> Screen | None:
        return self.db.read_now(runs.current, self.library, self.row)

    def _see(self, screen: Screen) -> Screen:
        self.screen = screen
        return screen

    @property
    def on_screen(self) -> Screen:
        assert self.screen is not None
        return self.screen

    # -- what is stored about him ------------------------------------------------------------------

    def answers(self, run_id: int) -> dict[str, Any]:
        statement = select(RunAnswer.question, RunAnswer.value).where(RunAnswer.run_id == run_id)
        return dict(self.db.read_now(lambda s: s.execute(statement).all()))

    def latest(self) -> dict[str, list[str]]:
        statement = select(Answer.question, Answer.folded).where(Answer.subscriber_id == self.row.id)
        found: dict[str, list[str]] = {}
        for question, folded in self.db.read_now(lambda s: s.execute(statement).all()):
            found.setdefault(question, []).append(folded)
        return {question: sorted(values) for question, values in found.items()}

    def tags(self) -> set[str]:
        return set(
            self.db.read_now(
                lambda s: s.scalars(select(Tag.tag).where(Tag.subscriber_id == self.row.id)).all()
            )
        )

    def attributes(self) -> dict[str, str]:
        """What quizzes have said of him."""
        statement = select(Attribute.key, Attribute.text).where(
            Attribute.subscriber_id == self.row.id,
            or_(
                Attribute.origin.startswith("quiz:"),
                and_(Attribute.key == "city", Attribute.origin.startswith("place:quiz:")),
            ),
        )
        return dict(self.db.read_now(lambda s: s.execute(statement).all()))

    def events(self, kind: str) -> int:
        statement = select(func.count()).where(Event.subscriber_id == self.row.id, Event.kind == kind)
        return self.db.read_now(lambda s: s.scalars(statement).one())

    def run(self, run_id: int) -> QuizRun:
        return self.db.read_now(lambda s: s.get_one(QuizRun, run_id))
