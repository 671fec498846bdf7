"""`python -m bot.sandbox.population`: fills the bot's base with believable people who live some weeks.

Speaks to the control API only. The bot must be running against the sandbox; the clock must be movable.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import random
import sys
import time
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from bot.sandbox import character
from bot.sandbox.character import SEEN, Act, Character
from bot.sandbox.client import ANSWER_SECONDS, SETTLE_SECONDS, Sandbox, of_bot

DAY_SECONDS = 86_400
SLOTS_A_DAY = 2  # midday and evening
WEEKDAYS = (1.2, 1.1, 1.0, 1.0, 1.1, 0.7, 0.6)
AT_ONCE = 24
PRODUCTS = (("Пробное занятие", 500), ("Абонемент", 4500), ("Курс", 12900), ("Мастер-класс", 2400))
MOST_STEPS = 30


class Town:
    """The people and their weeks."""

    def __init__(self, sandbox: Sandbox, people: int, days: int, seed: int) -> None:
        self.sandbox = sandbox
        self.days = days
        self.dice = random.Random(seed)  # noqa: S311, repeatable on purpose
        self.waiting = [character.draw(self.dice, slot) for slot in self._arrivals(people)]
        self.living: list[Character] = []
        self.orders = 0
        self.purchases: list[tuple[Any, ...]] = []
        self._doors = asyncio.Semaphore(AT_ONCE)

    def _arrivals(self, people: int) -> list[int]:
        """Slots people appear in: fewer at weekends, nobody on the last evening."""
        slots = range(self.days * SLOTS_A_DAY)
        today = datetime.now().astimezone().weekday()
        weights = [WEEKDAYS[(today - self.days + slot // SLOTS_A_DAY) % 7] for slot in slots]
        return sorted(self.dice.choices(slots, weights, k=people))

    async def live(self, owner_id: int) -> None:
        """From the first day to today."""
        await self.sandbox.ask("clock", {"offset_seconds": -self.days * DAY_SECONDS})
        now = await self.sandbox.followed()
        await self.sandbox.act(owner_id, Act("text", {"text": "/start"}), await self.sandbox.chat(owner_id))
        slots = self.days * SLOTS_A_DAY
        uploads = {slots * part // 5 for part in range(1, 6)}
        for slot in range(1, slots + 1):
            await self._slot(slot - 1, now)
            now = await self.sandbox.forward(DAY_SECONDS / SLOTS_A_DAY)
            if slot in uploads:
                await self._upload(owner_id, now)
            if slot % (SLOTS_A_DAY * 7) == 0:
                sys.stdout.write(f"{now:%Y-%m-%d}: {len(self.living)} people, {self.orders} purchases\n")

    async def _slot(self, slot: int, now: datetime) -> None:
        come = [person for person in self.waiting if person.arrives == slot]
        self.waiting = [person for person in self.waiting if person.arrives != slot]
        acts = [self._arrive(person, now) for person in come]
        for person in self.living:
            acts += self._evening(person, slot, now)
        self.living += come
        await asyncio.gather(*map(self._through_door, acts))

    async def _through_door(self, act: Any) -> None:
        async with self._doors:
            await act

    async def _arrive(self, person: Character, now: datetime) -> None:
        person.id = (await self.sandbox.ask("people", person.fields))["id"]
        self._remember(person, now)
        start = f"/start {person.source}".strip()
        chat = await self.sandbox.act(person.id, Act("text", {"text": start}), {"messages": []})
        person.finished = await self._talk(person, chat)

    async def _talk(self, person: Character, chat: Any) -> bool:
        """Answer whatever the bot asks, until it asks nothing more or patience ends."""
        for _ in range(MOST_STEPS):
            if person.dice.random() > person.patience:
                return False
            act = character.decide(person, chat)
            if act is None:
                return True
            before = of_bot(chat)
            chat = await self.sandbox.act(person.id, act, chat)
            if of_bot(chat) == before:
                return True
        return True

    def _evening(self, person: Character, slot: int, now: datetime) -> list[Any]:
        """What somebody known does in a slot; most people do nothing."""
        dice = person.dice
        if dice.random() < person.buys:
            self._buy(person, now - timedelta(minutes=dice.randrange(400)))
        if person.gone or slot > person.silent_after:
            return []
        chance = dice.random()
        if chance < 0.0010:
            person.gone = True
            return [self.sandbox.ask(f"people/{person.id}/block", {})]
        if chance < 0.0018:
            person.gone = True
            return [self.sandbox.ask(f"people/{person.id}/text", {"text": "/stop"})]
        return [self._return(person)] if chance < 0.002 + person.returns else []

    async def _return(self, person: Character) -> None:
        """Come back: press what is there, or say something."""
        chat = await self.sandbox.chat(person.id)
        act = character.decide(person, chat) if person.dice.random() < 0.5 else None
        act = act or Act("text", {"text": person.dice.choice(character.PHRASES)})
        await self.sandbox.act(person.id, act, chat)

    def _remember(self, person: Character, now: datetime) -> None:
        """Half of those who buy were customers before they met the bot; some of them long ago."""
        if not person.buys or person.dice.random() < 0.5:
            return
        began, rhythm = person.dice.randrange(60, 400), person.dice.randrange(20, 75)
        for days in range(began, person.dice.randrange(5, began), -rhythm):
            self._buy(person, now - timedelta(days=days, minutes=person.dice.randrange(400)))

    def _buy(self, person: Character, at: datetime) -> None:
        self.orders += 1
        product, price = person.dice.choice(PRODUCTS)
        amount = price * person.dice.choice((1, 1, 1, 2))
        self.purchases.append((person.id, f"A-{self.orders:05}", f"{at:%Y-%m-%d %H:%M:%S}", amount, product))

    async def _upload(self, owner_id: int, now: datetime) -> None:
        """The owner brings the purchases since the last time and confirms."""
        if not self.purchases:
            return
        text = io.StringIO()
        table = csv.writer(text)
        table.writerow(("customer", "order_id", "date", "amount", "product"))
        table.writerows(self.purchases)
        self.purchases = []
        before = await self.sandbox.chat(owner_id)
        newest = max((m["message_id"] for m in before["messages"]), default=0)
        chat = await self.sandbox.upload(owner_id, f"purchases-{now:%Y-%m-%d}.csv", text.getvalue())
        deadline = time.monotonic() + ANSWER_SECONDS
        while (tap := _confirmation(chat, newest)) is None and time.monotonic() < deadline:
            await asyncio.sleep(SETTLE_SECONDS)  # what people write to the owner comes between
            chat = await self.sandbox.chat(owner_id)
        if tap is not None:
            await self.sandbox.act(owner_id, tap, chat)


def _confirmation(chat: Any, newest: int) -> Act | None:
    """Return the tap that confirms a file, on whichever of the messages after `newest` has the button."""
    for message in chat["messages"]:
        if not message["from_bot"] or message["message_id"] <= newest:
            continue
        for one in (one for row in message["buttons"] for one in row if "data" in one):
            if SEEN["confirm_file"].search(one["text"]):
                return Act("tap", {"message_id": message["message_id"], "data": one["data"]})
    return None


async def _owner(sandbox: Sandbox) -> int:
    """The owner the sandbox knows, or a new one."""
    people = (await sandbox.ask("people?limit=1"))["people"]
    if people and people[0]["owner"]:
        return int(people[0]["id"])
    fields = {"first_name": "Ольга", "last_name": "Громова", "language_code": "ru", "owner": True}
    return int((await sandbox.ask("people", fields))["id"])


async def populate(url: str, people: int, days: int, seed: int) -> Town:
    """Let `people` live through `days`; the limits are off meanwhile."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as http:
        sandbox = Sandbox(url, http)
        limits = await sandbox.ask("limits")
        await sandbox.ask("limits", {"rate": 0, "per_chat_rate": 0})
        ear = asyncio.create_task(sandbox.listen())
        town = Town(sandbox, people, days, seed)
        try:
            await town.live(await _owner(sandbox))
        finally:
            ear.cancel()
            await asyncio.gather(ear, return_exceptions=True)
            await sandbox.ask("limits", limits)
    return town


def main() -> None:
    """Read the command line, populate, tell what came out."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.population", description=__doc__)
    parser.add_argument("--sandbox", default="http://127.0.0.1:8081")
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    begun = time.monotonic()
    try:
        town = asyncio.run(populate(given.sandbox, given.people, given.days, given.seed))
    except aiohttp.ClientConnectionError as problem:
        sys.exit(f"There is no sandbox at {given.sandbox}: {problem}")
    finished = sum(person.finished for person in town.living)
    took = time.monotonic() - begun
    sys.stdout.write(
        f"{len(town.living)} people, {finished} finished, {town.orders} purchases, {took:.0f} s\n"
    )


if __name__ == "__main__":
    main()
