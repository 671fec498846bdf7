"""The port to Telegram: one letter out, one outcome back. Everything a send can end in is a value here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, get_args

Kind = Literal[
    "text", "photo", "video", "animation", "voice", "video_note", "audio", "document", "poll"
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a letter: a link (`url`), or a code that returns with the tap (`action`)."""

    text: str
    url: str | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """What a poll lets people choose from; the text of its letter asks. Who chose what is known."""

    options: tuple[str, ...]
    takes_many: bool = False


@dataclass(frozen=True, slots=True)
class Leaving:
    """The button by which a person leaves the topic of a letter."""

    topic_id: int
    label: str


Act = Literal["send", "edit", "recall"]


@dataclass(frozen=True, slots=True)
class Letter:
    """One message ready to leave. `text` is Telegram's HTML, the caption where there is a file.

    `stop` is the label of the opt-out button, None where the letter carries none.
    """

    delivery_id: int
    chat_id: int
    text: str
    kind: Kind = "text"
    file_id: str | None = None
    file_path: str | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    stop: str | None = None
    silent: bool = False
    leaving: Leaving | None = None
    act: Act = "send"
    message_id: int | None = None  # of the copy that is to be changed
    poll: Poll | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram has it. `file_id` is what Telegram calls the file of this letter, if it carried one.

    A copy that was changed is no new message: its `message_id` is 0.
    """

    message_id: int
    file_id: str | None = None
    poll_id: str | None = None  # under which the votes come


@dataclass(frozen=True, slots=True)
class Refused:
    """Not delivered, and not for this person: blocked, deactivated, unreachable, or another short reason."""

    reason: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class ContentFault:
    """Telegram refuses the letter itself: its markup, length, buttons or file."""

    description: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Surely not delivered and worth trying again: `retry_after` seconds if Telegram named them.

    `scope` says who has to wait: the chat Telegram limited, or everybody while there is no network.
    """

    retry_after: float | None
    scope: Literal["chat", "network"]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Perhaps delivered, perhaps not: it is never repeated by itself."""

    description: str


@dataclass(frozen=True, slots=True)
class Fatal:
    """Surely not delivered, and nothing else will be until a person mends it (token, address)."""

    description: str


Outcome = Sent | Refused | ContentFault | NotSent | Ambiguous | Fatal


class Messenger(Protocol):
    """Sends one letter. It returns an outcome for everything Telegram or the network may answer."""

    async def send(self, letter: Letter) -> Outcome:
        """Send the letter now; the caller has committed the attempt and holds the slot."""
        ...
