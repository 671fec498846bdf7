"""What people do reaches a plain aiogram bot, and what the bot does reaches them."""

from __future__ import annotations

import asyncio
import random
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from aiogram.exceptions import TelegramConflictError, TelegramUnauthorizedError

from bot.sandbox.character import CITIES, Character, decide
from bot.sandbox.population import populate
from tests.sandbox import small_bot
from tests.sandbox.process import ROOT, TOKEN, SandboxProcess


@pytest.fixture
async def polling(free_sandbox: SandboxProcess) -> AsyncIterator[None]:
    """The small bot, polling in this process."""
    bot = small_bot.connect(free_sandbox.url)
    dispatcher = small_bot.dispatcher()
    task = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False))
    while not free_sandbox.get("stats")["get_updates_calls"]:
        await asyncio.sleep(0.02)
    yield
    await dispatcher.stop_polling()
    await task


async def until(check: Callable[[], Any]) -> Any:
    """Wait until something is true, five seconds at most."""
    deadline = time.monotonic() + 5
    while not (found := await asyncio.to_thread(check)):
        assert time.monotonic() < deadline, "it never happened"
        await asyncio.sleep(0.02)
    return found


async def updates(http: httpx2.AsyncClient, **given: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await http.post("getUpdates", json=given)).json()["result"]
    return found


@pytest.mark.usefixtures("polling")
async def test_a_person_talks_with_an_aiogram_bot(free_sandbox: SandboxProcess) -> None:
    anna = free_sandbox.person("Anna")

    def last() -> dict[str, Any]:
        found: dict[str, Any] = free_sandbox.get(f"chats/{anna}")["messages"][-1]
        return found

    free_sandbox.post(f"people/{anna}/text", {"text": "/start vk_ads"})
    await until(lambda: last()["buttons"])
    assert "<b>Anna</b>" in last()["html"]
    free_sandbox.post(f"people/{anna}/tap", {"message_id": last()["message_id"], "row": 1, "col": 0})
    toast = (await until(lambda: free_sandbox.get(f"chats/{anna}")["toasts"]))[-1]
    assert toast["alert"]
    free_sandbox.post(f"people/{anna}/tap", {"message_id": last()["message_id"], "data": "consent"})
    await until(lambda: last()["edited"])
    assert last()["text"] == "1 из 3. Кто вы?"
    free_sandbox.post(f"people/{anna}/text", {"text": "Казань"})
    await until(lambda: free_sandbox.get(f"chats/{anna}")["keyboard"])
    free_sandbox.post(f"people/{anna}/contact", {"phone_number": "+79160000000"})
    await until(lambda: free_sandbox.get(f"chats/{anna}")["keyboard"] is None)


def test_a_question_that_may_be_skipped_is_mostly_answered() -> None:
    buttons = [[{"text": "‹ Назад", "data": "b"}, {"text": "Пропустить", "data": "s"}]]
    asked = {"from_bot": True, "text": "Из какого вы города?", "caption": None, "message_id": 1}
    chat = {"messages": [asked | {"buttons": buttons}], "keyboard": None}
    acts = [decide(Character(random.Random(seed), {}, "", 0), chat) for seed in range(100)]
    written = [act.body["text"] for act in acts if act is not None and act.name == "text"]
    assert 60 <= len(written) <= 90
    assert set(written) <= set(CITIES)


@pytest.mark.usefixtures("polling")
async def test_a_population_lives_through_its_days(free_sandbox: SandboxProcess) -> None:
    free_sandbox.post("limits", {"rate": 25, "burst": 3})
    town = await populate(free_sandbox.url, people=8, days=3, seed=4)
    assert len(town.living) == 8
    assert any(person.finished for person in town.living)
    assert free_sandbox.get("clock")["offset_seconds"] == 0
    assert free_sandbox.get("limits")["rate"] == 25
    assert free_sandbox.get("people?limit=1")["people"][0]["owner"]


async def test_updates_wait_until_they_are_confirmed(
    sandbox: SandboxProcess, http: httpx2.AsyncClient
) -> None:
    anna = sandbox.person("Anna")
    for text in ("one", "two", "three"):
        sandbox.post(f"people/{anna}/text", {"text": text})
    first = await updates(http)
    assert [update["message"]["text"] for update in first] == ["one", "two", "three"]
    assert await updates(http) == first
    assert await updates(http, limit=1) == first[:1]
    assert await updates(http, offset=first[1]["update_id"] + 1) == first[2:]
    assert await updates(http) == first[2:]


async def test_a_long_poll_ends_when_something_happens(
    sandbox: SandboxProcess, http: httpx2.AsyncClient
) -> None:
    anna = sandbox.person("Anna")
    poll = asyncio.create_task(updates(http, timeout=30))
    await asyncio.sleep(0.3)
    assert not poll.done()
    await asyncio.to_thread(sandbox.post, f"people/{anna}/text", {"text": "hello"})
    assert [update["message"]["text"] for update in await asyncio.wait_for(poll, 2)] == ["hello"]
    begun = time.monotonic()
    offset = sandbox.get("stats")["last_seq"] + 10**9
    assert await updates(http, timeout=1, offset=offset) == []
    assert 0.9 < time.monotonic() - begun < 2


async def test_a_second_poller_ends_the_first_with_a_conflict(sandbox: SandboxProcess) -> None:
    first, second = small_bot.connect(sandbox.url), small_bot.connect(sandbox.url)
    poll = asyncio.create_task(first.get_updates(timeout=30))
    await asyncio.sleep(0.3)
    rival = asyncio.create_task(second.get_updates(timeout=2))
    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
        await asyncio.wait_for(poll, 1)
    assert await rival == []
    sandbox.post("token/revoke")
    with pytest.raises(TelegramUnauthorizedError):
        await second.get_me()
    await first.session.close()
    await second.session.close()


async def test_kinds_of_updates_are_remembered(sandbox: SandboxProcess, http: httpx2.AsyncClient) -> None:
    anna = sandbox.started("Anna")
    await updates(http, allowed_updates=["message"])
    sandbox.post(f"people/{anna}/block")
    assert await updates(http) == []
    await updates(http, allowed_updates=["message", "my_chat_member"])
    sandbox.post(f"people/{anna}/unblock")
    (change,) = await updates(http)
    statuses = [change["my_chat_member"][f"{age}_chat_member"]["status"] for age in ("old", "new")]
    assert statuses == ["kicked", "member"]


async def test_a_resent_tap_keeps_its_query_and_gets_a_new_update(
    free_sandbox: SandboxProcess, http: httpx2.AsyncClient
) -> None:
    anna = free_sandbox.started("Anna")
    markup = {"inline_keyboard": [[{"text": "ok", "callback_data": "x"}]]}
    sent = (
        await http.post("sendMessage", json={"chat_id": anna, "text": "?", "reply_markup": markup})
    ).json()
    tap = {"message_id": sent["result"]["message_id"], "data": "x"}
    one = free_sandbox.post(f"people/{anna}/tap", tap)
    two = free_sandbox.post(f"people/{anna}/tap", tap | {"resend": True})
    assert one["callback_query_id"] == two["callback_query_id"]
    assert one["update_id"] < two["update_id"]
    answer = await http.post(
        "answerCallbackQuery", json={"callback_query_id": one["callback_query_id"], "text": "hi"}
    )
    assert answer.json() == {"ok": True, "result": True}
    assert free_sandbox.get(f"chats/{anna}")["toasts"][-1]["text"] == "hi"


async def test_any_json_can_be_an_update(sandbox: SandboxProcess, http: httpx2.AsyncClient) -> None:
    sandbox.post("updates", {"message": {"broken": True}})
    assert (await updates(http))[0]["message"] == {"broken": True}


async def test_messages_carry_the_time_the_bot_has_reached(
    free_sandbox: SandboxProcess, http: httpx2.AsyncClient
) -> None:
    anna = free_sandbox.started("Anna")

    async def date() -> float:
        sent = (await http.post("sendMessage", json={"chat_id": anna, "text": "x"})).json()["result"]
        return float(sent["date"]) - time.time()

    free_sandbox.post("clock", {"offset_seconds": 86_400})
    assert abs(await date() - 86_400) < 3
    free_sandbox.post("clock/applied", {"applied_seconds": 86_400})
    assert free_sandbox.post("clock", {"forward_seconds": 3600})["offset_seconds"] == 90_000
    assert abs(await date() - 86_400) < 3
    free_sandbox.post("clock/applied", {"applied_seconds": 90_000})
    assert abs(await date() - 90_000) < 3


def test_a_taken_port_and_a_forbidden_folder_are_told_in_a_sentence(tmp_path: Path) -> None:
    def run(*options: str) -> str:
        command = [sys.executable, "-m", "bot.sandbox", *options]
        return subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
        ).stderr

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert "cannot listen" in run("--port", str(port), "--database", str(tmp_path / "s.db"))
    (tmp_path / "file").write_text("")
    assert "cannot keep its state" in run("--port", "0", "--database", str(tmp_path / "file" / "s.db"))


def test_a_token_is_known_to_both_sides() -> None:
    assert small_bot.TOKEN == TOKEN
