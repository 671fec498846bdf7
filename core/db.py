"""The database: the only place that opens a transaction.

Core verbs are plain functions of a Session and never commit. `await db.read(verb, …)` runs one on a
snapshot; `await db.write(verb, …)` runs one in a transaction and answers only after the COMMIT. Threads and
the command line use `read_now` and `write_now`, the same without a loop.

On SQLite all writes go through one writer thread that takes what waits into one BEGIN IMMEDIATE: a statement
of aiosqlite costs a thread switch (measured 3.2–4.2 ms CPU a quiz answer, against about 1 ms this way). On
PostgreSQL each write is one pooled transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import DatabaseError as DriverError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Session

from core.errors import DatabaseError
from core.writer import Writer

if TYPE_CHECKING:
    from sqlalchemy import URL, Table

P = ParamSpec("P")
R = TypeVar("R")
Verb = Callable[Concatenate[Session, P], R]
TouchedHook = Callable[[Session, set[int], datetime], None]

BigId = BigInteger().with_variant(Integer, "sqlite")
CHUNK = 1000  # rows in one write of a long job: keeps the writer free within 50 ms


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment: timestamptz on PostgreSQL, naive UTC text on SQLite; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments, hand SQLite a naive UTC one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table; the naming convention lets SQLite's batch migrations drop constraints."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment}  # noqa: RUF012 - SQLAlchemy's own contract


def table(model: type[Base]) -> Table:
    """Return a model's table, for statements that are built once and run on the connection."""
    return cast("Table", model.__table__)


def note_touched(session: Session, ids: Iterable[int], now: datetime) -> None:
    """Remember whose facts this verb changed: their segments are refreshed before the commit."""
    touched: set[int] = session.info.setdefault("touched", set())
    touched.update(ids)
    session.info["touched_now"] = now


def settle_touched(session: Session, hook: TouchedHook | None) -> None:
    """Call the hook once for all people noted so far in this transaction, and for the facts recorded in it.

    A refresh of everyone records facts of people who need no refresh any more: they are not noted.
    """
    touched: set[int] = session.info.pop("touched", set())
    now = session.info.pop("touched_now", None) or session.info.get("facts_now")
    if hook is not None and now is not None and (touched or session.info.get("facts")):
        hook(session, touched, now)


class Database:
    """A SQLite file or a PostgreSQL base, opened for reading snapshots and for writing."""

    def __init__(self, url: str, on_touched: TouchedHook | None = None) -> None:
        self.url = _normal(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.on_touched = on_touched
        self._writer: Writer | None = None
        if self.is_sqlite:
            _prepare_folder(self.url)
        self._async = _async_engine(self.url)
        self._sync = _sync_engine(self.url)
        self._looking_async = self._async.execution_options(**self._snapshot)
        self._looking = self._sync.execution_options(**self._snapshot)

    @property
    def _snapshot(self) -> dict[str, Any]:
        """What lets all statements of a reading verb see one moment: SQLite does so by itself."""
        return {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}

    # -- asynchronous: the bot ------------------------------------------------------------------

    async def read(self, verb: Verb[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a verb on a snapshot; it must not write."""
        async with AsyncSession(self._looking_async, expire_on_commit=False) as session:
            return await session.run_sync(lambda plain: verb(plain, *args, **kwargs))

    async def write(self, verb: Verb[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a verb in a transaction and return its answer after the commit."""
        if self.is_sqlite:
            loop = asyncio.get_running_loop()
            answer: R = await self._writing().submit_async(
                lambda session: verb(session, *args, **kwargs), loop
            )
            return answer
        async with AsyncSession(self._async, expire_on_commit=False) as session, session.begin():
            return await session.run_sync(lambda plain: self._settled(plain, verb, *args, **kwargs))

    # -- synchronous: long jobs in a thread, the command line ------------------------------------

    def read_now(self, verb: Verb[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a verb on a snapshot, from a thread or the command line."""
        with Session(self._looking, expire_on_commit=False) as session:
            return verb(session, *args, **kwargs)

    def write_now(self, verb: Verb[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a verb in a transaction, from a thread or the command line."""
        if self.is_sqlite:
            answer: R = self._writing().submit(lambda session: verb(session, *args, **kwargs)).result()
            return answer
        with Session(self._sync, expire_on_commit=False) as session, session.begin():
            return self._settled(session, verb, *args, **kwargs)

    async def close(self) -> None:
        """Finish the waiting writes and close every connection."""
        await self._async.dispose()
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        """Finish the waiting writes and close the synchronous connections."""
        if self._writer is not None:
            self._writer.stop()
            self._writer = None
        self._sync.dispose()

    def _settled(self, session: Session, verb: Verb[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        result = verb(session, *args, **kwargs)
        settle_touched(session, self.on_touched)
        return result

    def _writing(self) -> Writer:
        if self._writer is None:
            engine = _sqlite_engine(self.url, "BEGIN IMMEDIATE")
            self._writer = Writer(engine, lambda session: settle_touched(session, self.on_touched))
            self._writer.start()
        return self._writer

    @property
    def engine(self) -> Engine:
        """The synchronous engine: for migrations and raw connections of benchmarks."""
        return self._sync


def _normal(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseError(
            f"DATABASE_URL: {url!r} is not an address; write e.g. sqlite:///var/kvizor.db"
        ) from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise DatabaseError(
            f"DATABASE_URL: {parsed.get_backend_name()} is not supported; use sqlite or postgresql"
        )
    return parsed


def _prepare_folder(url: URL) -> None:
    if not url.database or url.database == ":memory:":
        raise DatabaseError("DATABASE_URL: SQLite needs a file, e.g. sqlite:///var/kvizor.db")
    try:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        with Path(url.database).open("ab"):
            pass
        with contextlib.closing(sqlite3.connect(url.database, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")  # stays in the file; needs it free for a moment
    except OSError as error:
        raise DatabaseError(
            f"The database file {url.database} cannot be written ({error.strerror}); "
            "give Kvizor a writable folder or another DATABASE_URL."
        ) from None
    except sqlite3.DatabaseError as error:
        raise DatabaseError(
            f"The database file {url.database} cannot be opened ({error}); "
            "is it a SQLite file, and does no other program hold it locked?"
        ) from None


# The just-in-time compiler is kept out: sixty conditions look dear to it, and for 50,000 people it compiled
# for 1.2 s what then ran 0.2 s.
_POSTGRESQL: dict[str, Any] = {"connect_args": {"options": "-c jit=off"}}


def _async_engine(url: URL) -> AsyncEngine:
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
        return create_async_engine(url, pool_size=10, max_overflow=20, **_POSTGRESQL)
    engine = create_async_engine(url.set(drivername="sqlite+aiosqlite"), pool_size=4, max_overflow=4)
    _tune_sqlite(engine.sync_engine, "BEGIN", read_only=True)
    return engine


def _sync_engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
        return create_engine(url, pool_size=4, max_overflow=8, **_POSTGRESQL)
    return _sqlite_engine(url, "BEGIN", read_only=True)


def _sqlite_engine(url: URL, begin: str, *, read_only: bool = False) -> Engine:
    engine = create_engine(url.set(drivername="sqlite"))
    _tune_sqlite(engine, begin, read_only=read_only)
    return engine


def _tune_sqlite(engine: Engine, begin: str, *, read_only: bool) -> None:
    """Set WAL and friends; a deferred BEGIN that reads and then writes would fail at once, hence `begin`."""

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own
        cursor = connection.cursor()
        for pragma in (
            "busy_timeout = 30000",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            "cache_size = -32000",
            "temp_store = MEMORY",
            f"query_only = {'ON' if read_only else 'OFF'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)


def reason(error: DriverError) -> str:
    """Return the driver's own first line, for the one sentence a person reads."""
    return str(error.orig).splitlines()[0] if error.orig else "no reason given"
