"""What is delivered, what is logged, what survives: limits, faults, the log, a restart."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.sandbox.process import TOKEN, SandboxProcess, start_sandbox


async def hello(http: httpx2.AsyncClient, chat_id: int, text: str = "hello") -> httpx2.Response:
    return await http.post("sendMessage", json={"chat_id": chat_id, "text": text})


async def test_no_second_holds_more_sends_than_allowed(
    sandbox: SandboxProcess, http: httpx2.AsyncClient
) -> None:
    sandbox.post("limits", {"rate": 40, "per_chat_rate": 0})
    first = sandbox.post("people/bulk", {"count": 200})["first_id"]
    answers = []
    until = time.monotonic() + 2.2
    while time.monotonic() < until:
        answers += await asyncio.gather(*(hello(http, first + n) for n in range(8)))
    stats = sandbox.get("stats")
    assert stats["max_sends_in_one_second"] <= 40 + 4
    assert stats["delivered"] >= 60
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["parameters"] == {"retry_after": 1}
    assert refused.headers["retry-after"] == "1"
    assert refused.json()["description"] == "Too Many Requests: retry after 1"


async def test_one_chat_takes_a_short_burst_and_then_one_a_second(
    sandbox: SandboxProcess, http: httpx2.AsyncClient
) -> None:
    sandbox.post("limits", {"rate": 0, "per_chat_rate": 1, "per_chat_burst": 3})
    anna = sandbox.started()
    assert [(await hello(http, anna)).status_code for _ in range(4)] == [200, 200, 200, 429]


async def test_under_penalty_everything_waits_until_the_end(
    sandbox: SandboxProcess, http: httpx2.AsyncClient
) -> None:
    sandbox.post("limits", {"rate": 0, "per_chat_rate": 1, "per_chat_burst": 1, "penalty": True})
    anna, ben = sandbox.started("Anna"), sandbox.started("Ben")
    assert [(await hello(http, who)).status_code for who in (anna, anna, ben)] == [200, 429, 429]
    await asyncio.sleep(1.1)
    assert (await hello(http, ben)).status_code == 200


async def test_a_call_is_in_the_log_before_it_is_answered(
    free_sandbox: SandboxProcess, http: httpx2.AsyncClient
) -> None:
    anna = free_sandbox.started()
    free_sandbox.post("limits", {"rate": 0, "per_chat_rate": 0, "latency_ms": 1500})
    call = asyncio.create_task(hello(http, anna))
    await asyncio.sleep(0.5)
    rows = await asyncio.to_thread(free_sandbox.get, "log")
    assert not call.done()
    assert [(row["outcome"], row["chat_id"], row["text"]) for row in rows] == [("delivered", anna, "hello")]
    assert (await call).json()["result"]["message_id"] == rows[0]["message_id"]


@pytest.mark.parametrize(
    ("fault", "status", "delivered"),
    [
        ({"kind": "drop_after_accept"}, None, True),
        ({"kind": "hang_after_accept"}, None, True),
        ({"kind": "drop_before_accept"}, None, False),
        ({"kind": "http502_html"}, 502, False),
        ({"kind": "http500"}, 500, False),
        ({"kind": "http500_no_description"}, 500, False),
        ({"kind": "garbage_200"}, 200, True),
        ({"kind": "refuse_429_no_parameters"}, 429, False),
        ({"kind": "status", "code": 418, "description": "teapot"}, 418, False),
        ({"kind": "slow", "seconds": 0.1}, 200, True),
        ({"kind": "http502_html", "accept": True}, 502, True),
    ],
)
async def test_a_fault_spoils_the_answer_and_the_log_tells_the_truth(
    free_sandbox: SandboxProcess,
    http: httpx2.AsyncClient,
    fault: dict[str, Any],
    status: int | None,
    delivered: bool,
) -> None:
    anna = free_sandbox.started()
    free_sandbox.post("faults", [{**fault, "method": "sendMessage", "count": 1}])
    try:
        call = http.post("sendMessage", json={"chat_id": anna, "text": "hello"}, timeout=2)
        found: int | None = (await call).status_code
    except httpx2.TransportError:
        found = None
    assert found == status
    assert (free_sandbox.texts(anna) == ["hello"]) == delivered
    assert free_sandbox.get("stats")["delivered"] == int(delivered)
    assert (await hello(http, anna, "again")).status_code == 200  # count is over


async def test_chance_with_a_seed_repeats_itself(
    free_sandbox: SandboxProcess, http: httpx2.AsyncClient
) -> None:
    anna, runs = free_sandbox.started(), []
    for _ in range(2):
        free_sandbox.post("faults", [{"kind": "http500", "probability": 0.5, "seed": 7}])
        runs.append([(await hello(http, anna)).status_code for _ in range(20)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 500}


async def test_everything_survives_a_restart(path: Path) -> None:
    process = start_sandbox(path)
    anna = process.person("Anna")
    process.post(f"people/{anna}/text", {"text": "/start"})
    async with httpx2.AsyncClient(base_url=f"{process.url}/bot{TOKEN}/", trust_env=False) as http:
        sent = (await hello(http, anna)).json()["result"]["message_id"]
    process.post("clock", {"offset_seconds": 3600})
    process.stop()
    again = start_sandbox(path)
    try:
        assert again.texts(anna) == ["/start", "hello"]
        assert again.get("clock")["offset_seconds"] == 3600
        assert again.get("log")[0]["message_id"] == sent
        async with httpx2.AsyncClient(base_url=f"{again.url}/bot{TOKEN}/", trust_env=False) as http:
            updates = (await http.post("getUpdates", json={"timeout": 0})).json()["result"]
            assert (await hello(http, anna)).json()["result"]["message_id"] > sent
        assert [update["message"]["text"] for update in updates] == ["/start"]
    finally:
        again.kill()


async def test_files_come_back_by_their_ids(free_sandbox: SandboxProcess, http: httpx2.AsyncClient) -> None:
    anna, ben = free_sandbox.started("Anna"), free_sandbox.started("Ben")
    given = {"document": ("price.csv", b"a,b\n1,2\n", "text/csv")}
    sent = (await http.post("sendDocument", data={"chat_id": anna}, files=given)).json()["result"]["document"]
    assert (sent["file_name"], sent["file_size"]) == ("price.csv", 8)
    again = await http.post("sendDocument", json={"chat_id": ben, "document": sent["file_id"]})
    assert again.json()["result"]["document"]["file_unique_id"] == sent["file_unique_id"]
    path = (await http.post("getFile", json={"file_id": sent["file_id"]})).json()["result"]["file_path"]
    content = await http.get(f"{free_sandbox.url}/file/bot{TOKEN}/{path}")
    assert content.content == b"a,b\n1,2\n"


def test_two_hundred_thousand_people_are_there_at_once(sandbox: SandboxProcess) -> None:
    begun = time.monotonic()
    assert sandbox.post("people/bulk", {"count": 200_000}) == {"first_id": 1000, "last_id": 200_999}
    assert time.monotonic() - begun < 15
