"""What a person reads about his data: pure functions of where his consents stand."""

from __future__ import annotations

import html
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.callbacks import PrivacyTap, SettingTap
from bot.texts import Html
from core.words import day

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.texts import Say
    from core.people.consents import Act
    from core.privacy import Standing

OWN = ("data", "advertising")  # the purposes that have texts of their own; a quiz asks about any other
LONGEST = 3800  # of Telegram's 4096, markup not counted
VERSION = 8  # signs of a text's SHA-256 that name its version
LONGEST_NAME = 48  # characters by which a consent of a quiz is called
LONGEST_ON_BUTTON = 24

_PIPE = re.compile(r"\{\{[^{}]*\}\}")


@dataclass(frozen=True, slots=True)
class Window:
    """All that the window shows."""

    standing: Standing
    acts: list[Act]
    zone: ZoneInfo

    @property
    def purposes(self) -> tuple[str, ...]:
        """All purposes he knows of: ours, then those quizzes have asked him about."""
        return (*OWN, *self.standing.others)


def called(say: Say, window: Window, purpose: str, most: int = LONGEST_NAME) -> Html:
    """Return what a consent is called: one of a quiz by the beginning of the text he agreed to."""
    if purpose in OWN:
        return Html(say(f"privacy-consent-{purpose}"))
    shown = next((act.text for act in reversed(window.acts) if act.purpose == purpose), purpose)
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", "", worded(shown))).split()).lstrip("…,.!? ")
    if len(words) > most:
        cut = words[:most]
        words = f"{cut[: max(cut.rfind(' '), most // 2)].rstrip(' ,.;:')}…"
    return Html(say("privacy-consent-other", words=words or purpose))


def worded(wording: str) -> str:
    """Return a wording as it is read without its reader: what was filled in for him is left open."""
    return _PIPE.sub("…", wording)


def text(say: Say, window: Window, business: str) -> str:
    """Return what is kept, what for, how long, who reads it, and each consent with its date and version."""
    lines = [say("privacy-consents"), *(_line(say, window, purpose) for purpose in window.purposes)]
    if window.standing.erased_on is not None:
        lines += ["", say("privacy-erased-on", day=day(window.standing.erased_on, window.zone))]
    return say("privacy", business=business, consents=Html("\n".join(lines)))


def _line(say: Say, window: Window, purpose: str) -> str:
    what = called(say, window, purpose)
    last = next((act for act in reversed(window.acts) if act.purpose == purpose), None)
    given = [act for act in window.acts if act.purpose == purpose and act.given]
    if last is None or not given:
        return say("privacy-never", what=what)
    key = "privacy-given" if last.given else "privacy-withdrawn"
    return say(key, what=what, day=day(last.at, window.zone), version=given[-1].text_hash[:VERSION])


def texts(say: Say, window: Window) -> str:
    """Return the whole texts he agreed to, the newest of each purpose; what does not fit is in the file."""
    parts = [say("privacy-texts-head")]
    for purpose in window.purposes:
        given = [act for act in window.acts if act.purpose == purpose and act.given]
        if given:
            act = given[-1]
            head = say(
                "privacy-text",
                what=called(say, window, purpose),
                day=day(act.at, window.zone),
                version=act.text_hash[:VERSION],
            )
            parts.append(f"{head}\n<blockquote>{worded(act.text)}</blockquote>")
    if len(parts) == 1:
        return say("privacy-texts-none")
    whole = "\n\n".join(parts)
    if len(whole) <= LONGEST:
        return whole
    return "\n\n".join([*(part.split("\n<blockquote>")[0] for part in parts), say("privacy-more")])


def keyboard(say: Say, window: Window) -> InlineKeyboardMarkup:
    """Return what may be done; `step` in a consent's button is how many acts there were before."""
    standing = window.standing
    rows = [[_button(say("button-privacy-data"), "data"), _button(say("button-privacy-texts"), "texts")]]
    rows.append([_settings(say)])
    rows += [[_withdrawal(say, window, one)] for one, stands in standing.others.items() if stands]
    if standing.data:
        stands = "ask" if standing.advertising else "give"
        label = say(f"button-{'withdraw' if standing.advertising else 'give'}-advertising")
        rows.append([_button(label, stands, "advertising", standing.acts["advertising"])])
        rows.append([_button(say("button-withdraw-data"), "ask", "data", standing.acts["data"])])
    else:
        rows.append([_button(say("button-give-data"), "give", "data", standing.acts["data"])])
    rows.append([_button(say("button-forget"), "forget")])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _withdrawal(say: Say, window: Window, purpose: str) -> InlineKeyboardButton:
    name = Html(html.unescape(called(say, window, purpose, LONGEST_ON_BUTTON)))
    return _button(say("button-withdraw-other", what=name), "ask", purpose, window.standing.acts[purpose])


def withdrawal(say: Say, window: Window, purpose: str) -> str:
    """Return what withdrawing a consent means."""
    if purpose in OWN:
        return say(f"privacy-withdraw-{purpose}")
    return say("privacy-withdraw-other", what=called(say, window, purpose))


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
