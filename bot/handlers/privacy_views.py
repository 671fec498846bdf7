"""What a person reads about his data: pure functions of where his consents stand."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.callbacks import PrivacyTap, SettingTap
from bot.texts import Html

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bot.texts import Say
    from core.people.consents import Act
    from core.privacy import Standing

PURPOSES: tuple[Literal["data"], Literal["advertising"]] = ("data", "advertising")
LONGEST = 3800  # of Telegram's 4096, markup not counted
VERSION = 8  # signs of a text's SHA-256 that name its version


@dataclass(frozen=True, slots=True)
class Window:
    """All that the window shows."""

    standing: Standing
    acts: list[Act]
    zone: ZoneInfo


def text(say: Say, window: Window, business: str) -> str:
    """Return what is kept, what for, how long, who reads it, and each consent with its date and version."""
    lines = [say("privacy-consents"), *(_line(say, window, purpose) for purpose in PURPOSES)]
    if window.standing.erased_on is not None:
        lines += ["", say("privacy-erased-on", day=day(window, window.standing.erased_on))]
    return say("privacy", business=business, consents=Html("\n".join(lines)))


def _line(say: Say, window: Window, purpose: str) -> str:
    what = say(f"privacy-consent-{purpose}")
    last = next((act for act in reversed(window.acts) if act.purpose == purpose), None)
    given = [act for act in window.acts if act.purpose == purpose and act.given]
    if last is None or not given:
        return say("privacy-never", what=what)
    key = "privacy-given" if last.given else "privacy-withdrawn"
    return say(key, what=what, day=day(window, last.at), version=given[-1].text_hash[:VERSION])


def day(window: Window, moment: datetime) -> str:
    """Return a moment's date by the person's clock."""
    return f"{moment.astimezone(window.zone):%d.%m.%Y}"


def texts(say: Say, window: Window) -> str:
    """Return the whole texts he agreed to, the newest of each purpose; what does not fit is in the file."""
    parts = [say("privacy-texts-head")]
    for purpose in PURPOSES:
        given = [act for act in window.acts if act.purpose == purpose and act.given]
        if given:
            act = given[-1]
            head = say(
                "privacy-text",
                what=say(f"privacy-consent-{purpose}"),
                day=day(window, act.at),
                version=act.text_hash[:VERSION],
            )
            parts.append(f"{head}\n<blockquote>{act.text}</blockquote>")
    if len(parts) == 1:
        return say("privacy-texts-none")
    whole = "\n\n".join(parts)
    if len(whole) <= LONGEST:
        return whole
    return "\n\n".join([*(part.split("\n<blockquote>")[0] for part in parts), say("privacy-more")])


def keyboard(say: Say, standing: Standing) -> InlineKeyboardMarkup:
    """Return what may be done; `step` in a consent's button is how many acts there were before."""
    rows = [[_button(say("button-privacy-data"), "data"), _button(say("button-privacy-texts"), "texts")]]
    rows.append([_settings(say)])
    if standing.data:
        stands = "ask" if standing.advertising else "give"
        label = say(f"button-{'withdraw' if standing.advertising else 'give'}-advertising")
        rows.append([_button(label, stands, "advertising", standing.acts["advertising"])])
        rows.append([_button(say("button-withdraw-data"), "ask", "data", standing.acts["data"])])
    else:
        rows.append([_button(say("button-give-data"), "give", "data", standing.acts["data"])])
    rows.append([_button(say("button-forget"), "forget")])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def withdraw_keyboard(say: Say, purpose: str, step: int) -> InlineKeyboardMarkup:
    """Return the button that withdraws, and the way back."""
    sure = _button(say("button-withdraw-sure"), "withdraw", purpose, step)
    return InlineKeyboardMarkup(inline_keyboard=[[sure], [_back(say)]])


def forget_keyboard(say: Say, subscriber_id: int) -> InlineKeyboardMarkup:
    """Return the one question that is asked once."""
    sure = _button(say("button-forget-sure"), "erase", step=mark_of(subscriber_id))
    return InlineKeyboardMarkup(inline_keyboard=[[sure], [_button(say("button-forget-keep"), "keep")]])


def mark_of(subscriber_id: int) -> int:
    """Return what tells an old button from a new one without telling anybody's number."""
    return zlib.crc32(f"forget:{subscriber_id}".encode())


def back_keyboard(say: Say) -> InlineKeyboardMarkup:
    """Return the way back."""
    return InlineKeyboardMarkup(inline_keyboard=[[_back(say)]])


def _back(say: Say) -> InlineKeyboardButton:
    return _button(say("button-privacy-back"), "open")


def _settings(say: Say) -> InlineKeyboardButton:
    data = SettingTap(what="open").pack()
    return InlineKeyboardButton(text=say("button-privacy-settings"), callback_data=data)


def _button(label: str, action: str, purpose: str = "", step: int = 0) -> InlineKeyboardButton:
    data = PrivacyTap(action=action, purpose=purpose, step=step).pack()
    return InlineKeyboardButton(text=label, callback_data=data)
