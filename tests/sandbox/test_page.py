"""The chat page in a real browser, desktop and phone: everything a hand can do there reaches the bot."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from bot.sandbox.files import sample_picture
from tests.sandbox.process import ROOT, TOKEN, SandboxProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed"),
]
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1400,900",
    "--hide-scrollbars",
)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """One browser for the whole file: its start costs more than a test."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    options.add_experimental_option("prefs", {"intl.accept_languages": "ru"})
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options, webdriver.ChromeService(str(shutil.which("chromedriver"))))
    yield driver
    driver.quit()


@pytest.fixture
def browser(chromium: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """The browser as new: nothing remembered, a desktop's width, by day. Nothing may go wrong in the page."""
    look(chromium)
    yield chromium
    problems = [entry for entry in chromium.get_log("browser") if entry["level"] == "SEVERE"]
    chromium.get("about:blank")
    assert problems == []


def look(browser: webdriver.Chrome, width: int = 1400, height: int = 900, scheme: str = "light") -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )


def visit(browser: webdriver.Chrome, sandbox: SandboxProcess, *people: int) -> None:
    """Open the page as somebody who sees it for the first time, with the chats of these people."""
    opened = ",".join(map(str, people))
    everything = {"origin": sandbox.url, "storageTypes": "all"}
    browser.execute_cdp_cmd("Storage.clearDataForOrigin", everything)
    browser.get(f"{sandbox.url}/?open={opened}" if people else f"{sandbox.url}/")
    wait_for(browser, "body[data-ready=yes]")


def seen(sandbox: SandboxProcess, person: int) -> dict[str, Any]:
    """The last message in a chat."""
    found: dict[str, Any] = sandbox.get(f"chats/{person}")["messages"][-1]
    return found


def until_sent(browser: webdriver.Chrome, sandbox: SandboxProcess, person: int, kind: str) -> dict[str, Any]:
    """Wait until the person has sent a file, a place or a card of a kind."""

    def sent(_: webdriver.Chrome) -> dict[str, Any] | None:
        messages = sandbox.get(f"chats/{person}")["messages"]
        media = (message["media"] for message in messages if not message["from_bot"])
        return next((one for one in media if one and one["kind"] == kind), None)

    found: dict[str, Any] = WebDriverWait(browser, 10).until(sent)
    return found


def fill(browser: webdriver.Chrome, place: str, words: str) -> None:
    box = wait_for(browser, place)
    box.clear()
    box.send_keys(words)


def call(sandbox: SandboxProcess, method: str, body: dict[str, Any]) -> Any:
    address = f"{sandbox.url}/bot{TOKEN}/{method}"
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)["result"]


@pytest.fixture
def small_bot(free_sandbox: SandboxProcess) -> Iterator[None]:
    child = subprocess.Popen([sys.executable, "-m", "tests.sandbox.small_bot", free_sandbox.url], cwd=ROOT)
    yield
    child.terminate()
    child.wait(10)


def wait_for(browser: webdriver.Chrome, place: str, words: str = "") -> WebElement:
    """The element at a place, as soon as it is shown with the words."""

    def shown(driver: webdriver.Chrome) -> WebElement | None:
        found = driver.find_elements(By.CSS_SELECTOR, place)
        return next((e for e in found if e.is_displayed() and words in e.text), None)

    found: WebElement = WebDriverWait(browser, 15, ignored_exceptions=[Exception]).until(shown)
    return found


@pytest.mark.usefixtures("small_bot")
def test_a_person_is_added_starts_and_taps(free_sandbox: SandboxProcess, browser: webdriver.Chrome) -> None:
    visit(browser, free_sandbox)
    wait_for(browser, "#add").click()
    fill(browser, "#new-person [name=first_name]", "Марина")
    fill(browser, "#new-person [name=payload]", "vk_ads")
    wait_for(browser, "#new-person [type=submit]").click()
    wait_for(browser, ".about", "Подбираю занятие")
    wait_for(browser, ".chat .start").click()
    wait_for(browser, ".mine .words", "/start vk_ads")
    wait_for(browser, ".keys-row button", "Что хранится?").click()
    wait_for(browser, ".alert p", "Имя, ответы и покупки")
    wait_for(browser, ".alert button").click()
    wait_for(browser, ".keys-row button", "Согласен").click()
    wait_for(browser, ".toast", "Спасибо!")
    wait_for(browser, ".message .words", "1 из 3. Кто вы?")
    wait_for(browser, ".stamp", "изменено")
    wait_for(browser, "#language").click()
    wait_for(browser, ".stamp", "edited")
    wait_for(browser, ".slash").click()
    wait_for(browser, ".commands button", "/stop").click()
    wait_for(browser, ".message .words", "Больше не пишу.")


@pytest.mark.usefixtures("small_bot")
def test_files_stickers_places_and_cards_are_sent_by_hand(
    free_sandbox: SandboxProcess, browser: webdriver.Chrome, tmp_path: Path
) -> None:
    anna, ben = free_sandbox.started("Анна"), free_sandbox.started("Борис")
    visit(browser, free_sandbox, anna)

    def attach(what: str) -> None:
        wait_for(browser, ".clip").click()
        wait_for(browser, f".extras .act-{what}").click()

    attach("sticker")
    wait_for(browser, "#stickers button", "🔥").click()
    assert until_sent(browser, free_sandbox, anna, "sticker")["emoji"] == "🔥"
    attach("location")
    wait_for(browser, "#location option[value='2']").click()
    wait_for(browser, "#location [type=submit]").click()
    assert until_sent(browser, free_sandbox, anna, "location")["latitude"] == 55.7963
    attach("contact")
    wait_for(browser, f"#contact option[value='{ben}']").click()
    wait_for(browser, "#contact [type=submit]").click()
    card = until_sent(browser, free_sandbox, anna, "contact")
    assert (card["user_id"], card["first_name"]) == (ben, "Борис")
    (tmp_path / "покупки.csv").write_text("a,b\n1,2\n")
    browser.execute_script("HTMLInputElement.prototype.click = function () {}")  # no window of the system
    attach("file")
    browser.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(str(tmp_path / "покупки.csv"))
    wait_for(browser, ".file b", "покупки.csv")
    wait_for(browser, ".quote", "покупки.csv")  # the bot answers to it
    (tmp_path / "sky.png").write_bytes(sample_picture())
    attach("picture")
    browser.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(str(tmp_path / "sky.png"))
    assert until_sent(browser, free_sandbox, anna, "photo")["width"] == 240


@pytest.mark.usefixtures("small_bot")
def test_a_keyboard_asks_before_it_gives_the_number_away(
    free_sandbox: SandboxProcess, browser: webdriver.Chrome
) -> None:
    anna = free_sandbox.started("Анна")
    visit(browser, free_sandbox, anna)
    fill(browser, "textarea", "Казань")
    wait_for(browser, ".send").click()
    wait_for(browser, ".keyboard button", "Поделиться номером").click()
    wait_for(browser, "#number [type=submit]").click()
    wait_for(browser, ".message .words", "Готово!")
    card = until_sent(browser, free_sandbox, anna, "contact")
    assert (card["user_id"], card["phone_number"][:5]) == (anna, "+7916")
    row = [{"text": "Где я", "request_location": True}]
    call(free_sandbox, "sendMessage", {"chat_id": anna, "text": "Где?", "reply_markup": {"keyboard": [row]}})
    wait_for(browser, ".keyboard button", "Где я").click()
    fill(browser, "#location [name=latitude]", "43.11")
    wait_for(browser, "#location [type=submit]").click()
    assert until_sent(browser, free_sandbox, anna, "location")["latitude"] == 43.11


def test_reactions_answers_corrections_and_votes(
    free_sandbox: SandboxProcess, browser: webdriver.Chrome
) -> None:
    anna = free_sandbox.started("Анна")
    sent = call(free_sandbox, "sendMessage", {"chat_id": anna, "text": "Как вам?"})["message_id"]
    call(free_sandbox, "sendPoll", {"chat_id": anna, "question": "Сколько?", "options": ["одна", "две"]})
    visit(browser, free_sandbox, anna)

    def choose(message: int, item: str, words: str = "") -> None:
        bubble = wait_for(browser, f"[data-message='{message}'] .bubble")
        browser.execute_script("arguments[0].dispatchEvent(new MouseEvent('contextmenu'))", bubble)
        wait_for(browser, f".context {item}", words).click()

    choose(sent, ".quick button", "👎")
    wait_for(browser, ".reaction", "👎")
    choose(sent, ".act-reply")
    fill(browser, "textarea", "плохо")
    wait_for(browser, ".send").click()
    wait_for(browser, ".mine .quote", "Как вам?")
    wait_for(browser, ".mine .words", "плохо")
    mine = next(m for m in free_sandbox.get(f"chats/{anna}")["messages"] if m["text"] == "плохо")
    choose(mine["message_id"], ".act-edit")
    fill(browser, "textarea", "хорошо")
    wait_for(browser, ".send").click()
    wait_for(browser, ".mine .words", "хорошо")
    wait_for(browser, ".poll .option", "две").click()
    wait_for(browser, ".poll .option.mine", "100%")


def test_links_of_the_bot_and_of_channels_stay_inside(
    free_sandbox: SandboxProcess, browser: webdriver.Chrome
) -> None:
    anna, ben = free_sandbox.started("Анна"), free_sandbox.person("Борис")
    free_sandbox.post("channels", {"username": "warm_home", "title": "Тёплый дом"})
    link = "https://t.me/kvizor_sandbox_bot?start=friend"
    keys = [
        [{"text": "Поделиться", "url": f"https://t.me/share/url?url={link}&text=hi"}],
        [{"text": "Канал", "url": "https://t.me/warm_home"}],
    ]
    body = {"chat_id": anna, "text": f"Ссылка: {link}", "reply_markup": {"inline_keyboard": keys}}
    call(free_sandbox, "sendMessage", body)
    visit(browser, free_sandbox, anna)
    wait_for(browser, ".words a", "start=friend").click()
    wait_for(browser, ".mine .words", "/start friend")
    wait_for(browser, ".key", "Канал").click()
    wait_for(browser, "#channel .main", "Подписаться").click()
    WebDriverWait(browser, 10).until(lambda _: free_sandbox.get(f"chats/{anna}")["channels"][0]["member"])
    wait_for(browser, ".key", "Поделиться").click()
    wait_for(browser, "#share .person", "Борис").click()
    wait_for(browser, f"[data-chat='{ben}'] .mine .words", "/start friend")


def test_the_card_changes_a_person_and_blocks(
    free_sandbox: SandboxProcess, browser: webdriver.Chrome
) -> None:
    anna = free_sandbox.started("Анна", language_code="ru")
    free_sandbox.post("channels", {"username": "warm_home", "title": "Тёплый дом"})
    visit(browser, free_sandbox, anna)
    wait_for(browser, ".who").click()
    fill(browser, "#card [name=first_name]", "Anne")
    wait_for(browser, "#card option[value=en]").click()
    wait_for(browser, "#card [type=submit]").click()
    wait_for(browser, ".who b", "Anne")
    wait_for(browser, ".who").click()
    browser.execute_script("document.querySelector('#card [name=\"@warm_home\"]').click()")
    wait_for(browser, "#card .act-block").click()
    wait_for(browser, ".start", "Разблокировать").click()
    wait_for(browser, ".mine .words", "/start")
    now = free_sandbox.get(f"chats/{anna}")
    assert (now["person"]["language_code"], now["channels"][0]["member"]) == ("en", True)


@pytest.mark.usefixtures("small_bot")
def test_a_fault_is_switched_on_and_the_log_tells_of_it(
    free_sandbox: SandboxProcess, browser: webdriver.Chrome
) -> None:
    anna = free_sandbox.started("Анна")
    visit(browser, free_sandbox, anna)
    wait_for(browser, "#open-faults").click()
    wait_for(browser, "#panel-faults [data-kind=http500] .switch").click()
    fill(browser, "#panel-faults [data-kind=http500] [name=count]", "1")
    wait_for(browser, "#panel-faults [data-kind=http500] [name=method] option[value=sendMessage]").click()
    wanted = [("http500", "sendMessage", 1)]
    WebDriverWait(browser, 10).until(
        lambda _: [(f["kind"], f["method"], f["count"]) for f in free_sandbox.get("faults")] == wanted
    )
    wait_for(browser, "#open-faults .badge", "1")
    fill(browser, "textarea", "Казань")
    wait_for(browser, ".send").click()
    wait_for(browser, "[data-kind=http500] .hits", "1")
    wait_for(browser, "[data-kind=http500] .switch").click()
    WebDriverWait(browser, 10).until(lambda _: free_sandbox.get("faults") == [])
    wait_for(browser, "#open-log").click()
    wait_for(browser, "#panel-log .filter .switch").click()
    row = wait_for(browser, ".call.wrong", "Internal Server Error: restart")
    row.find_element(By.CSS_SELECTOR, "button").click()
    wait_for(browser, ".call .json", "Ваш телефон?")  # the parameters of the call
    assert browser.find_elements(By.CSS_SELECTOR, ".call.good") == []


def test_the_clock_goes_forward_and_shows_how_far_the_bot_is(
    free_sandbox: SandboxProcess, browser: webdriver.Chrome
) -> None:
    free_sandbox.post("clock/applied", {"applied_seconds": 0})
    visit(browser, free_sandbox, free_sandbox.started("Анна"))
    wait_for(browser, "#clock").click()
    wait_for(browser, ".jump[data-seconds='86400']", "+1 день").click()
    fill(browser, "#panel-clock [name=days]", "3")
    wait_for(browser, "#panel-clock .main").click()
    wait_for(browser, ".step", "Бот догоняет время: 0 часов / 4 дня")
    free_sandbox.post("clock/applied", {"applied_seconds": 172_800})
    wait_for(browser, ".step", "2 дня / 4 дня")
    free_sandbox.post("clock/applied", {"applied_seconds": 345_600})
    wait_for(browser, ".step", "Бот идёт в ногу с часами")


def test_a_phone_shows_the_list_or_one_chat_and_reaches_everything(
    free_sandbox: SandboxProcess, browser: webdriver.Chrome
) -> None:
    anna = free_sandbox.started("Анна")
    call(free_sandbox, "sendMessage", {"chat_id": anna, "text": "Здравствуйте"})
    look(browser, 390, 844, "dark")
    visit(browser, free_sandbox)
    assert browser.execute_script("return document.documentElement.dataset.theme") == "dark"
    wait_for(browser, ".person .unread", "1").click()
    wait_for(browser, ".message .words", "Здравствуйте")
    assert not browser.find_element(By.ID, "people").is_displayed()
    wide = "return [...document.querySelectorAll('body, .chat, .sheet, #tools')].map((e) => e.scrollWidth)"
    for place, panel in (("who", "#card"), ("clip", ".extras")):
        wait_for(browser, f".{place}").click()
        wait_for(browser, panel)
        assert max(browser.execute_script(wide)) <= 390
        browser.execute_script("document.querySelector('#card')?.close()")
    wait_for(browser, ".back").click()
    wait_for(browser, f"[data-person='{anna}']")
    assert not browser.find_elements(By.CSS_SELECTOR, ".unread")
    for opener, panel in (("#clock", "clock"), ("#open-faults", "faults"), ("#open-log", "log")):
        wait_for(browser, opener).click()
        wait_for(browser, f"#panel-{panel}")
        assert max(browser.execute_script(wide)) <= 390
        wait_for(browser, ".close-tools").click()
    wait_for(browser, "#theme").click()
    assert browser.execute_script("return document.documentElement.dataset.theme") == "light"


def test_an_album_a_picture_and_a_file_are_shown(
    free_sandbox: SandboxProcess, browser: webdriver.Chrome
) -> None:
    anna = free_sandbox.started("Анна")
    for _ in range(2):
        free_sandbox.post(f"people/{anna}/photo")
    photo = seen(free_sandbox, anna)["media"]["url"].rpartition("/")[2]
    items = [{"type": "photo", "media": photo, "caption": "Зал" if n == 0 else ""} for n in range(3)]
    call(free_sandbox, "sendMediaGroup", {"chat_id": anna, "media": items})
    keys = {"inline_keyboard": [[{"text": "Ещё", "callback_data": "x"}]]}
    sent = call(free_sandbox, "sendPhoto", {"chat_id": anna, "photo": photo, "reply_markup": keys})
    call(
        free_sandbox,
        "editMessageMedia",
        {"chat_id": anna, "message_id": sent["message_id"], "reply_markup": keys,
         "media": {"type": "document", "media": photo, "caption": "<b>Прайс</b>", "parse_mode": "HTML"}},
    )  # fmt: skip
    visit(browser, free_sandbox, anna)
    wait_for(browser, ".album.of-3")
    wait_for(browser, ".pictured .words", "Зал")
    assert len(browser.find_elements(By.CSS_SELECTOR, ".album img")) == 3
    wait_for(browser, ".words b", "Прайс")
    wait_for(browser, ".key", "Ещё")
    pictures = "return [...document.querySelectorAll('.bubble img')].every((i) => i.naturalWidth === 240)"
    WebDriverWait(browser, 10).until(lambda _: browser.execute_script(pictures))
