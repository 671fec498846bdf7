"""The writer thread of SQLite: takes what waits, commits it as one transaction, then answers."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

BATCH_VERBS = 200
BATCH_SECONDS = 0.010

Call = tuple["Callable[[Session], Any]", "Future[Any]"]


class Writer(threading.Thread):
    """One thread, one connection, one BEGIN IMMEDIATE a batch; each verb stands in a SAVEPOINT of its own.

    A verb that raises is rolled back alone and its caller gets the error; when the COMMIT itself fails,
    every caller of the batch gets that error and nothing is stored.
    """

    def __init__(self, engine: Engine, before_commit: Callable[[Session], None]) -> None:
        super().__init__(name="kvizor-writer", daemon=True)
        self._engine = engine
        self._before_commit = before_commit
        self._queue: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self._waiting: deque[Call] = deque()
        self._stopping = False

    def submit(self, verb: Callable[[Session], Any]) -> Future[Any]:
        """Queue a verb; the future is answered after the commit."""
        future: Future[Any] = Future()
        self._queue.put((verb, future))
        return future

    def stop(self) -> None:
        """Commit what waits and end the thread."""
        self._queue.put(None)
        self.join()
        self._engine.dispose()

    def run(self) -> None:
        """Serve until stopped."""
        while self._take():
            self._commit()

    def _take(self) -> bool:
        if not self._waiting:
            self._keep(self._queue.get())
        while not self._stopping and len(self._waiting) < BATCH_VERBS and not self._queue.empty():
            self._keep(self._queue.get())
        return bool(self._waiting)

    def _keep(self, call: Call | None) -> None:
        if call is None:
            self._stopping = True
        elif call[1].set_running_or_notify_cancel():  # from here on a cancelled caller cannot stop the commit
            self._waiting.append(call)

    def _commit(self) -> None:
        done: list[tuple[Future[Any], Any]] = []
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                self._run_verbs(session, done)
                self._before_commit(session)
        except Exception as error:  # noqa: BLE001 - handed to every caller of the batch, none is swallowed
            if (
                not done and self._waiting
            ):  # BEGIN itself failed: the first caller learns it, the rest may retry
                done.append((self._waiting.popleft()[1], None))
            for future, _ in done:
                future.set_exception(error)
            return
        for future, result in done:
            future.set_result(result)

    def _run_verbs(self, session: Session, done: list[tuple[Future[Any], Any]]) -> None:
        deadline = time.monotonic() + BATCH_SECONDS
        while self._waiting:
            verb, future = self._waiting.popleft()
            try:
                with session.begin_nested():
                    result = verb(session)
            except Exception as error:  # noqa: BLE001 - handed to the one caller whose verb it was
                future.set_exception(error)
            else:
                done.append((future, result))
            if time.monotonic() > deadline:
                return
