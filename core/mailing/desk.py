"""The desk: takes deliveries from the buffer whose chats may be written to now, and writes their letters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from core.mailing import letters
from core.mailing.calls import Parcel
from core.mailing.content import ContentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.mailing.answers import Answers
    from core.mailing.buffer import Buffer
    from core.mailing.letters import Waiting
    from core.mailing.messenger import Act
    from core.mailing.throttle import Throttle

UPLOAD_SECONDS = 0.5  # letters wait so long while the first one uploads their file


class Desk:
    """Where rows become letters."""

    def __init__(
        self, buffer: Buffer, throttle: Throttle, answers: Answers, monotonic: Callable[[], float]
    ) -> None:
        self._buffer = buffer
        self._throttle = throttle
        self._answers = answers
        self._monotonic = monotonic

    def pick(self, most: int, chats: set[int] | None = None) -> list[Parcel]:
        """Take up to `most` deliveries whose chats may be written to now, their letters written."""
        parcels: list[Parcel] = []
        taken = chats if chats is not None else set()
        moment = self._monotonic()
        while len(parcels) < most and (row := self._buffer.pop(moment)) is not None:
            delay = 1.0 if row.chat_id in taken else self._throttle.chat_delay(row.chat_id)
            ready = self._buffer.contents[row.content_id]
            if ready.awaits_upload and row.content_id in self._answers.uploading:
                delay = max(delay, UPLOAD_SECONDS)
            if delay > 0.0:
                self._buffer.put_aside(row, moment + delay)
            elif (parcel := self._write(ready, row)) is not None:
                taken.add(row.chat_id)
                self._throttle.picked(row.chat_id)
                parcels.append(parcel)
        return parcels

    def _write(self, ready: letters.Ready, row: Waiting) -> Parcel | None:
        source = self._buffer.source(row.campaign_id)
        if source is None:  # it was paused or cancelled meanwhile: the ledger keeps the row
            self._buffer.forget(row.delivery_id)
            return None
        try:
            letter = letters.letter(
                ready,
                row,
                advertising=source.running.advertising,
                silent=source.running.silent or row.is_asleep,
                about=source.running.topic,
            )
        except ContentError as error:
            self._answers.unrendered(row, str(error))
            return None
        if row.copy_id is not None:  # the buttons go on speaking of the copy
            act = cast("Act", source.running.act)
            letter = replace(letter, delivery_id=row.copy_id, act=act, message_id=row.copy_message_id)
        if ready.awaits_upload:
            self._answers.uploading.add(row.content_id)
        return Parcel(row, letter)
