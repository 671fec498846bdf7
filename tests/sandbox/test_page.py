"""The chat page in a real browser: add a person, press START, tap a button, see the edit and the toast."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.sandbox.process import ROOT, SandboxProcess

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
)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    options.add_experimental_option("prefs", {"intl.accept_languages": "ru"})
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options, webdriver.ChromeService(str(shutil.which("chromedriver"))))
    yield driver
    driver.quit()


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
    browser.get(f"{free_sandbox.url}/")
    wait_for(browser, "#add").click()
    wait_for(browser, "#new-person [name=first_name]").send_keys("Марина")
    wait_for(browser, "#new-person [name=payload]").send_keys("vk_ads")
    wait_for(browser, "#new-person [type=submit]").click()
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
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
