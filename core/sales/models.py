"""Tables of sales: purchases and the imports they came from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, table


class Import(Base):
    """One file taken in: what it was, how many rows were added, joined, repeated or refused."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    file_name: Mapped[str] = mapped_column(String(256))
    file_hash: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    key: Mapped[str | None] = mapped_column(String(96), unique=True)  # the owner's update, if it came by chat


class Purchase(Base):
    """One order: `amount` in minor units of `currency`, `base_amount` in the base one (None: no rate).

    Below zero it is a refund: it is in every sum, and no purchase wherever purchases are counted or dated.
    """

    __tablename__ = "purchases"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[str] = mapped_column(String(128), unique=True)
    subscriber_id: Mapped[int] = mapped_column(BigId, ForeignKey("subscribers.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    base_amount: Mapped[int | None] = mapped_column(BigInteger)
    product: Mapped[str] = mapped_column(String(256), default="")
    category: Mapped[str] = mapped_column(String(128), default="")
    import_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("imports.id"))

    __table_args__ = (
        Index("ix_purchases_subscriber_id_at", "subscriber_id", "at"),
        Index("ix_purchases_at", "at"),  # what was bought in a span of days, by whomever
    )


IS_PURCHASE = table(Purchase).c.amount >= 0
