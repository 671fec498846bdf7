"""Letters of every kind as the sender makes them: uploaded once, named by Telegram's id from then on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from bot.messenger import SENDING, TelegramMessenger
from bot.sandbox.files import sample_picture
from core.mailing.messenger import Button, Kind, Letter, Sent
from tests.sandbox import small_bot
from tests.sandbox.process import SandboxProcess

FILES = [kind for kind in SENDING if kind not in ("text", "poll")]


@pytest.fixture
async def messenger(sandbox: SandboxProcess) -> AsyncIterator[TelegramMessenger]:
    made = TelegramMessenger(small_bot.connect(sandbox.url))
    yield made
    await made.close()


@pytest.mark.parametrize("kind", FILES)
async def test_a_file_of_each_kind_is_uploaded_once_and_then_named(
    sandbox: SandboxProcess, messenger: TelegramMessenger, kind: Kind, tmp_path: Path
) -> None:
    anna, words = sandbox.started(), "" if kind == "video_note" else "<b>Новинка</b>"
    (tmp_path / "file.png").write_bytes(sample_picture())
    buttons = ((Button("Сайт", url="https://a.b"),),)
    first = await messenger.send(
        Letter(1, anna, words, kind, file_path=str(tmp_path / "file.png"), buttons=buttons)
    )
    assert isinstance(first, Sent)
    assert first.file_id
    boris = sandbox.started()
    again = await messenger.send(Letter(2, boris, words, kind, file_id=first.file_id, buttons=buttons))

    assert isinstance(again, Sent)
    for who in (anna, boris):
        shown = sandbox.get(f"chats/{who}")["messages"][-1]
        assert shown["media"]["kind"] == kind
        assert (shown["caption"] or "", shown["buttons"][0][0]["text"]) == (
            "Новинка" if words else "",
            "Сайт",
        )


@pytest.mark.parametrize("kind", FILES)
async def test_what_an_owner_sent_can_be_sent_on_by_its_name(
    sandbox: SandboxProcess, messenger: TelegramMessenger, kind: Kind
) -> None:
    owner, anna = sandbox.started(), sandbox.started()
    picture = {"file": ("sky.png", sample_picture(), "image/png")}
    async with httpx2.AsyncClient(trust_env=False) as client:
        await client.post(f"{sandbox.url}/sandbox/people/{owner}/{kind}", files=picture)
    file_id = sandbox.get(f"chats/{owner}")["messages"][-1]["media"]["url"].rsplit("/", 1)[1]
    sent = await messenger.send(Letter(3, anna, "", kind, file_id=file_id))

    assert isinstance(sent, Sent)
    assert sandbox.get(f"chats/{anna}")["messages"][-1]["media"]["kind"] == kind
