"""The composition root: settings → database → dispatcher → receiver → jobs → sender; start and stop."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
from contextlib import suppress
from html import escape
from typing import TYPE_CHECKING

import structlog
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot import dispatcher, introduction, library, owners
from bot.admin import canary_alarm, digest
from bot.admin.composer import show_progress
from bot.alarms import Alarms
from bot.database import caps_of
from bot.inbox import Inbox
from bot.jobs import Jobs
from bot.memory import Memory
from bot.messenger import TelegramMessenger
from bot.pace import PacedSession
from bot.receiver import Receiver, UnauthorizedError
from bot.rehearsal import Rehearsal
from bot.single import only_one
from bot.texts import Texts
from core import clock, migrate, tick
from core.db import Database
from core.errors import SettingsError
from core.mailing import caps
from core.mailing.sender import Sender
from core.mailing.throttle import Throttle
from core.people import activity, bots, gender, places, places_kept, preferences
from core.quizzes import loader, records
from core.reports import guards
from core.segments import presets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.settings import Settings

log = structlog.get_logger()

# the writer thread must not keep the loop waiting for 5 ms after each call of the system
SWITCH_SECONDS = 0.0005

SENDING_RESTS_SECONDS = 300
LONGEST_HOUR_SECONDS = 600
LAST_WORDS_SECONDS = 5


class App:
    """One running Kvizor: everything it holds, started in order and stopped in the reverse one."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.is_rehearsal = False
        self.texts = Texts()
        guards.limits(settings.guards)  # a wrong threshold is told before anything starts
        _check_scores(settings.scores_file)
        self.library = loader.load_folder(settings.quizzes_dir)
        activity.use_zone(settings.zone)
        caps.use(caps_of(settings))
        places_kept.use_language(settings.language)
        self.db = Database(settings.database_url, on_touched=tick.touched)
        self.throttle = Throttle(settings.rate_limit, settings.rate_reserve)
        self.bot = _bot(settings, PacedSession(self.throttle, api=_api(settings)))
        self.messenger = TelegramMessenger(_bot(settings, AiohttpSession(api=_api(settings), limit=400)))
        self.sender = self._new_sender()
        self._is_stopping = False
        self.memory = Memory()
        routes = dispatcher.build(self.db, settings, self.texts, self.library, self.memory)
        self.alarms = Alarms(self._alert)
        self.jobs = Jobs(self.db, settings, lambda: self.sender.wake(), self._tell_digest, self.alarms.ring)
        self.inbox = Inbox(self.db, self.bot, routes, self.alarms.ring)

    def _new_sender(self) -> Sender:
        return Sender(
            self.db,
            self.messenger,
            self.throttle,
            holder=f"{socket.gethostname()}:{os.getpid()}",
            on_progress=self._progress,
            on_alert=self._sending_alert,
        )

    async def run(self) -> None:
        """Serve until a signal, then finish what is in flight; raises KvizorError when it cannot start."""
        sys.setswitchinterval(SWITCH_SECONDS)
        with only_one(self.db):
            try:
                await self._start()
                await self._serve()
            finally:
                await self._close()

    async def _alert(self, key: str, detail: str, more: int) -> None:
        """Tell every owner that something needs him; an alert that cannot be sent stays in the log."""
        say = self.texts[self.settings.language]
        text = say(key, detail=detail) + (f"\n{say('alert-more', count=more)}" if more else "")
        await owners.tell(self.bot, self.settings, text)

    async def _start(self) -> None:
        await asyncio.to_thread(migrate.prepare, self.db)
        me = await introduction.who_am_i(self.bot, self.settings)
        self.is_rehearsal = await Rehearsal.join(self.settings.telegram_api_url)
        now = clock.now()
        await self.db.write(bots.claim, me.id, me.username or "", now)
        await self.db.write(presets.install, now)
        await library.bring_changes(self.bot, self.db, self.settings, self.texts, self.library)
        await self.db.write(records.store_versions, self.library, now)
        self.texts.remember(await self.db.read(preferences.chosen_languages))
        await asyncio.to_thread(places.load)
        await asyncio.to_thread(gender.guess, "Анна")  # loads its dictionary here, not inside the first write
        replayed = await self.inbox.replay()
        gc.collect()
        gc.freeze()  # else a full collection of what aiogram imports holds the loop for 0.3 s
        gc.enable()
        log.info("started", bot=me.username, rehearsal=self.is_rehearsal, replayed=replayed)

    async def _serve(self) -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        receiver = Receiver(self._method_url(), self.db, self.inbox.accept)
        tasks = {
            "receiver": asyncio.create_task(receiver.run()),
            "jobs": asyncio.create_task(self.jobs.run()),
            "sender": asyncio.create_task(self._send()),
            "alarms": asyncio.create_task(self.alarms.run()),
            "stop": asyncio.create_task(stop.wait()),
            "introduction": asyncio.create_task(
                introduction.tell_commands(self.bot, self.settings, self.texts)
            ),
        }
        if self.is_rehearsal:
            tasks["rehearsal"] = asyncio.create_task(
                Rehearsal(self.settings.telegram_api_url, self._hour_passed).follow()
            )
        lasting = [task for name, task in tasks.items() if name != "introduction"]
        await asyncio.wait(lasting, return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        await self._finish(tasks)

    async def _finish(self, tasks: Mapping[str, asyncio.Task[object]]) -> None:
        """Stop intake, then what starts work, then let what is in flight end."""
        self._is_stopping = True
        for name in ("receiver", "jobs", "alarms", "rehearsal", "introduction"):
            if name in tasks:
                tasks[name].cancel()
        await self.sender.stop()
        await self.inbox.finish()
        with suppress(TimeoutError):  # what is not told stays in the log
            async with asyncio.timeout(LAST_WORDS_SECONDS):
                await self.alarms.tell_held(at_once=True)
        await self.memory.timers.close()
        for name in ("sender", "stop"):
            tasks[name].cancel()
        results = await asyncio.gather(*tasks.values(), return_exceptions=True)
        for result in results:
            if isinstance(result, UnauthorizedError):
                raise SettingsError("BOT_TOKEN: Telegram refuses this token now; was it revoked?")
            if isinstance(result, Exception):
                raise result

    async def _close(self) -> None:
        await self.bot.session.close()
        await self.messenger.close()
        await self.db.close()

    async def _hour_passed(self) -> None:
        """One hour of a rehearsal: what is due, and the letters it brings, all out before the next hour."""
        await self.jobs.tick()
        with suppress(TimeoutError):  # the sender may have to rest: the clock does not wait for ever
            async with asyncio.timeout(LONGEST_HOUR_SECONDS):
                await self.sender.drain()

    async def _send(self) -> None:
        """Send for ever; after an answer that stops all sending the rest goes on, and it is tried again."""
        while True:
            await self.sender.run()
            if self._is_stopping:
                return
            log.error("sending_rests", because=self.sender.fatal, seconds=SENDING_RESTS_SECONDS)
            await asyncio.sleep(SENDING_RESTS_SECONDS)
            self.sender = self._new_sender()

    async def _progress(self, campaign_id: int) -> None:
        await show_progress(self.bot, self.db, self.texts[self.settings.language], campaign_id)

    async def _tell_digest(self, now: datetime) -> None:
        await canary_alarm.tell_stopped(self.bot, self.db, self.settings, self.texts, now)
        await digest.tell_due(self.bot, self.db, self.settings, self.texts, now)

    async def _sending_alert(self, text: str) -> None:
        await owners.tell(self.bot, self.settings, f"⚠️ {escape(text, quote=False)}")

    def _method_url(self) -> str:
        return f"{self.settings.telegram_api_url}/bot{self.settings.bot_token}"


def _check_scores(file: str) -> None:
    """Tell a mistake in the owner's file of scores before anything starts."""
    if file:
        from core.segments.scores.scheme_file import read_scheme  # numpy: without a file start stays light

        read_scheme(file)


def _api(settings: Settings) -> TelegramAPIServer:
    return TelegramAPIServer.from_base(settings.telegram_api_url)


def _bot(settings: Settings, session: AiohttpSession) -> Bot:
    return Bot(settings.bot_token, session=session, default=DefaultBotProperties(parse_mode="HTML"))
